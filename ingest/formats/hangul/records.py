"""The records of a HWP 5 file that unhwp does not hand on: numbers, struck words, addresses.

Sizes and places are those of Hangul's published description of the format, revision 1.3.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import olefile

from ingest.formats import limits
from ingest.formats.hangul.hwpx_text import parse_link_command
from ingest.formats.left_out import LeftOut
from ingest.formats.links import format_address
from ingest.formats.office.numbering import NumberFormat

_NUMBERING, _CHAR_SHAPE = 23, 21
_PARAGRAPH, _TEXT, _CHAR_SHAPES, _CONTROL, _LIST = 66, 67, 68, 71, 72
_DIGITS = ("DIGIT", "CIRCLED_DIGIT", "ROMAN_CAPITAL", "ROMAN_SMALL", "LATIN_CAPITAL", "LATIN_SMALL",
           "CIRCLED_LATIN_CAPITAL", "CIRCLED_LATIN_SMALL", "HANGUL_SYLLABLE",
           "CIRCLED_HANGUL_SYLLABLE", "HANGUL_JAMO", "CIRCLED_HANGUL_JAMO", "HANGUL_PHONETIC")  # fmt: skip
_SIGNS = {9: "\t", 10: "\n", 24: "-", 30: "\u00a0", 31: " "}
_INLINE = frozenset({4, 5, 6, 7, 8, 9, 19, 20})
_EXTENDED = frozenset({1, 2, 3, 11, 12, 14, 15, 16, 17, 18, 21, 22, 23})
_FIELD_BEGIN, _FIELD_END = 3, 4
_UNDRAWN_LINE = 15  # the shape of a line that Hangul does not draw

Record = tuple[int, int, bytes]  # tag, level, content
Place = tuple[int, int]  # the number of the list that a paragraph is in, and of tables in it


@dataclass(frozen=True, slots=True)
class RawParagraph:
    """A paragraph: all its words, those that a reader sees with addresses, and what is struck."""

    words: str
    seen: str
    struck: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HwpRecords:
    """What the records of a file say: numberings, the outline of each section, and paragraphs that
    have links or struck words, in their order. `cells` are those with tables in them: the words of
    each paragraph, and None for a table."""

    forms: Mapping[tuple[str, int], NumberFormat] = field(default_factory=dict)
    outlines: tuple[str, ...] = ()
    paragraphs: tuple[RawParagraph, ...] = ()
    cells: tuple[tuple[str | None, ...], ...] = ()


def read_records(ole: olefile.OleFileIO) -> HwpRecords:
    """Read the records of an open HWP 5 file. Raises struct.error or zlib.error if it is damaged."""
    (flags,) = struct.unpack_from("<I", ole.openstream("FileHeader").read(40), 36)
    info = list(_split_records(_read_stream(ole, ["DocInfo"], flags)))
    struck = [_is_struck(content) for tag, _, content in info if tag == _CHAR_SHAPE]
    numberings = [content for tag, _, content in info if tag == _NUMBERING]
    forms = {
        (str(number), level): form
        for number, content in enumerate(numberings, 1)
        for level, form in enumerate(_read_numbering(content))
        if form.text
    }
    names = sorted((e for e in ole.listdir() if e[0] == "BodyText"), key=lambda e: int(e[1][7:]))
    outlines: list[str] = []
    paragraphs: list[RawParagraph] = []
    cells: list[tuple[str | None, ...]] = []
    for name in names:
        records = list(_split_records(_read_stream(ole, name, flags)))
        outlines.append(_find_outline(records))
        found = list(_read_paragraphs(records, struck))
        paragraphs += [paragraph for paragraph, _ in found if paragraph.seen != paragraph.words]
        cells += _group_cells(found)
    return HwpRecords(forms, tuple(outlines), tuple(paragraphs), tuple(cells))


def _read_stream(ole: olefile.OleFileIO, name: list[str], flags: int) -> bytes:
    data = bytes(ole.openstream(name).read())
    if not flags & 1:
        return data
    return zlib.decompressobj(-15).decompress(data, limits.UNPACKED_MAX_BYTES)


def _split_records(data: bytes) -> Iterator[Record]:
    at = 0
    while at + 4 <= len(data):
        (head,) = struct.unpack_from("<I", data, at)
        at += 4
        size = head >> 20
        if size == 0xFFF:
            (size,) = struct.unpack_from("<I", data, at)
            at += 4
        yield head & 0x3FF, head >> 10 & 0x3FF, data[at : at + size]
        at += size


def _is_struck(shape: bytes) -> bool:
    (look,) = struct.unpack_from("<I", shape, 46)
    is_drawn = look >> 26 & 0xF != _UNDRAWN_LINE
    is_middle = look >> 2 & 3 == 2 and look >> 4 & 0xF != _UNDRAWN_LINE
    return is_drawn and bool(look >> 18 & 7 or is_middle)


def _read_numbering(content: bytes) -> list[NumberFormat]:
    """The formats of seven levels, and of three more where the file has them."""
    heads, at = _read_heads(content, 0, 7)
    at += 2
    starts = [1] * 7
    if len(content) >= at + 28:
        starts, at = list(struct.unpack_from("<7I", content, at)), at + 28
    if len(content) > at + 3 * 14 - 1:
        more, at = _read_heads(content, at, 3)
        heads += more
        starts += struct.unpack_from("<3I", content, at) if len(content) >= at + 12 else [1] * 3
    return [
        NumberFormat(text, digits, first)
        for (text, digits), first in zip(heads, starts, strict=True)
    ]


def _read_heads(content: bytes, at: int, count: int) -> tuple[list[tuple[str, str]], int]:
    heads = []
    for _ in range(count):
        look, length = struct.unpack_from("<I8xH", content, at)
        kind = look >> 5 & 0xF
        text = content[at + 14 : at + 14 + 2 * length].decode("utf-16-le", "replace")
        heads.append((text, _DIGITS[kind] if kind < len(_DIGITS) else "DIGIT"))
        at += 14 + 2 * length
    return heads, at


def _find_outline(records: list[Record]) -> str:
    """The number of the numbering that is a section's outline; "0" for Hangul's own."""
    for tag, _, content in records:
        if tag == _CONTROL and content[:4] == b"dces":
            return str(struct.unpack_from("<H", content, 18)[0])
    return "0"


def _read_paragraphs(
    records: list[Record], struck: list[bool]
) -> Iterator[tuple[RawParagraph, Place]]:
    """The paragraphs, each with its place: the list it is in, and how many tables it anchors."""
    lists: dict[int, int] = {}  # the number of the last list by level
    for n, (tag, level, _) in enumerate(records):
        if tag == _LIST:
            lists[level] = n
        if tag != _PARAGRAPH:
            continue
        text, shapes, commands, tables = b"", b"", [], 0
        for inner, depth, content in records[n + 1 :]:
            if depth <= level:
                break
            if depth == level + 1 and inner == _TEXT:
                text = content
            elif depth == level + 1 and inner == _CHAR_SHAPES:
                shapes = content
            elif depth == level + 1 and inner == _CONTROL:
                commands.append(_read_link(content))
                tables += content[:4] == b" lbt"
        yield _read_paragraph(text, shapes, commands, struck), (lists.get(level, -1), tables)


def _group_cells(found: list[tuple[RawParagraph, Place]]) -> list[tuple[str | None, ...]]:
    """The cells that have tables in them, as words and None for each table."""
    cells: dict[int, list[str | None]] = {}
    for paragraph, (cell, tables) in found:
        words = [paragraph.words.strip()] if paragraph.words.strip() else []
        cells.setdefault(cell, []).extend([*words, *[None] * tables])
    return [tuple(parts) for cell, parts in cells.items() if cell >= 0 and None in parts]


def _read_link(control: bytes) -> str:
    """The address in a control; "" for one that is no link."""
    if control[:4] != b"klh%":
        return ""
    (length,) = struct.unpack_from("<H", control, 9)
    return parse_link_command(control[11 : 11 + 2 * length].decode("utf-16-le", "replace"))


def _read_paragraph(
    text: bytes, shapes: bytes, addresses: list[str], struck: list[bool]
) -> RawParagraph:
    words: list[str] = []
    seen: list[str] = []
    left_out = LeftOut()
    fields: list[tuple[str, int]] = []
    looks = dict(struct.iter_unpack("<II", shapes[: len(shapes) // 8 * 8]))
    controls = iter(addresses)
    is_struck, at = False, 0
    codes = [code for (code,) in struct.iter_unpack("<H", text[: len(text) // 2 * 2])]
    while at < len(codes):
        code = codes[at]
        passed = range(at, at + (8 if code in _INLINE | _EXTENDED else 1))
        for place in passed:
            if place in looks:
                is_struck = looks[place] < len(struck) and struck[looks[place]]
        if code in _EXTENDED:
            address = next(controls, "")
            if code == _FIELD_BEGIN:
                fields.append((address, len(seen)))
        elif code == _FIELD_END and fields:
            address, begin = fields.pop()
            seen.append(format_address("".join(seen[begin:]), address))
        sign = _SIGNS.get(code, "" if code < 32 else chr(code))
        words.append(sign)
        if is_struck and sign.strip():
            left_out.leave_out("struck", sign)
        else:
            seen.append(sign)
            if sign.strip():
                left_out.keep()
        at = passed.stop
    return RawParagraph(_join(words), _join(seen), tuple(left_out.struck))


def _join(signs: list[str]) -> str:
    """The signs as text; letters beyond the basic plane are stored as two."""
    return "".join(signs).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
