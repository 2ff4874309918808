"""XML and HTML parsing without entities or network access. Only this module uses lxml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree, html

from ingest.errors import Unreadable

Element = Any  # lxml has no type annotations
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARATION_SEARCH_BYTES = 65_536
# Characters that no XML has and pages do, as they are or by number; lxml refuses to write them.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCES = re.compile(r"&#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))(?![0-9a-f]);?", re.IGNORECASE)


def parse_xml(data: bytes) -> Element:
    """The root of an XML document. Raises Unreadable if it is damaged or declares entities."""
    if has_declarations(data):
        raise Unreadable("with_entities")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("damaged", why=f"XML: {error.msg}") from error
    for comment in list(root.iter(etree.Comment, etree.PI)):
        if comment.getparent() is not None:
            _drop_comment(comment)
    return root


def iterate_elements(data: bytes, name: str) -> Iterator[Element]:
    """The elements of a large XML document with this name, each freed after its turn.

    Raises Unreadable if it is damaged. Its declarations must have been checked.
    """
    events = etree.iterparse(
        BytesIO(data), tag=f"{{*}}{name}", resolve_entities=False, no_network=True
    )
    try:
        for _, element in events:
            yield element
            element.clear()
    except etree.XMLSyntaxError as error:
        raise Unreadable("damaged", why=f"XML: {error.msg}") from error


def has_declarations(data: bytes) -> bool:
    """Whether XML begins with a DOCTYPE or ENTITY declaration, in any encoding."""
    return _DECLARATION.search(data[:_DECLARATION_SEARCH_BYTES].replace(b"\0", b"")) is not None


def parse_html(text: str) -> Element:
    """The root of an HTML page, repaired as by a browser. Raises Unreadable if it is empty."""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        clean = _drop_control(_REFERENCES.sub(_drop_reference, text))
        return html.document_fromstring(clean, parser=parser, ensure_head_body=True)
    except etree.ParserError as error:
        raise Unreadable("no_text") from error


def get_local_name(element: Element) -> str:
    """The name of an element without its namespace; "" for a comment."""
    # Not by lxml's QName, which refuses what pages have: <o:p> of Word, <fb:like>, <h1<.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def find_children(element: Element, *names: str) -> list[Element]:
    """The children with these names, in any namespace."""
    return [child for child in element if get_local_name(child) in names]


def find_descendants(element: Element, *names: str) -> list[Element]:
    """The element itself and all below it with these names, in document order."""
    return [inner for inner in element.iter() if get_local_name(inner) in names]


def _drop_control(text: str) -> str:
    """`text` without control characters; those that are white space are a space."""
    return _CONTROLS.sub(lambda match: " " if match[0].isspace() else "", text)


def _drop_reference(match: re.Match[str]) -> str:
    """A reference to a character by its number, or what is left of it if that is a control."""
    code = int(match[1], 16) if match[1] else int(match[2])
    shown = _drop_control(chr(code)) if code <= 0x10FFFF else ""
    return match[0] if shown and ord(shown) == code else shown


def _drop_comment(comment: Element) -> None:
    """Remove a comment and keep the text after it."""
    parent, tail = comment.getparent(), comment.tail or ""
    before = comment.getprevious()
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(comment)
