"""HWPX and HWPML: Hangul's documents as XML, packed or plain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zipfile import ZipFile

from ingest.errors import Unreadable
from ingest.formats import xml, zip_xml
from ingest.formats.markdown import (
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
from ingest.formats.numbering import NumberFormat, Numbering

HEADING_MAX_CHARACTERS = (
    100  # characters; a numbered paragraph longer than this, or a sentence, is text
)
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
    """What the header says of a kind of paragraph: outline, number, bullet or none."""

    kind: str
    numbering: str
    level: int


def read_hwpx(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a HWPX file and its properties. Raises Unreadable."""
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
        said = _read_properties(zip_xml.read_part(archive, about)) if about in names else {}
    return render_document(blocks), said


def read_hwpml(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of an HWPML file (Hangul's plain XML) and its properties."""
    root = xml.parse_xml(data)
    walk = _HwpxWalker(root)
    sections = xml.find_descendants(root, "SECTION")
    names = {"TITLE": "title", "AUTHOR": "author", "DATE": "created"}
    summary = xml.find_descendants(root, *names)
    said = {names[xml.get_local_name(one)]: (one.text or "").strip() for one in summary}
    blocks = [block for section in sections for block in walk.read_section(section)]
    return render_document(blocks), {key: value for key, value in said.items() if value}


def is_heading(text: str) -> bool:
    """Whether a numbered paragraph of the outline is a heading, and no sentence."""
    return len(text) <= HEADING_MAX_CHARACTERS and not text.rstrip().endswith((".", "다", "요"))


class _HwpxWalker:
    """Goes through sections; the numbers of paragraphs run on from one to the next."""

    def __init__(self, head: xml.Element | None) -> None:
        self._numbering = Numbering({} if head is None else _read_numberings(head))
        self._outline = "1"
        self._shapes = {} if head is None else _read_shapes(head)

    def read_section(self, root: xml.Element) -> Iterator[Block]:
        for section in xml.find_descendants(root, "secPr", "SECDEF"):
            own = section.get("outlineShapeIDRef") or section.get("OutlineShape")
            self._outline = own or self._outline
        for paragraph in xml.find_children(root, "p", "P"):
            yield from self._read_paragraph(paragraph)

    def _read_paragraph(self, paragraph: xml.Element) -> Iterator[Block]:
        """A paragraph's text, then the tables, boxes and notes that hang in it."""
        text, hanging = _collect_content(paragraph)
        kind = paragraph.get("paraPrIDRef") or paragraph.get("ParaShape") or ""
        if text.strip():
            yield self._build_block(text, self._shapes.get(kind))
        for one in hanging:
            if xml.get_local_name(one).lower() in ("tbl", "table"):
                yield from self._read_table(one)
            else:
                yield from self._read_inner_paragraphs(one)

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
        said = map(flatten_block, self._read_inner_paragraphs(cell))
        span = (xml.find_children(cell, "cellSpan") or [cell])[0]
        return Cell(
            "\n".join(said),
            int(span.get("rowSpan") or span.get("RowSpan") or 1),
            int(span.get("colSpan") or span.get("ColSpan") or 1),
        )


def _collect_content(paragraph: xml.Element) -> tuple[str, list[xml.Element]]:
    """A paragraph's own text, and the elements in it that hold paragraphs of their own."""
    parts: list[str] = []
    hanging: list[xml.Element] = []

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
                    one.text or "" for one in xml.find_descendants(child, "script", "SCRIPT")
                )
            elif name in _INLINE_TAGS:
                walk(child)
            elif name not in _HIDDEN_TAGS and xml.find_descendants(child, "p", "P"):
                hanging.append(child)
            if name in _CHARACTER_TAGS or xml.get_local_name(element).lower() in ("t", "char"):
                parts.append(child.tail or "")

    walk(paragraph)
    return "".join(parts), hanging


def _read_numberings(head: xml.Element) -> dict[tuple[str, int], NumberFormat]:
    forms = {}
    for numbering in xml.find_descendants(head, "numbering", "NUMBERING"):
        own = str(numbering.get("id") or numbering.get("Id"))
        for one in xml.find_children(numbering, "paraHead", "PARAHEAD"):
            level = int(one.get("level") or one.get("Level") or 1) - 1
            digits = str(one.get("numFormat") or one.get("NumFormat") or "DIGIT").upper()
            first = int(one.get("start") or one.get("Start") or 1)
            forms[own, level] = NumberFormat("".join(one.itertext()), digits, first)
    return forms


def _read_shapes(head: xml.Element) -> Mapping[str, ParagraphShape]:
    shapes = {}
    for one in xml.find_descendants(head, "paraPr"):
        for heading in xml.find_children(one, "heading"):
            kind, level = str(heading.get("type", "NONE")), int(heading.get("level") or 0)
            shapes[str(one.get("id"))] = ParagraphShape(kind, str(heading.get("idRef")), level)
    for one in xml.find_descendants(head, "PARASHAPE"):
        kind = str(one.get("HeadingType", "None")).upper()
        level, numbering = int(one.get("Level") or 0), str(one.get("Heading"))
        shapes[str(one.get("Id"))] = ParagraphShape(kind, numbering, level)
    return shapes


def _refuse_encrypted(archive: ZipFile, names: list[str]) -> None:
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in zip_xml.read_part(archive, manifest):
        raise Unreadable("locked")


def _parse_section_number(name: str) -> int:
    found = _SECTION_PART.fullmatch(name)
    return int(found.group(1)) if found else 0


def _read_properties(about: bytes) -> dict[str, str]:
    said = {}
    for one in xml.find_descendants(xml.parse_xml(about), "title", "meta"):
        key = (
            "title" if xml.get_local_name(one) == "title" else _PROPERTIES.get(str(one.get("name")))
        )
        if key and (one.text or "").strip():
            said[key] = str(one.text).strip()
    return said
