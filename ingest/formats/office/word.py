"""Word documents: headings from styles, and numbers that Word shows but does not store.

See docs/decisions/0020-hwpx-hwpml-docx-read-with-own-xml-walk.md.
"""

from __future__ import annotations

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

_CHARACTER_TAGS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Deleted text, field codes, properties, and alternative content for old programs.
_HIDDEN_TAGS = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr"})
_NUMBER_FORMATS = {
    "ganada": "HANGUL_SYLLABLE", "chosung": "HANGUL_JAMO", "koreanDigital": "HANGUL_PHONETIC",
    "decimalEnclosedCircle": "CIRCLED_DIGIT", "lowerLetter": "LATIN_SMALL",
    "upperLetter": "LATIN_CAPITAL", "lowerRoman": "ROMAN_SMALL", "upperRoman": "ROMAN_CAPITAL",
}  # fmt: skip
BODY_TEXT_LEVEL = 9  # Word's outline level of body text


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style; `outline` and `numbering` (id, level) are None where it does not set them."""

    name: str
    based_on: str
    outline: int | None
    numbering: tuple[str, int] | None


def read_docx(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a DOCX file and its properties. Raises Unreadable if it is damaged."""
    properties = zip_xml.read_office_properties(data)
    with zip_xml.open_zip(data) as archive:
        walk = _WordWalker(archive)
        body = xml.find_children(_read_part(archive, "document"), "body")
    if not body:
        raise Unreadable("text_missing")
    return render_document(walk.read_blocks(body[0])), properties


class _WordWalker:
    """Walks through one document, counting its numbered paragraphs."""

    def __init__(self, archive: ZipFile) -> None:
        self._styles = _read_styles(_read_part(archive, "styles"))
        bullets, forms = _read_numberings(_read_part(archive, "numbering"))
        self._bullets, self._numbering = bullets, Numbering(forms)
        notes = [*_read_part(archive, "footnotes"), *_read_part(archive, "endnotes")]
        self._notes = {
            (xml.get_local_name(note), _get_attribute(note, "id")): note for note in notes
        }
        self._title_levels = 0  # 1 after a title: headings of the first level are below it

    def read_blocks(self, element: xml.Element) -> Iterator[Block]:
        """The blocks of a body, cell, box or note."""
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
        anchored: list[xml.Element] = []
        _collect_text(paragraph, parts, anchored)
        text = "".join(parts).strip()
        if text:
            yield self._build_block(paragraph, text)
        for element in anchored:
            kind = xml.get_local_name(element).removesuffix("Reference")
            if kind == "txbxContent":
                yield from self.read_blocks(element)
            else:
                yield from self.read_blocks(
                    self._notes.get((kind, _get_attribute(element, "id")), ())
                )

    def _build_block(self, paragraph: xml.Element, text: str) -> Block:
        own = _read_style(paragraph)
        chain = [own, *self._follow_base_styles(own.based_on)]
        if any(style.name == "Title" for style in chain):
            self._title_levels = 1
            return Heading(1, text)
        numbering = next((style.numbering for style in chain if style.numbering), None)
        label = self._numbering.next_label(*numbering) if numbering else ""
        outlines = (style.outline for style in chain if style.outline is not None)
        outline = next(outlines, BODY_TEXT_LEVEL)
        if outline < BODY_TEXT_LEVEL:
            return Heading(outline + 1 + self._title_levels, collapse_whitespace(f"{label} {text}"))
        if numbering in self._bullets or label:
            return render_item(text, numbering[1] if numbering else 0, label or "-")
        return escape_text(text)

    def _follow_base_styles(self, id: str) -> Iterator[ParagraphStyle]:
        """A style and those it is based on; a cycle of them ends."""
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
        table = []
        for row in rows:
            cells: list[Cell] = []
            column = 0
            for cell in row:
                width, continues = _read_cell_span(cell)
                text = "\n".join(map(flatten_block, self.read_blocks(cell)))
                above[column] = above.get(column, "") if continues else text
                cells.append(Cell(above[column], columns=width))
                column += width
            table.append(cells)
        yield render_table(table)


