"""When missions are open: zones, daylight saving, weekends, host and Korean holidays."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bot.errors import NoWorkingTime
from bot.missions.missions import Missions
from bot.missions.office_hours import (
    ASSUMED_SLOTS,
    assume_hours,
    build_working_hours,
    find_next_opening,
    format_local_time,
    format_slots,
    is_mission_open,
    list_holidays,
)
from bot.missions.public_holidays import list_public_holidays
from bot.types import BodyHours
from knowledge.types import Language


def parse_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


OPENINGS = [
    # Saturday morning in Korea
    ("vn-hanoi", "2026-11-21T10:00+09:00", "2026-11-23T09:00:00+07:00"),
    ("domestic", "2026-11-21T10:00+09:00", "2026-11-23T09:00:00+09:00"),
    ("ae-dubai", "2026-11-21T10:00+09:00", "2026-11-23T09:00:00+04:00"),
    # Saturday is a working day's eve only where Sunday works
    ("sa-riyadh", "2026-11-21T10:00+09:00", "2026-11-22T09:00:00+03:00"),
    ("qa-doha", "2026-11-20T12:00+03:00", "2026-11-22T09:00:00+03:00"),
    ("kw-kuwait", "2026-11-20T12:00+03:00", "2026-11-22T09:00:00+03:00"),
    ("il-tel-aviv", "2026-11-20T12:00+02:00", "2026-11-22T09:00:00+02:00"),
    ("eg-cairo", "2026-11-20T12:00+02:00", "2026-11-22T09:00:00+02:00"),
    ("bd-dhaka", "2026-11-20T12:00+06:00", "2026-11-22T09:00:00+06:00"),
    ("ir-tehran", "2026-11-19T12:00+03:30", "2026-11-21T09:00:00+03:30"),
    # Lunch
    ("vn-hanoi", "2026-11-23T12:30+07:00", "2026-11-23T13:00:00+07:00"),
    # Friday night in California is still open at Friday 17:00
    ("us-los-angeles", "2026-11-20T18:30-08:00", "2026-11-23T09:00:00-08:00"),
    ("us-los-angeles", "2026-11-20T08:59-08:00", "2026-11-20T09:00:00-08:00"),
    # Thanksgiving, Christmas, New Year
    ("us-new-york", "2026-11-26T10:00-05:00", "2026-11-27T09:00:00-05:00"),
    ("de-frankfurt", "2026-12-25T10:00+01:00", "2026-12-28T09:00:00+01:00"),
    ("gb-london", "2027-01-01T00:10+00:00", "2027-01-04T09:00:00+00:00"),
    # Tết 2026: 17 February and the days around it
    ("vn-hanoi", "2026-02-17T09:00+07:00", "2026-02-23T09:00:00+07:00"),
    # Korean national days close missions abroad as well
    ("sg-singapore", "2026-10-09T10:00+08:00", "2026-10-12T09:00:00+08:00"),
    ("mx-mexico-city", "2027-03-01T10:00-06:00", "2027-03-02T09:00:00-06:00"),
    # Chuseok in Seoul, 24–26 September 2026
    ("domestic", "2026-09-24T10:00+09:00", "2026-09-28T09:00:00+09:00"),
    # The new year lies in the next year's holidays
    ("jp-tokyo", "2026-12-31T20:00+09:00", "2027-01-04T09:00:00+09:00"),
]


@pytest.mark.parametrize(("mission", "now", "opens"), OPENINGS)
def test_the_next_opening(missions: Missions, mission: str, now: str, opens: str) -> None:
    assert find_next_opening(missions.get(mission), parse_moment(now)).isoformat() == opens


@pytest.mark.parametrize(
    ("mission", "now", "open_now"),
    [
        ("vn-hanoi", "2026-11-23T09:00+07:00", True),
        ("vn-hanoi", "2026-11-23T08:59+07:00", False),
        ("vn-hanoi", "2026-11-23T17:59+07:00", True),
        ("vn-hanoi", "2026-11-23T18:00+07:00", False),
        ("vn-hanoi", "2026-11-23T11:59+07:00", True),
        ("vn-hanoi", "2026-11-23T12:00+07:00", False),  # lunch
        ("vn-hanoi", "2026-11-23T13:00+07:00", True),
        ("vn-hanoi", "2026-11-23T11:30+09:00", True),  # 09:30 in Hanoi
        ("us-seattle", "2026-11-23T11:30+09:00", False),  # Sunday there
        ("sa-riyadh", "2026-11-22T10:00+03:00", True),
        ("sa-riyadh", "2026-11-20T10:00+03:00", False),
        ("ae-dubai", "2026-11-20T10:00+04:00", True),  # Friday has worked since 2022
        ("ae-dubai", "2026-11-22T10:00+04:00", False),
    ],
)
def test_whether_it_is_open(missions: Missions, mission: str, now: str, open_now: bool) -> None:
    assert is_mission_open(missions.get(mission), parse_moment(now)) is open_now


def test_an_open_mission_can_be_reached_now_on_its_own_clock(missions: Missions) -> None:
    now = parse_moment("2026-11-23T11:30+09:00")
    opens = find_next_opening(missions.get("vn-hanoi"), now)
    assert opens == now
    assert opens.isoformat() == "2026-11-23T09:30:00+07:00"


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-06T20:00-08:00", "2026-03-09T09:00:00-07:00"),  # spring forward on the 8th
        ("2026-10-30T20:00-07:00", "2026-11-02T09:00:00-08:00"),  # fall back on the 1st
    ],
)
def test_daylight_saving_moves_the_opening(missions: Missions, now: str, opens: str) -> None:
    assert (
        find_next_opening(missions.get("us-san-francisco"), parse_moment(now)).isoformat() == opens
    )


def test_a_country_the_library_does_not_know_has_weekends_only(missions: Missions) -> None:
    nowhere = replace(missions.get("vn-hanoi"), country="XX")
    assert is_mission_open(nowhere, parse_moment("2026-09-02T10:00+07:00"))
    assert not is_mission_open(nowhere, parse_moment("2026-09-05T10:00+07:00"))


def test_every_mission_opens_within_two_weeks(missions: Missions) -> None:
    now = parse_moment("2026-02-13T20:00+00:00")
    for mission in (*missions, missions.get("domestic")):
        opens = find_next_opening(mission, now)
        assert 0 < (opens - now).days + 1 <= 14, mission.id
        assert is_mission_open(mission, opens), mission.id


@pytest.mark.parametrize(
    ("mission", "language", "text"),
    [
        ("vn-hanoi", "ko", "하노이 현지 시각 11월 23일(월) 09:00"),
        ("vn-hanoi", "en", "Mon 23 Nov, 09:00 Hanoi time"),
        ("vn-hanoi", "vi", "09:00 Thứ Hai, 23/11 (giờ Hà Nội)"),
        ("us-los-angeles", "ko", "로스앤젤레스 현지 시각 11월 22일(일) 18:00"),
        ("domestic", "ko", "서울 현지 시각 11월 23일(월) 11:00"),
    ],
)
def test_a_moment_on_the_missions_clock(
    missions: Missions, mission: str, language: Any, text: str
) -> None:
    assert (
        format_local_time(parse_moment("2026-11-23T02:00+00:00"), missions.get(mission), language)
        == text
    )


def test_hours_of_a_body_replace_the_assumed_ones(missions: Missions) -> None:
    doha = missions.get("qa-doha")
    slots = dict.fromkeys((6, 0, 1, 2, 3), ((time(7, 30), time(12)), (time(13), time(15, 30))))
    own = BodyHours(doha.id, slots)
    early, late = parse_moment("2026-11-22T07:30+03:00"), parse_moment("2026-11-22T15:30+03:00")
    set_by_lead = missions.with_hours([own]).get(doha.id)
    assert is_mission_open(set_by_lead, early) and not is_mission_open(doha, early)
    assert not is_mission_open(set_by_lead, late) and is_mission_open(doha, late)
    assert find_next_opening(set_by_lead, late).isoformat() == "2026-11-23T07:30:00+03:00"
    assert assume_hours(doha).assumed and not own.assumed


def test_a_body_without_hours_is_said_to_have_none(missions: Missions) -> None:
    with pytest.raises(NoWorkingTime):
        find_next_opening(
            missions.with_hours([BodyHours("vn-hanoi", {})]).get("vn-hanoi"),
            parse_moment("2026-11-22T07:30+03:00"),
        )


def test_slots_as_people_read_them() -> None:
    assert format_slots(ASSUMED_SLOTS) == "09:00–12:00, 13:00–18:00"
    assert format_slots(((time(0), time(0)),)) == "00:00–24:00"


@pytest.mark.parametrize(
    ("mission", "language", "day", "name"),
    [
        ("vn-hanoi", "vi", "2026-09-02", "Quốc khánh"),
        ("vn-hanoi", "ko", "2026-09-02", "National Day"),
        ("domestic", "ko", "2026-09-25", "추석"),
        ("sg-singapore", "ko", "2026-03-01", "삼일절"),
        ("sg-singapore", "vi", "2026-03-01", "Independence Movement Day"),
    ],
)
def test_holidays_in_the_language_asked_for_where_it_is_known(
    missions: Missions, mission: str, language: Any, day: str, name: str
) -> None:
    listed = list_holidays(missions.get(mission), 2026, language)
    assert [one.day for one in listed] == sorted({one.day for one in listed})
    found = next(one for one in listed if one.day.isoformat() == day)
    assert name in found.name and found.source.startswith("holidays ") and not found.off


def test_every_day_that_is_listed_is_closed_and_no_other(missions: Missions) -> None:
    for mission in (*missions, missions.get("domestic")):
        is_holiday = build_working_hours(mission).is_holiday
        days = {one.day for one in list_holidays(mission, 2027, "en")}
        first = date(2027, 1, 1)
        assert {day for n in range(365) if is_holiday(day := first + timedelta(n))} == days
        assert all(one.name and one.source for one in list_holidays(mission, 2027, "ko"))


def test_only_the_countries_that_are_asked_for_are_loaded() -> None:
    """The library loads 250 of them with the first, which took 8 MB and half of the time."""
    code = (
        "import sys; from bot.missions.public_holidays import list_public_holidays; "
        "assert list_public_holidays('VN', 2026, 'vi') and list_public_holidays('GU', 2026, 'en'); "
        "print(*sorted(one.rpartition('.')[2] for one in sys.modules if one.startswith('holidays.countries.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["guam", "south_korea", "united_states", "vietnam"]


@pytest.mark.parametrize(
    ("country", "language", "host", "korean"),
    [
        ("VN", "ko", "en", "ko"),
        ("VN", "vi", "vi", "en"),
        ("KR", "ko", "ko", "ko"),
        ("BR", "ko", "en", "ko"),
    ],
)
def test_a_holiday_says_in_which_language_its_name_is(
    country: str, language: Language, host: str, korean: str
) -> None:
    listed = list_public_holidays(country, 2026, language)
    assert {one.language for one in listed if one.kind == "host"} == {host}
    assert {one.language for one in listed if one.kind == "korean"} <= {korean}
