"""The words of one paragraph of Word: what is seen of its runs, links and fields."""

from __future__ import annotations

import re

from ingest.formats.left_out import LeftOut
from ingest.formats.links import format_address
from ingest.formats.office import xml
from ingest.formats.office.word_runs import RunStyles, get_attribute, read_run_format
from ingest.formats.raised import raise_figures

# Deleted text, field codes, properties, and alternative content for old programs.
HIDDEN_TAGS = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr"})
_CHARACTER_TAGS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ADDRESS_KEY = "naru-address"  # put into the tree by `mark_addresses`
_HYPERLINK_CODE = re.compile(r"\s*HYPERLINK\s+(?!\\)\"?([^\"\s]+)\"?", re.IGNORECASE)
_SPACES = re.compile(" {2,}")


def mark_addresses(part: xml.Element, links: xml.Element) -> None:
    """Write the addresses of a part's relations onto its links."""
    targets = {str(link.get("Id")): str(link.get("Target")) for link in links}
    for link in xml.find_descendants(part, "hyperlink"):
        target = targets.get(get_attribute(link, "id"))
        if target:
            link.set(_ADDRESS_KEY, target)


class WordParagraph:
    """The `text` of a paragraph, and the notes and boxes in it in `anchored`.

    `is_struck` says whether words of it were left out because they are struck.
    """

    def __init__(self, paragraph: xml.Element, styles: RunStyles, left_out: LeftOut) -> None:
        self.parts: list[str] = []
        self.anchored: list[xml.Element] = []
        self.is_struck = self._is_cut = False
        self._paragraph, self._styles, self._left_out = paragraph, styles, left_out
        self._fields: list[tuple[str, int]] = []  # open fields: their code, where their text begins
        left_out.keep()
        self._collect(paragraph)
        left_out.keep()

    @property
    def text(self) -> str:
        """The words of the paragraph; without the double spaces around words that were left out."""
        words = "".join(self.parts).strip()
        return _SPACES.sub(" ", words) if self._is_cut else words

    def _collect(self, element: xml.Element) -> None:
        for child in element:
            name = xml.get_local_name(child)
            if name == "r":
                self._collect_run(child)
            elif name == "hyperlink":
                self._collect_link(child, child.get(_ADDRESS_KEY) or "")
            elif name == "fldSimple":
                code = _HYPERLINK_CODE.match(get_attribute(child, "instr"))
                self._collect_link(child, code.group(1) if code else "")
            elif name not in HIDDEN_TAGS:
                self._collect(child)

    def _collect_link(self, element: xml.Element, address: str) -> None:
        begin = len(self.parts)
        self._collect(element)
        self._write_address(begin, address)

    def _write_address(self, begin: int, address: str) -> None:
        """Put an address behind the words since part `begin`."""
        shown = format_address("".join(self.parts[begin:]), address)
        if shown:
            last = self.parts[-1].rstrip()
            self.parts[-1] = last + shown + self.parts[-1][len(last) :]

    def _collect_run(self, run: xml.Element) -> None:
        reason = self._styles.find_reason(run, self._paragraph)
        begin, anchored = len(self.parts), len(self.anchored)
        self._collect_inside(run)
        words = "".join(self.parts[begin:])
        if reason == "hidden":  # with the boxes and notes in it
            words += "".join("".join(box.itertext()) for box in self.anchored[anchored:])
            del self.anchored[anchored:]
        if not words:
            return
        if reason is None:
            self._left_out.keep()
            if read_run_format(run).is_raised and (raised := raise_figures(words)):
                self.parts[begin:] = [raised]
            return
        del self.parts[begin:]
        self._is_cut = True
        self._left_out.leave_out(reason, words)
        self.is_struck = self.is_struck or reason == "struck"

    def _collect_inside(self, element: xml.Element) -> None:
        for child in element:
            name = xml.get_local_name(child)
            if name == "t":
                self.parts.append(child.text or "")
            elif name in _CHARACTER_TAGS:
                self.parts.append(_CHARACTER_TAGS[name])
            elif name in ("footnoteReference", "endnoteReference", "txbxContent"):
                self.anchored.append(child)
            elif name == "fldChar":
                self._turn_field(get_attribute(child, "fldCharType"))
            elif name == "instrText" and self._fields:
                code, begin = self._fields[-1]
                self._fields[-1] = code + (child.text or ""), begin
            elif name not in HIDDEN_TAGS:
                self._collect_inside(child)

    def _turn_field(self, turn: str) -> None:
        if turn == "begin":
            self._fields.append(("", len(self.parts)))
        elif turn == "separate" and self._fields:
            self._fields[-1] = self._fields[-1][0], len(self.parts)
        elif turn == "end" and self._fields:
            code, begin = self._fields.pop()
            match = _HYPERLINK_CODE.match(code)
            self._write_address(begin, match.group(1) if match else "")
