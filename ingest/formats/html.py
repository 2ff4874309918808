"""Web pages: their main part, with headings, lists and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.formats import xml
from ingest.formats.markdown import Block, Cell, Heading, document, item, plain, table

SKIPPED = frozenset(
    {"head", "script", "style", "noscript", "template", "svg", "iframe", "object", "select",
     "button", "nav", "footer", "aside", "dialog", "canvas", "audio", "video"}
)  # fmt: skip
BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
     "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
     "html", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
     "th", "thead", "tr", "ul"}
)  # fmt: skip
MAIN = (
    "//main | //*[@role='main'] | //*[@id='content' or @id='contents' or @id='container']",
    "//article",
)
LEAST_SHARE = 0.3  # of the page's text, for an element to be its main part
_LEVEL = re.compile(r"h([1-6])")


def read(text: str) -> tuple[str, dict[str, str]]:
    """The Markdown of a page's main part, and what its head says of it."""
    # A declared encoding is no longer true of text, and lxml refuses it.
    root = xml.parse_html(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    return document(blocks(_main(root))), _properties(root)


def blocks(element: xml.Element) -> Iterator[Block]:
    """What stands in an element, block by block."""
    loose = element.text or ""
    for child in element:
        name = xml.name(child)
        if name in BLOCKS and name not in SKIPPED:
            yield plain(_tidy(loose))
            loose = ""
            yield from _block(child, name)
        elif name not in SKIPPED:
            inner = _has_block(child)
            if inner:
                yield plain(_tidy(loose))
                yield from blocks(child)
            loose = "" if inner else loose + ("\n" if name == "br" else _text(child))
        loose += child.tail or ""
    yield plain(_tidy(loose))


def _block(element: xml.Element, name: str) -> Iterator[Block]:
    if level := _LEVEL.fullmatch(name):
        yield Heading(int(level.group(1)), _tidy(_text(element)))
    elif name in ("dt", "summary"):
        yield Heading(5, _tidy(_text(element)))
    elif name in ("ul", "ol"):
        yield "\n".join(_items(element, 0))
    elif name == "table":
        yield from _table(element)
    elif name == "pre":
        yield plain(_text(element))
    else:
        yield from blocks(element)


def _items(element: xml.Element, level: int) -> Iterator[str]:
    number = 0
    for child in element:
        if xml.name(child) in ("ul", "ol"):
            yield from _items(child, level + 1)
        elif xml.name(child) == "li":
            number += 1
            label = f"{number}." if xml.name(element) == "ol" else "-"
            said = _text(child, without=("ul", "ol"))
            if said.strip():
                yield item(said, level, label)
            for inner in xml.inside(child, "ul", "ol"):
                if next(inner.iterancestors("li"), None) is child:
                    yield from _items(inner, level + 1)


def _table(element: xml.Element) -> Iterator[Block]:
    """A table of data as a table; one that only holds other things in place as these."""
    if xml.inside(element, "h1", "h2", "h3", "h4") or len(xml.inside(element, "table")) > 1:
        for cell in _own(element, "caption", "td", "th"):
            yield from blocks(cell)
        return
    for caption in _own(element, "caption"):
        yield plain(_tidy(_text(caption)))
    rows = ([_cell(cell) for cell in _own(row, "td", "th")] for row in _own(element, "tr"))
    yield table(list(rows))


def _own(element: xml.Element, *names: str) -> list[xml.Element]:
    """What belongs to this table and to none inside of it."""
    table = element if xml.name(element) == "table" else next(element.iterancestors("table"))
    return [
        one
        for one in xml.inside(element, *names)
        if next(one.iterancestors("table"), None) is table
    ]


def _cell(element: xml.Element) -> Cell:
    return Cell(_tidy(_text(element)), _span(element, "rowspan"), _span(element, "colspan"))


def _span(element: xml.Element, key: str) -> int:
    value = str(element.get(key, "1")).strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 1


def _text(element: xml.Element, without: tuple[str, ...] = ()) -> str:
    """The text of an element; blocks inside of it begin new lines."""
    parts = [element.text or ""]
    for child in element:
        name = xml.name(child)
        if name not in SKIPPED and name not in without:
            edge = "\n" if name in BLOCKS or name == "br" else ""
            parts += [edge, _text(child, without), edge if name != "br" else ""]
        parts.append(child.tail or "")
    return "".join(parts)


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _has_block(element: xml.Element) -> bool:
    return any(xml.name(one) in BLOCKS for one in element.iterdescendants())


def _main(root: xml.Element) -> xml.Element:
    """The part of a page that is about something, where the page marks it."""
    body = root.find("body")
    whole = len(_tidy(_text(body)))
    for path in MAIN:
        found = sorted(root.xpath(path), key=lambda one: len(_tidy(_text(one))))
        if found and len(_tidy(_text(found[-1]))) >= LEAST_SHARE * whole:
            return found[-1]
    for header in body.xpath("./header | ./*[@id='header']"):
        header.drop_tree()
    return body


def _properties(root: xml.Element) -> dict[str, str]:
    said = {"title": " ".join((root.findtext(".//title") or "").split())}
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
            said[key] = str(meta.get("content")).strip()
    return {key: value for key, value in said.items() if value}
