"""One figure however it is written, and two that only look alike."""

from __future__ import annotations

import pytest

from ingest.checks.figures import read_figures


@pytest.mark.parametrize(
    ("korean", "other"),
    [
        ("최대 5천만 원, 70%", "up to KRW 50 million, 70%"),
        ("최대 5천만 원", "tối đa 50 triệu won"),
        ("1억 5천만 원", "150 million won"),
        ("11조 1천억 원", "11,1 nghìn tỷ won"),
        ("1조~2조 원", "1-2 nghìn tỷ won"),
        ("3천만~1억 원", "KRW 30-100 million"),
        ("160만~200만 원", "KRW 1.6–2.0 million"),
        ("100만~500만 달러", "USD 1 to 5 million"),
        ("5~10만 원", "KRW 50,000 to 100,000"),
        ("10만~100만 달러", "USD 100,000 to 1 million"),
        ("12.5퍼센트", "12,5%"),
        ("1만 2천 달러", "12.000 đô la"),
        ("2026년 10월 15일부터 11월 14일까지", "from 15 October to 14 November 2026"),
        ("10월 15일부터 11월 14일까지", "từ 15/10 đến 14/11"),
        ("2026년 11월 14일", "ngày 14 tháng 11 năm 2026"),
        ("1월 26~27일", "26 và 27 tháng 1"),
        ("전화 02-368-8787", "call +82-2-368-8787"),
        ("전화 1588-3884", "call 1588 3884"),
        ("2025년 상반기", "the first half of 2025"),
        ("해외에서는 +84-24-3771-0404", "from abroad +84 24 3771 0404"),
    ],
)
def test_the_same_figure(korean: str, other: str) -> None:
    told, translated = read_figures(korean), read_figures(other)
    assert (told.list_absent(translated), translated.list_absent(told)) == ({}, {})


@pytest.mark.parametrize(
    ("korean", "other", "kind"),
    [
        ("최대 5천만 원", "up to KRW 5 million", "won"),
        ("최대 5천만 원", "tối đa 5 triệu won", "won"),
        ("50%", "60%", "%"),
        ("11월 14일까지", "until 15 November", "date"),
        ("30일 안에", "within 60 days", "day"),
        ("전화 02-368-8787", "call +82-2-368-8788", "phone"),
    ],
)
def test_another_figure(korean: str, other: str, kind: str) -> None:
    told, translated = read_figures(korean), read_figures(other)
    assert kind in told.list_absent(translated) and kind in translated.list_absent(told)


def test_an_address_holds_no_figures() -> None:
    assert read_figures("https://a.go.kr/50-2026-1588-3884 help50@a.kr").compared == {}


def test_figures_are_shown_as_an_admin_would_look_for_them() -> None:
    figures = read_figures("5천만 원, 12.5%, 11월 14일, 02-368-8787")
    shown = figures.render(one for kind in figures.compared.values() for one in sorted(kind))
    assert set(shown.split(", ")) == {"50,000,000 won", "12.5%", "11-14", "02-368-8787"}
