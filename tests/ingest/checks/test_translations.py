"""Translations that say other numbers than their originals, or are missing."""

from __future__ import annotations

import pytest

from ingest.checks.types import CheckFinding
from tests.ingest.checks.conftest import CheckFolder, write_document

QUESTION = "## 얼마까지 지원하나요?\n"
KOREAN = (
    "기업당 최대 5천만 원을 11월 14일까지 지원합니다. 문의는 02-368-8787입니다. 30일 안에 답합니다."
)
ENGLISH = (
    "A firm gets up to KRW 50 million until 14 November. Call +82-2-368-8787. Replies take 30 days."
)


def check_pair(
    check_folder: CheckFolder, kind: str, english: str, **front: str
) -> list[CheckFinding]:
    """What is found of a Korean document and its English translation."""
    original = write_document(f"{QUESTION}{KOREAN}", expires="2026-12-31")
    translation = write_document(
        f"## How much?\n{english}", id="voucher-en", title="Export voucher", language="en",
        **{"translation_of": "voucher", "expires": "2026-12-31", **front},
    )  # fmt: skip
    return check_folder(kind, a_ko=original, a_en=translation)


class TestNumbers:
    @pytest.mark.parametrize(
        "kind", ["numbers_differ", "numbers_left_out", "numbers_added", "front_differs"]
    )
    def test_the_same_ones_are_right(self, check_folder: CheckFolder, kind: str) -> None:
        assert check_pair(check_folder, kind, ENGLISH) == []

    @pytest.mark.parametrize(
        ("right", "wrong", "said"),
        [
            ("KRW 50 million", "KRW 5 million", "5,000,000 won here, 50,000,000 won there"),
            ("14 November", "15 November", "11-15 here, 11-14 there"),
            ("368-8787", "368-8788", "+82-2-368-8788 here, 02-368-8787 there"),
            ("30 days", "60 days", "60 day here, 30 day there"),
        ],
    )
    def test_another_one_is_an_error(
        self, check_folder: CheckFolder, right: str, wrong: str, said: str
    ) -> None:
        (found,) = check_pair(check_folder, "numbers_differ", ENGLISH.replace(right, wrong))
        assert (found.level, found.file, found.line) == ("error", "a.en.md", 12)
        assert found.section == "How much?" and said in str(found.remark)

    def test_an_amount_left_out_or_added_is_an_error(self, check_folder: CheckFolder) -> None:
        without = ENGLISH.replace(" up to KRW 50 million", " money")
        (found,) = check_pair(check_folder, "numbers_left_out", without)
        assert (found.level, "50,000,000 won" in str(found.remark)) == ("error", True)
        (found,) = check_pair(check_folder, "numbers_added", f"{ENGLISH} The firm pays 30%.")
        assert (found.level, "30%" in str(found.remark)) == ("error", True)

    def test_a_number_to_call_left_out_is_a_warning_and_a_period_none(
        self, check_folder: CheckFolder
    ) -> None:
        silent = ENGLISH.replace("Call +82-2-368-8787. ", "").replace("30 days", "a month")
        (found,) = check_pair(check_folder, "numbers_left_out", silent)
        assert (found.level, "02-368-8787" in str(found.remark)) == ("warning", True)
        assert "day" not in str(found.remark)

    def test_another_end_is_an_error(self, check_folder: CheckFolder) -> None:
        (found,) = check_pair(check_folder, "front_differs", ENGLISH, expires="2027-12-31")
        assert (found.level, found.line) == ("error", 7)
        assert "2027-12-31 here, 2026-12-31 there" in str(found.remark)


class TestSections:
    def test_one_more_is_named(self, check_folder: CheckFolder) -> None:
        more = f"{ENGLISH}\n\n## When?\nUntil 2030."
        (found,) = check_pair(check_folder, "sections_differ", more)
        assert found.level == "warning" and "2 sections" in str(found.remark)

    def test_as_many_are_right(self, check_folder: CheckFolder) -> None:
        assert check_pair(check_folder, "sections_differ", ENGLISH) == []


class TestMissing:
    def test_a_missing_one_is_only_worth_knowing(self, check_folder: CheckFolder) -> None:
        (found,) = check_pair(check_folder, "not_translated", ENGLISH)
        assert (found.level, found.file) == ("info", "a.ko.md")
        assert "no translation in: vi" in str(found.remark)

    def test_in_a_library_of_one_language_none_is_missing(self, check_folder: CheckFolder) -> None:
        assert check_folder("not_translated", a=write_document(f"{QUESTION}{KOREAN}")) == []
