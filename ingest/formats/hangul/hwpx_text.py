"""The words of one paragraph of HWPX or HWPML: what is seen of its runs, links and changes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.formats.left_out import Kind, LeftOut
from ingest.formats.links import format_address
from ingest.formats.office import xml
from ingest.formats.raised import raise_figures

CHARACTER_TAGS = {
    "linebreak": "\n", "tab": "\t", "nbspace": " ", "fwspace": " ", "hyphen": "-",
}  # fmt: skip
INLINE_TAGS = frozenset({"t", "text", "char", "run", "ctrl"})
HIDDEN_TAGS = frozenset(
    {"header", "footer", "hiddencomment", "memo", "fieldbegin", "secpr", "secdef", "colpr"}
)
# The lines that Hangul draws. It writes "3D" where it draws none.
_LINES = frozenset(
    {"SOLID", "DASH", "DOT", "DASH_DOT", "DASH_DOT_DOT", "LONG_DASH", "CIRCLE", "DOUBLE_SLIM",
     "SLIM_THICK", "THICK_SLIM", "SLIM_THICK_SLIM", "WAVE", "DOUBLEWAVE", "DASHDOT", "DASHDOTDOT",
     "LONGDASH", "DOUBLESLIM", "SLIMTHICK", "THICKSLIM", "SLIMTHICKSLIM"}
)  # fmt: skip
DOT_HEIGHT = 100  # hundredths of a point: Hangul's smallest letters, which no one reads
_NO_COLORS = ("", "none", "#FFFFFF", "#FFFFFFFF")
_SPACES = re.compile(" {2,}")


@dataclass(frozen=True, slots=True)
class CharacterLook:
    """A kind of characters in the header: whether a line strikes it out, whether it is white, too
    small to be read, or raised."""

    is_struck: bool
    is_white: bool
    is_dot: bool = False
    is_raised: bool = False


class CharacterLooks:
    """The kinds of characters of a document, and which grounds are coloured."""

    def __init__(self, head: xml.Element | None) -> None:
        shapes = [] if head is None else xml.find_descendants(head, "charPr", "CHARSHAPE")
        self._looks = {
            str(shape.get("id") or shape.get("Id")): _read_look(shape) for shape in shapes
        }
        fills = [] if head is None else xml.find_descendants(head, "borderFill")
        self._coloured = {str(fill.get("id")) for fill in fills if _is_coloured(fill)}
        paragraphs = [] if head is None else xml.find_descendants(head, "paraPr")
        self._grounds = {
            str(shape.get("id")): str(border.get("borderFillIDRef"))
            for shape in paragraphs
            for border in xml.find_children(shape, "border")
        }

    def find_reason(self, run: xml.Element) -> Kind | None:
        """Why the words of a run are left out; None for words that a reader sees."""
        look = self._find_look(run)
        if look is None:
            return None
        if look.is_struck:
            return "struck"
        if look.is_dot:
            return "hidden"
        return "pale" if look.is_white and not self._has_ground(run) else None

    def is_raised(self, run: xml.Element) -> bool:
        """Whether the words of a run stand above the line."""
        look = self._find_look(run)
        return look is not None and look.is_raised

    def _find_look(self, run: xml.Element) -> CharacterLook | None:
        return self._looks.get(str(run.get("charPrIDRef") or run.get("CharShape")))

    def _has_ground(self, run: xml.Element) -> bool:
        """Whether something coloured may lie behind a run: a cell, a table, a paragraph, a box."""
        for above in run.iterancestors():
            name = xml.get_local_name(above)
            ground = str(above.get("borderFillIDRef"))
            if name == "p":
                ground = self._grounds.get(str(above.get("paraPrIDRef")), "")
            if name == "drawText" or ground in self._coloured:
                return True
        return False


def _read_look(shape: xml.Element) -> CharacterLook:
    is_struck = False
    for line in xml.find_children(shape, "strikeout", "STRIKEOUT", "underline", "UNDERLINE"):
        drawn = str(line.get("shape") or line.get("Shape") or "").upper() in _LINES
        is_middle = str(line.get("type") or line.get("Type") or "").upper() == "CENTER"
        is_strikeout = xml.get_local_name(line).lower() == "strikeout"
        if xml.get_local_name(line) == "STRIKEOUT":  # HWPML names none by its type
            drawn = drawn and str(line.get("Type") or "").upper() not in ("", "NONE")
        is_struck = is_struck or (drawn and (is_strikeout or is_middle))
    color, shade = str(shape.get("textColor") or ""), str(shape.get("shadeColor") or "")
    is_white = color.upper() in ("#FFFFFF", "#FFFFFFFF") and _is_no_color(shade)
    height = str(shape.get("height") or shape.get("Height") or "")
    is_dot = height.isdecimal() and 0 < int(height) <= DOT_HEIGHT
    return CharacterLook(
        is_struck, is_white, is_dot, bool(xml.find_children(shape, "supscript", "SUPERSCRIPT"))
    )


def _is_no_color(color: str) -> bool:
    return color in _NO_COLORS or color.upper() in _NO_COLORS


def _is_coloured(fill: xml.Element) -> bool:
    brushes = xml.find_descendants(fill, "winBrush", "gradation", "imgBrush")
    return any(
        xml.get_local_name(brush) != "winBrush"
        or not _is_no_color(str(brush.get("faceColor") or ""))
        for brush in brushes
    )


class HwpxParagraph:
    """The `text` of a paragraph, and the elements in it that contain paragraphs in `anchored`.

    `is_struck` says whether words of it were left out because they are struck.
    """

    def __init__(self, paragraph: xml.Element, looks: CharacterLooks, left_out: LeftOut) -> None:
        self.anchored: list[xml.Element] = []
        self.is_struck = self._is_cut = self._is_deleted = False
        self._parts: list[str] = []
        self._looks, self._left_out = looks, left_out
        self._fields: list[tuple[str, int]] = []  # open fields: their address, where they begin
        left_out.keep()
        self._walk(paragraph, None)
        left_out.keep()

    @property
    def text(self) -> str:
        """The words; without the double spaces around words that were left out."""
        words = "".join(self._parts)
        return _SPACES.sub(" ", words) if self._is_cut else words

    def _walk(self, element: xml.Element, reason: Kind | None) -> None:
        within_text = xml.get_local_name(element).lower() in ("t", "char")
        for child in element:
            name = xml.get_local_name(child).lower()
            if name in CHARACTER_TAGS:
                self._add(CHARACTER_TAGS[name] + (child.text or ""), reason)
            elif name in ("t", "char"):
                self._add(child.text or "", reason)
                self._walk(child, reason)
            elif name in ("deletebegin", "deleteend"):
                self._is_deleted = name == "deletebegin"
            elif name in ("fieldbegin", "fieldend"):
                self._turn_field(child, name)
            elif name in ("run", "text"):
                begin = len(self._parts)
                self._walk(child, self._looks.find_reason(child) or reason)
                words = "".join(self._parts[begin:])
                if self._looks.is_raised(child) and (raised := raise_figures(words)):
                    self._parts[begin:] = [raised]
            else:
                self._read_other(child, name, reason)
            if name in CHARACTER_TAGS or within_text:
                self._add(child.tail or "", reason)

    def _read_other(self, child: xml.Element, name: str, reason: Kind | None) -> None:
        if name in ("script", "equation") and not xml.find_descendants(child, "p", "P"):
            for script in xml.find_descendants(child, "script", "SCRIPT"):
                self._add(script.text or "", reason)
        elif name in INLINE_TAGS:
            self._walk(child, reason)
        elif name not in HIDDEN_TAGS and xml.find_descendants(child, "p", "P"):
            self.anchored.append(child)

    def _add(self, words: str, reason: Kind | None) -> None:
        if not words or self._is_deleted:
            return
        if reason is None or not words.strip():
            self._left_out.keep()
            self._parts.append(words)
            return
        self._left_out.leave_out(reason, words)
        self._is_cut = True
        self.is_struck = self.is_struck or reason == "struck"

    def _turn_field(self, field: xml.Element, name: str) -> None:
        if name == "fieldbegin":
            kind = str(field.get("type") or field.get("Type") or "").upper()
            address = _read_field_address(field) if kind == "HYPERLINK" else ""
            self._fields.append((address, len(self._parts)))
        elif self._fields:
            address, begin = self._fields.pop()
            shown = format_address("".join(self._parts[begin:]), address)
            if shown:
                last = self._parts[-1].rstrip()
                self._parts[-1] = last + shown + self._parts[-1][len(last) :]


def _read_field_address(field: xml.Element) -> str:
    """The address of a link: the `Path` of the field, or the first part of its command."""
    parameters = {
        str(entry.get("name")): entry.text or ""
        for entry in xml.find_descendants(field, "stringParam")
    }
    command = parameters.get("Command") or str(field.get("Command") or "")
    return parameters.get("Path") or parse_link_command(command)


def parse_link_command(command: str) -> str:
    """The address in the command of a link, "https\\://a.kr;1;0;0;": semicolons part it."""
    first = re.match(r"(?:\\.|[^\\;])*", command)
    return re.sub(r"\\(.)", r"\1", first.group() if first else "")