def _collect_text(element: xml.Element, parts: list[str], anchored: list[xml.Element]) -> None:
    """Append the text of a paragraph to `parts`, and the notes and boxes in it to `anchored`."""
    for child in element:
        name = xml.get_local_name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name in _CHARACTER_TAGS:
            parts.append(_CHARACTER_TAGS[name])
        elif name in ("footnoteReference", "endnoteReference", "txbxContent"):
            anchored.append(child)
        elif name not in _HIDDEN_TAGS:
            _collect_text(child, parts, anchored)


def _find_cells(row: xml.Element) -> list[xml.Element]:
    """The cells of a row, including those in content controls."""
    cells: list[xml.Element] = []
    for child in row:
        if xml.get_local_name(child) == "tc":
            cells.append(child)
        elif xml.get_local_name(child) in ("sdt", "sdtContent", "ins"):
            cells += _find_cells(child)
    return cells


def _read_cell_span(cell: xml.Element) -> tuple[int, bool]:
    """How many columns a cell spans, and whether it continues the cell above."""
    spans = _read_values(next(iter(xml.find_children(cell, "tcPr")), ()))
    width = spans.get("gridSpan", "1")
    return int(width) if width.isdigit() else 1, spans.get("vMerge", "restart") != "restart"


def _read_style(element: xml.Element) -> ParagraphStyle:
    """The style of a style definition, or the direct formatting of a paragraph."""
    children = next(iter(xml.find_children(element, "pPr")), ())
    properties = {xml.get_local_name(child): child for child in children}
    numbering = None
    if "numPr" in properties:
        number = _read_values(properties["numPr"])
        numbering = number.get("numId", "0"), int(number.get("ilvl") or 0)
    formatting, own = _read_values(children), _read_values(element)
    outline = formatting.get("outlineLvl", "")
    return ParagraphStyle(
        own.get("name", ""),
        formatting.get("pStyle", own.get("basedOn", "")),
        int(outline) if outline else None,
        numbering,
    )


def _read_values(element: xml.Element) -> dict[str, str]:
    """The `val` attributes of the children by their names."""
    return {xml.get_local_name(child): _get_attribute(child, "val") for child in element}


def _read_styles(part: xml.Element) -> Mapping[str, ParagraphStyle]:
    return {
        _get_attribute(style, "styleId"): _read_style(style)
        for style in xml.find_children(part, "style")
    }


def _read_numberings(
    part: xml.Element,
) -> tuple[set[tuple[str, int]], dict[tuple[str, int], NumberFormat]]:
    """The bullets, and the formats of the other numberings, by id and level."""
    abstract = {
        _get_attribute(definition, "abstractNumId"): definition
        for definition in xml.find_children(part, "abstractNum")
    }
    bullets: set[tuple[str, int]] = set()
    forms: dict[tuple[str, int], NumberFormat] = {}
    for number in xml.find_children(part, "num"):
        for reference in xml.find_children(number, "abstractNumId"):
            for level in xml.find_children(
                abstract.get(_get_attribute(reference, "val"), ()), "lvl"
            ):
                key = _get_attribute(number, "numId"), int(_get_attribute(level, "ilvl") or 0)
                values = _read_values(level)
                kind = values.get("numFmt", "decimal")
                if kind == "bullet":
                    bullets.add(key)
                elif kind != "none":
                    text = values.get("lvlText", "").replace("%", "^")
                    forms[key] = NumberFormat(
                        text, _NUMBER_FORMATS.get(kind, "DIGIT"), int(values.get("start") or 1)
                    )
    return bullets, forms


def _get_attribute(element: xml.Element, name: str) -> str:
    """The value of an attribute in any namespace; "" if it is missing."""
    values = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return str(next(values, ""))


def _read_part(archive: ZipFile, name: str) -> xml.Element:
    """The root of a part of the document; an empty tuple if it is missing."""
    path = f"word/{name}.xml"
    return xml.parse_xml(zip_xml.read_part(archive, path)) if path in archive.namelist() else ()
