"""Proving anew who one is, which a sealed case asks for."""

from __future__ import annotations

import asyncio

from aiohttp import web

from adapters.console.pages.signing import read_next
from adapters.console.rendering import render_page, see_other
from adapters.console.site import CONSOLE, PERSON
from bot.types import CONSOLE_CHANNEL

ROUTES = web.RouteTableDef()


@ROUTES.get("/confirm")
async def show_confirmation(request: web.Request) -> web.StreamResponse:
    """How to do it: with a one-time code, or by a new link from the bot."""
    return render_confirmation(request, read_next(request.query.get("next", "")))


@ROUTES.post("/confirm")
async def confirm(request: web.Request) -> web.StreamResponse:
    """Lead to the page that asked, for the right code of an account with codes."""
    person, form, app = request[PERSON], await request.post(), request.app[CONSOLE].app
    target, email = read_next(str(form.get("next", ""))), person.account.partition(":")[2]
    accounts, code = app.store.console.accounts, str(form.get("code", ""))
    if not has_codes(person.account) or not await asyncio.to_thread(
        accounts.check, email, code, app.now()
    ):
        return render_confirmation(request, target, failed=True)
    sessions = app.store.console.sessions
    await asyncio.to_thread(sessions.confirm, person.session.id, app.now())
    return see_other(target)


def render_confirmation(
    request: web.Request, target: str, *, failed: bool = False
) -> web.Response:
    """The page; 403 after a wrong code."""
    person = request[PERSON]
    return render_page(
        "confirm.html", person.session.language, person, next=target, failed=failed,
        has_codes=has_codes(person.account), status=403 if failed else 200,
    )  # fmt: skip


def has_codes(account: str) -> bool:
    """Whether an account signs in with one-time codes."""
    return account.startswith(f"{CONSOLE_CHANNEL}:")
