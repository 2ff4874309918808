"""The help: what each page is for, the keys, how to get access, and whom to ask."""

from __future__ import annotations

from aiohttp import web

from adapters.console.navigation import list_menu
from adapters.console.rendering import load_texts, render_page
from adapters.console.site import PERSON

ROUTES = web.RouteTableDef()


@ROUTES.get("/help")
async def show_help(request: web.Request) -> web.StreamResponse:
    """What is in the person's own menu, and the rest for everybody."""
    person, known = request[PERSON], load_texts()
    pages = [one for one in list_menu(person) if f"help.page_{one.key}" in known]
    return render_page("help.html", person.session.language, person, pages=pages)
