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
    document,
    flat,
    item,
    one_line,
    plain,
    table,
)
from ingest.formats.numbering import Form, Numbering

HEADING_LENGTH = 100  # characters; a numbered paragraph longer than this, or a sentence, is text
_SECTION = re.compile(r"Contents/section(\d+)\.xml")
_SIGNS = {
    "linebreak": "\n", "tab": "\t", "nbspace": " ", "fwspace": " ", "hyphen": "-",
}  # fmt: skip
_INNER = frozenset({"t", "text", "char", "run", "ctrl"})
_HIDDEN = frozenset(
    {"header", "footer", "hiddencomment", "memo", "fieldbegin", "secpr", "secdef", "colpr"}
)
_PROPERTIES = {"creator": "author", "CreatedDate": "created", "ModifiedDate": "modified"}


@dataclass(frozen=True, slots=True)
class Shape:
    """What the header says of a kind of paragraph: outline, number, bullet or none."""

    kind: str
    numbering: str
    level: int


def read(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a HWPX file and its properties. Raises Unreadable."""
    with zip_xml.opened(data) as archive:
        names = archive.namelist()
        _refuse_encrypted(archive, names)
        sections = sorted(filter(_SECTION.fullmatch, names), key=_number)
        if not sections:
            raise Unreadable("text_missing")
        header = "Contents/header.xml"
        head = xml.parse(zip_xml.part(archive, header)) if header in names else None
        walk = _Walk(head)
        roots = [xml.parse(zip_xml.part(archive, name)) for name in sections]
        blocks = [block for root in roots for block in walk.section(root)]
        about = "Contents/content.hpf"
        said = _properties(zip_xml.part(archive, about)) if about in names else {}
    return document(blocks), said


def read_hwpml(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of an HWPML file (Hangul's plain XML) and its properties."""
    root = xml.parse(data)
    walk = _Walk(root)
    sections = xml.inside(root, "SECTION")
    names = {"TITLE": "title", "AUTHOR": "author", "DATE": "created"}
    summary = xml.inside(root, *names)
    said = {names[xml.name(one)]: (one.text or "").strip() for one in summary}
    blocks = [block for section in sections for block in walk.section(section)]
    return document(blocks), {key: value for key, value in said.items() if value}


def is_heading(text: str) -> bool:
    """Whether a numbered paragraph of the outline is a heading, and no sentence."""
    return len(text) <= HEADING_LENGTH and not text.rstrip().endswith((".", "다", "요"))


class _Walk:
    """Goes through sections; the numbers of paragraphs run on from one to the next."""

    def __init__(self, head: xml.Element | None) -> None:
        self._numbering = Numbering({} if head is None else _numberings(head))
        self._outline = "1"
        self._shapes = {} if head is None else _shapes(head)

    def section(self, root: xml.Element) -> Iterator[Block]:
        for section in xml.inside(root, "secPr", "SECDEF"):
            own = section.get("outlineShapeIDRef") or section.get("OutlineShape")
            self._outline = own or self._outline
        for paragraph in xml.children(root, "p", "P"):
            yield from self._paragraph(paragraph)

    def _paragraph(self, paragraph: xml.Element) -> Iterator[Block]:
        """A paragraph's text, then the tables, boxes and notes that hang in it."""
        text, hanging = _content(paragraph)
        kind = paragraph.get("paraPrIDRef") or paragraph.get("ParaShape") or ""
        if text.strip():
            yield self._written(text, self._shapes.get(kind))
        for one in hanging:
            if xml.name(one).lower() in ("tbl", "table"):
                yield from self._table(one)
            else:
                yield from self._inner(one)

    def _inner(self, element: xml.Element) -> Iterator[Block]:
        """The paragraphs of a box, a note, a caption or a cell."""
        if xml.name(element) in ("p", "P"):
            yield from self._paragraph(element)
            return
        for child in element:
            if xml.name(child).lower() not in _HIDDEN:
                yield from self._inner(child)

    def _written(self, text: str, shape: Shape | None) -> Block:
        if shape is None or shape.kind == "NONE":
            return plain(text.strip())
        if shape.kind == "BULLET":
            return item(text, shape.level)
        outline = shape.kind == "OUTLINE"
        label = self._numbering.next(self._outline if outline else shape.numbering, shape.level)
        line = one_line(f"{label} {text}")
        return Heading(shape.level + 1, line) if outline and is_heading(line) else plain(line)

    def _table(self, element: xml.Element) -> Iterator[Block]:
        for caption in xml.children(element, "caption", "CAPTION"):
            yield from self._inner(caption)
        rows = xml.children(element, "tr", "ROW")
        cells = [xml.children(row, "tc", "CELL") for row in rows]
        if sum(map(len, cells)) == 1:  # a frame around text
            yield from self._inner(cells[0][0])
            return
        yield table([[self._cell(cell) for cell in row] for row in cells])

    def _cell(self, cell: xml.Element) -> Cell:
        said = map(flat, self._inner(cell))
        span = (xml.children(cell, "cellSpan") or [cell])[0]
        return Cell(
            "\n".join(said),
            int(span.get("rowSpan") or span.get("RowSpan") or 1),
            int(span.get("colSpan") or span.get("ColSpan") or 1),
        )


def _content(paragraph: xml.Element) -> tuple[str, list[xml.Element]]:
    """A paragraph's own text, and the elements in it that hold paragraphs of their own."""
    parts: list[str] = []
    hanging: list[xml.Element] = []

    def walk(element: xml.Element) -> None:
        for child in element:
            name = xml.name(child).lower()
            if name in _SIGNS:
                parts.append(_SIGNS[name] + (child.text or ""))
            elif name in ("t", "char"):
                parts.append(child.text or "")
                walk(child)
            elif name in ("script", "equation") and not xml.inside(child, "p", "P"):
                parts.extend(one.text or "" for one in xml.inside(child, "script", "SCRIPT"))
            elif name in _INNER:
                walk(child)
            elif name not in _HIDDEN and xml.inside(child, "p", "P"):
                hanging.append(child)
            if name in _SIGNS or xml.name(element).lower() in ("t", "char"):
                parts.append(child.tail or "")

    walk(paragraph)
    return "".join(parts), hanging


def _numberings(head: xml.Element) -> dict[tuple[str, int], Form]:
    forms = {}
    for numbering in xml.inside(head, "numbering", "NUMBERING"):
        own = str(numbering.get("id") or numbering.get("Id"))
        for one in xml.children(numbering, "paraHead", "PARAHEAD"):
            level = int(one.get("level") or one.get("Level") or 1) - 1
            digits = str(one.get("numFormat") or one.get("NumFormat") or "DIGIT").upper()
            first = int(one.get("start") or one.get("Start") or 1)
            forms[own, level] = Form("".join(one.itertext()), digits, first)
    return forms


def _shapes(head: xml.Element) -> Mapping[str, Shape]:
    shapes = {}
    for one in xml.inside(head, "paraPr"):
        for heading in xml.children(one, "heading"):
            kind, level = str(heading.get("type", "NONE")), int(heading.get("level") or 0)
            shapes[str(one.get("id"))] = Shape(kind, str(heading.get("idRef")), level)
    for one in xml.inside(head, "PARASHAPE"):
        kind = str(one.get("HeadingType", "None")).upper()
        level, numbering = int(one.get("Level") or 0), str(one.get("Heading"))
        shapes[str(one.get("Id"))] = Shape(kind, numbering, level)
    return shapes


def _refuse_encrypted(archive: ZipFile, names: list[str]) -> None:
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in zip_xml.part(archive, manifest):
        raise Unreadable("locked")


def _number(name: str) -> int:
    found = _SECTION.fullmatch(name)
    return int(found.group(1)) if found else 0


def _properties(about: bytes) -> dict[str, str]:
    said = {}
    for one in xml.inside(xml.parse(about), "title", "meta"):
        key = "title" if xml.name(one) == "title" else _PROPERTIES.get(str(one.get("name")))
        if key and (one.text or "").strip():
            said[key] = str(one.text).strip()
    return said
