"""HWP 5, the format of Hangul since 2000. Only this module uses unhwp."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import unhwp

from ingest.errors import Unreadable
from ingest.formats.hangul.hwpx import is_heading
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

_LIST_SIGN = re.compile(r"\s*\S ")  # unhwp puts the sign of a list before its text
_PROPERTIES = ("title", "author", "created", "modified")


def read_hwp(data: bytes) -> tuple[str, dict[str, str]]:
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
    blocks = [block for section in tree["sections"] for block in _build_blocks(section["content"])]
    return render_document(blocks), {key: value for key, value in properties.items() if value}


def _build_blocks(content: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    for block in content:
        if "Paragraph" in block:
            yield _build_paragraph(block["Paragraph"])
        elif "Table" in block:
            yield from _build_table(block["Table"])


def _build_paragraph(paragraph: Mapping[str, Any]) -> Block:
    text = "".join(map(_read_inline_text, paragraph["content"]))
    head = paragraph["style"].get("head") or {}
    kind, level = head.get("kind"), int(head.get("level") or 0)
    if kind == "Bullet":
        sign = _LIST_SIGN.match(text)
        return render_item(text[sign.end() :] if sign else text, level)
    if kind == "Outline" and is_heading(collapse_whitespace(text)):
        return Heading(level + 1, text)
    return escape_text(text.strip())


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


def _build_table(table: Mapping[str, Any]) -> Iterator[Block]:
    cells = [cell for row in table["rows"] for cell in row["cells"]]
    if len(cells) == 1:  # a frame around text
        yield from map(_build_paragraph, cells[0]["content"])
        for inner in cells[0].get("nested_tables") or ():
            yield from _build_table(inner)
        return
    yield render_table([[_build_cell(cell) for cell in row["cells"]] for row in table["rows"]])


def _build_cell(cell: Mapping[str, Any]) -> Cell:
    inner = chain.from_iterable(map(_build_table, cell.get("nested_tables") or ()))
    texts = map(flatten_block, chain(map(_build_paragraph, cell["content"]), inner))
    return Cell("\n".join(texts), int(cell["rowspan"]), int(cell["colspan"]))
