"""The ten faults of other help desks with time, each named by its thread: none of them is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.cases.targets import (
    CaseEvent,
    EventKind,
    Span,
    Step,
    StepKey,
    describe_due,
    due_at,
    find_due,
    is_missed,
    measure_wait,
    next_step,
    read_clocks,
    shift,
)
from bot.missions.missions import Missions
from bot.missions.office_hours import assume_hours, build_working_hours, list_holidays
from bot.missions.working_time import WorkingHours, add_working, is_working
from bot.types import BodyHours, Slot, Urgency

SEOUL_DESK = "domestic"
MONDAY = "2026-11-16"
SECOND = timedelta(seconds=1)


def at(text: str, zone: str = "Asia/Ho_Chi_Minh") -> datetime:
    """A moment on the clock of `zone`: "2026-11-16 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def week(*slots: Slot, zone: str = "UTC") -> WorkingHours:
    """The same slots from Monday to Friday, without holidays."""
    return WorkingHours(zone, dict.fromkeys(range(5), slots), lambda day: False)


def hours_of(missions: Missions, mission: str) -> WorkingHours:
    return build_working_hours(missions.get(mission))


def happen(*events: tuple[EventKind, str]) -> list[CaseEvent]:
    return [CaseEvent(kind, at(when)) for kind, when in events]


def find_next(
    missions: Missions,
    events: Sequence[CaseEvent],
    now: datetime,
    urgency: Urgency = "high",
    done: Sequence[StepKey] = (),
    asked: datetime | None = None,
) -> tuple[str, datetime] | None:
    """The next step of a Hanoi case that was asked on Monday at 10:00."""
    clocks = read_clocks(asked or at(f"{MONDAY} 10:00"), events)
    hours, desk = hours_of(missions, "vn-hanoi"), hours_of(missions, SEOUL_DESK)
    step = next_step(clocks, urgency, hours, desk, now, done)
    return (step.key.step, step.at) if step else None


def test_frappe_helpdesk_3776_a_deadline_is_a_moment_and_shown_in_the_missions_zone(
    missions: Missions,
) -> None:
    """Deadlines without a zone were read in the agent's: a new ticket of 30 minutes was *Failed*."""
    riyadh = missions.get("sa-riyadh")
    hours = build_working_hours(riyadh)
    asked = at("2026-11-16 09:00", "Asia/Riyadh")
    due = due_at("critical", asked, hours)
    assert due.tzinfo is UTC and due - asked == timedelta(hours=2)
    clocks = read_clocks(asked, [])
    for zone in ("Asia/Kolkata", "America/Los_Angeles", "Asia/Riyadh"):
        assert not is_missed(clocks, "critical", hours, (asked + SECOND).astimezone(ZoneInfo(zone)))
    told = describe_due(due, riyadh, "en")
    assert told.at.isoformat() == "2026-11-16T11:00:00+03:00"
    assert told.zone == "Arabian Standard Time"
    assert "11:00" in told.text and told.zone in told.text


def test_frappe_helpdesk_3776_from_waiting_to_resolved_in_one_step_forgets_no_wait(
    missions: Missions,
) -> None:
    """A ticket on hold from February to August took 42 days, as if nobody had waited for anything."""
    hours = hours_of(missions, "vn-hanoi")
    asked = at("2026-02-02 09:00")
    events = happen(
        ("replied", "2026-02-02 10:00"),
        ("waiting_founder", "2026-02-02 11:00"),
        ("resolved", "2026-08-03 11:00"),
    )
    now = at("2026-08-10 11:00")
    assert measure_wait(asked, events, hours, now) == timedelta(hours=2)
    assert read_clocks(asked, events).running is None


@pytest.mark.parametrize(
    ("asked", "amount", "due"),
    [
        ("2026-11-20 16:30", 1, "2026-11-23 09:30"),  # Friday to Monday
        ("2026-11-18 10:00", 2, "2026-11-18 12:00"),  # in business hours
        ("2026-11-18 07:00", 2, "2026-11-18 11:00"),  # before they begin
    ],
)
def test_chatwoot_13392_a_target_is_counted_in_business_hours(
    asked: str, amount: int, due: str
) -> None:
    """The examples of that change, Monday to Friday 9 to 5 in UTC."""
    office = week((time(9), time(17)))
    assert add_working(at(asked, "UTC"), timedelta(hours=amount), office) == at(due, "UTC")


