"""HWPX and HWPML: documents of Hangul as zipped or plain XML.

See docs/decisions/0020-hwpx-hwpml-docx-read-with-own-xml-walk.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zipfile import ZipFile

from ingest.errors import Unreadable
from ingest.formats.office import xml, zip_xml
from ingest.formats.office.numbering import NumberFormat, Numbering
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

HEADING_MAX_CHARACTERS = 100  # longer numbered paragraphs are text
_SECTION_PART = re.compile(r"Contents/section(\d+)\.xml")
_CHARACTER_TAGS = {
    "linebreak": "\n", "tab": "\t", "nbspace": " ", "fwspace": " ", "hyphen": "-",
}  # fmt: skip
_INLINE_TAGS = frozenset({"t", "text", "char", "run", "ctrl"})
_HIDDEN_TAGS = frozenset(
    {"header", "footer", "hiddencomment", "memo", "fieldbegin", "secpr", "secdef", "colpr"}
)
_PROPERTIES = {"creator": "author", "CreatedDate": "created", "ModifiedDate": "modified"}


@dataclass(frozen=True, slots=True)
class ParagraphShape:
    """A kind of paragraph in the header: OUTLINE, NUMBER, BULLET or NONE, with numbering and level."""

    kind: str
    numbering: str
    level: int


def read_hwpx(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a HWPX file and its properties. Raises Unreadable if it is damaged or locked."""
    with zip_xml.open_zip(data) as archive:
        names = archive.namelist()
        _refuse_encrypted(archive, names)
        sections = sorted(filter(_SECTION_PART.fullmatch, names), key=_parse_section_number)
        if not sections:
            raise Unreadable("text_missing")
        header = "Contents/header.xml"
        head = xml.parse_xml(zip_xml.read_part(archive, header)) if header in names else None
        walk = _HwpxWalker(head)
        roots = [xml.parse_xml(zip_xml.read_part(archive, name)) for name in sections]
        blocks = [block for root in roots for block in walk.read_section(root)]
        about = "Contents/content.hpf"
        properties = _read_properties(zip_xml.read_part(archive, about)) if about in names else {}
    return render_document(blocks), properties


