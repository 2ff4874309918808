"""The page of a plan: its documents, texts and answers before and after, and the decision."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aiohttp import web

from adapters.console.pages.library.documents import require_admin, take_notices
from adapters.console.rendering import render_page
from adapters.console.site import CONSOLE
from adapters.console.text_diff import DiffRow, Piece, compare_texts, compare_words
from adapters.evaluation.plan_diff import CASE_MARK
from bot.buttons import write_apply_key, write_discard_key
from bot.errors import UnknownCase
from knowledge.evaluation.answer_diff import AnswerSnapshot

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.console.people import ConsoleUser
    from adapters.uploads.plan_record import PlannedDocument, PlanRecord

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
    """A question with its answers before and after, the words that differ, and the titles of what each
    cites. `case` is the number of the case whose founder asked it, 0 for one of the exam."""

    question: str
    case: int
    old: AnswerSnapshot
    new: AnswerSnapshot
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    old_sources: tuple[str, ...]
    new_sources: tuple[str, ...]


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
    summary, titles = plan.summary, find_titles(app, plan)
    return view | {
        "documents": [compare_document(one, is_whole) for one in plan.documents],
        "answers": [
            ComparedAnswer(
                find_question(app, person, one.question), find_case_number(one.question), one.old,
                one.new, *compare_words(one.old.text, one.new.text),
                *(tuple(titles.get(id, id) for id in side.documents) for side in (one.old, one.new)),
            )
            for one in plan.answers
        ],
        "apply_key": write_apply_key(token, summary.mark), "discard_key": write_discard_key(token),
    }  # fmt: skip


def find_titles(app: App, plan: PlanRecord) -> dict[str, str]:
    """The titles of the documents that the plan's answers cite, by id."""
    found = {one.id: one.title for one in plan.documents}
    cited = {id for one in plan.answers for id in (*one.old.documents, *one.new.documents)}
    if plan.base and not cited <= found.keys():
        versions = app.catalogue.list_versions(plan.base)
        found = {one.document.id: one.document.title for one in versions} | found
    return found


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


def find_question(app: App, person: ConsoleUser, question: str) -> str:
    """What was asked; of a case what is still kept of it, and only for those who may read it."""
    number = find_case_number(question)
    if not number:
        return question
    try:
        case = app.store.get_case(number)
    except UnknownCase:
        return question
    return question if case.sealed or not person.may_read(case) else case.question
