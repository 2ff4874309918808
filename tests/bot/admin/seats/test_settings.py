"""What a lead sets of seats and hours, as it is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from bot.admin.seats.hours import change_hours, render_hours
from bot.admin.seats.settings import BadSetting, change_seat, find_seat
from bot.cases.seats.roster import Seat
from bot.missions.missions import Missions
from bot.missions.office_hours import ASSUMED_SLOTS, assume_hours
from bot.types import SeatRules
from tests.samples.staff_records import make_member

TODAY = date(2026, 12, 2)


def make_seat(user: str, role: str, name: str = "") -> Seat:
    return Seat(make_member(user, role=role, name=name), SeatRules("vn-hanoi", "slack", user))


KIM, LEE, PARK = (
    make_seat("U0KIM", "lawyer", "김변 (@kim)"), make_seat("U0LEE", "accountant"),
    make_seat("U0PARK", "accountant"),
)  # fmt: skip
SEATS = [KIM, LEE, PARK]


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("topics 세무 law 통관", {"topics": ("tax", "law", "customs")}),
        ("주제 대금 회수·결제, Tax and VAT", {"topics": ("payment", "tax")}),
        ("topics -", {"topics": None}),
        ("languages ko 베트남어", {"languages": ("ko", "vi")}),
        ("capacity 5", {"capacity": 5}),
        ("정원 없음", {"capacity": None}),
        ("away 2026-12-20 2026-12-31 U0LEE",
         {"away_from": date(2026, 12, 20), "away_until": date(2026, 12, 31), "stand_in": "slack:U0LEE"}),
        ("away 2026.12.20", {"away_from": date(2026, 12, 20), "away_until": date(2026, 12, 20)}),
        ("away off", {}),
    ],
)  # fmt: skip
def test_a_seat_is_changed(line: str, changed: dict[str, Any]) -> None:
    what, *words = line.split()
    assert change_seat(KIM, what, words, TODAY, SEATS) == replace(KIM.rules, **changed)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("topics 점심", "topic"), ("languages 독일어", "language"), ("capacity 0", "capacity"),
        ("capacity 많이", "capacity"), ("away 내일", "days"), ("away 2026-12-31 2026-12-20", "days"),
        ("away 2026-02-30", "days"), ("away 2026-11-01", "days"), ("topics", "how"), ("색 1", "how"),
        ("away 2026-12-20 U0KIM", "stand_in"), ("away 2026-12-20 accountant", "which"),
        ("away 2026-12-20 @choi", "who"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_changes_nothing_and_says_why(line: str, problem: str) -> None:
    what, *words = line.split()
    with pytest.raises(BadSetting) as refused:
        change_seat(KIM, what, words, TODAY, SEATS)
    assert refused.value.problem == problem


@pytest.mark.parametrize("word", ["lawyer", "변호사", "@kim", "slack:U0KIM", "u0kim"])
def test_a_seat_is_found_by_role_handle_or_account(word: str) -> None:
    assert find_seat(SEATS, word) is KIM


def test_hours_are_changed_and_shown_with_sources(missions: Missions) -> None:
    hanoi = missions.get("vn-hanoi")
    text = "월-목 08:30-12:00, 13:00-17:30; fri 9-12; 휴일 근무 2027-01-01; holiday add 2026-12-24 개관"
    hours = change_hours(hanoi, text)
    morning = (time(8, 30), time(12))
    assert hours.slots[0] == hours.slots[3] == (morning, (time(13), time(17, 30)))
    assert hours.slots[4] == ((time(9), time(12)),) and 5 not in hours.slots and not hours.assumed
    hanoi = replace(hanoi, hours=hours)
    shown = render_hours(hanoi, TODAY, "ko").splitlines()
    assert "월–목 08:30–12:00, 13:00–17:30" in shown and "토–일 휴무" in shown
    assert "2026-12-24 개관 (공관에서 추가)" in shown
    assert any("2027-01-01" in one and "holidays " in one and one.endswith("근무") for one in shown)
    back = change_hours(hanoi, "휴일 휴무 2027-01-01\nholiday off 2026-12-24")
    assert not back.extra_holidays and date(2027, 1, 1) not in back.off_holidays
    assert change_hours(hanoi, "초기화") == assume_hours(hanoi)
    assert change_hours(missions.get("qa-doha"), "sat closed").slots[6] == ASSUMED_SLOTS


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("mon-fri 9-12, 11-13", "slots"), ("mon 25-26", "slots"), ("mon lunch", "slots"),
        ("someday 9-12", "hours"), ("holiday add 2026-12-24", "holiday_name"),
        ("holiday off soon", "days"), ("holiday", "hours"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_read_are_refused(missions: Missions, text: str, problem: str) -> None:
    with pytest.raises(BadSetting) as refused:
        change_hours(missions.get("vn-hanoi"), text)
    assert refused.value.problem == problem
