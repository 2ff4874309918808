"""The few properties of CSS that decide whether a reader of a page sees words, and struck or not.

A small part of the cascade: style sheets in the page, selectors of names, classes, ids and
ancestors, by specificity and order. Rules with states (`:hover`), conditions (`@media print`) or
selectors of siblings are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.formats.office import xml

PROPERTIES = frozenset(
    {"display", "visibility", "text-decoration", "opacity", "font-size",
     "content-visibility", "position", "left", "right", "top", "margin-left", "text-indent",
     "clip", "clip-path", "width", "height", "overflow", "transform", "color", "background-color"}
)  # fmt: skip
_SAME_AS = {"text-decoration-line": "text-decoration", "background": "background-color"}
MAX_RULES = 2_000  # of one page; the rest is passed over
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SIMPLE = re.compile(
    r"([.#]?)(-?[\w가-힣-]+|\*)|\[\s*([\w-]+)\s*(?:=\s*['\"]?([^'\"\]]*)['\"]?\s*)?\]"
)
_SCREEN_MEDIA = re.compile(r"@media\s+(all|screen)\s*$", re.IGNORECASE)

Declarations = Mapping[str, tuple[str, bool]]  # the value, and whether it is `!important`


@dataclass(frozen=True, slots=True)
class Compound:
    """One step of a selector; `direct` if it must be the parent of the next step."""

    name: str
    id: str
    classes: frozenset[str]
    attributes: tuple[tuple[str, str | None], ...]
    direct: bool = False

    def matches(self, element: xml.Element) -> bool:
        """Whether an element is meant by this step alone."""
        return (
            self.name in ("", xml.get_local_name(element))
            and (not self.id or element.get("id") == self.id)
            and self.classes <= frozenset(str(element.get("class") or "").split())
            and all(
                element.get(key) is not None and value in (None, element.get(key))
                for key, value in self.attributes
            )
        )


@dataclass(frozen=True, slots=True)
class StyleRule:
    """A selector, its weight in the cascade and what it declares."""

    steps: tuple[Compound, ...]  # the element itself first, then its ancestors
    weight: tuple[int, int, int]
    declarations: Declarations


class StyleSheet:
    """The rules of a page's own style sheets."""

    def __init__(self, sheets: Iterator[str]) -> None:
        self._rules = [rule for sheet in sheets for rule in _parse_rules(sheet)][:MAX_RULES]

    def read_style(self, element: xml.Element) -> dict[str, str]:
        """The declared properties of an element that count here, without those it inherits."""
        found: dict[str, tuple[tuple[bool, bool, tuple[int, int, int]], str]] = {}
        own = parse_declarations(str(element.get("style") or ""))
        matching = [(False, rule) for rule in self._rules if _matches(rule.steps, element)]
        for inline, rule in [*matching, (True, StyleRule((), (0, 0, 0), own))]:
            for name, (value, important) in rule.declarations.items():
                weight = (important, inline, rule.weight)
                if name not in found or weight >= found[name][0]:
                    found[name] = weight, value
        return {name: value for name, (_, value) in found.items()}


def parse_declarations(text: str) -> Declarations:
    """The declarations of a rule or a `style` attribute that count here, in lower case."""
    declarations: dict[str, tuple[str, bool]] = {}
    for entry in _COMMENT.sub("", text).split(";"):
        name, _, value = entry.partition(":")
        name, value = name.strip().lower(), value.strip().lower()
        name = _SAME_AS.get(name, name)
        if name in PROPERTIES and value:
            bare = re.sub(r"\s*!\s*important", "", value)
            declarations[name] = bare, bare != value
    return declarations


def _parse_rules(sheet: str) -> Iterator[StyleRule]:
    for selectors, body in _split_blocks(_COMMENT.sub("", sheet)):
        declarations = parse_declarations(body)
        if not declarations:
            continue
        for selector in selectors.split(","):
            steps = _parse_selector(selector.strip())
            if steps:
                yield StyleRule(steps, _weigh(steps), declarations)


def _split_blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """The selectors and bodies of a sheet, those for every screen included."""
    at = 0
    while (opened := sheet.find("{", at)) >= 0:
        head = sheet[at:opened].rpartition(";")[2].strip()
        end, depth = opened + 1, 1
        while end < len(sheet) and depth:
            brace = _find_brace(sheet, end)
            depth += 1 if sheet[brace : brace + 1] == "{" else -1
            end = brace + 1
        body = sheet[opened + 1 : end - 1]
        if _SCREEN_MEDIA.match(head):
            yield from _split_blocks(body)
        elif not head.startswith("@"):
            yield head, body
        at = end


def _find_brace(sheet: str, start: int) -> int:
    found = re.compile(r"[{}]").search(sheet, start)
    return found.start() if found else len(sheet)


def _parse_selector(selector: str) -> tuple[Compound, ...]:
    """The steps of a selector, the element first; empty for a selector that is passed over."""
    steps: list[Compound] = []
    direct = False
    for part in re.sub(r"\s*>\s*", " > ", selector).split():
        if part == ">":
            direct = True
            continue
        step = _parse_compound(part)
        if step is None:
            return ()
        if direct and steps:
            before = steps[-1]
            steps[-1] = Compound(
                before.name, before.id, before.classes, before.attributes, direct=True
            )
        direct = False
        steps.append(step)
    return tuple(reversed(steps))


def _parse_compound(text: str) -> Compound | None:
    name, id, classes = "", "", set()
    attributes: list[tuple[str, str | None]] = []
    end = 0
    for match in _SIMPLE.finditer(text):
        if match.start() != end:
            return None
        end = match.end()
        sign, word, key, value = match.groups()
        if key:
            attributes.append((key.lower(), value))
        elif sign == ".":
            classes.add(word)
        elif sign == "#":
            id = word
        elif word != "*":
            name = word.lower()
    if end != len(text) or not text:
        return None
    return Compound(name, id, frozenset(classes), tuple(attributes))


def _weigh(steps: tuple[Compound, ...]) -> tuple[int, int, int]:
    return (
        sum(bool(step.id) for step in steps),
        sum(len(step.classes) + len(step.attributes) for step in steps),
        sum(bool(step.name) for step in steps),
    )


def _matches(steps: tuple[Compound, ...], element: xml.Element) -> bool:
    """Whether the element and its ancestors are those of a selector."""
    if not steps[0].matches(element):
        return False
    if len(steps) == 1:
        return True
    parent = element.getparent()
    while parent is not None:
        if isinstance(parent.tag, str) and _matches(steps[1:], parent):
            return True
        if steps[1].direct:
            return False
        parent = parent.getparent()
    return False
