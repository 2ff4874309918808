"""Invitations as a calendar reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from adapters.serve.desk.invitation import build_invitation, name_invitation
from bot.missions.missions import Missions
from bot.types import Meeting

NOW = datetime(2026, 12, 1, tzinfo=UTC)
MISSIONS = Missions.load()


def read(meeting: Meeting) -> tuple[Any, Any]:
    """The calendar of a meeting's file, and its event."""
    data = build_invitation(meeting, MISSIONS.get(meeting.mission), NOW, "ko", 3)
    calendar: Any = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


@pytest.mark.parametrize(("mission", "starts", "offset", "zones"), [
    ("vn-hanoi", "2026-12-15T10:00+07:00", 7, ["Asia/Ho_Chi_Minh"]),
    ("us-los-angeles", "2027-03-15T10:00-07:00", -7, ["America/Los_Angeles"]),  # the day after DST
    ("us-los-angeles", "2027-03-12T10:00-08:00", -8, ["America/Los_Angeles"]),
])  # fmt: skip
def test_a_request_has_local_time_and_its_time_zone(
    mission: str, starts: str, offset: int, zones: list[str]
) -> None:
    moment = datetime.fromisoformat(starts)
    calendar, event = read(
        Meeting("u", mission, moment.astimezone(UTC), 120, "대사관; 3층, 회의실")
    )
    assert calendar["METHOD"] == "REQUEST" and event["STATUS"] == "CONFIRMED"
    assert (event["UID"], event["SEQUENCE"]) == ("u", 0)
    assert [zone.tz_name for zone in calendar.timezones] == zones
    assert event.start == moment and event.start.utcoffset() == timedelta(hours=offset)
    assert event.end - event.start == timedelta(hours=2)
    assert event["LOCATION"] == "대사관; 3층, 회의실"
    assert str(event["ORGANIZER"]).endswith(".invalid") and event["ATTENDEE"].params["CN"]


def test_a_move_and_a_withdrawal_are_the_same_meeting_with_a_higher_sequence() -> None:
    meeting = Meeting("u", "vn-hanoi", NOW + timedelta(days=9), sequence=1)
    _, moved = read(meeting)
    calendar, gone = read(replace(meeting, sequence=2, withdrawn_at=NOW))
    assert (moved["UID"], moved["SEQUENCE"]) == ("u", 1)
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == ("u", 2, "CANCELLED")
    assert calendar["METHOD"] == "CANCEL"


def test_the_file_is_named_by_body_and_local_day() -> None:
    late = Meeting("u", "vn-hanoi", datetime(2026, 12, 14, 20, tzinfo=UTC))
    assert name_invitation(late, MISSIONS.get("vn-hanoi")) == "meeting-vn-hanoi-2026-12-15.ics"
