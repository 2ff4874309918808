"""Windows whose year, or whose last day, is not written: counted from the date of the notice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.document.inference import find_open_end, find_unread_end, infer_metadata
from ingest.document.metadata import build_document
from ingest.document.notice_dates import parse_date_range
from ingest.pipeline import IngestPipeline

NOTICE_DAY = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("11월 2일(월) ~ 11월 13일(금)", "2026-11-13"),
        ("11. 2. ~ 11. 13. 18:00까지", "2026-11-13"),
        ("11월 13일(금)까지", "2026-11-13"),
        ("12월 28일 ~ 1월 8일", "2027-01-08"),
        ("1월 4일(월) ~ 1월 15일(금)", "2027-01-15"),
        ("2026년 11월 말까지", "2026-11-30"),
        ("11월 말까지", "2026-11-30"),
        ("1월 말일까지", "2027-01-31"),
        ("2028년 2월 말까지", "2028-02-29"),
        ("월말까지", "2026-10-31"),
        ("분기말까지", "2026-12-31"),
        ("2026년 4분기까지", "2026-12-31"),
        ("2027년 상반기까지", "2027-06-30"),
        ("하반기까지", "2026-12-31"),
        ("연말까지", "2026-12-31"),
        ("올해 말까지", "2026-12-31"),
        ("10월 12일 ~ 2026년 12월 말", "2026-12-31"),
        ("2026. 12. 31.까지(예산 소진 시까지)", "2026-12-31"),
        ("12월 초까지", "2026-12-10"),
        ("2026년 12월 중순까지", "2026-12-20"),
        ("1월 하순까지", "2027-01-31"),
        ("11월 중", "2026-11-30"),
        ("11월 초 ~ 12월 초", "2026-12-10"),
        ("2027. 1. 말까지", "2027-01-31"),
        ("'26.11월말", "2026-11-30"),
        ("2026년 하반기 중", "2026-12-31"),
        ("금년 12월 15일까지", "2026-12-15"),
        ("내년 1월 8일까지", "2027-01-08"),
        ("익월 10일까지", "2026-11-10"),
        ("공고일 ~ 11월 30일", "2026-11-30"),
        ("공고일로부터 30일 이내", "2026-11-11"),
        ("11월 2일부터 2주간", "2026-11-15"),
        ("2026-11-02T09:00 ~ 2026-11-13T18:00", "2026-11-13"),
        ("11. 2. ~ 11. 13. 또는 예산 소진 시까지", "2026-11-13"),
        ("by the end of November", "2026-11-30"),
        ("hết tháng 11", "2026-11-30"),
        ("’26. 12. 7.(월) ~ 12. 18.(금) 18:00 도착분", "2026-12-18"),
        ("12. 7. ~ 12. 18. 18:00 도착분에 한함", "2026-12-18"),
        ("12월 18일(금) 18:00 접수분까지", "2026-12-18"),
        ("12월 18일 당일 소인분까지 유효", "2026-12-18"),
        ("공고일부터 3주간", "2026-11-02"),
        ("공고일로부터 2주 이내", "2026-10-26"),
        ("공고일로부터 1개월간", "2026-11-12"),
        ("11월 2일부터 1개월간", "2026-12-01"),
        ("10월 5일(월)부터 선착순 100개사, 늦어도 11월 20일(금)까지", "2026-11-20"),
        ("늦어도 11월 20일(금)", "2026-11-20"),
        ("12월 7일(월)부터 12월 18일(금)까지, 선착순 100개사", "2026-12-18"),
        ("2026. 12. 7. ~ 12. 18.(선착순 50명)", "2026-12-18"),
        ("이번 달 말까지", "2026-10-31"),
        ("12.7~18", "2026-12-18"),
        ("2026. 12. 7.(월) ~ 18.(금) 18:00까지", "2026-12-18"),
        ("4분기 내", "2026-12-31"),
        ("11월 내", "2026-11-30"),
    ],
)
def test_the_last_day_is_counted_from_the_notice(written: str, last: str) -> None:
    window = parse_date_range(written, near=NOTICE_DAY)
    assert window and str(window.last) == last


@pytest.mark.parametrize(
    "written",
    [
        "11월 3일(월) ~ 11월 13일(금)",  # the third is a Tuesday, this year and the next no Monday
        "3분기까지",  # past, or nearly a year away
        "9월 1일 ~ 9월 30일",
        "11월 31일까지",
        "12월 초에 협의",  # an end only where nothing else is said
        "13월 초까지",
        "12.7 18:00~20:00",  # hours of one day
        "선착순 100개사",
    ],
)
def test_what_does_not_agree_with_the_notice_is_not_guessed(written: str) -> None:
    window = parse_date_range(written, near=NOTICE_DAY)
    assert window is None or window.last is None


def test_without_a_date_of_the_notice_a_year_is_not_invented() -> None:
    assert parse_date_range("11월 2일 ~ 11월 13일") is None
    assert infer_metadata("# 공고\n접수기간: 11월 말까지\n").expires is None


@pytest.mark.parametrize(
    "line",
    [
        "접수기간: 11월 2일(월) ~ 11월 13일(금)",
        "접수기간: 2026년 11월 말까지",
        "접수마감: 11월 중순",
        "접수기간: ’26. 11. 2.(월) ~ ’26. 11. 27.(금) 18:00까지",
        "접수기간 : 2026.11.2~11.20",
        "신청기한: 11월 말까지",
        "□ 신청·접수 : 2026. 11. 2. ~ 11. 13.",
        "Thời gian nhận hồ sơ: từ 2/11 đến 13/11",
        "Application period: by the end of November",
        "| 접수기간 | 11월 2일 ~ 11월 13일 |\n| --- | --- |\n| 대상 | 기업 |",
    ],
)
def test_a_notice_is_closed_once_its_window_is_past(line: str) -> None:
    text = f"# 라벨 번역 지원 공고\n\n공고일: 2026년 10월 12일\n\n{line}\n"
    document = build_document({}, {}, text, "c.md")
    assert not document.is_in_force(date(2026, 12, 1)) and "expires" in document.inferred


def test_the_declared_date_of_a_notice_counts_before_the_inferred_one() -> None:
    text = "# 공고\n\n접수기간: 11월 2일 ~ 11월 13일\n"
    document = build_document({"published": "2025-10-01"}, {}, text, "c.md")
    assert document.expires == date(2025, 11, 13)


@pytest.mark.parametrize(
    "words",
    [
        "예산 소진 시까지",
        "2026. 3. 2. ~ 예산 소진 시까지",
        "상시",
        "연중 상시",
        "선착순 마감",
        "자금 소진시까지(조기 마감될 수 있음)",
        "차기 공고 시까지",
    ],
)
def test_an_open_end_is_said(words: str) -> None:
    assert find_open_end(f"# 공고\n접수기간: {words}\n") == words


def test_a_window_with_a_last_day_is_not_open() -> None:
    assert find_open_end("접수기간: 2026. 12. 31.까지(예산 소진 시까지)") is None


def test_the_plan_says_that_a_window_is_open(ingest: IngestPipeline, folder: Path) -> None:
    (folder / "a.md").write_text(
        "# 공고\n\n접수기간: 예산 소진 시까지\n\n지원합니다.\n", encoding="utf-8"
    )
    (note,) = ingest.plan([folder]).notes
    assert "예산 소진 시까지" in note.remark.render("ko")


@pytest.mark.parametrize(
    ("words", "is_read"),
    [
        ("12월 7일(월) ~ 셋째 주 금요일", False),
        ("11월 31일까지", False),
        ("2026. 11. 2. ~ 11. 13.", True),
        ("예산 소진 시까지", True),  # said as an open end
        ("담당자에게 문의", True),  # gives no day at all
    ],
)
def test_the_plan_says_that_the_end_of_a_window_was_not_read(
    ingest: IngestPipeline, folder: Path, words: str, is_read: bool
) -> None:
    text = f"# 공고\n\n공고일: 2026년 10월 12일\n\n접수기간: {words}\n\n지원합니다.\n"
    (folder / "a.md").write_text(text, encoding="utf-8")
    said = [note.remark.render("ko") for note in ingest.plan([folder]).notes]
    assert any("읽지 못했습니다" in one and words in one for one in said) is not is_read


def test_a_deadline_that_is_read_is_not_remarked() -> None:
    assert find_unread_end("접수마감: 2026. 11. 13.\n") is None
    assert find_unread_end("접수마감: 11월 31일\n", "2026-10-12") == "11월 31일"
