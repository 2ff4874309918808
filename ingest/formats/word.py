"""Word documents: their styles say what is a heading, their numbering what Word only shows."""

from __future__ import annotations

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

_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# What was deleted, what a program computes, and the second of two versions for old programs.
_HIDDEN = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr"})
_FORMS = {
    "ganada": "HANGUL_SYLLABLE", "chosung": "HANGUL_JAMO", "koreanDigital": "HANGUL_PHONETIC",
    "decimalEnclosedCircle": "CIRCLED_DIGIT", "lowerLetter": "LATIN_SMALL",
    "upperLetter": "LATIN_CAPITAL", "lowerRoman": "ROMAN_SMALL", "upperRoman": "ROMAN_CAPITAL",
}  # fmt: skip
BODY = 9  # Word's outline level for what is no heading


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of its paragraphs, where it says it."""

    name: str
    based_on: str
    outline: int | None
    numbering: tuple[str, int] | None


def read(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a DOCX file and its properties. Raises Unreadable."""
    properties = zip_xml.office(data)
    with zip_xml.opened(data) as archive:
        walk = _Walk(archive)
        body = xml.children(_part(archive, "document"), "body")
    if not body:
        raise Unreadable("text_missing")
    return document(walk.blocks(body[0])), properties


class _Walk:
    """Goes through the body of one document."""

    def __init__(self, archive: ZipFile) -> None:
        self._styles = _styles(_part(archive, "styles"))
        bullets, forms = _numberings(_part(archive, "numbering"))
        self._bullets, self._numbering = bullets, Numbering(forms)
        notes = [*_part(archive, "footnotes"), *_part(archive, "endnotes")]
        self._notes = {(xml.name(note), _get(note, "id")): note for note in notes}
        self._above = 0  # headings of the first level stand below a title

    def blocks(self, element: xml.Element) -> Iterator[Block]:
        """The blocks of a body, a cell, a box or a note."""
        for child in element:
            name = xml.name(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from self._table(child)
            elif name not in _HIDDEN:  # content controls and the like
                yield from self.blocks(child)

    def _paragraph(self, paragraph: xml.Element) -> Iterator[Block]:
        parts: list[str] = []
        hanging: list[xml.Element] = []
        _collect(paragraph, parts, hanging)
        text = "".join(parts).strip()
        if text:
            yield self._written(paragraph, text)
        for one in hanging:
            kind = xml.name(one).removesuffix("Reference")
            found = self._notes.get((kind, _get(one, "id"))) if kind != "txbxContent" else one
            yield from self.blocks(found if found is not None else ())

    def _written(self, paragraph: xml.Element, text: str) -> Block:
        own = _style(paragraph)
        chain = [own, *self._chain(own.based_on)]
        if any(style.name == "Title" for style in chain):
            self._above = 1
            return Heading(1, text)
        numbering = next((one.numbering for one in chain if one.numbering), None)
        label = self._numbering.next(*numbering) if numbering else ""
        outline = next((one.outline for one in chain if one.outline is not None), BODY)
        if outline < BODY:
            return Heading(outline + 1 + self._above, one_line(f"{label} {text}"))
        if numbering in self._bullets or label:
            return item(text, numbering[1] if numbering else 0, label or "-")
        return plain(text)

    def _chain(self, id: str) -> Iterator[Style]:
        """A style and those it is based on; a ring of them ends."""
        seen: set[str] = set()
        while id in self._styles and id not in seen:
            seen.add(id)
            yield self._styles[id]
            id = self._styles[id].based_on

    def _table(self, element: xml.Element) -> Iterator[Block]:
        rows = [_cells(row) for row in xml.children(element, "tr")]
        if sum(map(len, rows)) == 1:  # a frame around text
            yield from self.blocks(rows[0][0])
            return
        above: dict[int, str] = {}
        written = []
        for row in rows:
            cells: list[Cell] = []
            column = 0
            for cell in row:
                wide, goes_on = _reach(cell)
                text = "\n".join(map(flat, self.blocks(cell)))
                above[column] = above.get(column, "") if goes_on else text
                cells.append(Cell(above[column], columns=wide))
                column += wide
            written.append(cells)
        yield table(written)


def _collect(element: xml.Element, parts: list[str], hanging: list[xml.Element]) -> None:
    """A paragraph's own text, and the notes and boxes that hang in it."""
    for child in element:
        name = xml.name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name in _SIGNS:
            parts.append(_SIGNS[name])
        elif name in ("footnoteReference", "endnoteReference", "txbxContent"):
            hanging.append(child)
        elif name not in _HIDDEN:
            _collect(child, parts, hanging)


def _cells(row: xml.Element) -> list[xml.Element]:
    """The cells of a row, those in content controls too."""
    found: list[xml.Element] = []
    for child in row:
        if xml.name(child) == "tc":
            found.append(child)
        elif xml.name(child) in ("sdt", "sdtContent", "ins"):
            found += _cells(child)
    return found


def _reach(cell: xml.Element) -> tuple[int, bool]:
    """Over how many columns a cell reaches, and whether it goes on from the row above."""
    about = next(iter(xml.children(cell, "tcPr")), ())
    spans = {xml.name(one): _get(one, "val") for one in about}
    wide = spans.get("gridSpan", "1")
    return int(wide) if wide.isdigit() else 1, spans.get("vMerge", "restart") != "restart"


def _style(element: xml.Element) -> Style:
    """What a paragraph or a style says of itself."""
    about = next(iter(xml.children(element, "pPr")), ())
    said = {xml.name(one): one for one in about}
    numbering = None
    if "numPr" in said:
        inner = {xml.name(one): _get(one, "val") for one in said["numPr"]}
        numbering = inner.get("numId", "0"), int(inner.get("ilvl") or 0)
    outline = _get(said["outlineLvl"], "val") if "outlineLvl" in said else ""
    named = {xml.name(one): _get(one, "val") for one in element}
    base = _get(said["pStyle"], "val") if "pStyle" in said else named.get("basedOn", "")
    return Style(named.get("name", ""), base, int(outline) if outline else None, numbering)


def _styles(part: xml.Element) -> Mapping[str, Style]:
    return {_get(one, "styleId"): _style(one) for one in xml.children(part, "style")}


def _numberings(part: xml.Element) -> tuple[set[tuple[str, int]], dict[tuple[str, int], Form]]:
    """Which numberings are bullets, and how the others are written."""
    abstract = {_get(one, "abstractNumId"): one for one in xml.children(part, "abstractNum")}
    bullets: set[tuple[str, int]] = set()
    forms: dict[tuple[str, int], Form] = {}
    for number in xml.children(part, "num"):
        for reference in xml.children(number, "abstractNumId"):
            for level in xml.children(abstract.get(_get(reference, "val"), ()), "lvl"):
                key = _get(number, "numId"), int(_get(level, "ilvl") or 0)
                said = {xml.name(one): _get(one, "val") for one in level}
                kind = said.get("numFmt", "decimal")
                if kind == "bullet":
                    bullets.add(key)
                elif kind != "none":
                    text = said.get("lvlText", "").replace("%", "^")
                    forms[key] = Form(text, _FORMS.get(kind, "DIGIT"), int(said.get("start") or 1))
    return bullets, forms


def _get(element: xml.Element, name: str) -> str:
    """An attribute, whatever its namespace."""
    found = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return str(next(found, ""))


def _part(archive: ZipFile, name: str) -> xml.Element:
    """A part of the document; nothing where it has none."""
    path = f"word/{name}.xml"
    return xml.parse(zip_xml.part(archive, path)) if path in archive.namelist() else ()
