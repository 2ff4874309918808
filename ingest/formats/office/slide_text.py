"""The words of a slide as an audience sees them: with addresses, without struck and white ones."""

from __future__ import annotations

import re
from typing import Any

from ingest.formats.left_out import Kind, LeftOut
from ingest.formats.links import write_link
from ingest.formats.office import xml
from ingest.formats.raised import raise_figures

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FILLS = ("solidFill", "gradFill", "pattFill", "blipFill", "grpFill")
_SPACES = re.compile(" {2,}")

Box = tuple[int, int, int, int]
EVERYWHERE: Box = (-(2**62), -(2**62), 2**62, 2**62)


class SlideText:
    """Reads the paragraphs of one slide, counting in `left_out` what is not seen."""

    def __init__(self, slide: Any, left_out: LeftOut) -> None:
        self._left_out = left_out
        self._is_white = _is_white_slide(slide)
        self._grounds = _list_grounds(slide)

    def read_paragraph(self, paragraph: Any, shape: Any) -> str:
        """The words of a paragraph on one line; `shape` holds them, None for a table."""
        part, is_cut = paragraph.part, False
        self._left_out.keep()
        written: list[tuple[str, str]] = []  # words, and the address behind them
        for run in paragraph._p:
            words = _read_words(run)
            reason = self._find_reason(run, shape)
            if words and reason:
                self._left_out.leave_out(reason, words)
                is_cut = True
            elif words:
                self._left_out.keep()
                address = _find_address(run, part)
                if written and written[-1][1] == address:
                    words = written.pop()[0] + words
                written.append((words, address))
        self._left_out.keep()
        text = "".join(write_link(words, address) for words, address in written).strip()
        return _SPACES.sub(" ", text) if is_cut else text

    def _find_reason(self, run: xml.Element, shape: Any) -> Kind | None:
        for properties in xml.find_children(run, "rPr"):
            if properties.get("strike") in ("sngStrike", "dblStrike"):
                return "struck"
            is_white = any(map(_is_white_fill, xml.find_children(properties, "solidFill")))
            has_ground = bool(xml.find_children(properties, "highlight"))
            if is_white and not has_ground and self._is_on_white(shape):
                return "pale"
        return None

    def _is_on_white(self, shape: Any) -> bool:
        """Whether nothing dark may lie behind the words of a shape, None for a table."""
        if shape is None or not self._is_white or _covers(shape._element):
            return False
        box = _get_box(shape)
        return not any(
            _overlap(box, ground)
            for element, ground in self._grounds
            if element is not shape._element
        )


def is_hidden(shape: Any) -> bool:
    """Whether a shape is switched off in the list of a slide's objects."""
    properties = xml.find_descendants(shape._element, "cNvPr")
    return bool(properties) and properties[0].get("hidden") in ("1", "true")


def read_words(shape: Any) -> str:
    """All words in a shape, for the admin."""
    words = (text.text or "" for text in xml.find_descendants(shape._element, "t"))
    return " ".join(words)


def find_shape_address(shape: Any) -> str:
    """The address that a click on the whole shape leads to; "" for none."""
    for properties in xml.find_descendants(shape._element, "cNvPr")[:1]:
        for link in xml.find_children(properties, "hlinkClick"):
            return _resolve_relation(link, shape.part)
    return ""


def _read_words(run: xml.Element) -> str:
    if xml.get_local_name(run) == "br":
        return " "
    if xml.get_local_name(run) not in ("r", "fld"):
        return ""
    words = "".join(text.text or "" for text in xml.find_children(run, "t")).replace("\v", " ")
    raised = any(
        str(properties.get("baseline", "0")).startswith(tuple("123456789"))
        for properties in xml.find_children(run, "rPr")
    )
    return (raise_figures(words) if raised else "") or words


def _find_address(run: xml.Element, part: Any) -> str:
    for properties in xml.find_children(run, "rPr"):
        for link in xml.find_children(properties, "hlinkClick"):
            return _resolve_relation(link, part)
    return ""


def _resolve_relation(link: xml.Element, part: Any) -> str:
    relation = link.get(_RELATION)
    if not relation or relation not in part.rels or not part.rels[relation].is_external:
        return ""
    return str(part.rels[relation].target_ref)


def _is_white_fill(fill: xml.Element) -> bool:
    return any(
        not len(color) and str(color.get("val")) in ("FFFFFF", "ffffff", "bg1", "lt1", "white")
        for color in fill
    )


def _has_fill(properties: xml.Element) -> bool:
    """Whether a shape is filled by itself or by its style with anything but white."""
    for entry in properties:
        name = xml.get_local_name(entry)
        if name in _FILLS:
            return not (name == "solidFill" and _is_white_fill(entry))
        if name == "noFill":
            return False
        if name == "fillRef":
            return entry.get("idx") not in (None, "0", "1000")
    return False


def _is_white_slide(slide: Any) -> bool:
    """Whether the background of a slide is white, as far as it and its masters say."""
    layers = (slide, slide.slide_layout, slide.slide_layout.slide_master)
    grounds = [ground for one in layers for ground in xml.find_descendants(one._element, "bg")]
    return not grounds or _is_white_ground(grounds[0])


def _is_white_ground(ground: xml.Element) -> bool:
    fills = xml.find_descendants(ground, "solidFill", "bgRef")
    return bool(fills) and all(map(_is_white_fill, fills))


def _list_grounds(slide: Any) -> list[tuple[xml.Element, Box]]:
    """The pictures and filled shapes of a slide and its masters, and where they are."""
    layers = (slide, slide.slide_layout, slide.slide_layout.slide_master)
    return [
        (shape._element, _get_box(shape))
        for layer in layers
        for shape in layer.shapes
        if _covers(shape._element)
    ]


def _covers(element: xml.Element) -> bool:
    return any(
        xml.get_local_name(inner) == "pic"
        or (xml.get_local_name(inner) in ("spPr", "style", "grpSpPr") and _has_fill(inner))
        for inner in element.iter()
    )


def _get_box(shape: Any) -> Box:
    """Left, top, right and bottom of a shape; everything for one whose place is not stored."""
    left, top, width, height = shape.left, shape.top, shape.width, shape.height
    if None in (left, top, width, height):
        return EVERYWHERE
    return left, top, left + width, top + height


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
