"""What changes while a page is open: new lines of a case by their number, the inbox, who is there."""

from __future__ import annotations

import asyncio
import contextlib
import json
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.console.fields import read_number
from adapters.console.pages.cases import find_case
from adapters.console.people import find_person
from adapters.console.rendering import build_environment, render_target, render_text
from adapters.console.security import SESSION_COOKIE
from adapters.console.site import CONSOLE, PERSON
from bot.phrases.directions import isolate_lines

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from adapters.console.people import ConsoleUser
    from bot.types import Case, CaseMessage
    from knowledge.types import Language

ROUTES = web.RouteTableDef()

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
    with contextlib.suppress(ConnectionError):  # the page was closed
        await follow_case(request, response, case)
    return response


async def follow_case(request: web.Request, response: web.StreamResponse, case: Case) -> None:
    """Send what comes into a case until the page is closed, which raises ConnectionResetError, or
    until its person may not read it any more."""
    console, language = request.app[CONSOLE], request[PERSON].session.language
    store, watch = console.app.store, console.watch
    sent, version = await find_sent(request, case.number), None
    with watch.listen():
        while True:
            mark = watch.mark
            fresh = await read_allowed(request, case.number)
            if fresh is None:
                return
            if await asyncio.to_thread(store.console.notices.count_record, case.number) != len(
                sent
            ):
                record = await asyncio.to_thread(store.console.notices.list_record, case.number)
                zone = console.app.missions.get(fresh.mission).zone
                for key, line in record:
                    if key not in sent:
                        html = render_one_line(key, line, fresh, zone, language)
                        await write_event(response, "line", {"html": html}, id=key)
                        sent.add(key)
            if fresh.version != version:
                version = fresh.version
                await write_event(response, "case", {"version": version})
            await write_event(response, "ping", {})
            await watch.wait(mark, PING_SECONDS)


async def find_sent(request: web.Request, number: int) -> set[int]:
    """The numbers of the lines that a page has: those up to its last one. If it has another count of
    them, lines came in between, with a case that was merged or from a slower writer, and it is sent
    all: a page shows no line twice."""
    notices = request.app[CONSOLE].app.store.console.notices
    last, count = read_last(request), request.query.get("have", "")
    record = await asyncio.to_thread(notices.list_record, number)
    known = {key for key, _ in record if key <= last}
    return known if count in ("", str(len(known))) else set()


@ROUTES.get("/events")
async def stream_inbox(request: web.Request) -> web.StreamResponse:
    """That something in the inbox changed."""
    response = web.StreamResponse(headers=EVENT_HEADERS)
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):  # the page was closed
        await follow_inbox(request, response)
    return response


async def follow_inbox(request: web.Request, response: web.StreamResponse) -> None:
    """Say when anything changed until the page is closed, which raises ConnectionResetError, or the
    session is over. It says so at the beginning too: something may have while no one listened."""
    watch, told = request.app[CONSOLE].watch, ""
    with watch.listen():
        while await read_person(request) is not None:
            mark = watch.mark
            if mark != told:
                await write_event(response, "changed", {})
                told = mark
            await write_event(response, "ping", {})
            await watch.wait(mark, PING_SECONDS)


@ROUTES.post(r"/cases/{number:\d+}/presence")
async def keep_presence(request: web.Request) -> web.StreamResponse:
    """Keep that the page is open in a tab, and tell who else has it open. Raises
    HTTPForbidden for a sealed case of which the person is not confirmed."""
    person, app = request[PERSON], request.app[CONSOLE].app
    case, form = await find_case(request), await request.post()
    if case.sealed and not person.is_fresh(app.now()):
        raise web.HTTPForbidden(text=render_text("error.not_fresh", person.session.language))
    tab = str(form.get("tab", ""))[:40]
    notices = app.store.console.notices
    await asyncio.to_thread(notices.stay, person.account, person.name, case.number, tab, app.now())
    names = await asyncio.to_thread(notices.list_present, case.number, person.account, app.now())
    return web.json_response({"names": list(map(isolate_lines, names))})


async def read_person(request: web.Request) -> ConsoleUser | None:
    """Who listens, as of now; None once their session is over."""
    app, cookie = request.app[CONSOLE].app, request.cookies.get(SESSION_COOKIE, "")
    return await asyncio.to_thread(partial(find_person, app, cookie, "", is_use=False))


async def read_allowed(request: web.Request, number: int) -> Case | None:
    """The case as of now; None once its listener may not read it, or it was sealed."""
    person = await read_person(request)
    case = await asyncio.to_thread(request.app[CONSOLE].app.store.get_case, number)
    return case if person and person.may_read(case) and not case.sealed else None


def read_last(request: web.Request) -> int:
    """The number of the last line that a page has, as the browser tells when it connects again."""
    sent = request.headers.get("Last-Event-ID") or request.query.get("after", "0")
    return read_number(sent)


def render_one_line(
    number: int, line: CaseMessage, case: Case, zone: ZoneInfo, language: Language
) -> str:
    """A line of the record as HTML, by the clock of `zone` and in Korea."""
    template = build_environment().get_template("_line.html")
    return template.module.render_line(  # type: ignore[attr-defined, no-any-return]
        number, line, case, lambda key, **filled: render_text(key, language, **filled),
        partial(render_target, zone=zone, language=language),
    )  # fmt: skip


async def write_event(
    response: web.StreamResponse, name: str, data: dict[str, str | int], id: int | None = None
) -> None:
    """Send one event of a stream."""
    mark = f"id: {id}\n" if id is not None else ""
    text = f"{mark}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
    await response.write(text.encode())
