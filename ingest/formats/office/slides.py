"""PowerPoint presentations: a page for each slide. Only this module uses python-pptx."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from pptx import Presentation
from pptx.exc import PythonPptxError

from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.formats.left_out import LeftOut
from ingest.formats.links import write_link
from ingest.formats.office import zip_xml
from ingest.formats.office.slide_text import SlideText, find_shape_address, is_hidden, read_words
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
from ingest.types import ReadFile


def read_pptx(data: bytes) -> ReadFile:
    """The Markdown of a PPTX file and its properties. Raises Unreadable if damaged or too long.

    Hidden slides and shapes are left out.
    """
    properties = zip_xml.read_office_properties(data)
    try:
        slides = list(Presentation(io.BytesIO(data)).slides)
    except (PythonPptxError, KeyError, ValueError) as error:
        raise Unreadable("damaged", why=str(error)) from error
    if len(slides) > limits.DOCUMENT_MAX_PAGES:
        raise Unreadable("too_many_pages", count=len(slides), most=limits.DOCUMENT_MAX_PAGES)
    left_out = LeftOut()
    blocks = [
        block
        for number, slide in enumerate(slides, 1)
        for block in _read_slide(number, slide, left_out)
    ]
    return ReadFile(render_document(blocks), properties, left_out.list_remarks())


def _read_slide(number: int, slide: Any, left_out: LeftOut) -> Iterator[Block]:
    if slide._element.get("show") in ("0", "false"):
        left_out.slides.append(str(number))
        return
    yield render_page_mark(number)
    text = SlideText(slide, left_out)
    title = slide.shapes.title
    if title is not None:
        words = [text.read_paragraph(paragraph, title) for paragraph in title.text_frame.paragraphs]
        yield Heading(2, " ".join(words))
    for shape in _flatten_shapes(slide.shapes, left_out):
        if title is None or shape.shape_id != title.shape_id:
            yield from _read_shape(shape, text)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield escape_text(slide.notes_slide.notes_text_frame.text)


def _flatten_shapes(shapes: Iterable[Any], left_out: LeftOut) -> Iterator[Any]:
    """The shapes of a slide that are not hidden, including those in groups."""
    for shape in shapes:
        if is_hidden(shape):
            left_out.leave_out("hidden", read_words(shape))
            left_out.keep()
        elif hasattr(shape, "shapes"):
            yield from _flatten_shapes(shape.shapes, left_out)
        else:
            yield shape


def _read_shape(shape: Any, text: SlideText) -> Iterator[Block]:
    if getattr(shape, "has_table", False):
        yield render_table(
            [
                [_build_cell(cell, text) for cell in row.cells if not cell.is_spanned]
                for row in shape.table.rows
            ]
        )
    elif shape.has_text_frame:
        lines = [_render_paragraph(one, shape, text) for one in shape.text_frame.paragraphs]
        yield write_link("\n".join(filter(None, lines)), find_shape_address(shape))


def _render_paragraph(paragraph: Any, shape: Any, text: SlideText) -> str:
    words = text.read_paragraph(paragraph, shape)
    return (
        render_item(words, paragraph.level - 1) if words and paragraph.level else escape_text(words)
    )


def _build_cell(cell: Any, text: SlideText) -> Cell:
    words = (text.read_paragraph(paragraph, None) for paragraph in cell.text_frame.paragraphs)
    return Cell("\n".join(words), cell.span_height, cell.span_width)
