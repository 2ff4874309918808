"""Sources without a date, calls without an end, and checks that are too old."""

from __future__ import annotations

import pytest

from tests.ingest.checks.conftest import CheckFolder, write_document

PROSE = "## 무엇인가요?\n수출바우처는 수출 비용을 지원하는 사업입니다.\n"


class TestUndatedSources:
    @pytest.mark.parametrize(
        "line",
        [
            "출처: https://www.mss.go.kr/notice",
            "출처: https://a.kr (2026-01-02) · https://www.mss.go.kr/notice",
            "Nguồn: https://www.mss.go.kr/notice",
            "출처: 한 신문의 기사",
        ],
    )
    def test_one_without_a_date_is_named_with_its_line(
        self, check_folder: CheckFolder, line: str
    ) -> None:
        (found,) = check_folder("source_without_date", a=write_document(f"{PROSE}{line}"))
        assert (found.level, found.file, found.line) == ("warning", "a.md", 11)
        assert found.section == "무엇인가요?"

    @pytest.mark.parametrize(
        "line",
        [
            "출처: https://www.mss.go.kr/notice (2026-01-02)",
            "출처: https://www.mss.go.kr/notice (2026)",
            "Source: https://a.kr/x(1) (2025-12) · https://b.kr (2024-01-02)",
            "출처: 2026년 공개 자료 두 건",
            "출처: 나루 정리 (일반적인 안내)",
            "출처: https://www.mss.go.kr/notice (날짜 없음)",
        ],
    )
    def test_one_with_a_date_or_said_to_have_none_is_right(
        self, check_folder: CheckFolder, line: str
    ) -> None:
        assert check_folder("source_without_date", a=write_document(f"{PROSE}{line}")) == []

    def test_one_said_to_have_none_is_listed(self, check_folder: CheckFolder) -> None:
        said = f"{PROSE}Source: https://a.kr (undated)"
        (found,) = check_folder("source_undated", a=write_document(said))
        assert found.level == "info" and "https://a.kr" in str(found.remark)

    def test_a_document_that_names_none_needs_its_own_date(self, check_folder: CheckFolder) -> None:
        assert check_folder("document_undated", a=write_document(PROSE)) == []
        (found,) = check_folder("document_undated", a=write_document(PROSE, published=""))
        assert found.level == "warning"


class TestWindows:
    @pytest.mark.parametrize(
        "title", ["2026년 수출바우처 2차 모집 공고", "Export voucher 2026", "Hỗ trợ xuất khẩu 2026"]
    )
    def test_a_call_of_a_year_without_an_end_is_an_error(
        self, check_folder: CheckFolder, title: str
    ) -> None:
        (found,) = check_folder(
            "call_without_end", a=write_document(PROSE, title=title, expires="")
        )
        assert (found.level, found.line) == ("error", 6)

    @pytest.mark.parametrize(
        ("title", "expires"),
        [
            ("2026년 수출바우처 2차 모집 공고", "2026-12-31"),
            ("수출바우처", ""),
            ("물류바우처의 지난 공고 (2021~2023년, 마감)", ""),
            ("Past calls of the logistics voucher (2021-2023, closed)", ""),
            ("2026년 중동 피해 현황", ""),
        ],
    )
    def test_one_with_an_end_or_not_of_a_year_is_right(
        self, check_folder: CheckFolder, title: str, expires: str
    ) -> None:
        text = write_document(PROSE, title=title, expires=expires)
        assert check_folder("call_without_end", a=text) == []

    @pytest.mark.parametrize(
        "sentence",
        [
            "신청은 2026년 12월 2일부터 12월 20일까지 받습니다.",
            "Firms apply by 20 December 2026.",
            "Doanh nghiệp nộp hồ sơ đến ngày 20 tháng 12 năm 2026.",
        ],
    )
    def test_a_window_that_is_still_open_needs_an_end(
        self, check_folder: CheckFolder, sentence: str
    ) -> None:
        text = write_document(f"## 언제 신청하나요?\n{sentence}", expires="")
        (found,) = check_folder("window_without_end", a=text)
        assert (found.level, found.line) == ("error", 11)
        assert "2026-12-20" in str(found.remark)

    @pytest.mark.parametrize(
        "sentence",
        [
            "신청은 2026년 11월 2일부터 11월 20일까지 받았습니다.",
            "2026년 2차 모집 공고는 2026년 12월 1일까지 보지 못했습니다.",
            "관세는 2027년 12월 20일까지 15%입니다.",
            "The old rules apply until 20 December 2027.",
        ],
    )
    def test_what_is_over_or_no_window_needs_none(
        self, check_folder: CheckFolder, sentence: str
    ) -> None:
        text = write_document(f"## 언제 신청하나요?\n{sentence}", expires="")
        assert check_folder("window_without_end", a=text) == []

    def test_a_notice_open_until_the_budget_is_spent_is_named(
        self, check_folder: CheckFolder
    ) -> None:
        open_end = write_document("## 안내\n접수기간: 예산 소진 시까지", expires="")
        closed = write_document("## 안내\n접수기간: 2026. 1. 5. ~ 2026. 1. 9.")
        assert len(check_folder("open_end", a=open_end)) == 1
        assert check_folder("open_end", a=closed) == []


class TestChecked:
    def test_what_was_checked_long_ago_is_named(self, check_folder: CheckFolder) -> None:
        (found,) = check_folder("checked_stale", a=write_document(PROSE, checked="2026-06-03"))
        assert (found.level, found.line) == ("warning", 6)
        assert "181 days ago (at most 180)" in str(found.remark)

    @pytest.mark.parametrize("checked", ["2026-06-04", "2026-12-01", ""])
    def test_what_was_checked_lately_or_says_nothing_is_right(
        self, check_folder: CheckFolder, checked: str
    ) -> None:
        assert check_folder("checked_stale", a=write_document(PROSE, checked=checked)) == []
        assert check_folder("checked_in_future") == []

    def test_nobody_has_checked_tomorrow(self, check_folder: CheckFolder) -> None:
        (found,) = check_folder("checked_in_future", a=write_document(PROSE, checked="2026-12-02"))
        assert found.level == "error"
