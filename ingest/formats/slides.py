"""PowerPoint presentations (the one door to python-pptx): a page for every slide."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from pptx import Presentation
from pptx.exc import PythonPptxError

from ingest.errors import Unreadable
from ingest.formats import limits, zip_xml
from ingest.formats.markdown import Block, Cell, Heading, document, item, page, plain, table


def read(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a PPTX file and its properties. Raises Unreadable."""
    properties = zip_xml.office(data)
    try:
        slides = list(Presentation(io.BytesIO(data)).slides)
    except (PythonPptxError, KeyError, ValueError) as error:
        raise Unreadable("damaged", why=str(error)) from error
    if len(slides) > limits.PAGES:
        raise Unreadable("too_many_pages", count=len(slides), most=limits.PAGES)
    blocks = (block for number, slide in enumerate(slides, 1) for block in _slide(number, slide))
    return document(blocks), properties


def _slide(number: int, slide: Any) -> Iterator[Block]:
    yield page(number)
    title = slide.shapes.title
    if title is not None:
        yield Heading(2, title.text_frame.text.replace("\v", " "))
    for shape in _shapes(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield plain(slide.notes_slide.notes_text_frame.text)


def _shapes(shapes: Iterable[Any]) -> Iterator[Any]:
    """The shapes of a slide, those of groups too."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _shape(shape: Any) -> Iterator[Block]:
    if getattr(shape, "has_table", False):
        yield table([[_cell(c) for c in row.cells if not c.is_spanned] for row in shape.table.rows])
    elif shape.has_text_frame:
        yield "\n".join(filter(None, map(_line, shape.text_frame.paragraphs)))


def _line(paragraph: Any) -> str:
    text = paragraph.text.replace("\v", " ").strip()
    return item(text, paragraph.level - 1) if text and paragraph.level else plain(text)


def _cell(cell: Any) -> Cell:
    return Cell(cell.text, cell.span_height, cell.span_width)
