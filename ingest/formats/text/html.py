"""HTML pages: their main part with headings, lists and tables.

See docs/decisions/0023-own-html-walk-openpyxl-and-python-pptx.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.formats.links import format_address, resolve_address
from ingest.formats.office import xml
from ingest.formats.office.numbering import format_number
from ingest.formats.raised import raise_figures
from ingest.formats.text.markdown import (
    Block,
    Cell,
    Heading,
    escape_text,
    render_document,
    render_item,
    render_table,
)
from ingest.formats.text.visible import remove_unseen
from ingest.types import ReadFile

SKIPPED_TAGS = frozenset(
    {"head", "script", "style", "noscript", "template", "svg", "iframe", "object", "select",
     "button", "nav", "footer", "aside", "dialog", "canvas", "audio", "video"}
)  # fmt: skip
BLOCK_TAGS = frozenset(
    {"address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
     "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
     "html", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
     "th", "thead", "tr", "ul"}
)  # fmt: skip
MAIN_PART_XPATHS = (
    "//main | //*[@role='main'] | //*[@id='content' or @id='contents' or @id='container']",
    "//article",
)
MAIN_PART_MIN_SHARE = 0.3  # of the page's text; see docs/parameters.md
_HEADING_TAG = re.compile(r"h([1-6])")
_LIST_FORMS = {"a": "LATIN_SMALL", "A": "LATIN_CAPITAL", "i": "ROMAN_SMALL", "I": "ROMAN_CAPITAL"}


def read_html(text: str, address: str = "") -> ReadFile:
    """The Markdown of a page's main part, and the properties in its head.

    `address` is where the page was fetched, "" if that is not known: links are completed by it.
    """
    # The text is decoded already: lxml refuses a declared encoding.
    root = xml.parse_html(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    properties = _read_properties(root)
    left_out = remove_unseen(root)
    _raise_figures(root)
    part = _find_main_part(root)
    _write_addresses(part, _find_base(root, address))
    return ReadFile(
        render_document(build_element_blocks(part)), properties, left_out.list_remarks()
    )


def build_element_blocks(element: xml.Element) -> Iterator[Block]:
    """The content of an element as blocks."""
    loose = element.text or ""
    for child in element:
        name = xml.get_local_name(child)
        if name in BLOCK_TAGS and name not in SKIPPED_TAGS:
            yield escape_text(_tidy_whitespace(loose))
            loose = ""
            yield from _build_block(child, name)
        elif name not in SKIPPED_TAGS:
            inner = _has_block(child)
            if inner:
                yield escape_text(_tidy_whitespace(loose))
                yield from build_element_blocks(child)
            loose = "" if inner else loose + ("\n" if name == "br" else _collect_text(child))
        loose += child.tail or ""
    yield escape_text(_tidy_whitespace(loose))


def _build_block(element: xml.Element, name: str) -> Iterator[Block]:
    if level := _HEADING_TAG.fullmatch(name):
        yield Heading(int(level.group(1)), _tidy_whitespace(_collect_text(element)))
    elif name in ("dt", "summary"):
        yield Heading(5, _tidy_whitespace(_collect_text(element)))
    elif name in ("ul", "ol"):
        yield "\n".join(_build_items(element, 0))
    elif name == "table":
        yield from _build_table(element)
    elif name == "pre":
        yield escape_text(_collect_text(element))
    else:
        yield from build_element_blocks(element)


def _build_items(element: xml.Element, level: int) -> Iterator[str]:
    is_numbered = xml.get_local_name(element) == "ol"
    count = sum(xml.get_local_name(child) == "li" for child in element)
    step = -1 if element.get("reversed") is not None else 1
    number = _read_number(element.get("start"), count if step < 0 else 1) - step
    form = _LIST_FORMS.get(str(element.get("type") or ""), "DIGIT")
    for child in element:
        if xml.get_local_name(child) in ("ul", "ol"):
            yield from _build_items(child, level + 1)
        elif xml.get_local_name(child) == "li":
            number = _read_number(child.get("value"), number + step)
            label = f"{format_number(number, form)}." if is_numbered else "-"
            text = _collect_text(child, without=("ul", "ol"))
            if text.strip():
                yield render_item(text, level, label)
            for inner in xml.find_descendants(child, "ul", "ol"):
                if next(inner.iterancestors("li"), None) is child:
                    yield from _build_items(inner, level + 1)


def _read_number(written: str | None, otherwise: int) -> int:
    """The number that a list or an item says it has, from 1."""
    value = str(written or "").strip()
    return int(value) if re.fullmatch(r"[1-9]\d{0,3}", value, re.ASCII) else otherwise


def _build_table(element: xml.Element) -> Iterator[Block]:
    """A data table as a table; a layout table as the blocks of its cells."""
    if (
        xml.find_descendants(element, "h1", "h2", "h3", "h4")
        or len(xml.find_descendants(element, "table")) > 1
    ):
        for cell in _find_own(element, "caption", "td", "th"):
            yield from build_element_blocks(cell)
        return
    for caption in _find_own(element, "caption"):
        yield escape_text(_tidy_whitespace(_collect_text(caption)))
    rows = (
        [_build_cell(cell) for cell in _find_own(row, "td", "th")]
        for row in _find_own(element, "tr")
    )
    yield render_table(list(rows))


def _find_own(element: xml.Element, *names: str) -> list[xml.Element]:
    """The elements that belong to this table and not to one nested in it."""
    table = (
        element if xml.get_local_name(element) == "table" else next(element.iterancestors("table"))
    )
    return [
        inner
        for inner in xml.find_descendants(element, *names)
        if next(inner.iterancestors("table"), None) is table
    ]


def _build_cell(element: xml.Element) -> Cell:
    return Cell(
        _tidy_whitespace(_collect_text(element)),
        _read_span(element, "rowspan"),
        _read_span(element, "colspan"),
    )


def _read_span(element: xml.Element, key: str) -> int:
    value = str(element.get(key, "1")).strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 1


def _collect_text(element: xml.Element, without: tuple[str, ...] = ()) -> str:
    """The text of an element; blocks within it begin new lines."""
    parts = [element.text or ""]
    for child in element:
        name = xml.get_local_name(child)
        if name not in SKIPPED_TAGS and name not in without:
            edge = "\n" if name in BLOCK_TAGS or name == "br" else ""
            parts += [edge, _collect_text(child, without), edge if name != "br" else ""]
        parts.append(child.tail or "")
    return "".join(parts)


def _tidy_whitespace(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _raise_figures(root: xml.Element) -> None:
    """Write raised figures as such: 10⁶ is not 106, and the mark of a note is no digit of a sum."""
    for element in root.iter("sup"):
        if raised := raise_figures("".join(element.itertext())):
            for child in list(element):
                element.remove(child)
            element.text = raised


def _has_block(element: xml.Element) -> bool:
    return any(xml.get_local_name(inner) in BLOCK_TAGS for inner in element.iterdescendants())


def _write_addresses(part: xml.Element, base: str) -> None:
    """Put the address of each link into the tree, after its words."""
    for link in part.iter("a"):
        shown = format_address(_tidy_whitespace(_collect_text(link)), link.get("href") or "", base)
        if not shown:
            continue
        if len(link):
            link[-1].tail = (link[-1].tail or "").rstrip() + shown
        else:
            link.text = (link.text or "").rstrip() + shown


def _find_base(root: xml.Element, address: str) -> str:
    """The address that relative links of a page belong to; "" if it is not known."""
    declared = [str(base.get("href") or "") for base in root.iter("base")]
    if not address:
        links = (link for link in root.iter("link") if link.get("rel") == "canonical")
        address = next((str(link.get("href") or "") for link in links), "")
    return resolve_address(declared[0], address) if declared else address


def _find_main_part(root: xml.Element) -> xml.Element:
    """The main part of a page if it is marked as such; otherwise its body without a header."""
    body = root.find("body")
    whole = len(_tidy_whitespace(_collect_text(body)))
    for path in MAIN_PART_XPATHS:
        sizes = [(len(_tidy_whitespace(_collect_text(part))), part) for part in root.xpath(path)]
        size, largest = max(reversed(sizes), key=lambda pair: pair[0], default=(0, None))
        if largest is not None and size >= MAIN_PART_MIN_SHARE * whole:
            return largest
    for header in body.xpath("./header | ./*[@id='header']"):
        header.drop_tree()
    return body


def _read_properties(root: xml.Element) -> dict[str, str]:
    properties = {"title": " ".join((root.findtext(".//title") or "").split())}
    names = {
        "author": "author",
        "dc.creator": "author",
        "og:title": "title",
        "og:site_name": "issuer",
        "article:published_time": "created",
        "article:modified_time": "modified",
    }
    for meta in root.iter("meta"):
        key = names.get(str(meta.get("name") or meta.get("property") or "").lower())
        if key and meta.get("content"):
            properties[key] = str(meta.get("content")).strip()
    return {key: value for key, value in properties.items() if value}
