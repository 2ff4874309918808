"""Every format gives the same notice: its text, headings, lists, tables and properties."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.document.content import read_content
from ingest.document.convert import convert_bytes
from ingest.document.parse import parse_file
from ingest.passages.split import split_passages
from tests.samples.office_files import ISSUER, ITEMS, SECTION, TABLE_MARKDOWN, TEXT, TITLE

PROSE = ("hwp", "hwpx", "hwpml", "docx", "pptx", "pdf", "html")
KINDS = (*PROSE, "xlsx")


def list_headings(markdown: str) -> list[str]:
    """The headings without their signs and their numbers."""
    lines = [line.lstrip("# ") for line in markdown.splitlines() if line.startswith("#")]
    return [line.removeprefix("1. ").removeprefix("가. ") for line in lines]


@pytest.mark.parametrize("kind", PROSE)
def test_text_headings_and_lists_come_out_whole(kind: str, notices: Mapping[str, bytes]) -> None:
    found = convert_bytes(notices[kind], "notice")
    assert found.kind == kind
    assert list_headings(found.markdown) == [TITLE, SECTION]
    lines = found.markdown.splitlines()
    assert TEXT in lines
    assert all(f"- {one}" in lines for one in ITEMS)
    assert (
        found.markdown.index(TEXT) < found.markdown.index(SECTION) < found.markdown.index(ITEMS[0])
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_is_a_table_below_its_heading(kind: str, notices: Mapping[str, bytes]) -> None:
    markdown = convert_bytes(notices[kind], "notice").markdown
    assert TABLE_MARKDOWN in markdown
    assert markdown.index(SECTION) < markdown.index(TABLE_MARKDOWN)


@pytest.mark.parametrize("kind", ["docx", "pptx", "xlsx", "pdf", "html", "hwpml"])
def test_a_file_s_own_properties_are_kept(kind: str, notices: Mapping[str, bytes]) -> None:
    properties = convert_bytes(notices[kind], "notice").properties
    assert (properties["title"], properties["author"]) == (TITLE, ISSUER)
    if kind not in ("html", "hwpml"):
        assert properties["created"][:2] == "20"


@pytest.mark.parametrize("kind", ["hwp", "hwpx"])
def test_hangul_files_say_who_made_them_and_when(kind: str, notices: Mapping[str, bytes]) -> None:
    properties = convert_bytes(notices[kind], "notice").properties
    assert properties["author"]
    assert properties["created"].startswith("20") and properties["modified"].endswith("Z")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["공고.hwp", "공고.xls", "공고"])
def test_the_name_of_a_file_is_not_asked(
    kind: str, name: str, notices: Mapping[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(notices[kind])
    found = convert_bytes(read_content(path), path.name)
    assert (found.kind, TABLE_MARKDOWN in found.markdown) == (kind, True)


@pytest.mark.parametrize("kind", KINDS)
def test_passages_keep_the_heading_that_gives_them_meaning(
    kind: str, notices: Mapping[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "notice"
    path.write_bytes(notices[kind])
    passages = split_passages(parse_file(path, "notice"))
    (found,) = [one for one in passages if "3천만 원" in one.text]
    assert SECTION in found.heading[-1]
    assert all(one.document.language == "ko" for one in passages)


@pytest.mark.parametrize("kind", ["pdf", "pptx"])
def test_pages_are_marked_before_what_stands_on_them(
    kind: str, notices: Mapping[str, bytes]
) -> None:
    markdown = convert_bytes(notices[kind], "notice").markdown
    first, second = markdown.index("<!-- page 1 -->"), markdown.index("<!-- page 2 -->")
    assert first < markdown.index(TEXT) < second < markdown.index(SECTION)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("pdf", "pptx")])
def test_where_there_are_no_pages_none_are_marked(kind: str, notices: Mapping[str, bytes]) -> None:
    assert "<!-- page" not in convert_bytes(notices[kind], "notice").markdown


def test_speakers_notes_are_not_lost(notices: Mapping[str, bytes]) -> None:
    assert "발표자 메모입니다." in convert_bytes(notices["pptx"], "notice").markdown
