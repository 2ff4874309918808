"""Web pages as a reader sees them: without struck and hidden words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.formats.left_out import Kind, LeftOut
from ingest.formats.office import xml
from ingest.formats.text.css import StyleSheet

_STRUCK_TAGS = frozenset({"s", "strike", "del"})
_NO_TEXT_TAGS = frozenset({"head", "script", "style", "noscript", "template", "svg", "select"})
_CELL_TAGS = frozenset({"td", "th"})
_CONTROLS = ("aria-controls", "data-target", "data-bs-target", "aria-owns", "for", "href")
_ZERO = re.compile(r"0*\.?0+(px|pt|em|rem|%)?")


def remove_unseen(root: xml.Element) -> LeftOut:
    """Take what is struck or hidden out of a page's tree; what was taken out.

    Parts that a reader opens stay: answers that fold, tabs, and whatever a control on the page
    names by its id.
    """
    left_out = LeftOut()
    styles = StyleSheet(str(sheet.text or "") for sheet in root.iter("style"))
    opened = {
        str(element.get(key)).rpartition("#")[2]
        for element in root.iter()
        for key in _CONTROLS
        if isinstance(element.tag, str) and element.get(key)
    }
    _visit(root, styles, opened, left_out, inherited="visible")
    return left_out


def _visit(
    element: xml.Element, styles: StyleSheet, opened: set[str], left_out: LeftOut, inherited: str
) -> None:
    style = styles.read_style(element)
    inherited = style.get("visibility", inherited)
    kind = _find_reason(element, style)
    if kind == "hidden" and _can_open(element, opened):
        kind = None
    if kind:
        _take_out(element, kind, left_out)
        return
    invisible = inherited in ("hidden", "collapse") and not _can_open(element, opened)
    if invisible and (element.text or "").strip():
        left_out.leave_out("hidden", str(element.text))
        left_out.keep()
        element.text = " "
    for child in list(element):
        if isinstance(child.tag, str) and xml.get_local_name(child) not in _NO_TEXT_TAGS:
            _visit(child, styles, opened, left_out, inherited)
    if invisible:
        for child in element:
            if (child.tail or "").strip():
                left_out.leave_out("hidden", str(child.tail))
                left_out.keep()
                child.tail = " "


def _find_reason(element: xml.Element, style: Mapping[str, str]) -> Kind | None:
    """Why an element is left out; None for one that is shown."""
    name = xml.get_local_name(element)
    if name in ("html", "body"):
        return None
    decoration = style.get("text-decoration", "line-through" if name in _STRUCK_TAGS else "")
    if "line-through" in decoration:
        return "struck"
    hidden = element.get("hidden")
    display = style.get("display", "none" if hidden not in (None, "until-found") else "")
    if display == "none":
        return "hidden"
    return "hidden" if any(map(_ZERO.fullmatch, _list_sizes(style))) else None


def _list_sizes(style: Mapping[str, str]) -> list[str]:
    return [style[key] for key in ("opacity", "font-size") if key in style]


def _can_open(element: xml.Element, opened: set[str]) -> bool:
    """Whether a reader can open a part that is hidden at first."""
    return (
        xml.get_local_name(element) in ("dd", "details")
        or element.get("role") == "tabpanel"
        or (element.get("id") or "") in opened - {""}
    )


def _take_out(element: xml.Element, kind: Kind, left_out: LeftOut) -> None:
    words = " ".join(" ".join(element.itertext()).split())
    if words:
        left_out.leave_out(kind, words)
        left_out.keep()
    if kind == "struck" and xml.get_local_name(element) in _CELL_TAGS:
        tail = element.tail  # an empty cell stays, the others keep their columns
        for child in list(element):
            element.remove(child)
        element.text, element.tail = "", tail
    else:
        element.drop_tree()
