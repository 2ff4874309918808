"""The quarter's digest for the domestic body: preview, PDF, and sending it to the desk's room."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.console.navigation import is_desk
from adapters.console.pages.desk.meetings import send_pdf
from adapters.console.rendering import render_page, render_text, see_other
from adapters.console.site import CONSOLE, PERSON
from adapters.serve.desk.papers import fetch_digest, find_kept_digest, render_paper
from adapters.serve.desk.schedule import send_digest
from bot.admin.desk.notices import find_own_room
from bot.admin.desk.papers.digest_paper import build_digest_paper
from bot.admin.desk.quarters import Quarter, find_ended_quarter, parse_quarter, render_quarter
from bot.context import Decision
from bot.types import DOMESTIC

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.admin.desk.papers import DeskPaper
    from knowledge.types import Language

ROUTES = web.RouteTableDef()

SAID = ("made", "sent", "sent_before", "no_room")
SHOWN_QUARTERS = 4


@ROUTES.get("/meetings/digest")
async def show_digest(request: web.Request) -> web.StreamResponse:
    """The digest of a quarter as it is kept, and what can be done with it."""
    app, quarter = _open(request)
    language, said = request[PERSON].session.language, request.query.get("said", "")
    paper = await asyncio.to_thread(_build_paper, app, quarter, language)
    last = find_ended_quarter(app.now())
    quarters = [last]
    while len(quarters) < SHOWN_QUARTERS:
        quarters.append(quarters[-1].before)
    return render_page(
        "digest.html", language, request[PERSON], paper=paper, quarter=quarter,
        quarters=[(one.name, render_quarter(one.name, language)) for one in quarters],
        said=said if said in SAID else "",
        is_sent=await asyncio.to_thread(app.store.digests.is_sent, quarter.name),
    )  # fmt: skip


@ROUTES.get("/meetings/digest.pdf")
async def load_digest_file(request: web.Request) -> web.StreamResponse:
    """The digest as a PDF. Raises HTTPNotFound for one that was not made."""
    app, quarter = _open(request)
    language = request[PERSON].session.language
    paper = await asyncio.to_thread(_build_paper, app, quarter, language)
    if paper is None:
        raise web.HTTPNotFound(text=render_text("digest.none", language))
    return await send_pdf(request, lambda: (render_paper(paper, "pdf"), paper.name))


@ROUTES.post("/meetings/digest")
async def act_on_digest(request: web.Request) -> web.StreamResponse:
    """Make the digest, or send it; both happen once. Raises HTTPBadRequest for another act."""
    app, quarter = _open(request)
    act = str((await request.post()).get("act", ""))
    if act not in ("make", "send"):
        raise web.HTTPBadRequest(text=f"{act!r} is no act.")
    said = await asyncio.to_thread(_act, app, quarter, act, request[PERSON].account)
    return see_other(f"/meetings/digest?quarter={quarter.name}&said={said}")


def _open(request: web.Request) -> tuple[App, Quarter]:
    """Raises HTTPNotFound for who is not of the domestic body, and for a quarter that has not ended."""
    app, person = request.app[CONSOLE].app, request[PERSON]
    last = find_ended_quarter(app.now())
    wanted = request.query.get("quarter", "")
    quarter = parse_quarter(wanted) if wanted else last
    if not is_desk(person) or quarter is None or quarter > last:
        raise web.HTTPNotFound(text=render_text("digest.unknown", person.session.language))
    return app, quarter


def _build_paper(app: App, quarter: Quarter, language: Language) -> DeskPaper | None:
    digest = find_kept_digest(app, quarter)
    if digest is None:
        return None
    return build_digest_paper(digest, find_kept_digest(app, quarter.before), language)


def _act(app: App, quarter: Quarter, act: str, who: str) -> str:
    """One of SAID."""
    if act == "make":
        fetch_digest(app, quarter)
        said = "made"
    else:
        room = find_own_room(DOMESTIC, app.store.list_bindings())
        if room is None:
            return "no_room"
        if not send_digest(app, quarter, room):
            return "sent_before"
        said = "sent"
    audit = Decision(audit=(who, f"digest {quarter.name}: {said}"))
    app.store.commit_without_message(f"digest-act:{uuid.uuid4().hex}", audit, app.now())
    return said
