"""PowerPoint presentations: a page for each slide. Only this module uses python-pptx."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from pptx import Presentation
from pptx.exc import PythonPptxError

from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.formats.office import zip_xml
from ingest.formats.text.markdown import (
    Block,
    Cell,
    Heading,
    escape_text,
    render_document,
    render_item,
    render_page_mark,
    render_table,
)


def read_pptx(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a PPTX file and its properties. Raises Unreadable if damaged or too long."""
    properties = zip_xml.read_office_properties(data)
    try:
        slides = list(Presentation(io.BytesIO(data)).slides)
    except (PythonPptxError, KeyError, ValueError) as error:
        raise Unreadable("damaged", why=str(error)) from error
    if len(slides) > limits.DOCUMENT_MAX_PAGES:
        raise Unreadable("too_many_pages", count=len(slides), most=limits.DOCUMENT_MAX_PAGES)
    blocks = (
        block for number, slide in enumerate(slides, 1) for block in _read_slide(number, slide)
    )
    return render_document(blocks), properties


def _read_slide(number: int, slide: Any) -> Iterator[Block]:
    yield render_page_mark(number)
    title = slide.shapes.title
    if title is not None:
        yield Heading(2, title.text_frame.text.replace("\v", " "))
    for shape in _flatten_shapes(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            yield from _read_shape(shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield escape_text(slide.notes_slide.notes_text_frame.text)


def _flatten_shapes(shapes: Iterable[Any]) -> Iterator[Any]:
    """The shapes of a slide, including those in groups."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _flatten_shapes(shape.shapes)
        else:
            yield shape


def _read_shape(shape: Any) -> Iterator[Block]:
    if getattr(shape, "has_table", False):
        yield render_table(
            [
                [_build_cell(cell) for cell in row.cells if not cell.is_spanned]
                for row in shape.table.rows
            ]
        )
    elif shape.has_text_frame:
        yield "\n".join(filter(None, map(_render_paragraph, shape.text_frame.paragraphs)))


def _render_paragraph(paragraph: Any) -> str:
    text = paragraph.text.replace("\v", " ").strip()
    return render_item(text, paragraph.level - 1) if text and paragraph.level else escape_text(text)


def _build_cell(cell: Any) -> Cell:
    return Cell(cell.text, cell.span_height, cell.span_width)
