"""What changes while a page is open: new lines of a case by their number, the inbox, who is there."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.console.pages.cases import find_case
from adapters.console.rendering import build_environment, render_text, render_time
from adapters.console.site import CONSOLE, PERSON, recognise
from bot.cases.card import render_state

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.console.people import ConsoleUser
    from bot.types import CaseMessage

ROUTES = web.RouteTableDef()

LOOK_SECONDS = 0.5
PING_SECONDS = 2.0  # a page that hears nothing for 5 s says that the connection is lost
EVENT_HEADERS = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}


@ROUTES.get(r"/cases/{number:\d+}/events")
async def stream_case(request: web.Request) -> web.StreamResponse:
    """The lines of a record after the last one that the page has, whatever happened in between. A
    sealed case has no events: for one this raises HTTPNotFound."""
    case = await find_case(request)
    if case.sealed:
        text = render_text("error.no_events", request[PERSON].session.language)
        raise web.HTTPNotFound(text=text)
    response = web.StreamResponse(headers=EVENT_HEADERS)
    await response.prepare(request)
    with contextlib.suppress(ConnectionResetError):  # the page was closed
        await follow_case(request, response, case.number, read_last(request))
    return response


async def follow_case(
    request: web.Request, response: web.StreamResponse, number: int, last: int
) -> None:
    """Send what comes into a case after line `last` until its person may not read it any more, or the
    page is closed, which raises ConnectionResetError."""
    person, app = request[PERSON], request.app[CONSOLE].app
    seen_state, pinged = "", 0.0
    loop = asyncio.get_running_loop()
    while True:
        lines = await asyncio.to_thread(app.store.console.notices.list_record, number, last)
        is_due = loop.time() - pinged >= PING_SECONDS
        if (lines or is_due) and not await asyncio.to_thread(may_follow, request, number):
            return
        for key, line in sorted(lines, key=lambda pair: pair[0]):
            html = render_one_line(key, line, person)
            await write_event(response, "line", {"html": html}, id=key)
            last = key
        state = await asyncio.to_thread(describe_state, app, number)
        if state != seen_state:
            await write_event(response, "state", {"state": state})
            seen_state = state
        if is_due:
            await write_event(response, "ping", {})
            pinged = loop.time()
        await asyncio.sleep(LOOK_SECONDS)


@ROUTES.get("/events")
async def stream_inbox(request: web.Request) -> web.StreamResponse:
    """That something in the inbox changed."""
    response = web.StreamResponse(headers=EVENT_HEADERS)
    await response.prepare(request)
    with contextlib.suppress(ConnectionResetError):  # the page was closed
        await follow_inbox(request, response)
    return response


async def follow_inbox(request: web.Request, response: web.StreamResponse) -> None:
    """Say when anything changed until the session is over, or the page is closed, which raises
    ConnectionResetError."""
    app = request.app[CONSOLE].app
    loop, pinged, seen = asyncio.get_running_loop(), 0.0, ""
    while True:
        mark = await asyncio.to_thread(app.store.console.notices.describe_changes)
        if seen and mark != seen:
            await write_event(response, "changed", {})
        seen = mark
        if loop.time() - pinged >= PING_SECONDS:
            if await asyncio.to_thread(recognise, request) is None:
                return
            await write_event(response, "ping", {})
            pinged = loop.time()
        await asyncio.sleep(LOOK_SECONDS)


@ROUTES.post(r"/cases/{number:\d+}/presence")
async def keep_presence(request: web.Request) -> web.StreamResponse:
    """Keep that the page is open in a tab, and tell who else has it open."""
    person, app = request[PERSON], request.app[CONSOLE].app
    case, form = await find_case(request), await request.post()
    if case.sealed and not person.is_fresh(app.now()):
        raise web.HTTPForbidden(text=render_text("error.not_fresh", person.session.language))
    tab = str(form.get("tab", ""))[:40]
    notices = app.store.console.notices
    await asyncio.to_thread(notices.stay, person.account, person.name, case.number, tab, app.now())
    names = await asyncio.to_thread(notices.list_present, case.number, person.account, app.now())
    return web.json_response({"names": names})


def may_follow(request: web.Request, number: int) -> bool:
    """Whether the person of an open page may still read its case: they may have signed out, or it may
    have been sealed since."""
    person = recognise(request)
    case = request.app[CONSOLE].app.store.get_case(number)
    return person is not None and person.may_read(case) and not case.sealed


def read_last(request: web.Request) -> int:
    """The number of the last line that a page has, as the browser tells when it connects again."""
    sent = request.headers.get("Last-Event-ID") or request.query.get("after", "0")
    return int(sent) if sent.isdecimal() else 0


def describe_state(app: App, number: int) -> str:
    """The state of a case and who has it, as its page shows it."""
    return render_state(app.store.get_case(number))


def render_one_line(number: int, line: CaseMessage, person: ConsoleUser) -> str:
    """A line of the record as HTML."""
    language = person.session.language
    template = build_environment().get_template("_line.html")
    return template.module.render_line(  # type: ignore[attr-defined, no-any-return]
        number, line, lambda key, **filled: render_text(key, language, **filled),
        lambda moment: render_time(moment, language=language),
    )  # fmt: skip


async def write_event(
    response: web.StreamResponse, name: str, data: dict[str, str], id: int | None = None
) -> None:
    """Send one event of a stream."""
    mark = f"id: {id}\n" if id is not None else ""
    text = f"{mark}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
    await response.write(text.encode())
