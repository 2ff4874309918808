"""Word documents: headings from styles, and numbers that Word shows but does not store.

See docs/decisions/0020-hwpx-hwpml-docx-read-with-own-xml-walk.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zipfile import ZipFile

from ingest.errors import Unreadable
from ingest.formats.left_out import LeftOut
from ingest.formats.office import xml, zip_xml
from ingest.formats.office.numbering import NumberFormat, Numbering
from ingest.formats.office.word_content import HIDDEN_TAGS, WordParagraph, mark_addresses
from ingest.formats.office.word_runs import RunStyles, get_attribute
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


def read_docx(data: bytes) -> ReadFile:
    """The Markdown of a DOCX file and its properties. Raises Unreadable if it is damaged."""
    properties = zip_xml.read_office_properties(data)
    with zip_xml.open_zip(data) as archive:
        walk = _WordWalker(archive)
        body = xml.find_children(_read_part(archive, "document"), "body")
    if not body:
        raise Unreadable("text_missing")
    markdown = render_document(walk.read_blocks(body[0]))
    return ReadFile(markdown, properties, walk.left_out.list_remarks())


class _WordWalker:
    """Walks through one document, counting its numbered paragraphs."""

    def __init__(self, archive: ZipFile) -> None:
        styles = _read_part(archive, "styles")
        self._styles = _read_styles(styles)
        self._run_styles = RunStyles(styles)
        self.left_out = LeftOut()
        bullets, forms = _read_numberings(_read_part(archive, "numbering"))
        self._bullets, self._numbering = bullets, Numbering(forms)
        notes = [*_read_part(archive, "footnotes"), *_read_part(archive, "endnotes")]
        self._notes = {
            (xml.get_local_name(note), get_attribute(note, "id")): note for note in notes
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
            elif name not in HIDDEN_TAGS:  # content controls and the like
                yield from self.read_blocks(child)

    def _read_paragraph(self, paragraph: xml.Element) -> Iterator[Block]:
        content = WordParagraph(paragraph, self._run_styles, self.left_out)
        text = content.text
        if text or content.is_struck:  # a struck paragraph keeps its number
            block = self._build_block(paragraph, text)
            yield block if text else ""
        for element in content.anchored:
            kind = xml.get_local_name(element).removesuffix("Reference")
            if kind == "txbxContent":
                yield from self.read_blocks(element)
            else:
                yield from self.read_blocks(
                    self._notes.get((kind, get_attribute(element, "id")), ())
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
        rows = [
            _find_cells(row)
            for row in xml.find_children(element, "tr")
            if not _is_deleted(row, "tr")
        ]
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


def _find_cells(row: xml.Element) -> list[xml.Element]:
    """The cells of a row, including those in content controls."""
    cells: list[xml.Element] = []
    for child in row:
        if xml.get_local_name(child) == "tc":
            if not _is_deleted(child, "tc"):
                cells.append(child)
        elif xml.get_local_name(child) in ("sdt", "sdtContent", "ins"):
            cells += _find_cells(child)
    return cells


def _is_deleted(element: xml.Element, kind: str) -> bool:
    """Whether a row or cell ("tr", "tc") is deleted in a tracked change."""
    return any(
        xml.find_children(properties, "del", "cellDel")
        for properties in xml.find_children(element, f"{kind}Pr")
    )


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
    return {xml.get_local_name(child): get_attribute(child, "val") for child in element}


def _read_styles(part: xml.Element) -> Mapping[str, ParagraphStyle]:
    return {
        get_attribute(style, "styleId"): _read_style(style)
        for style in xml.find_children(part, "style")
    }


def _read_numberings(
    part: xml.Element,
) -> tuple[set[tuple[str, int]], dict[tuple[str, int], NumberFormat]]:
    """The bullets, and the formats of the other numberings, by id and level."""
    abstract = {
        get_attribute(definition, "abstractNumId"): definition
        for definition in xml.find_children(part, "abstractNum")
    }
    bullets: set[tuple[str, int]] = set()
    forms: dict[tuple[str, int], NumberFormat] = {}
    for number in xml.find_children(part, "num"):
        for reference in xml.find_children(number, "abstractNumId"):
            for level in xml.find_children(
                abstract.get(get_attribute(reference, "val"), ()), "lvl"
            ):
                key = get_attribute(number, "numId"), int(get_attribute(level, "ilvl") or 0)
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


def _read_part(archive: ZipFile, name: str) -> xml.Element:
    """The root of a part of the document; an empty tuple if it is missing."""
    path, links = f"word/{name}.xml", f"word/_rels/{name}.xml.rels"
    names = archive.namelist()
    if path not in names:
        return ()
    part = xml.parse_xml(zip_xml.read_part(archive, path))
    if links in names:
        mark_addresses(part, xml.parse_xml(zip_xml.read_part(archive, links)))
    return part
