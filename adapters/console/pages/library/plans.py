"""The page of a plan: its documents, texts and answers before and after, and the decision."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aiohttp import web

from adapters.console.pages.library.documents import list_documents, require_admin, take_notices
from adapters.console.rendering import render_page
from adapters.console.site import CONSOLE
from adapters.console.text_diff import DiffRow, Piece, compare_texts, compare_words
from adapters.evaluation.plan_diff import CASE_MARK
from bot.buttons import write_apply_key, write_discard_key
from bot.errors import UnknownCase
from bot.types import Case
from knowledge.evaluation.answer_diff import AnswerSnapshot

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.console.people import ConsoleUser
    from adapters.uploads.plan_record import PlannedDocument

ROUTES = web.RouteTableDef()

ROWS_SHOWN = 120  # of one document's comparison, unless its page is opened whole
OPEN_DOCUMENTS = 3  # whose comparison is open at once


@dataclass(frozen=True, slots=True)
class ComparedDocument:
    """A document of a plan with its rows; `more` are those that are left out."""

    document: PlannedDocument
    rows: list[DiffRow]
    more: int


@dataclass(frozen=True, slots=True)
class ComparedAnswer:
    """A question with its answers before and after, and the words that differ. `case` is the number of
    the case whose founder asked it, 0 for one of the exam."""

    question: str
    case: int
    old: AnswerSnapshot
    new: AnswerSnapshot
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@ROUTES.get(r"/documents/plans/{token:[0-9a-f]{8}}")
async def show_plan(request: web.Request) -> web.StreamResponse:
    """A plan of the person's own upload, or what has become of it."""
    person, app = require_admin(request), request.app[CONSOLE].app
    token = request.match_info["token"]
    is_whole = request.query.get("all") == "yes"
    view = await asyncio.to_thread(collect_plan, app, person, token, is_whole)
    is_late = request.query.get("sent") == "later" and view["plan"] is None
    return render_page(
        "plan.html", person.session.language, person, notices=await take_notices(request),
        token=token, form_id=uuid.uuid4().hex, is_whole=is_whole, is_late=is_late, **view,
    )  # fmt: skip


def collect_plan(app: App, person: ConsoleUser, token: str, is_whole: bool) -> dict[str, Any]:
    """What the page shows. `doing` is what the library's worker has still to do with the upload, "" for
    nothing; `plan` is None before it is made, and after it was discarded."""
    tasks = [one.act for one in app.store.inbox.list_open_tasks() if one.token == token]
    plan = app.library_service.find_plan(person.account, token)
    made = app.library_service.find_edition_of(token)
    view = {"plan": plan, "made": made, "doing": tasks[-1] if tasks else "", "open": OPEN_DOCUMENTS}
    if plan is None:
        return view
    summary = plan.summary
    titles = {one.document.id: one.document.title for one in list_documents(app)}
    titles |= {one.id: one.title for one in plan.documents}
    return view | {
        "titles": lambda ids: [titles.get(one, one) for one in ids],
        "documents": [compare_document(one, is_whole) for one in plan.documents],
        "answers": [
            ComparedAnswer(
                find_question(app, one.question), find_case_number(one.question), one.old,
                one.new, *compare_words(one.old.text, one.new.text),
            )
            for one in plan.answers
            if may_see(app, person, one.question)
        ],
        "apply_key": write_apply_key(token, summary.mark), "discard_key": write_discard_key(token),
    }  # fmt: skip


def compare_document(document: PlannedDocument, is_whole: bool) -> ComparedDocument:
    """The comparison of a document's texts, cut at ROWS_SHOWN unless `is_whole`."""
    rows = compare_texts(document.before, document.after)
    shown = rows if is_whole else rows[:ROWS_SHOWN]
    bare = replace(document, before="", after="")
    return ComparedDocument(bare, shown, len(rows) - len(shown))


def find_case_number(question: str) -> int:
    """The case that a question of a plan stands for, 0 for none."""
    number = question.removeprefix(CASE_MARK)
    return int(number) if question.startswith(CASE_MARK) and number.isdecimal() else 0


def may_see(app: App, person: ConsoleUser, question: str) -> bool:
    """Whether a person may see how an answer changed: of a case, which may have been sealed since, as
    the answer tells what it is about, only if they may read it, and of a sealed one never."""
    case = find_case_of(app, question)
    return case is None or (not case.sealed and person.may_read(case))


def find_question(app: App, question: str) -> str:
    """What was asked; of a case what is still kept of it."""
    case = find_case_of(app, question)
    return case.question if case else question


def find_case_of(app: App, question: str) -> Case | None:
    """The case that a question of a plan stands for; None for one of the exam, or that is gone."""
    number = find_case_number(question)
    if not number:
        return None
    try:
        return app.store.get_case(number)
    except UnknownCase:
        return None
