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
    collapse_whitespace,
    escape_text,
    flatten_block,
    render_document,
    render_item,
    render_table,
)
from ingest.formats.numbering import NumberFormat, Numbering

_CHARACTER_TAGS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# What was deleted, what a program computes, and the second of two versions for old programs.
_HIDDEN_TAGS = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr"})
_NUMBER_FORMATS = {
    "ganada": "HANGUL_SYLLABLE", "chosung": "HANGUL_JAMO", "koreanDigital": "HANGUL_PHONETIC",
    "decimalEnclosedCircle": "CIRCLED_DIGIT", "lowerLetter": "LATIN_SMALL",
    "upperLetter": "LATIN_CAPITAL", "lowerRoman": "ROMAN_SMALL", "upperRoman": "ROMAN_CAPITAL",
}  # fmt: skip
BODY_TEXT_LEVEL = 9  # Word's outline level for what is no heading


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a style says of its paragraphs, where it says it."""

    name: str
    based_on: str
    outline: int | None
    numbering: tuple[str, int] | None


def read_docx(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a DOCX file and its properties. Raises Unreadable."""
    properties = zip_xml.read_office_properties(data)
    with zip_xml.open_zip(data) as archive:
        walk = _WordWalker(archive)
        body = xml.find_children(_read_part(archive, "document"), "body")
    if not body:
        raise Unreadable("text_missing")
    return render_document(walk.read_blocks(body[0])), properties


class _WordWalker:
    """Goes through the body of one document."""

    def __init__(self, archive: ZipFile) -> None:
        self._styles = _read_styles(_read_part(archive, "styles"))
        bullets, forms = _read_numberings(_read_part(archive, "numbering"))
        self._bullets, self._numbering = bullets, Numbering(forms)
        notes = [*_read_part(archive, "footnotes"), *_read_part(archive, "endnotes")]
        self._notes = {
            (xml.get_local_name(note), _get_attribute(note, "id")): note for note in notes
        }
        self._above = 0  # headings of the first level stand below a title

    def read_blocks(self, element: xml.Element) -> Iterator[Block]:
        """The blocks of a body, a cell, a box or a note."""
        for child in element:
            name = xml.get_local_name(child)
            if name == "p":
                yield from self._read_paragraph(child)
            elif name == "tbl":
                yield from self._read_table(child)
            elif name not in _HIDDEN_TAGS:  # content controls and the like
                yield from self.read_blocks(child)

    def _read_paragraph(self, paragraph: xml.Element) -> Iterator[Block]:
        parts: list[str] = []
        hanging: list[xml.Element] = []
        _collect_text(paragraph, parts, hanging)
        text = "".join(parts).strip()
        if text:
            yield self._build_block(paragraph, text)
        for one in hanging:
            kind = xml.get_local_name(one).removesuffix("Reference")
            found = (
                self._notes.get((kind, _get_attribute(one, "id"))) if kind != "txbxContent" else one
            )
            yield from self.read_blocks(found if found is not None else ())

    def _build_block(self, paragraph: xml.Element, text: str) -> Block:
        own = _read_style(paragraph)
        chain = [own, *self._follow_base_styles(own.based_on)]
        if any(style.name == "Title" for style in chain):
            self._above = 1
            return Heading(1, text)
        numbering = next((one.numbering for one in chain if one.numbering), None)
        label = self._numbering.next_label(*numbering) if numbering else ""
        outline = next((one.outline for one in chain if one.outline is not None), BODY_TEXT_LEVEL)
        if outline < BODY_TEXT_LEVEL:
            return Heading(outline + 1 + self._above, collapse_whitespace(f"{label} {text}"))
        if numbering in self._bullets or label:
            return render_item(text, numbering[1] if numbering else 0, label or "-")
        return escape_text(text)

    def _follow_base_styles(self, id: str) -> Iterator[ParagraphStyle]:
        """A style and those it is based on; a ring of them ends."""
        seen: set[str] = set()
        while id in self._styles and id not in seen:
            seen.add(id)
            yield self._styles[id]
            id = self._styles[id].based_on

    def _read_table(self, element: xml.Element) -> Iterator[Block]:
        rows = [_find_cells(row) for row in xml.find_children(element, "tr")]
        if sum(map(len, rows)) == 1:  # a frame around text
            yield from self.read_blocks(rows[0][0])
            return
        above: dict[int, str] = {}
        written = []
        for row in rows:
            cells: list[Cell] = []
            column = 0
            for cell in row:
                wide, goes_on = _read_cell_span(cell)
                text = "\n".join(map(flatten_block, self.read_blocks(cell)))
                above[column] = above.get(column, "") if goes_on else text
                cells.append(Cell(above[column], columns=wide))
                column += wide
            written.append(cells)
        yield render_table(written)