def read_hwpml(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of an HWPML file (plain XML) and its properties. Raises Unreadable."""
    root = xml.parse_xml(data)
    walk = _HwpxWalker(root)
    sections = xml.find_descendants(root, "SECTION")
    names = {"TITLE": "title", "AUTHOR": "author", "DATE": "created"}
    summary = xml.find_descendants(root, *names)
    properties = {names[xml.get_local_name(entry)]: (entry.text or "").strip() for entry in summary}
    blocks = [block for section in sections for block in walk.read_section(section)]
    return render_document(blocks), {key: value for key, value in properties.items() if value}


def is_heading(text: str) -> bool:
    """Whether a numbered paragraph of the outline is a heading rather than a sentence."""
    return len(text) <= HEADING_MAX_CHARACTERS and not text.rstrip().endswith((".", "다", "요"))


class _HwpxWalker:
    """Walks through the sections of a document, counting numbered paragraphs across them."""

    def __init__(self, head: xml.Element | None) -> None:
        self._numbering = Numbering({} if head is None else _read_numberings(head))
        self._outline = "1"
        self._shapes = {} if head is None else _read_shapes(head)

    def read_section(self, root: xml.Element) -> Iterator[Block]:
        """The blocks of one section."""
        for section in xml.find_descendants(root, "secPr", "SECDEF"):
            own = section.get("outlineShapeIDRef") or section.get("OutlineShape")
            self._outline = own or self._outline
        for paragraph in xml.find_children(root, "p", "P"):
            yield from self._read_paragraph(paragraph)

    def _read_paragraph(self, paragraph: xml.Element) -> Iterator[Block]:
        """The text of a paragraph, then the tables, boxes and notes anchored in it."""
        text, anchored = _collect_content(paragraph)
        kind = paragraph.get("paraPrIDRef") or paragraph.get("ParaShape") or ""
        if text.strip():
            yield self._build_block(text, self._shapes.get(kind))
        for element in anchored:
            if xml.get_local_name(element).lower() in ("tbl", "table"):
                yield from self._read_table(element)
            else:
                yield from self._read_inner_paragraphs(element)

    def _read_inner_paragraphs(self, element: xml.Element) -> Iterator[Block]:
        """The paragraphs of a box, a note, a caption or a cell."""
        if xml.get_local_name(element) in ("p", "P"):
            yield from self._read_paragraph(element)
            return
        for child in element:
            if xml.get_local_name(child).lower() not in _HIDDEN_TAGS:
                yield from self._read_inner_paragraphs(child)

    def _build_block(self, text: str, shape: ParagraphShape | None) -> Block:
        if shape is None or shape.kind == "NONE":
            return escape_text(text.strip())
        if shape.kind == "BULLET":
            return render_item(text, shape.level)
        outline = shape.kind == "OUTLINE"
        label = self._numbering.next_label(
            self._outline if outline else shape.numbering, shape.level
        )
        line = collapse_whitespace(f"{label} {text}")
        return Heading(shape.level + 1, line) if outline and is_heading(line) else escape_text(line)

    def _read_table(self, element: xml.Element) -> Iterator[Block]:
        for caption in xml.find_children(element, "caption", "CAPTION"):
            yield from self._read_inner_paragraphs(caption)
        rows = xml.find_children(element, "tr", "ROW")
        cells = [xml.find_children(row, "tc", "CELL") for row in rows]
        if sum(map(len, cells)) == 1:  # a frame around text
            yield from self._read_inner_paragraphs(cells[0][0])
            return
        yield render_table([[self._read_cell(cell) for cell in row] for row in cells])

    def _read_cell(self, cell: xml.Element) -> Cell:
        texts = map(flatten_block, self._read_inner_paragraphs(cell))
        span = (xml.find_children(cell, "cellSpan") or [cell])[0]
        return Cell(
            "\n".join(texts),
            int(span.get("rowSpan") or span.get("RowSpan") or 1),
            int(span.get("colSpan") or span.get("ColSpan") or 1),
        )


def _collect_content(paragraph: xml.Element) -> tuple[str, list[xml.Element]]:
    """The text of a paragraph, and the elements in it that contain paragraphs."""
    parts: list[str] = []
    anchored: list[xml.Element] = []

    def walk(element: xml.Element) -> None:
        for child in element:
            name = xml.get_local_name(child).lower()
            if name in _CHARACTER_TAGS:
                parts.append(_CHARACTER_TAGS[name] + (child.text or ""))
            elif name in ("t", "char"):
                parts.append(child.text or "")
                walk(child)
            elif name in ("script", "equation") and not xml.find_descendants(child, "p", "P"):
                parts.extend(
                    script.text or "" for script in xml.find_descendants(child, "script", "SCRIPT")
                )
            elif name in _INLINE_TAGS:
                walk(child)
            elif name not in _HIDDEN_TAGS and xml.find_descendants(child, "p", "P"):
                anchored.append(child)
            if name in _CHARACTER_TAGS or xml.get_local_name(element).lower() in ("t", "char"):
                parts.append(child.tail or "")

    walk(paragraph)
    return "".join(parts), anchored


def _read_numberings(head: xml.Element) -> dict[tuple[str, int], NumberFormat]:
    forms = {}
    for numbering in xml.find_descendants(head, "numbering", "NUMBERING"):
        own = str(numbering.get("id") or numbering.get("Id"))
        for entry in xml.find_children(numbering, "paraHead", "PARAHEAD"):
            level = int(entry.get("level") or entry.get("Level") or 1) - 1
            digits = str(entry.get("numFormat") or entry.get("NumFormat") or "DIGIT").upper()
            first = int(entry.get("start") or entry.get("Start") or 1)
            forms[own, level] = NumberFormat("".join(entry.itertext()), digits, first)
    return forms


def _read_shapes(head: xml.Element) -> Mapping[str, ParagraphShape]:
    shapes = {}
    for shape in xml.find_descendants(head, "paraPr"):
        for heading in xml.find_children(shape, "heading"):
            kind, level = str(heading.get("type", "NONE")), int(heading.get("level") or 0)
            shapes[str(shape.get("id"))] = ParagraphShape(kind, str(heading.get("idRef")), level)
    for shape in xml.find_descendants(head, "PARASHAPE"):
        kind = str(shape.get("HeadingType", "None")).upper()
        level, numbering = int(shape.get("Level") or 0), str(shape.get("Heading"))
        shapes[str(shape.get("Id"))] = ParagraphShape(kind, numbering, level)
    return shapes


def _refuse_encrypted(archive: ZipFile, names: list[str]) -> None:
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in zip_xml.read_part(archive, manifest):
        raise Unreadable("locked")


def _parse_section_number(name: str) -> int:
    match = _SECTION_PART.fullmatch(name)
    return int(match.group(1)) if match else 0


def _read_properties(about: bytes) -> dict[str, str]:
    properties = {}
    for entry in xml.find_descendants(xml.parse_xml(about), "title", "meta"):
        is_title = xml.get_local_name(entry) == "title"
        key = "title" if is_title else _PROPERTIES.get(str(entry.get("name")))
        if key and (entry.text or "").strip():
            properties[key] = str(entry.text).strip()
    return properties
