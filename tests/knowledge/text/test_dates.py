"""The dates in a text, in three languages."""

from __future__ import annotations

import pytest

from knowledge.text.dates import blank_dates, find_dates

Date = tuple[int | None, int, int | None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-06까지", [(2026, 3, 6)]),
        ("2026. 3. 6.", [(2026, 3, 6)]),
        ("06/03/2026", [(2026, 3, 6)]),
        ("2026년 3월 6일(금)", [(2026, 3, 6)]),
        ("3월 6일", [(None, 3, 6)]),
        ("2026년 3월", [(2026, 3, None)]),
        ("6 March 2026", [(2026, 3, 6)]),
        ("March 6th, 2026", [(2026, 3, 6)]),
        ("Mar. 2026", [(2026, 3, None)]),
        ("ngày 6 tháng 3 năm 2026", [(2026, 3, 6)]),
        ("ngày 6/3/2026", [(2026, 3, 6)]),
        ("tháng 3/2026", [(2026, 3, None)]),
        ("You may apply", []),
        ("until May", [(None, 5, None)]),
        ("version 1.2.3 of 10 firms", []),
    ],
)
def test_a_date_is_found_as_far_as_it_is_written(text: str, expected: list[Date]) -> None:
    assert [(one.year, one.month, one.day) for one in find_dates(text)] == expected


def test_the_later_date_of_a_period_takes_the_year_of_the_earlier_one() -> None:
    dates = find_dates("2026년 3월 2일부터 3월 31일까지")
    assert [(one.year, one.month, one.day) for one in dates] == [(2026, 3, 2), (2026, 3, 31)]


def test_a_date_far_from_the_one_before_it_keeps_no_year() -> None:
    dates = find_dates(
        "2026년 3월 2일에 공고했습니다. 신청은 여기에서 받으며 4월 1일에 시작합니다."
    )
    assert [one.year for one in dates] == [2026, None]


def test_an_earlier_month_is_not_the_end_of_a_period() -> None:
    assert [one.year for one in find_dates("2025년 12월 1일부터 1월 9일까지")] == [2025, None]


def test_a_date_says_where_it_stands_and_is_blanked_in_place() -> None:
    text = "until 6 March 2026."
    (date,) = find_dates(text)
    assert text[date.start : date.end] == "6 March 2026"
    assert blank_dates(text) == "until             ."
    assert len(blank_dates(text)) == len(text)


def test_the_figures_of_a_date_are_its_parts_and_pairs_of_them() -> None:
    (date,) = find_dates("2026년 3월 6일")
    assert date.figure_keys() == {"month 3", "3-6", "2026", "2026/3"}
    (date,) = find_dates("tháng 3")
    assert date.figure_keys() == {"month 3"}
