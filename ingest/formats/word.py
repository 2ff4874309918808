"""Word documents (the one door to mammoth), by way of their HTML."""

from __future__ import annotations

import io
from zipfile import BadZipFile

import mammoth

from ingest.errors import Unreadable
from ingest.formats import html, package

# What Word and Hangul call headings beside Word's own "Heading 1".
STYLES = "\n".join(
    ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"]
    + [f"p[style-name='{name} {n}'] => h{n}:fresh" for name in ("제목", "개요") for n in range(1, 7)]
)


def read(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a DOCX file and its properties. Raises Unreadable."""
    properties = package.office(data)
    try:
        page = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=STYLES,
            convert_image=mammoth.images.img_element(lambda _: {}),
        )
    except (KeyError, BadZipFile) as error:
        raise Unreadable(f"a part of it is missing ({error}). Save it anew in Word.") from error
    markdown, _ = html.read(f"<html><body>{page.value}</body></html>")
    return markdown, properties
