"""Proving again who one is, for a sealed case: by a code, or by a link sent to one's private chat. What
was written before is kept in the page, and sent after that."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import web

from adapters.console.people import ConsoleUser
from adapters.console.rendering import render_page, see_other
from adapters.console.security import read_next
from adapters.console.site import CONSOLE, PERSON
from bot.admin.console.signing import send_link
from bot.context import Decision
from bot.types import CONSOLE_CHANNEL

if TYPE_CHECKING:
    from adapters.bootstrap import App

ROUTES = web.RouteTableDef()

ACT_FIELDS = ("act", "text", "id", "seen")  # of the form of a case, kept until it can be sent
CASE_PATH = re.compile(r"/cases/\d+")
LINK_LIMIT = 5  # links for one account that are good at the same time


@ROUTES.get("/confirm")
async def show_confirm(request: web.Request) -> web.StreamResponse:
    """The page that asks who one is."""
    return render_confirm(request, read_next(request.query.get("next", "")))


@ROUTES.post("/confirm")
async def confirm(request: web.Request) -> web.StreamResponse:
    """Check a code, or send a link; leads on once the session is confirmed."""
    person, app, form = request[PERSON], request.app[CONSOLE].app, await request.post()
    target, code = read_next(str(form.get("next", ""))), str(form.get("code", ""))
    is_confirmed, is_sent = person.is_fresh(app.now()), None
    if code and not is_confirmed:
        is_confirmed = await asyncio.to_thread(confirm_by_code, app, person, code)
    elif form.get("send") and not is_confirmed:
        address = f"{app.settings.console_address.rstrip('/')}/sign-in/"
        is_sent = await asyncio.to_thread(send_confirming_link, app, person, address, target)
    if not is_confirmed:
        return render_confirm(request, target, form, failed=bool(code), is_sent=is_sent)
    if form.get("act") and CASE_PATH.fullmatch(target):
        # 307: the browser sends the same form again, to where it was meant for
        return web.Response(status=307, headers={"Location": f"{target}/acts"})
    return see_other(target)


def render_confirm(
    request: web.Request, target: str, form: Mapping[str, Any] | None = None, *,
    failed: bool = False, is_sent: bool | None = None,
) -> web.Response:  # fmt: skip
    """The page, with the fields of the act on a case that `form` carries. `is_sent` tells what became
    of the link that was asked for: False if there is no chat to send it to."""
    person = request[PERSON]
    kept = {name: str(form[name]) for name in ACT_FIELDS if name in form} if form else {}
    return render_page(
        "confirm.html", person.session.language, person,
        status=200 if is_sent or form is None else 403, target=target,
        kept=kept, failed=failed, is_sent=is_sent, has_codes=has_codes(person),
    )  # fmt: skip


def has_codes(person: ConsoleUser) -> bool:
    """Whether an account signs in with codes, because it has no messenger."""
    return person.account.startswith(f"{CONSOLE_CHANNEL}:")


def confirm_by_code(app: App, person: ConsoleUser, code: str) -> bool:
    """Whether a code is right; the session is confirmed then."""
    email = person.account.partition(":")[2]
    if not (has_codes(person) and app.store.console.accounts.check(email, code, app.now())):
        return False
    confirm_session(app, person)
    return True


def confirm_session(app: App, person: ConsoleUser) -> None:
    """Keep that a person proved who they are, with an entry in the audit log."""
    app.store.console.sessions.confirm(person.session.id, app.now())
    audit = Decision(audit=(person.account, "confirmed who they are in the console"))
    app.store.commit_without_message(f"console-confirm:{uuid.uuid4().hex}", audit, app.now())


def send_confirming_link(app: App, person: ConsoleUser, address: str, target: str) -> bool:
    """Send a person a link to `address` and then `target`; False without a private chat with them.
    One who asked too often within a few minutes gets no further link, and has the others."""
    sessions, now = app.store.console.sessions, app.now()
    conversations = app.store.list_conversations(person.account)
    if sessions.count_links(person.account, now) >= LINK_LIMIT:
        return True
    decision = send_link(
        person.account, conversations,
        lambda: f"{address}{sessions.make_link(person.account, now)}?next={target}",
    )  # fmt: skip
    if decision is None:
        return False
    app.store.commit_without_message(f"console-link:{uuid.uuid4().hex}", decision, now)
    return True
