"""The console as a web site: its pages with what they all share, on a port of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from adapters.console.acting import ActSender
from adapters.console.live.due_times import DueTimes
from adapters.console.live.watching import Watch
from adapters.console.navigation import is_admin, is_open_to
from adapters.console.people import ConsoleUser, find_person
from adapters.console.rendering import (
    FOLDER,
    MOST_CHARACTERS,
    choose_language,
    explain,
    load_texts,
    render_page,
    render_text,
    see_other,
)
from adapters.console.security import (
    SESSION_COOKIE,
    PageHandler,
    add_headers,
    is_own_request,
    is_same,
    list_own_names,
    make_form_token,
    read_host_name,
    refuse_foreign_posts,
)
from adapters.messaging.messenger import CommitEvents
from adapters.messaging.request_body import UNSTORABLE, read_form
from ingest.formats.limits import FILE_MAX_BYTES, format_megabytes
from knowledge.types import Language

if TYPE_CHECKING:
    from adapters.bootstrap import App

log = logging.getLogger(__name__)

FORM_LIMIT_BYTES = 200_000
KEPT_LIMIT_BYTES = 2**21  # of a form that is refused for its size with the words that are in it
UNTYPED = frozenset({"token", "id", "act", "seen", "seat"})  # fields that no one types
UPLOAD_PATH = "/documents"  # whose forms carry files, of admins
UPLOAD_LIMIT_BYTES = (
    FILE_MAX_BYTES + 2**20
)  # of all files of one form, with what stands around them
OPEN_PATHS = ("/sign-in", "/static/")  # for those who are not signed in
BY_ITSELF = ("/events", "/presence")  # what a page asks for while no one uses it


@dataclass(frozen=True, slots=True)
class Console:
    """What the pages work with."""

    app: App
    sender: ActSender
    watch: Watch
    dues: DueTimes


CONSOLE = web.AppKey("console", Console)
PERSON = web.RequestKey("person", ConsoleUser)


def build_site(
    app: App, commit: CommitEvents, pages: Sequence[web.RouteTableDef]
) -> web.Application:
    """The site of the console over a running Naru with its `pages`; `commit` stores events."""
    site = web.Application(
        middlewares=[show_errors, refuse_foreign_hosts, refuse_foreign_posts, require_person],
        client_max_size=KEPT_LIMIT_BYTES,
    )
    watch = Watch(app.store.console.notices.describe_changes)
    site[CONSOLE] = Console(app, ActSender(app, commit), watch, DueTimes())
    site.on_response_prepare.append(add_headers)
    site.router.add_static("/static", FOLDER / "static")
    for routes in pages:
        site.router.add_routes(routes)
    return site


@web.middleware
async def refuse_foreign_hosts(request: web.Request, handler: PageHandler) -> web.StreamResponse:
    """Raises HTTPMisdirectedRequest for a request that calls this site by a name that is not its own."""
    settings = request.app[CONSOLE].app.settings
    names = list_own_names(settings.console_host, settings.console_url)
    if read_host_name(request) not in names:
        raise web.HTTPMisdirectedRequest(text=explain(request, "foreign_host"))
    return await handler(request)


@web.middleware
async def require_person(request: web.Request, handler: PageHandler) -> web.StreamResponse:
    """Find who is signed in; anybody else is led to the sign-in page. A form must carry the token of
    its session. Raises HTTPBadRequest, HTTPUnauthorized and HTTPForbidden."""
    if UNSTORABLE.search(f"{request.path}?{request.query_string}"):
        raise web.HTTPBadRequest
    if request.path.startswith(OPEN_PATHS):
        if request.method == "POST":
            request = request.clone(client_max_size=FORM_LIMIT_BYTES)
            await read_form(request)
        return await handler(request)
    person = await asyncio.to_thread(recognise, request)
    if person is None:
        if request.method == "GET" and not request.path.endswith(BY_ITSELF):
            return see_other("/sign-in")
        raise web.HTTPUnauthorized(text=explain(request, "session_over"))
    request[PERSON] = person
    if not is_open_to(person, request.path):
        raise web.HTTPForbidden
    if request.method != "POST":
        return await handler(request)
    return await take_form(request, person, handler)


async def take_form(
    request: web.Request, person: ConsoleUser, handler: PageHandler
) -> web.StreamResponse:
    """Handle a form of a person's own session; admins may send files to UPLOAD_PATH. Raises
    HTTPForbidden for a form of another session, HTTPRequestEntityTooLarge for a large one."""
    if request.path == UPLOAD_PATH and is_admin(person):
        request = request.clone(client_max_size=UPLOAD_LIMIT_BYTES)
    await read_form(request)
    form = await request.post()
    if not is_same(str(form.get("token", "")), person.form_token):
        raise web.HTTPForbidden(text=explain(request, "foreign_token"))
    size = len(await request.read())  # 0 for one that may carry files
    if size > FORM_LIMIT_BYTES:
        raise web.HTTPRequestEntityTooLarge(FORM_LIMIT_BYTES, size)
    with contextlib.ExitStack() as files:
        for field in form.values():
            if isinstance(field, web.FileField):
                files.callback(field.file.close)
        return await handler(request)


def recognise(request: web.Request) -> ConsoleUser | None:
    """Who a request is of, as of now; None for no one who may be here."""
    cookie = request.cookies.get(SESSION_COOKIE, "")
    if not cookie:
        return None
    is_use = not request.path.endswith(BY_ITSELF)
    app = request.app[CONSOLE].app
    return find_person(app, cookie, make_form_token(cookie), is_use=is_use)


@web.middleware
async def show_errors(request: web.Request, handler: PageHandler) -> web.StreamResponse:
    """A page instead of a bare line for what went wrong, with the words that were not taken."""
    try:
        return await handler(request)
    except web.HTTPRedirection:
        raise
    except web.HTTPException as caught:
        error = caught
    except SQLAlchemyError:
        log.exception("a page of the console failed")
        error = web.HTTPServiceUnavailable()
    except Exception as caught:  # a page that fails is a page too, and the console goes on
        if isinstance(caught, ConnectionError) or request.path.endswith(BY_ITSELF):
            raise  # the browser is gone, or something was sent before
        log.exception("the console could not show %s", request.match_info.route.resource)
        error = web.HTTPInternalServerError()
    language, detail = find_language(request), error.text or ""
    key = f"error.status_{error.status}"
    if key in load_texts() and not is_own_text(error):
        detail = render_text(key, language, most=describe_limit(request))
    return render_page(
        "error.html", language, request.get(PERSON), status=error.status, detail=detail,
        kept=await find_words(request),
    )  # fmt: skip


def find_language(request: web.Request) -> Language:
    """The language of a session, else of the browser."""
    person = request.get(PERSON)
    return person.session.language if person else choose_language(request)


def describe_limit(request: web.Request) -> str:
    """How much a form of this path may carry, as text."""
    if request.path == UPLOAD_PATH:
        return format_megabytes(UPLOAD_LIMIT_BYTES)
    return render_text("error.characters", find_language(request), most=MOST_CHARACTERS)


async def find_words(request: web.Request) -> str:
    """What somebody wrote in the form of a request; "" in none of ours."""
    if request.method != "POST" or not is_own_request(request):
        return ""
    try:
        await read_form(request)
    except web.HTTPException:
        return ""
    typed = [
        value for name, value in (await request.post()).items()
        if name not in UNTYPED and isinstance(value, str)
    ]  # fmt: skip
    return max(typed, key=len, default="")


def is_own_text(error: web.HTTPException) -> bool:
    """Whether a page said in its own words what is wrong: aiohttp's begin with the number, or tell
    the bytes of a body."""
    text = error.text or ""
    return not text.startswith((f"{error.status}: ", "Maximum request body size"))
