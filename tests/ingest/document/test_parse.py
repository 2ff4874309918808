"""From a file's bytes to a document: what is taken from it and what is worked out."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from ingest.document.parse import ParsedDocument, parse_file
from knowledge.types import Document

WHOLE = """---
id: voucher-2026
title: 수출바우처 2026년 1차
issuer: 중소벤처기업부 (나루 정리)
language: ko
url: https://example.org/notice?id=1
published: 2025-12
effective_from: 2025-12-12
expires: 2026-01-09
supersedes: [voucher-2025]
topics: [voucher, finance]
translation_of:
audience: founder
---
# 수출바우처 2026년 1차

## 얼마까지 받나요?
3천만 원입니다.
"""


def parse_content(folder: Path, content: str | bytes, name: str = "notice.md") -> ParsedDocument:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return parse_file(path, name)


def test_front_matter_is_taken_as_it_stands(tmp_path: Path) -> None:
    assert parse_content(tmp_path, WHOLE).document == Document(
        id="voucher-2026", title="수출바우처 2026년 1차", issuer="중소벤처기업부 (나루 정리)",
        language="ko", url="https://example.org/notice?id=1", published="2025-12",
        effective_from=date(2025, 12, 12), expires=date(2026, 1, 9),
        supersedes=("voucher-2025",), topics=("voucher", "finance"), audience="founder",
        translation_of=None,
    )  # fmt: skip


def test_the_text_holds_nothing_of_the_front_matter(tmp_path: Path) -> None:
    markdown = parse_content(tmp_path, WHOLE).markdown
    assert markdown.startswith("# 수출바우처")
    assert "expires" not in markdown


@pytest.mark.parametrize(
    ("written", "kept"),
    [("2025", "2025"), ("2025-12", "2025-12"), ("2025-12-24", "2025-12-24"), ("", None)],
)
def test_a_date_of_publication_keeps_its_precision(
    tmp_path: Path, written: str, kept: str | None
) -> None:
    assert (
        parse_content(tmp_path, f"---\npublished: {written}\n---\ntext").document.published == kept
    )


def test_without_front_matter_the_heading_is_the_title_and_the_language_is_heard(
    tmp_path: Path,
) -> None:
    korean = parse_content(tmp_path, "# 수출바우처 안내\n정부 보조금입니다.", "안내.md").document
    assert (korean.id, korean.title, korean.language) == ("안내.md", "수출바우처 안내", "ko")
    english = parse_content(tmp_path, "A grant for exporters.", "plain.txt").document
    assert (english.title, english.language, english.url) == ("plain", "en", "")
    vietnamese = parse_content(
        tmp_path, "Doanh nghiệp được hỗ trợ xuất khẩu.", "vn.markdown"
    ).document
    assert vietnamese.language == "vi"


@pytest.mark.parametrize(
    "spoilt",
    [
        WHOLE.encode("utf-8-sig"),
        WHOLE.replace("\n", "\r\n").encode(),
        WHOLE.replace("\n", "\r").encode(),
        unicodedata.normalize("NFD", WHOLE).encode(),
        b"\n\n" + WHOLE.encode(),
        WHOLE.replace("---\n", "---  \n").encode(),
    ],
    ids=["byte order mark", "CRLF", "CR", "decomposed", "blank lines first", "trailing blanks"],
)
def test_how_an_editor_saved_it_does_not_matter(tmp_path: Path, spoilt: bytes) -> None:
    assert parse_content(tmp_path, spoilt) == parse_content(tmp_path, WHOLE)


def test_empty_front_matter_is_no_front_matter(tmp_path: Path) -> None:
    parsed = parse_content(tmp_path, "---\n---\n# A title\ntext")
    assert (parsed.document.title, parsed.markdown) == ("A title", "# A title\ntext\n")


def test_a_rule_between_paragraphs_is_no_front_matter(tmp_path: Path) -> None:
    parsed = parse_content(tmp_path, "# A title\nabove\n\n---\n\nbelow")
    assert "below" in parsed.markdown
