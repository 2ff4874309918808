"""HWP 5, the format of Hangul since 2000. Only this module uses unhwp."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import unhwp

from ingest.errors import Unreadable
from ingest.formats.hangul.hwpx import is_heading
from ingest.formats.hangul.records import HwpRecords
from ingest.formats.left_out import LeftOut
from ingest.formats.office.numbering import DEFAULT_OUTLINE, OUTLINE_FORMS, Numbering
from ingest.formats.text.markdown import (
    Block,
    Cell,
    Heading,
    collapse_whitespace,
    escape_text,
    flatten_block,
    render_document,
    render_item,
    render_table,
)
from ingest.types import ReadFile

_LIST_SIGN = re.compile(r"\s*\S ")  # unhwp puts the sign of a list before its text
_SPACES = re.compile(" {2,}")
_PROPERTIES = ("title", "author", "created", "modified")


def read_hwp(data: bytes, records: HwpRecords) -> ReadFile:
    """The Markdown of a HWP 5 file and its properties.

    It is built from unhwp's tree: unhwp's own Markdown loses headings of the first level and adds
    backslashes to text that is quoted verbatim. Raises Unreadable if the file is damaged. See
    docs/decisions/0019-hwp5-read-with-unhwp-json-tree.md.
    """
    try:
        with unhwp.parse_bytes(data) as result:
            tree: dict[str, Any] = json.loads(result.json)
    except unhwp.UnhwpError as error:
        reason = str(error).removeprefix("Failed to parse bytes: ")
        raise Unreadable("damaged", why=reason) from error
    if tree.get("skipped_sections"):
        raise Unreadable("damaged", why="BodyText")
    properties = {key: str(tree["metadata"].get(key) or "").strip() for key in _PROPERTIES}
    walk = _HwpWalker(records)
    blocks = [
        block
        for number, section in enumerate(tree["sections"])
        for block in walk.read_section(number, section["content"])
    ]
    properties = {key: value for key, value in properties.items() if value}
    return ReadFile(render_document(blocks), properties, walk.left_out.list_remarks())


class _HwpWalker:
    """Walks through unhwp's tree, with what it lacks from the file's records."""

    def __init__(self, records: HwpRecords) -> None:
        self._records = records
        self._numbering = Numbering({**OUTLINE_FORMS, **records.forms})
        self._outline = DEFAULT_OUTLINE
        self._paragraphs = list(records.paragraphs)
        self.left_out = LeftOut()

    def read_section(self, number: int, content: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
        """The blocks of one section."""
        outlines = self._records.outlines
        self._outline = outlines[number] if number < len(outlines) else self._outline
        for block in content:
            if "Paragraph" in block:
                yield self._build_paragraph(block["Paragraph"])
            elif "Table" in block:
                yield from self._build_table(block["Table"])

    def _build_paragraph(self, paragraph: Mapping[str, Any]) -> Block:
        head = paragraph["style"].get("head") or {}
        kind, level = head.get("kind"), int(head.get("level") or 0)
        parts = paragraph["content"]
        text = "".join(map(_read_inline_text, parts))
        if kind == "Bullet":
            sign = _LIST_SIGN.match(text)
            return render_item(self._see(text[sign.end() :] if sign else text), level)
        if kind not in ("Outline", "Number") or not self._records.outlines:
            return escape_text(self._see(text).strip())
        words = "".join(map(_read_inline_text, parts[1:] if _is_label(parts) else parts))
        label = self._count(kind, str(head.get("id")), level) if words.strip() else ""
        seen = self._see(words).strip()
        line = f"{label} {seen}".strip() if seen else ""
        if kind == "Outline" and is_heading(collapse_whitespace(line)):
            return Heading(level + 1, line)
        return escape_text(line)

    def _count(self, kind: str, numbering: str, level: int) -> str:
        """The label of the next numbered paragraph."""
        if kind == "Outline":
            known = self._numbering.has(self._outline)
            numbering = self._outline if known else DEFAULT_OUTLINE
        return self._numbering.next_label(numbering, level)

    def _see(self, text: str) -> str:
        """The words of a paragraph that a reader sees, with the addresses behind them."""
        plain = collapse_whitespace(text)
        for number, raw in enumerate(self._paragraphs):
            if collapse_whitespace(raw.words) == plain:
                del self._paragraphs[number]
                for words in raw.struck:
                    self.left_out.leave_out("struck", words)
                    self.left_out.keep()
                return _SPACES.sub(" ", raw.seen) if raw.struck else raw.seen
        return text

    def _build_table(self, table: Mapping[str, Any]) -> Iterator[Block]:
        cells = [cell for row in table["rows"] for cell in row["cells"]]
        if len(cells) == 1:  # a frame around text
            yield from self._build_content(cells[0])
            return
        yield render_table(
            [[self._build_cell(cell) for cell in row["cells"]] for row in table["rows"]]
        )

    def _build_cell(self, cell: Mapping[str, Any]) -> Cell:
        texts = map(flatten_block, self._build_content(cell))
        return Cell("\n".join(texts), int(cell["rowspan"]), int(cell["colspan"]))

    def _build_content(self, cell: Mapping[str, Any]) -> Iterator[Block]:
        """The paragraphs of a cell and the tables in it, in the order of the file."""
        paragraphs, tables = list(cell["content"]), list(cell.get("nested_tables") or ())
        for part in self._find_order(paragraphs) if tables else ():
            if part is None and tables:
                yield from self._build_table(tables.pop(0))
            elif part is not None and paragraphs:
                yield self._build_paragraph(paragraphs.pop(0))
        yield from map(self._build_paragraph, paragraphs)
        for table in tables:
            yield from self._build_table(table)

    def _find_order(self, paragraphs: Sequence[Mapping[str, Any]]) -> tuple[str | None, ...]:
        """The cell of the records with these paragraphs; empty if there is none."""
        texts = [
            collapse_whitespace("".join(map(_read_inline_text, paragraph["content"])))
            for paragraph in paragraphs
        ]
        for parts in self._records.cells:
            words = [collapse_whitespace(part) for part in parts if part is not None]
            if words == [text for text in texts if text] and len(words) == len(texts):
                return parts
        return ()


def _is_label(parts: Sequence[Any]) -> bool:
    """Whether unhwp put its own number before a paragraph; it has no font."""
    first = parts[0] if len(parts) > 1 else None
    text = first.get("Text") if isinstance(first, Mapping) else None
    return isinstance(text, Mapping) and (text.get("style") or {}).get("font_name") is None


def _read_inline_text(part: Any) -> str:
    """The text of a part of a paragraph; a formula in Hangul's own notation."""
    if part == "LineBreak":
        return "\n"
    if not isinstance(part, Mapping):
        return ""
    inner = next(iter(part.values()))
    if isinstance(inner, Mapping):
        inner = inner.get("text") or inner.get("script")
    return inner if isinstance(inner, str) else ""
