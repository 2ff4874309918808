"""`naru faq` and `naru replay`: cases that become questions all may read, and what that contains."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from adapters.cli.options import MAX_NUMBER, JsonOption, build_app
from adapters.cli.output import print_json, print_text, write_file
from adapters.errors import CommandFailed

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.admin.faq.duplicates import Duplicate
    from bot.types import FaqAct, FaqDraft

COMMAND_LINE = "command line"
ACTS = ("submit", "approve", "refuse", "withdraw")


def faq(
    what: Annotated[
        str | None,
        typer.Argument(help="A case's number; or submit, approve, refuse or withdraw before it."),
    ] = None,
    number: Annotated[
        int | None, typer.Argument(max=MAX_NUMBER, help="The number after submit, approve, …")
    ] = None,
    edit: Annotated[
        Path | None, typer.Option(help="A text in the form that is shown; - for stdin.")
    ] = None,
    review: Annotated[
        datetime | None,
        typer.Option("--review", formats=["%Y-%m-%d"], help="With approve: when to review it."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the FAQs made from cases; show, make or change that of a case; approve or withdraw it.

    \f
    Raises BadParameter for words that are none of these, CommandFailed for what the state of a case
    or a draft does not allow, UnknownCase, Conflict if somebody else was first.
    """
    if what is None:
        _print_list(build_app(), json)
        return
    from bot.buttons import is_number

    act = what if what in ACTS else None
    if act is None and not is_number(what.lstrip("#")):
        raise typer.BadParameter("it is neither a number nor submit, approve, refuse or withdraw")
    if act and number is None:
        raise typer.BadParameter(f"name the case: naru faq {act} 12", param_hint="NUMBER")
    app = build_app()
    case = number if act else int(what.lstrip("#"))
    assert case is not None
    draft = app.store.faq.find(case)
    if act:
        draft = _settle(app, case, draft, cast("FaqAct", act), review)
    elif draft is None:
        draft = _make(app, case)
    if edit is not None:
        draft = _edit(app, draft, edit)
    edition = app.faq_shelf.publish() if act in ("approve", "withdraw") else None
    _print_draft(app, draft, edition, json)


def replay(
    out: Annotated[Path | None, typer.Option("--out", help="A file to write.")] = None,
    json: JsonOption = False,
) -> None:
    """Ask the questions of past cases again: which the present edition would have contained.

    \f
    Sealed and erased cases are left out. Raises CommandFailed for a file that cannot be written.
    """
    from adapters.serve.desk.replay import render_replay, replay_cases

    found = replay_cases(build_app())
    if json:
        print_json(found)
        return
    text = render_replay(found)
    if out is None:
        print_text(text)
        return
    write_file(out, text + "\n")


def _make(app: App, number: int) -> FaqDraft:
    from bot.admin.desk.topics import TopicFinder
    from bot.admin.faq.draft import build_draft
    from bot.cases.states import may_become_faq

    case = app.store.get_case(number)
    if not may_become_faq(case):
        raise CommandFailed(
            f"Case {number} is {case.state}: only a resolved case that is neither sealed nor critical "
            "becomes a FAQ."
        )
    mission = app.missions.get(case.mission)
    draft = build_draft(
        case, app.store.list_lines(number), app.store.list_merged(number), mission, COMMAND_LINE,
        app.now(), mission.find_day(app.now()),
        TopicFinder(app.glossary).find,
    )  # fmt: skip
    if draft is None:
        raise CommandFailed(f"Staff replied nothing in words to case {number}.")
    return _commit(app, draft, "made")


def _edit(app: App, draft: FaqDraft, path: Path) -> FaqDraft:
    from bot.admin.faq.form import BadForm, read_form, split_head
    from bot.admin.faq.states import settle

    today = app.missions.get(draft.mission).find_day(app.now())
    opened = settle(draft, "edit", COMMAND_LINE, today)
    if opened is None:
        raise CommandFailed(f"FAQ {draft.case} is {draft.state}: withdraw it before you change it.")
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{path} cannot be read: {error}.") from error
    try:
        changed = read_form(split_head(text) or text, opened, today)
    except BadForm as error:
        raise CommandFailed(f"The {error.problem} cannot be taken: {error.value}") from error
    return _commit(app, changed, "edited")


def _settle(
    app: App, number: int, draft: FaqDraft | None, act: FaqAct, review: datetime | None
) -> FaqDraft:
    from bot.admin.faq.states import may_be_published, settle

    if draft is None:
        raise CommandFailed(f"There is no FAQ {number}. `naru faq {number}` makes it of the case.")
    today = app.missions.get(draft.mission).find_day(app.now())
    if review is not None and (act != "approve" or review.date() <= today):
        raise typer.BadParameter("it goes with approve, after today", param_hint="--review")
    after = settle(draft, act, COMMAND_LINE, today)
    if after is None:
        raise CommandFailed(f"FAQ {number} is {draft.state}, so this is not possible now.")
    if act in ("submit", "approve") and not may_be_published(draft, app.store.get_case(number)):
        raise CommandFailed(f"Case {number} is open again, or sealed: it cannot become a FAQ.")
    if review is not None:
        after = replace(after, review_by=review.date())
    return _commit(app, after, after.state)


def _commit(app: App, draft: FaqDraft, done: str) -> FaqDraft:
    from bot.context import Decision

    decision = Decision(faq=draft, audit=(COMMAND_LINE, f"faq {draft.case}: {done}"))
    app.store.commit_without_message(f"faq:{uuid.uuid4()}", decision, app.now())
    return replace(draft, version=draft.version + 1)


def _print_list(app: App, json: bool) -> None:
    found = app.store.faq.list_all()
    if json:
        print_json(found)
        return
    for one in found:
        print_text(f"{one.case:5}  {one.state:10}  review {one.review_by}  {one.question}")
    if not found:
        print_text("No FAQ was made yet. `naru faq 12` makes one of case 12 when it is resolved.")


def _print_draft(app: App, draft: FaqDraft, edition: int | None, json: bool) -> None:
    from bot.admin.faq.duplicates import find_duplicates
    from bot.admin.faq.form import write_form

    others = app.store.faq.list_all("draft", "submitted", "approved")
    found = find_duplicates(draft, app.build_services().ask, others, app.now())
    if json:
        print_json({"faq": draft, "duplicates": found, "edition": edition})
        return
    print_text(f"{draft.state}, owner {draft.owner}")
    for line in _render_duplicates(found):
        print_text(line)
    if edition is not None:
        print_text(f"Edition {edition} answers now.")
    print_text(f"\n{write_form(draft)}")


def _render_duplicates(found: Sequence[Duplicate]) -> list[str]:
    """A line for each: the draft, or the document and section that answer the question already."""
    return [
        f"similar draft {one.draft}: {one.heading}"
        if one.draft
        else f"{'answers already' if one.is_answer else 'similar'}: {one.title} › {one.heading}"
        for one in found
    ]