def test_chatwoot_13336_a_hand_over_message_does_not_restart_the_founders_clock() -> None:
    """The bot's message at the hand-over cleared `waiting_since`, and the wait began anew."""
    asked = at(f"{MONDAY} 10:00")
    by_naru = happen(
        ("handed_over", f"{MONDAY} 10:05"),
        ("claimed", f"{MONDAY} 10:30"),
        ("noted", f"{MONDAY} 10:40"),
        ("founder_wrote", f"{MONDAY} 11:00"),
    )
    clocks = read_clocks(asked, by_naru)
    assert clocks == read_clocks(asked, [])
    assert clocks.running == "first_response" and clocks.started == asked
    replied = read_clocks(asked, [*by_naru, *happen(("replied", f"{MONDAY} 11:30"))])
    assert replied.first_response_stopped == at(f"{MONDAY} 11:30")


@pytest.mark.parametrize("urgency", ["critical", "high", "normal", "low"])
def test_zammad_5177_the_update_target_does_not_overrule_the_first_response(
    missions: Missions, urgency: Urgency
) -> None:
    """An update target shorter than the first response escalated a ticket nobody had answered yet."""
    hours, asked = hours_of(missions, "vn-hanoi"), at(f"{MONDAY} 10:00")
    before = read_clocks(asked, happen(("claimed", f"{MONDAY} 10:10")))
    assert before.running == "first_response" and before.update_started is None
    assert find_due(before, urgency, hours) == due_at(urgency, asked, hours)
    after = read_clocks(asked, happen(("replied", f"{MONDAY} 11:00")))
    assert after.running == "update"
    assert find_due(after, urgency, hours) == due_at(urgency, at(f"{MONDAY} 11:00"), hours)


def test_zammad_3140_a_silent_founder_escalates_nothing(missions: Missions) -> None:
    """A ticket escalated although the agent had answered and the customer was silent."""
    events = happen(("replied", f"{MONDAY} 11:00"), ("waiting_founder", f"{MONDAY} 11:00"))
    assert find_next(missions, events, at("2027-11-16 10:00")) is None
    events += happen(("founder_wrote", "2027-11-16 10:00"))
    step = find_next(missions, events, at("2027-11-16 10:00"))
    assert step == ("thread", at("2027-11-16 14:00"))  # an hour before 15:00, lunch left out


@pytest.mark.parametrize("asked", ["2026-11-13 17:30", "2026-11-14 02:00", "2026-11-15 23:59"])
@pytest.mark.parametrize("wake", ["2026-11-14 00:00", "2026-11-18 02:00", "2026-11-18 12:30"])
@pytest.mark.parametrize("urgency", ["high", "normal", "low"])
def test_zammad_4432_2157_reminders_leave_when_their_receiver_works(
    missions: Missions, urgency: Urgency, asked: str, wake: str
) -> None:
    """Reminders were sent at midnight and at two in the morning, on Sundays as well."""
    hours, desk = hours_of(missions, "vn-hanoi"), hours_of(missions, SEOUL_DESK)
    clocks, done = read_clocks(at(asked), []), set[StepKey]()
    steps = []
    while step := next_step(clocks, urgency, hours, desk, at(wake), done):
        assert is_working(step.at, desk if step.key.step == "desk" else hours)
        assert step.at >= at(wake)
        done.add(step.key)
        steps.append(step.key.step)
    assert steps == ["thread", "lead", "desk"]


def test_zammad_4432_2157_a_critical_case_waits_for_no_morning(missions: Missions) -> None:
    asked = at("2026-11-15 01:00")  # a Sunday
    done: list[StepKey] = []
    moments = []
    steps: tuple[Step, ...] = ("thread", "lead", "desk", "emergency")
    for step in steps:
        found = find_next(missions, [], asked, "critical", done, asked)
        assert found and found[0] == step
        moments.append(found[1] - asked)
        done.append(StepKey("first_response", 1, step))
    assert moments == [timedelta(minutes=count) for count in (60, 90, 120, 150)]
    assert find_next(missions, [], asked, "critical", done, asked) is None


