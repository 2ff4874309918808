"""`naru meeting` and `naru minutes`: when a body meets, and what it resolved."""

from __future__ import annotations

import sys
import uuid
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed

if TYPE_CHECKING:
    from bot.types import Mission

COMMAND_LINE = "command line"
MissionArgument = Annotated[str, typer.Argument(help="The id of a mission, or domestic.")]


def meeting(
    mission: MissionArgument,
    when: Annotated[
        str | None, typer.Argument(help="Local time of the mission: 2026-12-15T10:00.")
    ] = None,
    minutes: Annotated[
        int | None, typer.Option(min=5, max=1440, help="How long it takes; 90 at first.")
    ] = None,
    place: Annotated[str | None, typer.Option(help="Where it takes place.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Call the meeting off.")] = False,
    json: JsonOption = False,
) -> None:
    """Show a body's next meeting; plan it, move it or withdraw it, and send the invitation.

    \f
    Raises BadParameter for a time that is none or is over, CommandFailed without a meeting to
    change, Conflict if somebody else changed it first.
    """
    from adapters.serve.desk.meetings import plan_meeting, withdraw_meeting
    from bot.admin.desk.notices import find_own_room

    app = build_app()
    found = app.missions.get(mission)
    planned = app.store.meetings.find_next(found.id, app.now())
    starts_at = _read_moment(when, found) if when else None
    if starts_at and starts_at <= app.now():
        raise typer.BadParameter(f"{when} is over", param_hint="WHEN")
    changed = None
    if withdraw:
        changed = withdraw_meeting(app, found, planned)
    elif starts_at or minutes or place is not None:
        changed = plan_meeting(app, found, planned, starts_at, minutes, place)
    shown = changed or planned
    if json:
        print_json(shown)
    elif shown is None:
        print_text(f"No meeting of {found.id} is planned. naru meeting {found.id} 2026-12-15T10:00")
    else:
        local = shown.starts_at.astimezone(found.zone)
        state = "withdrawn" if shown.withdrawn_at else f"{shown.minutes} minutes"
        print_text(f"{found.id}  {local:%Y-%m-%d %H:%M} ({found.timezone})  {state}  {shown.place}")
        if changed and not find_own_room(found.id, app.store.list_bindings()):
            print_text(f"No room is bound to {found.id}, so no invitation was sent.")


def _read_moment(text: str, mission: Mission) -> datetime:
    """A moment in the mission's zone unless it names an offset. Raises BadParameter."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is not a time; write 2026-12-15T10:00", param_hint="WHEN"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=mission.zone)


def minutes(
    mission: MissionArgument,
    file: Annotated[
        Path | None, typer.Argument(help="A text with a resolution a line; - for stdin.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Enter what a meeting resolved, a line for each resolution; or list what is open.

    A line is: what | who | until when. `3 done` and `3 dropped` settle resolution 3.

    \f
    Raises CommandFailed for a file or a line that cannot be read; then nothing of it is kept.
    """
    from bot.admin.desk.minutes import BadLine, read_minutes
    from bot.context import Decision

    app = build_app()
    found = app.missions.get(mission)
    known = app.store.meetings.list_resolutions(found.id)
    if file is not None:
        today = found.find_day(app.now())
        try:
            entered = read_minutes(_read_text(file), found.id, known, today, COMMAND_LINE)
        except BadLine as error:
            raise CommandFailed(f"{PROBLEMS[error.problem]}: {error.line}") from error
        decision = Decision(minutes=entered, audit=(COMMAND_LINE, f"minutes of {found.id}"))
        app.store.commit_without_message(f"minutes:{uuid.uuid4()}", decision, app.now())
        known = app.store.meetings.list_resolutions(found.id)
    if json:
        print_json(known)
        return
    for one in known:
        print_text(
            f"{one.number:4}  {one.due or 'no date'!s:10}  {one.owner or 'all':20} {one.text}"
        )
    if not known:
        print_text(f"No resolution of {found.id} is open.")


PROBLEMS = {
    "date": "A date is wrong, write 2026-12-31",
    "number": "No open resolution has that number",
    "long": "A line is too long",
}


def _read_text(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{file} cannot be read: {error}.") from error
