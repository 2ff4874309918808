"""The files in which readers of documents were found to quote what no reader sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.document.convert import convert_bytes
from ingest.types import ConvertedFile
from tests.samples.notes import list_kinds

FAULTS = Path(__file__).with_name("faults")


def read_fault(name: str) -> ConvertedFile:
    return convert_bytes((FAULTS / name).read_bytes(), name)


class TestFaults:
    """The files in which these were found, each with what its readers see."""

    def test_struck_words_are_left_out_and_counted(self) -> None:
        page = read_fault("struck.html")
        assert "기업당 5,000만원까지" in page.markdown and "2026년 12월 18일까지" in page.markdown
        assert "3,000만원" not in page.markdown and "3월 31일" not in page.markdown
        assert list_kinds(page.note) == {"struck_left_out": {"count": 2, "first": "3,000만원"}}
        word = read_fault("struck.docx")
        assert word.markdown.endswith("기업당 5,000만원까지 지원합니다.")
        assert list_kinds(word.note) == {"struck_left_out": {"count": 1, "first": "3,000만원"}}

    def test_hidden_words_are_left_out(self) -> None:
        found = read_fault("hidden_text.docx")
        assert found.markdown.endswith("기업당 5,000만원까지 지원합니다.")
        assert list_kinds(found.note)["hidden_left_out"]["count"] == 1

    @pytest.mark.parametrize("ending", ["html", "docx", "pptx"])
    def test_addresses_behind_words_are_kept(self, ending: str) -> None:
        found = read_fault(f"link.{ending}").markdown
        assert "온라인 접수창구 (https://apply.example.go.kr/voucher/2026)에서만 받습니다." in found

    def test_hidden_rows_and_columns_are_left_out(self) -> None:
        found = read_fault("hidden.xlsx")
        assert found.markdown.splitlines()[2:] == [
            "| 구분 | 지원 한도 |", "| --- | --- |", "| 소액 통관비 | 500만원 |",
            "| 시험 인증비 | 1,200만원 |",
        ]  # fmt: skip
        assert list_kinds(found.note) == {"areas_left_out": {"areas": "지원!3:3, 지원!C:C"}}

    def test_units_of_number_formats_are_kept(self) -> None:
        assert read_fault("units.xlsx").markdown.splitlines()[4:] == [
            "| 통관비 | 500만원 | 70% | 92.5점 | 2026년 3월 19일 |",
            "| 시험 인증비 | 1,200만원 | 66% | 80.0점 | 26.06.27(토) |",
            "| 물류비 | 30,000천원 | 0.5 | 75 | 10/5 (2026-10-05) |",
        ]

    def test_formulas_without_values_are_named(self) -> None:
        found = read_fault("formula_without_value.xlsx")
        assert list_kinds(found.note) == {
            "formulas_unsaved": {"count": 2, "cells": "산출!D2, 산출!D3"}
        }

    def test_the_outline_of_hangul_has_numbers_without_being_defined(self) -> None:
        assert read_fault("outline_by_default.hwpx").markdown.split("\n\n") == [
            "1. 지원 대상", "2. 지원 한도", "3. 제출 서류", "4. 문의처",
        ]  # fmt: skip
