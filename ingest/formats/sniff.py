"""Detection of a file's format from its first bytes, not from its name."""

from __future__ import annotations

import re
import zipfile

from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.formats.office import zip_xml
from ingest.formats.text import delimited, encoding

# First bytes and what they stand for; the names of formats are the same in every language.
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "compound"),
    (b"PK\x03\x04", "packed"),
    (b"PK\x05\x06", "packed"),
    (b"%PDF-", "pdf"),
)
_UNSUPPORTED_SIGNATURES = (
    (b"HWP Document File V", "HWP 3", "HWPX, PDF"),
    (b"{\\rtf", "RTF", "DOCX, PDF"),
    (b"Rar!", "RAR", "ZIP"),
    (b"7z\xbc\xaf", "7z", "ZIP"),
    (b"\x1f\x8b", "gzip", "ZIP"),
    (b"ALZ\x01", "ALZ", "ZIP"),
    (b"EGGA", "EGG", "ZIP"),
    (b"\x89PNG", "PNG", "PDF"),
    (b"\xff\xd8\xff", "JPEG", "PDF"),
    (b"GIF8", "GIF", "PDF"),
    (b"MIME-Version:", "MHTML", "HTML, PDF"),
)
_DRM_SIGNATURES = ((b"SCDSA", "Fasoo DRM"), (b"<## NASCA DRM", "NASCA DRM"))
_FORMAT_PARTS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"),
          ("ppt/presentation.xml", "pptx"), ("Contents/content.hpf", "hwpx"),
          ("Contents/header.xml", "hwpx"))  # fmt: skip
PROSE_SUFFIXES = (".md", ".markdown", ".txt", ".text", ".csv", ".tsv")
_FILE_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}$")
_PREFACE = re.compile(
    r"\s*(<\?xml[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(\[.*?\]\s*)?>\s*)*", re.DOTALL | re.I
)
_ROOT_TAG = re.compile(r"<(?:\w+:)?(\w+)")
_HTML_TAGS = frozenset({"html", "head", "body", "table", "meta", "title"})
_HTML_FRAGMENT_TAGS = frozenset({"div", "p", "section", "article", "ul", "ol", "h1", "h2", "h3"})


def detect_format(data: bytes, name: str) -> str:
    """The format: text, csv, html, hwp, hwpx, hwpml, pdf, docx, xlsx, pptx or zip.

    The name decides only between kinds of text that bytes cannot tell apart: tables of separated
    values, prose, and settings or programs. Raises Unreadable, naming the format, for a file that
    is empty, too large or not supported.
    """
    if not data:
        raise Unreadable("empty")
    if len(data) > limits.FILE_MAX_BYTES:
        raise Unreadable("too_large", most=limits.format_megabytes(limits.FILE_MAX_BYTES))
    for sign, what, instead in _UNSUPPORTED_SIGNATURES:
        if data.startswith(sign):
            raise Unreadable("other_kind", what=what, instead=instead)
    for sign, what in _DRM_SIGNATURES:
        if data.startswith(sign):
            raise Unreadable("guarded", what=what)
    for sign, kind in _SIGNATURES:
        if data.startswith(sign):
            return {"compound": "hwp", "packed": ""}.get(kind, kind) or _detect_zip_format(data)
    if b"%PDF-" in data[:1024] and b"\0" not in data[: data.index(b"%PDF-")]:
        return "pdf"
    return _detect_text_format(data, name)


def _detect_zip_format(data: bytes) -> str:
    """The office format of a ZIP; "zip" if it is an archive of documents. Raises Unreadable."""
    with zip_xml.open_zip(data) as archive:
        names = set(archive.namelist())
        for part, kind in _FORMAT_PARTS:
            if part in names:
                return kind
        if "mimetype" in names:
            _refuse_mimetype(archive)
    return "zip"


def _refuse_mimetype(archive: zipfile.ZipFile) -> None:
    kind = zip_xml.read_part(archive, "mimetype")[:100].decode("ascii", "replace").strip()
    if "opendocument" in kind:
        raise Unreadable("other_kind", what="OpenDocument", instead="DOCX, XLSX, PDF")
    if "epub" in kind:
        raise Unreadable("other_kind", what="EPUB", instead="PDF, HTML")


def _detect_text_format(data: bytes, name: str) -> str:
    """The format of a text: html, hwpml, csv or text. Raises Unreadable."""
    text = encoding.decode_text(data)
    root = _find_root_tag(text)
    fragment = root.lower() in _HTML_FRAGMENT_TAGS and text.rstrip().endswith(">")
    if fragment or root.lower() in _HTML_TAGS:
        return "html"
    if root == "HWPML":
        return "hwpml"
    if text.lstrip().startswith("<?xml"):
        raise Unreadable("other_kind", what=f"XML: {root}", instead="HTML, PDF")
    ending = _FILE_SUFFIX.search(name.lower())
    if ending and ending.group() not in PROSE_SUFFIXES:
        raise Unreadable("misnamed", ending=ending.group())
    is_named_so = name.lower().endswith((".csv", ".tsv"))
    return "csv" if delimited.is_table(text, is_named_so) else "text"


def _find_root_tag(text: str) -> str:
    """The name of the first element of a text; "" if it does not begin with one.

    Markdown may begin with a comment and go on as text.
    """
    preface = _PREFACE.match(text[:65_536])
    root = _ROOT_TAG.match(text, preface.end() if preface else 0)
    return root.group(1) if root else ""
