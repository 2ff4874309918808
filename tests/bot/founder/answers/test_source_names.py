"""Dates and names of sources as they stand in a line: as far as known, and never cut in a word."""

from __future__ import annotations

import pytest

from bot.founder import answer_text
from tests.samples.answers import make_answer, make_citation


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2021", ("2021년", "2021", "năm 2021")),
        ("2026-03", ("2026년 3월", "March 2026", "tháng 3 năm 2026")),
        ("2026-12-02", ("2026년 12월 2일", "December 2, 2026", "ngày 2 tháng 12 năm 2026")),
        ("2020; 2026", ("2020; 2026",) * 3),
        ("2025-26", ("2025-26",) * 3),
    ],
)
def test_a_date_is_said_as_far_as_it_is_known(day: str, shown: tuple[str, ...]) -> None:
    assert tuple(answer_text.render_day(day, language) for language in ("ko", "en", "vi")) == shown


def test_an_issuer_is_not_cut_within_a_word() -> None:
    issuer = "Bộ Doanh nghiệp vừa và nhỏ và Khởi nghiệp Hàn Quốc và các cơ quan"
    line = answer_text.render_sources(
        make_answer(language="vi", citations=(make_citation(issuer=issuer),))
    )
    assert line.startswith("[1] Bộ Doanh nghiệp vừa và nhỏ và Khởi nghiệp Hàn … · ")
