"""Planning, moving and withdrawing a body's meeting, with the invitation to its room."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.errors import CommandFailed
from adapters.serve.desk import invitation
from bot.admin.desk.notices import find_own_room, tell_of_meeting
from bot.cases.rooms import STAFF_LANGUAGE
from bot.types import Meeting

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.messages import Outgoing
    from bot.types import Mission

PLACE_LIMIT_CHARACTERS = 200  # of its column


def plan_meeting(
    app: App, mission: Mission, planned: Meeting | None,
    starts_at: datetime | None, minutes: int | None, place: str | None,
) -> Meeting:  # fmt: skip
    """Plan a body's meeting, or change what is given of the planned one, and owe the invitation.
    Raises CommandFailed for a new meeting without a time and too long a place, Conflict if somebody else was first."""
    length, where = minutes or 90, (place or "").strip()
    if len(where) > PLACE_LIMIT_CHARACTERS:
        raise CommandFailed(f"The place is longer than {PLACE_LIMIT_CHARACTERS} characters.")
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


def withdraw_meeting(app: App, mission: Mission, planned: Meeting | None) -> Meeting:
    """Call the planned meeting off, and owe the file that takes it out of calendars. Raises
    CommandFailed if there is none, Conflict like `plan_meeting`."""
    if planned is None:
        raise CommandFailed(f"No meeting of {mission.id} is planned.")
    gone = replace(planned, withdrawn_at=app.now(), sequence=planned.sequence + 1)
    app.store.meetings.change(gone, _invite(app, "withdrawn", gone, mission), app.now())
    return gone


def _invite(app: App, key: str, meeting: Meeting, mission: Mission) -> list[Outgoing]:
    """The message to the body's room, with the file for calendars; [] without a room."""
    room = find_own_room(mission.id, app.store.list_bindings())
    if room is None:
        return []
    data = invitation.build_invitation(
        meeting, mission, app.now(), STAFF_LANGUAGE, app.settings.agenda_days
    )
    name = invitation.name_invitation(meeting, mission)
    file = app.store.desk_files.add(name, invitation.MIME, data, app.now())
    return [tell_of_meeting(key, meeting, mission, room, file)]