def test_glpi_22678_an_hour_before_the_target_is_an_hour_of_work() -> None:
    """With a calendar of several segments, "1 h before" was put at midnight."""
    hour = Span(-1, "working_hours")
    office = week((time(8), time(18)))
    due = due_at("high", at("2026-11-16 17:00", "UTC"), office)
    assert due == at("2026-11-17 11:00", "UTC")
    assert shift(due, hour, office) == at("2026-11-17 10:00", "UTC")
    lunch = week((time(9), time(12)), (time(13), time(18)))
    assert shift(at("2026-11-17 13:30", "UTC"), hour, lunch) == at("2026-11-17 11:30", "UTC")
    assert shift(at("2026-11-17 09:30", "UTC"), hour, lunch) == at("2026-11-16 17:30", "UTC")


def test_zammad_904_2082_a_timer_of_an_earlier_state_is_stale(missions: Missions) -> None:
    """A merged ticket escalated, and the moment was only set anew at the second reply."""
    hours, desk = hours_of(missions, "vn-hanoi"), hours_of(missions, SEOUL_DESK)
    asked, now = at(f"{MONDAY} 10:00"), at(f"{MONDAY} 10:00")
    events: list[CaseEvent] = []
    timer = next_step(read_clocks(asked, events), "high", hours, desk, now)
    assert timer
    seen = [timer.key]
    for kind, when in (("replied", "10:30"), ("replied", "10:40"), ("moved", "10:50")):
        events += happen((kind, f"{MONDAY} {when}"))  # type: ignore[arg-type]
        timer = next_step(read_clocks(asked, events), "high", hours, desk, now)
        assert timer and timer.key not in seen
        seen.append(timer.key)
    events += happen(("closed", f"{MONDAY} 11:00"))  # merged into another
    assert next_step(read_clocks(asked, events), "high", hours, desk, now) is None


def test_zammad_390_a_holiday_names_its_source_and_can_be_switched_off(missions: Missions) -> None:
    """A feed of holidays had St. Martin's day for a whole country, and nobody could see why."""
    hanoi = missions.get("vn-hanoi")
    by_day = {one.day: one for one in list_holidays(hanoi, 2026, "ko")}
    national, korean = by_day[date(2026, 9, 2)], by_day[date(2026, 10, 9)]
    assert national.kind == "host" and national.source.endswith("(VN)") and national.name
    assert korean.kind == "korean" and korean.name == "한글날"
    own = BodyHours(
        hanoi.id,
        assume_hours(hanoi).slots,
        off_holidays=frozenset({date(2026, 10, 9)}),
        extra_holidays={date(2026, 10, 8): "협의체 워크숍"},
    )
    hanoi = replace(hanoi, hours=own)
    hours = build_working_hours(hanoi)
    assert is_working(at("2026-10-09 10:00"), hours)
    assert not is_working(at("2026-10-08 10:00"), hours)
    shown = {one.day: one for one in list_holidays(hanoi, 2026, "ko")}
    assert shown[date(2026, 10, 9)].off and shown[date(2026, 10, 9)].name == "한글날"
    assert shown[date(2026, 10, 8)].kind == "added" and shown[date(2026, 10, 8)].name


@pytest.mark.parametrize("urgency", ["critical", "high", "normal", "low"])
def test_erpnext_38745_nothing_is_red_before_its_minute(
    missions: Missions, urgency: Urgency
) -> None:
    """A new issue was shown as failed."""
    hours, asked = hours_of(missions, "vn-hanoi"), at(f"{MONDAY} 10:00")
    clocks = read_clocks(asked, [])
    due = find_due(clocks, urgency, hours)
    assert due
    red = [is_missed(clocks, urgency, hours, due + n * SECOND) for n in (-1, 0, 1)]
    assert red == [False, False, True]
    assert not is_missed(clocks, urgency, hours, asked)
