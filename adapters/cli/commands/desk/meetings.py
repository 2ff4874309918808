"""`naru meeting` and `naru minutes`: when a body meets, and what it resolved."""

from __future__ import annotations

import sys
import uuid
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.messages import Outgoing
    from bot.types import Meeting, Mission

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
    app = build_app()
    found = app.missions.get(mission)
    planned = app.store.meetings.find_next(found.id, app.now())
    changed = None
    if withdraw:
        changed = _withdraw(app, found, planned)
    elif when is not None or minutes is not None or place is not None:
        changed = _plan(app, found, planned, when, minutes, place)
    shown = changed or planned
    if json:
        print_json(shown)
    elif shown is None:
        print_text(f"No meeting of {found.id} is planned. naru meeting {found.id} 2026-12-15T10:00")
    else:
        local = shown.starts_at.astimezone(ZoneInfo(found.timezone))
        state = "withdrawn" if shown.withdrawn_at else f"{shown.minutes} minutes"
        print_text(f"{found.id}  {local:%Y-%m-%d %H:%M} ({found.timezone})  {state}  {shown.place}")
        if changed and not _has_room(app, found):
            print_text(f"No room is bound to {found.id}, so no invitation was sent.")


def _plan(
    app: App, mission: Mission, planned: Meeting | None,
    when: str | None, minutes: int | None, place: str | None,
) -> Meeting:  # fmt: skip
    """The meeting as it is from now on: a new one, or the planned one changed."""
    from bot.types import Meeting

    starts_at = _read_moment(when, mission) if when else None
    if starts_at and starts_at <= app.now():
        raise typer.BadParameter(f"{when} is over", param_hint="WHEN")
    length, where = minutes or 90, (place or "").strip()
    if planned is None:
        if starts_at is None:
            raise CommandFailed(f"No meeting of {mission.id} is planned. Name its time as well.")
        new = Meeting(f"{uuid.uuid4()}@naru.invalid", mission.id, starts_at, length, where)
        app.store.meetings.add(new, _invite(app, "planned", new, mission), app.now())
        return new
    moved = replace(
        planned,
        starts_at=starts_at or planned.starts_at,
        minutes=minutes or planned.minutes,
        place=planned.place if place is None else where,
        sequence=planned.sequence + 1,
        # A new day may need a new agenda; one that was sent for the same day stands.
        agenda_sent_at=None
        if starts_at and starts_at != planned.starts_at
        else planned.agenda_sent_at,
    )
    app.store.meetings.change(moved, _invite(app, "moved", moved, mission), app.now())
    return moved


def _withdraw(app: App, mission: Mission, planned: Meeting | None) -> Meeting:
    if planned is None:
        raise CommandFailed(f"No meeting of {mission.id} is planned.")
    gone = replace(planned, withdrawn_at=app.now(), sequence=planned.sequence + 1)
    app.store.meetings.change(gone, _invite(app, "withdrawn", gone, mission), app.now())
    return gone


def _invite(app: App, key: str, meeting: Meeting, mission: Mission) -> list[Outgoing]:
    """The message to the body's room, with the file for calendars; [] without a room."""
    from adapters.desk import invitation
    from bot.cases.rooms import STAFF_LANGUAGE
    from bot.desk.notices import find_own_room, tell_of_meeting

    room = find_own_room(mission.id, app.store.list_bindings())
    if room is None:
        return []
    data = invitation.build_invitation(
        meeting, mission, app.now(), STAFF_LANGUAGE, app.settings.agenda_days
    )
    name = invitation.name_invitation(meeting, mission)
    file = app.store.desk_files.add(name, invitation.MIME, data, app.now())
    return [tell_of_meeting(key, meeting, mission, room, file)]


def _has_room(app: App, mission: Mission) -> bool:
    from bot.desk.notices import find_own_room

    return find_own_room(mission.id, app.store.list_bindings()) is not None


def _read_moment(text: str, mission: Mission) -> datetime:
    """A moment in the mission's zone unless it names an offset. Raises BadParameter."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is not a time; write 2026-12-15T10:00", param_hint="WHEN"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(mission.timezone))


def minutes(
    mission: MissionArgument,
    file: Annotated[
        Path | None, typer.Argument(help="A text with a resolution a line; - for stdin.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Enter what a meeting resolved, a line each: what | who | until when; or list what is open.

    \f
    Raises CommandFailed for a file or a line that cannot be read; then nothing of it is kept.
    """
    from bot.context import Decision
    from bot.desk.minutes import BadLine, read_minutes
    from bot.desk.minutes_turn import find_today

    app = build_app()
    found = app.missions.get(mission)
    known = app.store.meetings.list_resolutions(found.id)
    if file is not None:
        today = find_today(app.build_services(), found.id)
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
