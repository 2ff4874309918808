"""One fact with different numbers in different documents."""

from __future__ import annotations

import pytest

from tests.ingest.checks.conftest import CheckFolder, write_document

TOLD = "2026년 중기부 수출바우처의 기업당 지원 한도는 최대 1억 원입니다."


def write_other(sentence: str, language: str = "ko") -> str:
    return write_document(f"## 한도\n{sentence}", id="other", title="다른 안내", language=language)


@pytest.mark.parametrize(
    ("told", "other", "language"),
    [
        (TOLD, "2026년 중기부 수출바우처의 기업당 지원 한도는 최대 2억 원입니다.", "ko"),
        (TOLD, "2026년 중기부 수출바우처 기업당 지원 한도는 전체 최대 2억 원입니다.", "ko"),
        (
            "The export voucher pays firms up to KRW 100 million a year.",
            "The export voucher pays firms up to KRW 1.5 billion a year.",
            "en",
        ),
        (
            "Phiếu xuất khẩu trả cho doanh nghiệp tối đa 70% chi phí.",
            "Phiếu xuất khẩu trả cho doanh nghiệp tối đa 80% chi phí.",
            "vi",
        ),
    ],
)
def test_other_numbers_about_the_same_words_are_named(
    check_folder: CheckFolder, told: str, other: str, language: str
) -> None:
    one = write_document(f"## 한도\n{told}", language=language)
    (found,) = check_folder("facts_differ", a=one, b=write_other(other, language))
    assert found.level == "warning" and "here" in str(found.remark)
    assert {found.file, *str(found.remark).split()} >= {"a.md", "b.md"}


@pytest.mark.parametrize(
    "other",
    [
        TOLD,
        "2025년 중기부 수출바우처의 기업당 지원 한도는 최대 2억 원입니다.",
        "2026년 산업부 수출바우처의 기업당 지원 한도는 최대 2억 원입니다.",
        "2026년 2차 중기부 수출바우처의 기업당 지원 한도는 최대 2억 원입니다.",
        "2026년 중기부 수출바우처의 기업당 지원 비율은 최대 70%입니다.",
        "지원 한도는 최대 2억 원입니다.",
    ],
)
def test_other_years_rounds_programmes_and_units_are_other_facts(
    check_folder: CheckFolder, other: str
) -> None:
    one = write_document(f"## 한도\n{TOLD}")
    assert check_folder("facts_differ", a=one, b=write_other(other)) == []


def test_a_document_may_compare_two_numbers_itself(check_folder: CheckFolder) -> None:
    both = write_document(f"## 한도\n{TOLD}\n{TOLD.replace('1억', '2억')}")
    assert check_folder("facts_differ", a=both) == []
