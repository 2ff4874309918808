"""Fixed quarters by Korea's clock, working days, and when papers are due."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.admin.desk.quarters import (
    Quarter,
    find_agenda_day,
    find_digest_day,
    find_ended_quarter,
    parse_quarter,
    render_quarter,
)
from bot.types import Meeting
from tests.samples.records import MISSIONS

at = datetime.fromisoformat
HANOI = MISSIONS.get("vn-hanoi")


@pytest.mark.parametrize(("moment", "name"), [
    ("2026-09-30T14:59:59+00:00", "2026-Q2"),  # 23:59:59 in Seoul
    ("2026-09-30T15:00:00+00:00", "2026-Q3"),
    ("2027-01-01T00:00:00+09:00", "2026-Q4"),
])  # fmt: skip
def test_a_quarter_ends_by_the_clock_of_seoul(moment: str, name: str) -> None:
    assert find_ended_quarter(at(moment)).name == name


def test_quarters_follow_each_other_without_a_gap() -> None:
    quarter = Quarter(2026, 4)
    assert quarter.after == Quarter(2027, 1) and quarter.after.before == quarter
    assert quarter.has(quarter.start) and not quarter.has(quarter.after.start)


@pytest.mark.parametrize("text", ["2026", "2026-Q5", "2026-09", "last week", "2026-Q3-extra"])
def test_no_other_window_can_be_asked_for(text: str) -> None:
    """Two windows that overlap subtract to one case."""
    assert parse_quarter(text) is None
    assert parse_quarter("2026-q3") == Quarter(2026, 3)


def test_a_quarter_is_named_as_people_say_it() -> None:
    assert render_quarter("2026-Q4", "ko") == "2026년 4분기"
    assert render_quarter("2026-Q4", "en") == "Q4 2026"


@pytest.mark.parametrize(("quarter", "day"), [
    (Quarter(2026, 3), "2026-10-06T09:00+09:00"),  # Oct 1, 2 and 6: the 5th is 대체공휴일
    (Quarter(2026, 4), "2027-01-06T09:00+09:00"),  # the 1st is a holiday, then a weekend
])  # fmt: skip
def test_the_digest_comes_on_the_third_working_day(quarter: Quarter, day: str) -> None:
    assert find_digest_day(quarter, MISSIONS.get("domestic")) == at(day)


def test_an_agenda_comes_some_days_before_within_the_missions_hours() -> None:
    meeting = Meeting("m", "vn-hanoi", at("2026-12-15T10:00+07:00"))
    assert find_agenda_day(meeting, HANOI, 3) == at("2026-12-14T09:00+07:00")  # not on Saturday
    assert find_agenda_day(meeting, HANOI, 5) == at("2026-12-10T10:00+07:00")
