"""`naru insight`: what missions learned, and drafts for the library from it."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text, write_file
from adapters.errors import CommandFailed

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.types import Insight

COMMAND_LINE = "command line"


def insight(
    what: Annotated[
        str | None, typer.Argument(help="A number to show, or the id of a mission to note for.")
    ] = None,
    text: Annotated[str | None, typer.Argument(help="What the mission learned.")] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Print a draft for the library; nothing is ingested.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="A file for the draft, or a folder.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """List what missions learned, show one, note one (MISSION TEXT), or draft a document from it.

    \f
    Raises CommandFailed for a number without an insight and a file that cannot be written,
    UnknownMission, Conflict if somebody noted another at the same moment.
    """
    app = build_app()
    if what and not what.isdecimal():
        _note(app, what, text or "", json)
        return
    known = app.store.insights.list_insights()
    found = [one for one in known if not what or one.number == int(what)]
    if what and not found:
        raise CommandFailed(f"There is no insight {what}. `naru insight` lists them.")
    if draft and what:
        _write_draft(app, found[0], out)
    elif json:
        answers = [one for one in app.store.insights.list_answers() if _concerns(one.insight, what)]
        print_json({"insights": found, "answers": answers})
    else:
        for one in found:
            where = ",".join((*one.countries, *one.topics))
            print_text(f"{one.number:4}  {one.at:%Y-%m-%d}  {one.state:9} {one.mission:14} {where}")
            print_text(f"      {one.text}")
        if not found:
            print_text("No insights.")


def _note(app: App, mission: str, text: str, as_json: bool) -> None:
    from bot.admin.desk.insight.home import record_insight

    if not text.strip():
        raise CommandFailed(f"Write what {mission} learned after its id.")
    found, number = app.missions.get(mission), app.store.insights.find_next_number()
    decision = record_insight(app.build_services(), number, found.id, text, COMMAND_LINE)
    app.store.commit_without_message(f"insight:{uuid.uuid4()}", decision, app.now())
    if as_json:
        print_json(decision.new_insight)
        return
    print_text(f"Noted as {number}.")
    if not decision.outgoing:
        print_text("No room is bound to domestic, so the desk was not told; agendas have it.")


def _write_draft(app: App, found: Insight, out: Path | None) -> None:
    from bot.admin.desk.insight.draft import build_draft, name_draft
    from bot.context import Decision
    from knowledge.types import find_korean_day

    answers = app.store.insights.list_answers()
    data = build_draft(found, answers, app.missions, find_korean_day(app.now()))
    if out is None:
        print_text(data)
    else:
        path = out / name_draft(found) if out.is_dir() else out
        write_file(path, data)
        print_text(f"Written: {path}")
    act = (COMMAND_LINE, f"draft of insight {found.number}")
    decision = Decision(drafted_insight=found.number, audit=act)
    app.store.commit_without_message(f"draft:{uuid.uuid4()}", decision, app.now())


def _concerns(number: int | None, wanted: str | None) -> bool:
    return wanted is None or number == int(wanted)
