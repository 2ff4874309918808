"""Documents and editions, for admins: what answers now, files that are sent in, and the way back."""

from __future__ import annotations

import asyncio
import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.console.navigation import is_admin
from adapters.console.rendering import render_page, render_text, see_other
from adapters.console.site import CONSOLE, PERSON
from bot.admin.console.events import INGEST, LIBRARY_BUTTON, ConsoleAct, build_event, parse_message
from bot.buttons import write_rollback_key
from ingest.formats.limits import FILE_MAX_BYTES, format_megabytes
from knowledge.types import Document, Version, find_korean_day

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.console.people import ConsoleUser
    from bot.admin.library_service import EditionSummary
    from bot.messages import File
    from bot.types import ConsoleNotice

ROUTES = web.RouteTableDef()

FILES_LIMIT = 20  # of one upload
EDITIONS_SHOWN = 20
TOKEN = re.compile(r"[0-9a-f]{8}")  # of an upload
STATUSES = ("in_force", "coming", "expired", "unchecked")


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document of the active edition with one of STATUSES. `source` is where it came from."""

    document: Document
    status: str
    source: str


@ROUTES.get("/documents")
async def show_documents(request: web.Request) -> web.StreamResponse:
    """The documents that answer now, what waits for a decision, and the editions."""
    return await render_documents(request)


@ROUTES.post("/documents")
async def send_files(request: web.Request) -> web.StreamResponse:
    """Have files planned; leads to the page of the plan."""
    person, console = require_admin(request), request.app[CONSOLE]
    form, language = await request.post(), request[PERSON].session.language
    fields = [one for one in form.getall("files", ()) if isinstance(one, web.FileField)]
    if not fields or len(fields) > FILES_LIMIT:
        key = "documents.too_many" if fields else "documents.no_file"
        problem = render_text(key, language, most=FILES_LIMIT)
        return await render_documents(request, problem=problem, status=422)
    files = await asyncio.to_thread(keep_files, console.app, fields)
    act = ConsoleAct(
        form_id(form.get("id")), person.account, person.name, 0, INGEST, "", files=files,
        language=language,
    )  # fmt: skip
    message = parse_message(build_event(act).payload)
    assert message
    return await send_act(request, act, f"/documents/plans/{message.token()}")


@ROUTES.get(r"/documents/editions/{number:\d{1,9}}/rollback")
async def ask_for_rollback(request: web.Request) -> web.StreamResponse:
    """What another edition would change, before it is the one that answers. Raises HTTPNotFound for
    one that there is not, or that answers already."""
    person, app = require_admin(request), request.app[CONSOLE].app
    number = int(request.match_info["number"])
    editions = await asyncio.to_thread(app.library_service.list_editions)
    wanted = next((one for one in editions if one.number == number), None)
    active = next((one.number for one in editions if one.active), 0)
    if wanted is None or wanted.active:
        key = "documents.is_active" if wanted else "documents.no_edition"
        raise web.HTTPNotFound(text=render_text(key, person.session.language, number=number))
    changes = await asyncio.to_thread(compare_editions, app, active, number)
    return render_page(
        "rollback.html", person.session.language, person, wanted=wanted, active=active,
        changes=changes, key=write_rollback_key(number, active), form_id=uuid.uuid4().hex,
    )  # fmt: skip


@ROUTES.post("/documents/acts")
async def act_on_library(request: web.Request) -> web.StreamResponse:
    """Do what a button about the library does in a chat; leads to the page that the form names."""
    person, form = require_admin(request), await request.post()
    act = ConsoleAct(
        form_id(form.get("id")), person.account, person.name, 0, LIBRARY_BUTTON,
        str(form.get("key", "")), language=person.session.language,
    )  # fmt: skip
    plan = str(form.get("plan", ""))
    path = f"/documents/plans/{plan}" if TOKEN.fullmatch(plan) else "/documents"
    return await send_act(request, act, path)


def require_admin(request: web.Request) -> ConsoleUser:
    """Who is signed in. Raises HTTPForbidden for anybody but an admin."""
    person = request[PERSON]
    if not is_admin(person):
        raise web.HTTPForbidden(text=render_text("documents.admins_only", person.session.language))
    return person


def form_id(value: object) -> str:
    """What tells a form that is sent twice from two forms."""
    return str(value or uuid.uuid4().hex)[:64]


async def send_act(request: web.Request, act: ConsoleAct, path: str) -> web.StreamResponse:
    """Send an act and lead on to `path`; back to the list where it was refused."""
    notice = await request.app[CONSOLE].sender.send(act)
    if notice is None:
        return see_other(f"{path}?sent=later")
    return see_other("/documents" if notice.kind == "refused" else path)


async def take_notices(request: web.Request) -> list[ConsoleNotice]:
    """What a person was not told yet."""
    person, app = request[PERSON], request.app[CONSOLE].app
    notices = app.store.console.notices
    return await asyncio.to_thread(notices.take_unseen, person.account, app.now())


async def render_documents(
    request: web.Request, *, problem: str = "", status: int = 200
) -> web.Response:
    """The page, with what is wrong about the files that were sent."""
    person, app = require_admin(request), request.app[CONSOLE].app
    words, wanted = request.query.get("q", "").strip(), request.query.get("status", "")
    listed = await asyncio.to_thread(list_documents, app)
    shown = [one for one in listed if matches(one, words, wanted)]
    editions, plans, tasks = await asyncio.to_thread(collect_history, app, person.account)
    return render_page(
        "documents.html", person.session.language, person, status=status, problem=problem,
        notices=await take_notices(request), shown=shown, total=len(listed), words=words,
        wanted=wanted, statuses=STATUSES, editions=editions[:EDITIONS_SHOWN], plans=plans,
        is_busy=tasks or request.query.get("sent") == "later", form_id=uuid.uuid4().hex, most_files=FILES_LIMIT,
        most_bytes=format_megabytes(FILE_MAX_BYTES),
    )  # fmt: skip


def list_documents(app: App) -> list[ListedDocument]:
    """The documents of the active edition by title; none without an edition."""
    edition, now = app.catalogue.get_active_edition(), app.now()
    if edition is None:
        return []
    today = find_korean_day(now)
    unchecked = app.catalogue.source_log.find_unchecked_documents(edition, now)
    listed = [
        ListedDocument(
            one.document, find_status(one.document, today, one.document.id in unchecked),
            describe_source(one),
        )
        for one in app.catalogue.load_versions(edition)
    ]  # fmt: skip
    return sorted(listed, key=lambda one: (one.document.title, one.document.id))


def describe_source(version: Version) -> str:
    """Where a document came from: its origin and file, without folders of this machine."""
    origin = "" if version.origin.startswith("/") else version.origin
    name = version.file.rsplit("/", 1)[-1]
    return name if not origin or origin.endswith(f"/{name}") else f"{origin} · {name}"


def find_status(document: Document, today: date, is_unchecked: bool) -> str:
    """One of STATUSES: whether a document answers today, and whether its source was read in time."""
    if document.effective_from and today < document.effective_from:
        return "coming"
    if document.expires and today > document.expires:
        return "expired"
    return "unchecked" if is_unchecked else "in_force"


def matches(one: ListedDocument, words: str, status: str) -> bool:
    """Whether a document has all the words in its title, issuer, id or file, and the status, if any."""
    document = one.document
    text = " ".join((document.title, document.issuer, document.id, one.source)).casefold()
    return status in ("", one.status) and all(word in text for word in words.casefold().split())


def collect_history(
    app: App, account: str
) -> tuple[list[EditionSummary], list[tuple[str, datetime]], bool]:
    """The editions, the plans of an admin that wait for a decision (token and time), and whether
    the library's worker has something to do."""
    service = app.library_service
    plans = []
    for token in app.upload_store.list_tokens(account):
        record = service.find_plan(account, token)
        if record is not None and service.find_edition_of(token) is None:
            plans.append((token, record.made_at))
    tasks = [one for one in app.store.inbox.list_open_tasks() if one.who == account]
    return service.list_editions(), plans, bool(tasks)


def compare_editions(app: App, active: int, wanted: int) -> dict[str, list[Document]]:
    """The documents that would come back, leave, or be another version, if `wanted` answered."""
    now, then = ({one.document.id: one for one in load(app, number)} for number in (active, wanted))
    return {
        "back": [one.document for id, one in then.items() if id not in now],
        "gone": [one.document for id, one in now.items() if id not in then],
        "other": [
            one.document for id, one in then.items() if id in now and now[id].digest != one.digest
        ],
    }


def load(app: App, number: int) -> list[Version]:
    """The versions of an edition, none for 0."""
    return app.catalogue.load_versions(number) if number else []


def keep_files(app: App, fields: list[web.FileField]) -> tuple[File, ...]:
    """Store what was sent where the library's worker fetches it."""
    return tuple(
        app.store.desk_files.add(one.filename, one.content_type, one.file.read(), app.now())
        for one in fields
    )
