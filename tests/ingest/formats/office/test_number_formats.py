"""Numbers and dates as Excel shows them."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from ingest.formats.office.number_formats import format_value

FULL = '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-'


@pytest.mark.parametrize(
    ("form", "value", "shown"),
    [
        ('#,##0"만원"', 500, "500만원"), ("#,##0원", 1200, "1,200원"), ('0.0"점"', 80, "80.0점"),
        ('#,##0,"천원"', 30_000_000, "30,000천원"), ('#,##0.0,,"백만원"', 12_500_000, "12.5백만원"),
        ('"최대 "0"개월"', 6, "최대 6개월"), ('0"억" 0000"만원"', 15_000, "1억 5000만원"),
        ('General"명"', 25, "25명"), ('G/표준"명"', 2.5, "2.5명"), ('"D-"0', 7, "D-7"),
        ("0%", 0.7, "70%"), ("0.0%", 0.655, "65.5%"), ("0.0#%", 0.5, "50.0%"), (r"0\%", 12, "12%"),
        ("#,##0", 30_000_000, "30,000,000"), ("0", 2.5, "3"), ("0.00", 1.005, "1.01"),
        ("#,##0.##", 1234, "1,234"), ("#,###", 0, ""), (";;;", 5, ""), ("0", 1e300, "1" + "0" * 300),
        ("#,##0_);(#,##0)", -5, "(5)"), ("#,##0;[Red]-#,##0", -1234, "-1,234"),
        ("#,##0;△#,##0;-", -1234, "△1,234"), ("#,##0;△#,##0;-", 0, "-"), ("0.0", -3, "-3.0"),
        (FULL, 1_234_567, "1,234,567"), (FULL, 0, "-"), (FULL, -7, "-7"), (FULL, "말", "말"),
        ("[$₩-412]#,##0", 1000, "₩1,000"), (r"\₩#,##0", 1000, "₩1,000"),
        ("[$USD] #,##0.00", 12.5, "USD 12.50"), ('#,##0 "USD"', 1e6, "1,000,000 USD"),
        ('[>=10000]0.0,"천";0', 12_000, "12.0천"), ('[>=10000]0.0,"천";0', 12, "12"),
        ('[=1]"예";[=0]"아니요";0', 1, "예"), ('[=1]"예";[=0]"아니요";0', 0, "아니요"),
        ("@", "글", "글"), ('"약 "@', "3일", "약 3일"), ("0", "글", "글"), ("@", 12, "12"),
        ("000-0000-0000", 1012345678, "010-1234-5678"), ("00000", 123, "00123"),
        ("# ?/?", 0.5, "1/2"), ("0.00E+00", 123_456, "1.23E+05"), ("General", 0.1 + 0.2, "0.3"),
        ("yyyy-mm-dd", date(2026, 3, 2), "2026-03-02"), ("yyyy/mm/dd;@", date(2026, 3, 2), "2026/03/02"),
        ('yyyy"년" m"월" d"일"', datetime(2026, 3, 9), "2026년 3월 9일"),
        ("yy.mm.dd(aaa)", datetime(2026, 6, 27), "26.06.27(토)"),
        ('m"월" d"일"', datetime(2026, 3, 9), "3월 9일 (2026-03-09)"),
        ("m/d", datetime(2026, 10, 5), "10/5 (2026-10-05)"), ("mm-dd-yy", date(2026, 3, 2), "2026-03-02"),
        ("yyyy-mm-dd h:mm", datetime(2026, 3, 2, 18, 5), "2026-03-02 18:05"),
        ('[$-412]yyyy-mm-dd AM/PM h:mm', datetime(2026, 3, 2, 18, 5), "2026-03-02 PM 6:05"),
        ("mmm d, yyyy (ddd)", date(2026, 1, 2), "Jan 2, 2026 (Fri)"), ("h:mm", time(9, 5), "9:05"),
        ('오전/오후 h"시"', time(14), "오후 2시"), ("mm:ss", time(0, 5, 7), "05:07"),
        ("[h]:mm", timedelta(hours=36, minutes=5), "36:05"), ('[h]"시간"', timedelta(hours=30), "30시간"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_excel_shows_it(form: str, value: Any, shown: str) -> None:
    assert format_value(value, form).strip() == shown


def test_no_format_and_no_value_is_an_error() -> None:
    signs = ['"만원"', "[Red]", "[>5]", "[$-412]", "General", "E+", *'#0?,.%/@;_*\\"[]ymdhs- 원']
    chance = random.Random(9)
    values = (0, -3, 12.345, 1e-9, 1e300, -0.5, "글", datetime(2026, 3, 2, 4, 5), timedelta(1))
    for _ in range(3000):
        form = "".join(chance.choices(signs, k=chance.randint(0, 9)))
        for value in values:
            assert isinstance(format_value(value, form), str)
