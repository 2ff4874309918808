"""Conversion of a file in any supported format to Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from ingest.document import archive
from ingest.errors import Unreadable
from ingest.formats import limits, worker
from ingest.formats.pdf import ocr
from ingest.formats.sniff import detect_format
from ingest.formats.text import delimited, encoding
from ingest.formats.text.markdown import render_page_mark, strip_page_marks
from ingest.remarks import Remark
from ingest.types import CandidateFile, ConvertedFile

NO_COLUMNS: Mapping[str, str] = MappingProxyType({})
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


def convert_bytes(
    data: bytes, name: str, columns: Mapping[str, str] | None = None
) -> ConvertedFile:
    """Convert a file; its format is detected from its bytes.

    `columns` maps the roles of a table of questions to its headers: {"question": "물음"}.
    Raises Unreadable, saying what is wrong and what to do.
    """
    kind = detect_format(data, name)
    if kind == "zip":
        raise Unreadable("is_archive")
    if kind in ("text", "csv"):
        text = _clean_text(encoding.decode_text(data))
        markdown = text if kind == "text" else delimited.read_delimited(text, columns or NO_COLUMNS)
        converted = ConvertedFile(markdown, {}, kind)
    else:
        converted = _convert_in_child(data, kind, columns or NO_COLUMNS)
    if len(converted.markdown) > limits.MARKDOWN_MAX_CHARACTERS:
        raise Unreadable("too_much_text", most=f"{limits.MARKDOWN_MAX_CHARACTERS:,}")
    if not strip_page_marks(converted.markdown).strip():
        raise Unreadable("no_text")
    return converted


def read_members(path: Path) -> Iterator[CandidateFile] | None:
    """The documents in an archive; None for a file that is not an archive.

    Raises Unreadable if the file or the archive cannot be read.
    """
    if not path.is_file() or path.stat().st_size > limits.FILE_MAX_BYTES:
        return None  # read_content says why
    with path.open("rb") as file:
        if not file.read(4).startswith(b"PK"):
            return None
    data = read_content(path)
    return archive.read_members(data) if detect_format(data, path.name) == "zip" else None


def read_content(path: Path) -> bytes:
    """The bytes of a file. Raises Unreadable if it cannot be read or is too large."""
    try:
        if not path.is_file():
            raise Unreadable("no_file")
        if path.stat().st_size > limits.FILE_MAX_BYTES:
            raise Unreadable("too_large", most=limits.format_megabytes(limits.FILE_MAX_BYTES))
        return path.read_bytes()
    except OSError as error:
        raise Unreadable("unread", why=error.strerror) from error


def _convert_in_child(data: bytes, kind: str, columns: Mapping[str, str]) -> ConvertedFile:
    reply = worker.read_in_child({"kind": kind, "columns": dict(columns)}, data)
    markdown, properties = _clean_text(reply["markdown"]), dict(reply["properties"])
    note = None
    if scanned := properties.pop("scanned", ""):
        markdown, note = _recognise_pages(data, markdown, [int(n) for n in scanned.split(", ")])
    return ConvertedFile(
        markdown, {key: _clean_text(value) for key, value in properties.items()}, kind, note
    )


def _recognise_pages(data: bytes, markdown: str, scanned: list[int]) -> tuple[str, Remark]:
    """The Markdown with the recognised text of the scanned pages, and a remark that names them.

    Without tesseract they are left out. Raises Unreadable if nothing but scanned pages is there.
    See docs/decisions/0022-ocr-with-tesseract-if-installed.md.
    """
    tesseract = ocr.find_tesseract()
    if tesseract is None:
        if not strip_page_marks(markdown).strip():
            raise Unreadable("scanned", pages=_format_ranges(scanned))
        return markdown, Remark("pages_left_out", {"pages": _format_ranges(scanned)})
    for number in scanned:
        request = {"kind": "pdf", "scanned": number, "tesseract": tesseract}
        text = _clean_text(worker.read_in_child(request, data)["markdown"])
        markdown = markdown.replace(
            render_page_mark(number), f"{render_page_mark(number)}\n\n{text}"
        )
    return markdown, Remark("pages_recognised", {"pages": _format_ranges(scanned)})


def _format_ranges(numbers: list[int]) -> str:
    """1, 2, 3, 7 as "1–3, 7"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return ", ".join("–".join(map(str, span)) for span in spans)


def _clean_text(text: str) -> str:
    """Text in NFC, with line feeds as line ends and without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n")
    return _CONTROL_CHARACTERS.sub("", unicodedata.normalize("NFC", lines))
