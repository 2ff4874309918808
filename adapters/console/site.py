"""The console as a web site: its pages with what they all share, on a port of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.console.acting import ActSender
from adapters.console.live.due_times import DueTimes
from adapters.console.live.watching import Watch
from adapters.console.navigation import is_admin
from adapters.console.people import ConsoleUser, find_person
from adapters.console.rendering import FOLDER, choose_language, render_page, render_text, see_other
from adapters.console.security import (
    SESSION_COOKIE,
    PageHandler,
    add_headers,
    is_same,
    make_form_token,
    refuse_foreign_posts,
)
from adapters.messaging.messenger import CommitEvents
from ingest.formats.limits import FILE_MAX_BYTES

if TYPE_CHECKING:
    from adapters.bootstrap import App

FORM_LIMIT_BYTES = 200_000
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
        middlewares=[refuse_foreign_posts, show_errors, require_person],
        client_max_size=FORM_LIMIT_BYTES,
    )
    watch = Watch(app.store.console.notices.describe_changes)
    site[CONSOLE] = Console(app, ActSender(app, commit), watch, DueTimes())
    site.on_response_prepare.append(add_headers)
    site.router.add_static("/static", FOLDER / "static")
    for routes in pages:
        site.router.add_routes(routes)
    return site


@web.middleware
async def require_person(request: web.Request, handler: PageHandler) -> web.StreamResponse:
    """Find who is signed in; anybody else is led to the sign-in page. A form must carry the token of
    its session. Raises HTTPUnauthorized and HTTPForbidden."""
    if request.path.startswith(OPEN_PATHS):
        return await handler(request)
    cookie = request.cookies.get(SESSION_COOKIE, "")
    console = request.app[CONSOLE]
    form_token = make_form_token(cookie)
    is_use = not request.path.endswith(BY_ITSELF)
    person = None
    if cookie:
        find = partial(find_person, console.app, cookie, form_token, is_use=is_use)
        person = await asyncio.to_thread(find)
    if person is None:
        if request.method == "GET" and is_use:
            return see_other("/sign-in")
        raise web.HTTPUnauthorized(text="The session is over. Sign in again.")
    request[PERSON] = person
    if request.method != "POST":
        return await handler(request)
    if request.path == UPLOAD_PATH and is_admin(person):
        request = request.clone(client_max_size=UPLOAD_LIMIT_BYTES)
    form = await read_form(request)
    try:
        if not is_same(str(form.get("token", "")), form_token):
            raise web.HTTPForbidden(text="This form is not of your session. Open the page again.")
        return await handler(request)
    finally:
        for field in form.values():
            if isinstance(field, web.FileField):
                field.file.close()


async def read_form(request: web.Request) -> Mapping[str, object]:
    """The fields of a form. Raises HTTPRequestEntityTooLarge."""
    try:
        return await request.post()
    except web.HTTPRequestEntityTooLarge as error:
        most = request.client_max_size
        text = render_text(
            "site.too_large", request[PERSON].session.language, most=most // 2**20 or 1
        )
        raise web.HTTPRequestEntityTooLarge(max_size=most, text=text) from error


@web.middleware
async def show_errors(request: web.Request, handler: PageHandler) -> web.StreamResponse:
    """A page instead of a bare line for what went wrong."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        person = request.get(PERSON)
        language = person.session.language if person else choose_language(request)
        return render_page(
            "error.html", language, person, status=error.status, detail=error.text or error.reason
        )
