"""How Word shows a run of text: struck, hidden or white, set directly or by its styles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.formats.left_out import Kind
from ingest.formats.office import xml

_OFF = ("0", "false", "off")
_WHITE = frozenset({"FFFFFF", "FFFFFE", "FEFEFE"})
_STRUCK = ("strike", "dstrike")
_HIDDEN = ("vanish", "specVanish")
_DOT_SIZES = ("1", "2")  # half points: Word's smallest letters, which no one reads


@dataclass(frozen=True, slots=True)
class RunFormat:
    """What a style or a run itself sets; a property that is missing is not set."""

    toggles: Mapping[str, bool]
    color: str = ""
    shade: str = ""
    style: str = ""
    is_dot: bool = False
    is_raised: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """A style: the format of its runs and the style it is based on."""

    format: RunFormat
    based_on: str


class RunStyles:
    """The styles of a document, as they apply to runs of text."""

    def __init__(self, part: xml.Element) -> None:
        self._styles = {
            get_attribute(style, "styleId"): Style(
                read_run_format(style), _get_value(style, "basedOn")
            )
            for style in xml.find_children(part, "style")
        }
        defaults = [
            get_attribute(style, "styleId")
            for style in xml.find_children(part, "style")
            if get_attribute(style, "type") == "paragraph"
            and get_attribute(style, "default") in ("1", "true", "on")
        ]
        self._default = defaults[0] if defaults else ""
        documents = xml.find_descendants(part, "rPrDefault") if len(part) else []
        self._base = read_run_format(documents[0]) if documents else RunFormat({})

    def find_reason(self, run: xml.Element, paragraph: xml.Element) -> Kind | None:
        """Why a run is left out; None for one that a reader sees."""
        own = read_run_format(run)
        properties = xml.find_children(paragraph, "pPr")
        named = _get_value(properties[0], "pStyle") if properties else ""
        above = [self._merge_chain(named or self._default), self._merge_chain(own.style)]
        if own.is_dot or any(self._is_on(name, own, above) for name in _HIDDEN):
            return "hidden"
        if any(self._is_on(name, own, above) for name in _STRUCK):
            return "struck"
        colors = [own.color, above[1].color, above[0].color, self._base.color]
        is_white = next(filter(None, colors), "") in _WHITE
        shades = [own.shade, above[1].shade, above[0].shade]
        return "pale" if is_white and not any(shades) and not _is_shaded(run) else None

    def _is_on(self, name: str, own: RunFormat, above: list[RunFormat]) -> bool:
        """A toggle: what the run sets; or else the styles, which switch it on and off again."""
        if name in own.toggles:
            return own.toggles[name]
        on = sum(style.toggles.get(name, False) for style in above)
        return on % 2 == 1 if on else self._base.toggles.get(name, False)

    def _merge_chain(self, id: str) -> RunFormat:
        """The format of a style with what it inherits; a cycle of styles ends."""
        toggles: dict[str, bool] = {}
        color = shade = ""
        for style in self._follow(id):
            toggles = {**style.format.toggles, **toggles}
            color, shade = color or style.format.color, shade or style.format.shade
        return RunFormat(toggles, color, shade)

    def _follow(self, id: str) -> Iterator[Style]:
        seen: set[str] = set()
        while id in self._styles and id not in seen:
            seen.add(id)
            yield self._styles[id]
            id = self._styles[id].based_on


def read_run_format(element: xml.Element) -> RunFormat:
    """The format that a run, a style or the defaults of a document set for runs."""
    toggles: dict[str, bool] = {}
    color = shade = style = ""
    is_dot = is_raised = False
    for properties in xml.find_children(element, "rPr"):
        for entry in properties:
            name, value = xml.get_local_name(entry), get_attribute(entry, "val")
            if name in (*_STRUCK, *_HIDDEN):
                toggles[name] = value not in _OFF
            elif name == "color":
                color = _read_color(entry)
            elif name == "shd":
                shade = _read_shade(entry)
            elif name == "highlight":
                shade = value if value not in ("", "none", "white") else shade
            elif name == "rStyle":
                style = value
            elif name == "sz":
                is_dot = value in _DOT_SIZES
            elif name == "vertAlign":
                is_raised = value == "superscript"
    return RunFormat(toggles, color, shade, style, is_dot, is_raised)


def get_attribute(element: xml.Element, name: str) -> str:
    """The value of an attribute in any namespace; "" if it is missing."""
    values = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return str(next(values, ""))


def _get_value(element: xml.Element, name: str) -> str:
    return next((get_attribute(child, "val") for child in xml.find_children(element, name)), "")


def _read_color(entry: xml.Element) -> str:
    if get_attribute(entry, "themeColor") in ("background1", "light1"):
        changed = get_attribute(entry, "themeShade") or get_attribute(entry, "themeTint")
        return "theme" if changed else "FFFFFF"
    return get_attribute(entry, "val").upper()


def _read_shade(entry: xml.Element) -> str:
    """The fill behind text; "" for none and white."""
    fill = get_attribute(entry, "fill").upper()
    theme = get_attribute(entry, "themeFill")
    if theme and theme not in ("background1", "light1"):
        return theme
    pattern = get_attribute(entry, "val")
    if pattern not in ("", "clear", "nil"):
        return pattern
    return "" if fill in ("", "AUTO", "FFFFFF") else fill


def _is_shaded(run: xml.Element) -> bool:
    """Whether something dark may lie behind a run: a cell, a table's style, a box, a page."""
    for above in run.iterancestors():
        name = xml.get_local_name(above)
        if name in ("txbxContent", "txbx"):
            return True
        if name == "document":
            return bool(xml.find_children(above, "background"))
        for properties in xml.find_children(above, "pPr", "tcPr", "tblPr", "trPr"):
            if xml.find_children(properties, "tblStyle"):
                return True
            if any(map(_read_shade, xml.find_children(properties, "shd"))):
                return True
    return False
