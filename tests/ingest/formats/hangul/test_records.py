"""HWP 5: numbers, struck words, addresses and the order in cells, from the file's own records."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hwpx import HwpxDocument

from ingest.document.convert import convert_bytes
from ingest.formats.hangul.records import _is_struck, _read_numbering, _read_paragraph


def render_markdown(draw: Callable[[Any], None], folder: Path) -> str:
    path = folder / "made.hwp"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document = HwpxDocument.new()
        draw(document)
        document.save_to_path(str(path))
    return convert_bytes(path.read_bytes(), path.name).markdown


@pytest.mark.parametrize("address", ["https://a.kr/x?a=1;b", "http://www.a.kr", "mailto:a@b.kr"])
def test_addresses_behind_words_are_kept(address: str, tmp_path: Path) -> None:
    found = render_markdown(
        lambda document: document.add_hyperlink(address, display_text="접수창구"), tmp_path
    )
    assert found == f"접수창구 ({address.removeprefix('mailto:')})"


def test_words_after_an_inner_table_come_after_it(tmp_path: Path) -> None:
    def draw(document: Any) -> None:
        outer = document.add_table(1, 2)
        outer.set_cell_text(0, 0, "밖")
        outer.set_cell_text(0, 1, "앞")
        inner = outer.cell(0, 1).add_table(1, 2)
        inner.set_cell_text(0, 0, "안1")
        inner.set_cell_text(0, 1, "안2")
        outer.cell(0, 1).add_paragraph("뒤")

    assert render_markdown(draw, tmp_path).splitlines()[0] == "| 밖 | 앞 안1 안2 뒤 |"


def render_char_shape(look: int) -> bytes:
    return bytes(46) + struct.pack("<I", look) + bytes(20)


@pytest.mark.parametrize(
    ("look", "is_struck"),
    [(0, False), (1 << 18, True), (1 << 18 | 15 << 26, False), (2 << 2, True), (1 << 2, False)],
    ids=["plain", "struck", "a line that is not drawn", "a line in the middle", "underlined"],
)
def test_which_lines_strike(look: int, is_struck: bool) -> None:
    assert _is_struck(render_char_shape(look)) is is_struck


def test_struck_words_are_left_out_of_a_paragraph() -> None:
    text = "한도 3천만원 5천만원".encode("utf-16-le")
    shapes = struct.pack("<6I", 0, 0, 3, 1, 7, 0)
    found = _read_paragraph(text, shapes, [], [False, True])
    assert (found.words, found.struck) == ("한도 3천만원 5천만원", ("3천만원",))
    assert " ".join(found.seen.split()) == "한도 5천만원"


def render_head(text: str, kind: int = 0) -> bytes:
    packed = text.encode("utf-16-le")
    return struct.pack("<I8xH", kind << 5, len(text)) + packed


def test_a_numbering_has_the_levels_that_the_file_defines_and_their_first_numbers() -> None:
    seven = b"".join(render_head(f"제^{n}장") for n in range(1, 8))
    old = _read_numbering(seven + struct.pack("<H7I", 0, *range(1, 8)))
    assert [(form.text, form.first) for form in old][:2] == [("제^1장", 1), ("제^2장", 2)]
    assert len(old) == 7  # levels 8 to 10 are not made up
    more = render_head("^8", 9) + render_head("") + render_head("")
    new = _read_numbering(
        seven + struct.pack("<H7I", 0, *[1] * 7) + more + struct.pack("<3I", 1, 1, 1)
    )
    assert (new[7].text, new[7].digits, new[8].text) == ("^8", "CIRCLED_HANGUL_SYLLABLE", "")


def test_the_outline_counts_only_headings_with_words(tmp_path: Path) -> None:
    def draw(document: Any) -> None:
        for text in ("총칙", "", "지원"):
            document.add_heading(text, level=1)
            document.add_paragraph("글", style="바탕글")

    lines = [line for line in render_markdown(draw, tmp_path).splitlines() if "#" in line]
    assert lines == ["# 1. 총칙", "# 2. 지원"]
