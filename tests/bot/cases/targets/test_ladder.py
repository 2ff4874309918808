"""When each step of the ladder is due, in the time of who receives it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.cases.targets import (
    AUTHORITY_TARGETS,
    LADDERS,
    TARGETS,
    CaseEvent,
    StepKey,
    describe_due,
    due_at,
    next_step,
    read_clocks,
    shift,
)
from bot.errors import NoWorkingTime
from bot.missions.missions import Missions
from bot.missions.working_time import WorkingHours
from bot.types import URGENCIES, Slot, Urgency
from knowledge.types import Language

OFFICE: tuple[Slot, ...] = ((time(9), time(12)), (time(13), time(18)))


def office_in(zone: str) -> WorkingHours:
    return WorkingHours(zone, dict.fromkeys(range(5), OFFICE), lambda day: False)


SEOUL, LOS_ANGELES = office_in("Asia/Seoul"), office_in("America/Los_Angeles")
CLOSED = WorkingHours("Asia/Seoul", {}, lambda day: False)


def in_seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.mark.parametrize(
    ("urgency", "asked", "due"),
    [
        ("critical", "2026-11-14 23:30", "2026-11-15 01:30"),  # Saturday night
        ("high", "2026-11-16 10:00", "2026-11-16 15:00"),  # lunch
        ("high", "2026-11-16 16:00", "2026-11-17 11:00"),
        ("normal", "2026-11-16 11:00", "2026-11-18 11:00"),
        ("normal", "2026-11-16 21:00", "2026-11-18 18:00"),  # the end of the second day
        ("normal", "2026-11-19 11:00", "2026-11-23 11:00"),  # a weekend
        ("low", "2026-11-16 11:00", "2026-11-23 11:00"),
    ],
)
def test_targets(urgency: Urgency, asked: str, due: str) -> None:
    assert due_at(urgency, in_seoul(asked), SEOUL) == in_seoul(due)


@pytest.mark.parametrize("urgency", URGENCIES)
def test_each_ladder_climbs_and_an_authority_gives_more_time(urgency: Urgency) -> None:
    asked = in_seoul("2026-11-16 10:00")
    due = due_at(urgency, asked, SEOUL)
    moments = [shift(due, rung.offset, SEOUL) for rung in LADDERS[urgency]]
    assert moments == sorted(moments) and asked < moments[0] < due
    steps = ["thread", "lead", "desk", "emergency"]
    assert [rung.step for rung in LADDERS[urgency]] == steps[: 4 if urgency == "critical" else 3]
    assert due < shift(asked, AUTHORITY_TARGETS[urgency], SEOUL)
    assert TARGETS[urgency].unit == AUTHORITY_TARGETS[urgency].unit or urgency == "high"


def test_each_step_waits_for_the_morning_of_who_receives_it() -> None:
    """A case in Los Angeles on Friday at 16:00, the desk in Seoul."""
    asked = datetime(2026, 11, 20, 16, tzinfo=ZoneInfo("America/Los_Angeles"))
    clocks, done = read_clocks(asked, []), list[StepKey]()
    steps = {}
    while step := next_step(clocks, "high", LOS_ANGELES, SEOUL, asked, done):
        done.append(step.key)
        steps[step.key.step] = step.at
    assert steps == {
        "thread": datetime(2026, 11, 23, 18, tzinfo=UTC),  # Monday 10:00 there
        "lead": datetime(2026, 11, 23, 19, tzinfo=UTC),
        "desk": datetime(2026, 11, 24, 0, tzinfo=UTC),  # 16:00 there, 09:00 in Seoul
    }


def test_a_step_missed_while_nothing_ran_leaves_in_the_next_slot() -> None:
    asked = in_seoul("2026-11-16 10:00")
    clocks = read_clocks(asked, [])
    for now, at in (
        ("2026-11-16 14:30", "2026-11-16 14:30"),
        ("2026-11-16 23:00", "2026-11-17 09:00"),
        ("2026-11-21 12:00", "2026-11-23 09:00"),
    ):
        step = next_step(clocks, "high", SEOUL, SEOUL, in_seoul(now))
        assert step and step.key.step == "thread" and step.at == in_seoul(at)


def test_after_a_move_the_new_body_is_reminded_too() -> None:
    asked, now = in_seoul("2026-11-16 10:00"), in_seoul("2026-11-16 14:30")
    done = [StepKey("first_response", 1, "thread")]
    step = next_step(read_clocks(asked, []), "high", SEOUL, SEOUL, now, done)
    assert step and step.key.step == "lead"
    moved = read_clocks(asked, [CaseEvent("moved", now)])
    step = next_step(moved, "high", SEOUL, SEOUL, now, done)
    assert step and step.key == StepKey("first_response", 2, "thread") and step.at == now


def test_a_body_without_hours_still_has_its_critical_cases() -> None:
    asked = in_seoul("2026-11-16 10:00")
    clocks = read_clocks(asked, [])
    step = next_step(clocks, "critical", CLOSED, CLOSED, asked)
    assert step and step.at == asked + timedelta(hours=1)
    with pytest.raises(NoWorkingTime):
        next_step(clocks, "high", CLOSED, SEOUL, asked)


@pytest.mark.parametrize(
    ("mission", "language", "zone", "text"),
    [
        ("ae-dubai", "ko", "걸프만 표준시", "두바이 현지 시각 11월 23일(월) 09:00 (걸프만 표준시)"),
        ("us-los-angeles", "en", "Pacific Standard Time", "Sun 22 Nov, 21:00 Los Angeles time (Pacific Standard Time)"),
        ("domestic", "vi", "Giờ Chuẩn Hàn Quốc", "14:00 Thứ Hai, 23/11 (giờ Seoul) (Giờ Chuẩn Hàn Quốc)"),
    ],
)  # fmt: skip
def test_a_target_is_told_on_the_missions_clock(
    missions: Missions, mission: str, language: Language, zone: str, text: str
) -> None:
    due = datetime(2026, 11, 23, 5, tzinfo=UTC)
    told = describe_due(due, missions.get(mission), language)
    assert told.at == due and str(told.at.tzinfo) == missions.get(mission).timezone
    assert (told.zone, told.text) == (zone, text)