def _collect_text(element: xml.Element, parts: list[str], hanging: list[xml.Element]) -> None:
    """A paragraph's own text, and the notes and boxes that hang in it."""
    for child in element:
        name = xml.get_local_name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name in _CHARACTER_TAGS:
            parts.append(_CHARACTER_TAGS[name])
        elif name in ("footnoteReference", "endnoteReference", "txbxContent"):
            hanging.append(child)
        elif name not in _HIDDEN_TAGS:
            _collect_text(child, parts, hanging)


def _find_cells(row: xml.Element) -> list[xml.Element]:
    """The cells of a row, those in content controls too."""
    found: list[xml.Element] = []
    for child in row:
        if xml.get_local_name(child) == "tc":
            found.append(child)
        elif xml.get_local_name(child) in ("sdt", "sdtContent", "ins"):
            found += _find_cells(child)
    return found


def _read_cell_span(cell: xml.Element) -> tuple[int, bool]:
    """Over how many columns a cell reaches, and whether it goes on from the row above."""
    about = next(iter(xml.find_children(cell, "tcPr")), ())
    spans = {xml.get_local_name(one): _get_attribute(one, "val") for one in about}
    wide = spans.get("gridSpan", "1")
    return int(wide) if wide.isdigit() else 1, spans.get("vMerge", "restart") != "restart"


def _read_style(element: xml.Element) -> ParagraphStyle:
    """What a paragraph or a style says of itself."""
    about = next(iter(xml.find_children(element, "pPr")), ())
    said = {xml.get_local_name(one): one for one in about}
    numbering = None
    if "numPr" in said:
        inner = {xml.get_local_name(one): _get_attribute(one, "val") for one in said["numPr"]}
        numbering = inner.get("numId", "0"), int(inner.get("ilvl") or 0)
    outline = _get_attribute(said["outlineLvl"], "val") if "outlineLvl" in said else ""
    named = {xml.get_local_name(one): _get_attribute(one, "val") for one in element}
    base = _get_attribute(said["pStyle"], "val") if "pStyle" in said else named.get("basedOn", "")
    return ParagraphStyle(named.get("name", ""), base, int(outline) if outline else None, numbering)


def _read_styles(part: xml.Element) -> Mapping[str, ParagraphStyle]:
    return {
        _get_attribute(one, "styleId"): _read_style(one) for one in xml.find_children(part, "style")
    }


def _read_numberings(
    part: xml.Element,
) -> tuple[set[tuple[str, int]], dict[tuple[str, int], NumberFormat]]:
    """Which numberings are bullets, and how the others are written."""
    abstract = {
        _get_attribute(one, "abstractNumId"): one for one in xml.find_children(part, "abstractNum")
    }
    bullets: set[tuple[str, int]] = set()
    forms: dict[tuple[str, int], NumberFormat] = {}
    for number in xml.find_children(part, "num"):
        for reference in xml.find_children(number, "abstractNumId"):
            for level in xml.find_children(
                abstract.get(_get_attribute(reference, "val"), ()), "lvl"
            ):
                key = _get_attribute(number, "numId"), int(_get_attribute(level, "ilvl") or 0)
                said = {xml.get_local_name(one): _get_attribute(one, "val") for one in level}
                kind = said.get("numFmt", "decimal")
                if kind == "bullet":
                    bullets.add(key)
                elif kind != "none":
                    text = said.get("lvlText", "").replace("%", "^")
                    forms[key] = NumberFormat(
                        text, _NUMBER_FORMATS.get(kind, "DIGIT"), int(said.get("start") or 1)
                    )
    return bullets, forms


def _get_attribute(element: xml.Element, name: str) -> str:
    """An attribute, whatever its namespace."""
    found = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return str(next(found, ""))


def _read_part(archive: ZipFile, name: str) -> xml.Element:
    """A part of the document; nothing where it has none."""
    path = f"word/{name}.xml"
    return xml.parse_xml(zip_xml.read_part(archive, path)) if path in archive.namelist() else ()
