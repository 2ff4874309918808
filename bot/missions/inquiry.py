"""What a message asks about missions and their consultative bodies, if that is what it asks.

Read from inquiry.yaml and conservative: what could be about a programme, an incident or another
office is no inquiry, and is looked up in the library like any question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args
from unicodedata import normalize

from knowledge.text.language import fold_diacritics
from knowledge.text.yaml_text import parse_yaml

INQUIRY_FILE = Path(__file__).with_name("inquiry.yaml")
INQUIRY_LIMIT_CHARACTERS = 100  # a longer message tells of a matter; see docs/parameters.md

# Which mission covers a place, whether it has a body, who sits on it, where the nearest is, when it
# is open, how to reach it, and what becomes of a case.
Asked = Literal["covers", "body", "members", "nearest", "hours", "contact", "flow"]
# Where the place that is asked about comes from: the message, the talk before it, or nowhere.
PlaceOrigin = Literal["text", "talk", "none"]


@dataclass(frozen=True, slots=True)
class _InquiryTable:
    """The compiled patterns of inquiry.yaml, by kind in the order of the file."""

    names: re.Pattern[str]
    not_if: re.Pattern[str]
    kinds: tuple[tuple[Asked, re.Pattern[str]], ...]
    plain: tuple[tuple[Asked, re.Pattern[str]], ...]
    pointing: tuple[tuple[Asked, re.Pattern[str]], ...]
    door: tuple[tuple[Asked, re.Pattern[str]], ...]
    moved: tuple[str, ...]  # with {place} for the name of a place


def read_inquiry(text: str, origin: PlaceOrigin) -> Asked | None:
    """What `text` asks about a mission or its body; None if it asks something else.

    "연락처" alone and "when are they open?" count only where the talk has a place (`origin`); whom
    one can turn to ("그럼 어디다 물어봐요") may be asked without one.
    """
    folded, table = _fold_words(text), _load_table()
    if not folded or len(folded) > INQUIRY_LIMIT_CHARACTERS or table.not_if.search(folded):
        return None
    whole = (*table.plain, *table.door) if origin == "talk" else table.door
    for asked, pattern in whole:
        if pattern.fullmatch(folded):
            return asked
    if origin == "talk":
        for asked, pattern in table.pointing:
            if pattern.search(folded):
                return asked
    return next((asked for asked, pattern in table.kinds if pattern.search(folded)), None)


def is_moved(text: str, place: str) -> bool:
    """Whether `text` only names another place ("and Kentucky?"), so that what was asked before is
    asked of it. `place` is the name as it is written there."""
    folded, name = _fold_words(text), re.escape(_fold_words(place))
    return any(
        re.fullmatch(pattern.replace("{place}", name), folded) for pattern in _load_table().moved
    )


def _fold_words(text: str) -> str:
    folded = fold_diacritics(normalize("NFC", text)).lower()
    return " ".join(folded.split()).strip(" .!?~…")


def names_mission(text: str) -> bool:
    """Whether a text has a word for missions or their bodies."""
    return bool(_load_table().names.search(fold_diacritics(normalize("NFC", text)).lower()))


@cache
def _load_table() -> _InquiryTable:
    data = parse_yaml(INQUIRY_FILE.read_text(encoding="utf-8"))
    words = {name: re.sub(r"\s+\|", "|", value.strip()) for name, value in data["words"].items()}

    def compile_kinds(section: dict[str, Any]) -> tuple[tuple[Asked, re.Pattern[str]], ...]:
        unknown = set(section) - set(get_args(Asked))
        assert not unknown, f"{INQUIRY_FILE.name}: unknown kinds {unknown}"
        return tuple((kind, _join(section[kind], words)) for kind in section)  # type: ignore[misc]

    return _InquiryTable(
        names=_join(["{mission}|{body}"], words),
        not_if=re.compile("|".join(f"(?:{one})" for one in data["not_if"])),
        kinds=compile_kinds(data["kinds"]),
        plain=compile_kinds(data["plain"]),
        pointing=compile_kinds(data["pointing"]),
        door=compile_kinds(data["door"]),
        moved=tuple(data["moved"]),
    )


def _join(patterns: list[str], words: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.format(**words)})" for pattern in patterns))
