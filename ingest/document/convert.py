"""Conversion of a file in any supported format to Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ingest.errors import Unreadable
from ingest.formats import worker
from ingest.formats.pdf import ocr
from ingest.formats.sniff import refuse_size
from ingest.formats.text.markdown import render_page_mark, strip_page_marks
from ingest.remarks import Remark, format_ranges, join_remarks
from ingest.types import ConvertedFile

NO_COLUMNS: Mapping[str, str] = MappingProxyType({})
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


def convert_bytes(
    data: bytes, name: str, columns: Mapping[str, str] | None = None, address: str = ""
) -> ConvertedFile:
    """Convert a file; its format is detected from its bytes.

    `address` is where it was fetched, "" if that is not known. `columns` maps the roles of a table of questions to its headers: {"question": "물음"}.
    Raises Unreadable, saying what is wrong and what to do.
    """
    converted = _convert_in_child(data, name, columns or NO_COLUMNS, address)
    if not strip_page_marks(converted.markdown).strip():
        raise Unreadable("no_text")
    return converted


def _convert_in_child(
    data: bytes, name: str, columns: Mapping[str, str], address: str
) -> ConvertedFile:
    refuse_size(data)
    request = {"name": name, "columns": dict(columns), "address": address}
    reply = worker.read_in_child(request, data)
    markdown, properties = _clean_text(reply["markdown"]), dict(reply["properties"])
    notes = [Remark.from_json(stored) for stored in reply.get("remarks", ())]
    scanned, garbled = _take_pages(properties, "scanned"), _take_pages(properties, "garbled")
    if scanned or garbled:
        markdown, found = _recognise_pages(data, markdown, scanned, garbled)
        notes += found
    return ConvertedFile(
        markdown,
        {key: _clean_text(value) for key, value in properties.items()},
        reply["kind"],
        join_remarks(notes),
    )


def _recognise_pages(
    data: bytes, markdown: str, scanned: list[int], garbled: list[int]
) -> tuple[str, list[Remark]]:
    """The Markdown with the recognised text of pages without readable text, and remarks about them.

    `scanned` pages are pictures, `garbled` ones have fonts that give their letters no meaning.
    Without tesseract they are left out. Raises Unreadable if nothing else is there.
    See docs/decisions/0022-ocr-with-tesseract-if-installed.md.
    """
    tesseract = ocr.find_tesseract()
    if tesseract is None:
        if not strip_page_marks(markdown).strip():
            if garbled:
                raise Unreadable("garbled", pages=format_ranges(garbled))
            raise Unreadable("scanned", pages=format_ranges(scanned))
        left_out = [
            Remark("pages_left_out", {"pages": format_ranges(scanned)}),
            Remark("garbled_pages_left_out", {"pages": format_ranges(garbled)}),
        ]
        return markdown, _keep_true(left_out, scanned, garbled)
    for number in sorted((*scanned, *garbled)):
        request = {"kind": "pdf", "scanned": number, "tesseract": tesseract}
        text = _clean_text(worker.read_in_child(request, data)["markdown"])
        markdown = markdown.replace(
            render_page_mark(number), f"{render_page_mark(number)}\n\n{text}"
        )
    recognised = [
        Remark("pages_recognised", {"pages": format_ranges(scanned)}),
        Remark("garbled_pages_recognised", {"pages": format_ranges(garbled)}),
    ]
    return markdown, _keep_true(recognised, scanned, garbled)


def _keep_true(remarks: Sequence[Remark], *pages: Sequence[int]) -> list[Remark]:
    """The remarks that are about any page."""
    return [remark for remark, numbers in zip(remarks, pages, strict=True) if numbers]


def _take_pages(properties: dict[str, str], key: str) -> list[int]:
    """The page numbers that a reader reported as a property, which is removed."""
    return [int(number) for number in properties.pop(key, "").split(", ") if number]


def _clean_text(text: str) -> str:
    """Text in NFC, with line feeds as line ends and without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n")
    return _CONTROL_CHARACTERS.sub("", unicodedata.normalize("NFC", lines))
