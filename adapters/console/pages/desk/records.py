"""What is on record: the audit log, privacy requests, what was given up, and how Naru is."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from adapters.console.fields import begin_day, read_day, read_number
from adapters.console.navigation import keeps_records
from adapters.console.pages.desk.bodies import send_act, take_notices
from adapters.console.pages.desk.health import MONITOR, collect_health
from adapters.console.people import list_names
from adapters.console.rendering import render_page, render_text, see_other
from adapters.console.site import CONSOLE, PERSON
from bot.admin.people.blocking import BLOCK_COMMANDS
from bot.store.readers.audit_log import PAGE_ENTRIES, AuditFilter
from bot.types import DOMESTIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.bootstrap import App
    from adapters.console.people import ConsoleUser

ROUTES = web.RouteTableDef()

VIEWS = ("audit", "privacy", "dead", "health")
LEAD_VIEWS = ("audit", "health")  # of those who are no admins
SAID = ("retry", "drop", "not_kept", "is_card", "gone")
DAY = timedelta(days=1)


@ROUTES.get("/records")
async def show_records(request: web.Request) -> web.StreamResponse:
    """One of the views. Raises HTTPNotFound for who may see none of them."""
    app, person = request.app[CONSOLE].app, request[PERSON]
    views = _list_views(person)
    view = request.query.get("view", views[0])
    view = view if view in views else views[0]
    said, shown = request.query.get("said", ""), dict[str, Any]()
    if view == "audit":
        shown = await asyncio.to_thread(_collect_audit, app, person, request.query)
    elif view == "privacy":
        shown = await asyncio.to_thread(_collect_privacy, app)
        shown |= {"notices": await take_notices(request), "form_id": uuid.uuid4().hex,
                  "account": request.query.get("account", "")[:200]}  # fmt: skip
    elif view == "dead":
        shown = {"letters": await asyncio.to_thread(app.store.dead_letters.list_all)}
    else:
        shown = {"health": await collect_health(request.app[MONITOR])}
    return render_page(
        "records.html", person.session.language, person, view=view, views=views,
        said=said if said in SAID else "", **shown,
    )  # fmt: skip


@ROUTES.post("/records/dead")
async def act_on_letter(request: web.Request) -> web.StreamResponse:
    """Try one again, or drop it, as `naru dead` does. Raises HTTPNotFound for who is no admin and
    HTTPBadRequest for another act."""
    app, person, form = request.app[CONSOLE].app, request[PERSON], await request.post()
    if "dead" not in _list_views(person):
        raise web.HTTPNotFound
    act, letters = str(form.get("act", "")), app.store.dead_letters
    change = {"retry": letters.retry, "drop": letters.drop}.get(act)
    if change is None:
        raise web.HTTPBadRequest(text=f"{act!r} is no act.")
    id = str(form.get("letter", ""))
    if await asyncio.to_thread(letters.find, id) is None:
        said = "gone"
    elif await asyncio.to_thread(change, id, person.account, app.now()):
        said = act
    else:
        said = "not_kept" if act == "retry" else "is_card"
    return see_other(f"/records?view=dead&said={said}")


@ROUTES.post("/records/blocks")
async def act_on_block(request: web.Request) -> web.StreamResponse:
    """Block a person, or end a block, as `/block` and `/unblock` do. Raises HTTPNotFound for who is no
    admin and HTTPBadRequest for another act."""
    form = await request.post()
    if not request[PERSON].is_admin:
        raise web.HTTPNotFound
    act = str(form.get("act", ""))
    if act not in BLOCK_COMMANDS:
        raise web.HTTPBadRequest(text=f"{act!r} is no act.")
    words = " ".join(f"{form.get('account', '')} {form.get('reason', '')}".split())
    await send_act(request, DOMESTIC, act, words)  # the next page shows its notice
    return see_other("/records?view=privacy")


def _list_views(person: ConsoleUser) -> tuple[str, ...]:
    if not keeps_records(person):
        text = render_text("records.not_yours", person.session.language)
        raise web.HTTPNotFound(text=text)
    return VIEWS if person.is_admin else LEAD_VIEWS


def _collect_audit(app: App, person: ConsoleUser, query: Mapping[str, str]) -> dict[str, Any]:
    """The page of the log that is asked for; a lead gets what members of their own body did there, also
    those removed since, without those who are or were of another body as well."""
    fields = {name: query.get(name, "").strip() for name in ("case", "who", "first", "last")}
    only = None if person.is_admin else _list_own_accounts(app, person)
    first, last = read_day(fields["first"]), read_day(fields["last"])
    wanted = AuditFilter(
        _read_number(fields["case"].lstrip("#")), fields["who"][:100],
        begin_day(first) if first else None, begin_day(last + DAY) if last else None,
        _read_number(query.get("before", "")), only,
    )  # fmt: skip
    entries = app.store.console.audit_log.list_entries(wanted)
    older = entries[-1].number if len(entries) == PAGE_ENTRIES else None
    return {"entries": entries, "fields": fields, "older": older, "names": list_names(app)}


def _collect_privacy(app: App) -> dict[str, Any]:
    log = app.store.console.audit_log
    return {
        "consents": log.count_consents(), "requests": log.list_privacy_entries(),
        "blocks": app.store.people.list_blocks(), "names": list_names(app),
    }  # fmt: skip


def _list_own_accounts(app: App, person: ConsoleUser) -> list[str]:
    led = {one.mission for one in person.members if one.is_lead}
    bodies: dict[str, set[str]] = {}
    for one in app.store.staff.list_ever():
        bodies.setdefault(one.account, set()).add(one.mission)
    found = [account for account, missions in bodies.items() if missions <= led]
    return [one for one in found if one not in app.settings.admin_ids or one == person.account]


def _read_number(text: str) -> int | None:
    return read_number(text) or None
