"""What a body's room is told of its meetings, with the file to put into a calendar."""

from __future__ import annotations

from collections.abc import Iterable

from bot.admin.desk.quarters import render_quarter
from bot.cases.rooms import STAFF_LANGUAGE
from bot.messages import Address, Content, File, Outgoing
from bot.missions.office_hours import format_local_time
from bot.phrases import render_phrase
from bot.types import Binding, Meeting, Mission


def find_own_room(mission: str, bindings: Iterable[Binding]) -> Address | None:
    """The room bound to a mission. The domestic desk's does not stand in for it: a meeting is not a
    case that somebody has to take."""
    rooms = {one.mission: Address(one.channel, one.chat) for one in bindings}
    return rooms.get(mission)


def tell_of_meeting(
    key: str, meeting: Meeting, mission: Mission, room: Address, invitation: File
) -> Outgoing:
    """The message that a meeting is `planned`, `moved` or `withdrawn`, which `key` says."""
    when = format_local_time(meeting.starts_at, mission, STAFF_LANGUAGE)
    place = f", {meeting.place}" if meeting.place else ""
    text = render_phrase(f"desk.{key}", STAFF_LANGUAGE, when=when, place=place)
    return Outgoing(room, Content(text, files=(invitation,)))


def send_agenda(meeting: Meeting, mission: Mission, room: Address, paper: File) -> Outgoing:
    """The message that brings the agenda of a meeting."""
    when = format_local_time(meeting.starts_at, mission, STAFF_LANGUAGE)
    text = render_phrase("desk.agenda_sent", STAFF_LANGUAGE, when=when)
    return Outgoing(room, Content(text, files=(paper,)))


def send_digest(quarter: str, room: Address, paper: File) -> Outgoing:
    """The message that brings a quarter's digest."""
    told = render_quarter(quarter, STAFF_LANGUAGE)
    text = render_phrase("desk.digest_sent", STAFF_LANGUAGE, quarter=told)
    return Outgoing(room, Content(text, files=(paper,)))
