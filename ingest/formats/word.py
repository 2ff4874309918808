"""Word documents (the one door to mammoth), by way of their HTML."""

from __future__ import annotations

import io
from zipfile import BadZipFile

import mammoth

from ingest.errors import Unreadable
from ingest.formats import html, package

TITLE = '<h1 class="title">'


def read(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a DOCX file and its properties. Raises Unreadable."""
    properties = package.office(data)
    page = _page(data, 0)
    if TITLE in page:  # a title stands above the headings of the first level
        page = _page(data, 1)
    markdown, _ = html.read(f"<html><body>{page}</body></html>")
    return markdown, properties


def _page(data: bytes, above: int) -> str:
    try:
        page = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_styles(above),
            convert_image=mammoth.images.img_element(lambda _: {}),
        )
    except (KeyError, BadZipFile) as error:
        raise Unreadable(f"a part of it is missing ({error}). Save it anew in Word.") from error
    return str(page.value)


def _styles(above: int) -> str:
    """What Word and Hangul call headings, and the level of each below `above` others."""
    names = [(name, n) for name in ("Heading", "제목", "개요") for n in range(1, 6)]
    return "\n".join(
        ["p[style-name='Title'] => h1.title:fresh", "p[style-name='Subtitle'] => p:fresh"]
        + [f"p[style-name='{name} {n}'] => h{n + above}:fresh" for name, n in names]
    )
