"""Figures mean the same however they are written, and different things stay different."""

from __future__ import annotations

import pytest

from knowledge.answering.figures import find_figures

SAME = [
    ("3천만 원", "30,000,000원"),
    ("3천만 원", "KRW 30 million"),
    ("3천만 원", "30 triệu won"),
    ("3천만 원", "삼천만 원"),
    ("3,000만원", "₩30,000,000"),
    ("1억 5천만 원", "150 million won"),
    ("1억5,000만 원", "KRW 150,000,000"),
    ("2.5억 원", "2억 5,000만 원"),
    ("1만 2,000원", "12,000 won"),
    ("천만 원", "1,000만 원"),
    ("이백만 원", "2 million won"),
    ("1조 2천억 원", "KRW 1.2 trillion"),
    ("30.000.000 won", "30,000,000 won"),
    ("3,5 triệu won", "3.5 million won"),
    ("11조 1천억 원", "11,1 nghìn tỷ won"),
    ("5천만 달러", "USD 50 million"),
    ("5천만 달러", "$50,000,000"),
    ("50%", "50퍼센트"),
    ("50%", "50 percent"),
    ("50%", "절반"),
    ("half", "50%"),
    ("0,5%", "0.5%"),
    ("두 달", "2개월"),
    ("2개월", "two months"),
    ("2개월", "hai tháng"),
    ("10일", "10 working days"),
    ("10영업일", "10 ngày"),
    ("3년간", "3 years"),
    ("2026년 3월 6일", "2026-03-06"),
    ("2026년 3월 6일", "6 March 2026"),
    ("2026년 3월 6일", "March 6, 2026"),
    ("2026년 3월 6일", "2026.3.6."),
    ("2026년 3월 6일", "ngày 6 tháng 3 năm 2026"),
    ("2026년 3월", "March 2026"),
    ("3월", "in March"),
    ("3월", "tháng 3"),
    ("3월 11일부터 31일까지", "11 to 31 March"),
    ("2025년 10월 15일~11월 14일", "2025-10-15 ~ 2025-11-14"),
    ("50~70%", "50 to 70 percent"),
    ("네 건", "4"),
    ("제3조", "3"),
]

DIFFERENT = [
    ("3천만 원", "3천만 달러"),
    ("3천만 원", "3백만 원"),
    ("30.000.000 won", "30.000 won"),
    ("30%", "30일"),
    ("10일", "10개월"),
    ("3월", "3개월"),
    ("3월 6일", "6월 3일"),
    ("2025년 3월", "2026년 3월"),
    ("02-368-8787", "02-368-8795"),
    ("제3조", "3조 원"),
    ("1,000", "1.5"),
    ("천만 원", ""),
    ("two months", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_figure_written_two_ways(one: str, other: str) -> None:
    assert find_figures(one) == find_figures(other) != frozenset()


@pytest.mark.parametrize(("said", "source"), DIFFERENT)
def test_another_figure_does_not_pass_for_it(said: str, source: str) -> None:
    assert not find_figures(said) <= find_figures(source)


@pytest.mark.parametrize(
    "text",
    ["You may apply.", "수출 기업을 지원합니다.", "모두 개선했습니다.", "Doanh nghiệp nhỏ", ""],
)
def test_words_are_no_figures(text: str) -> None:
    assert find_figures(text) == frozenset()


def test_the_days_of_two_dates_do_not_mix() -> None:
    source = find_figures("2026년 3월 11일부터 5월 31일까지")
    assert find_figures("2026년 5월 31일") <= source
    assert not find_figures("2026년 5월 11일") <= source
    assert not find_figures("2026년 3월 31일") <= source


def test_a_range_gives_both_its_ends_what_they_count() -> None:
    assert {"50 %", "70 %"} <= find_figures("50~70%")
    assert {"10 day", "15 day"} <= find_figures("10 to 15 days")
    assert "30000000 won" in find_figures("KRW 10-30 million")


def test_a_year_belongs_to_the_dates_that_go_on_from_it() -> None:
    assert find_figures("2025년 11월 14일") <= find_figures("2025년 10월 15일부터 11월 14일까지")
    assert not find_figures("2025년 1월 14일") <= find_figures("2025년 12월 15일부터 1월 14일까지")


def test_a_phone_number_is_one_figure() -> None:
    assert find_figures("02-368-8787") == {"02-368-8787"}
    assert not find_figures("368") <= find_figures("02-368-8787")
