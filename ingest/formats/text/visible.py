"""Web pages as a reader sees them: without struck and hidden words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.formats.left_out import Kind, LeftOut
from ingest.formats.office import xml
from ingest.formats.text.css import StyleSheet
from ingest.formats.text.hiding import find_ground, is_colourless, is_out_of_sight

_STRUCK_TAGS = frozenset({"s", "strike", "del"})
_NO_TEXT_TAGS = frozenset({"head", "script", "style", "noscript", "template", "svg", "select"})
_CELL_TAGS = frozenset({"td", "th"})
_CONTROLS = ("aria-controls", "data-target", "data-bs-target", "aria-owns", "for", "href")


@dataclass(frozen=True, slots=True)
class Sight:
    """What an element takes over from those around it; `ground` as in `is_colourless`."""

    visibility: str = "visible"
    color: str = ""
    ground: str | None = ""


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
    # A style sheet in another file may colour what is behind any words.
    has_other_sheets = any(
        "stylesheet" in str(link.get("rel")).lower() for link in root.iter("link")
    )
    _visit(root, styles, opened, left_out, Sight(ground=None if has_other_sheets else ""))
    return left_out


def _visit(
    element: xml.Element, styles: StyleSheet, opened: set[str], left_out: LeftOut, around: Sight
) -> None:
    style = styles.read_style(element)
    sight = _look_at(element, style, around)
    kind = _find_reason(element, style)
    if kind == "hidden" and _can_open(element, opened):
        kind = None
    if kind:
        _take_out(element, kind, left_out)
        return
    unseen = _find_unseen(sight)
    if unseen == "hidden" and _can_open(element, opened):
        unseen = None
    if unseen and (element.text or "").strip():
        left_out.leave_out(unseen, str(element.text))
        left_out.keep()
        element.text = " "
    for child in list(element):
        if isinstance(child.tag, str) and xml.get_local_name(child) not in _NO_TEXT_TAGS:
            _visit(child, styles, opened, left_out, sight)
    if unseen:
        for child in element:
            if (child.tail or "").strip():
                left_out.leave_out(unseen, str(child.tail))
                left_out.keep()
                child.tail = " "


def _look_at(element: xml.Element, style: Mapping[str, str], around: Sight) -> Sight:
    own = dict(style)
    if (ground := str(element.get("bgcolor") or "").lower()) and "background-color" not in own:
        own["background-color"] = ground
    if element.get("background"):
        own["background-color"] = "a picture"
    named = element.get("color") if xml.get_local_name(element) == "font" else None
    color = own.get("color") or str(named or "").lower() or around.color
    return Sight(
        own.get("visibility", around.visibility),
        around.color if color in ("inherit", "unset") else color,
        find_ground(own, around.ground),
    )


def _find_unseen(sight: Sight) -> Kind | None:
    """Why words right here are not seen; None for words that are."""
    if sight.visibility in ("hidden", "collapse"):
        return "hidden"
    return "pale" if is_colourless(sight.color, sight.ground) else None


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
    return "hidden" if is_out_of_sight(style) else None


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
