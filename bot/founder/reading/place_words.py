"""Whether a message is nothing but the name of a place, and which words name it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.founder.reading.words import FoldedText, compile_words, fold_message
from bot.types import Place

ACTS_FILE = Path(__file__).with_name("acts.yaml")
PLACE_LEVELS = 4  # city, province, country, and one more name of one of them
STRANGE_WORDS = 6  # beside the place, in a reply to "where?"


@dataclass(frozen=True, slots=True)
class _PlaceWords:
    filler: re.Pattern[str]
    rejects_before: re.Pattern[str]  # stands after the place that is not meant
    rejects_after: re.Pattern[str]  # stands before it
    until: re.Pattern[str]


def read_place(folded: FoldedText, awaited: bool, find_place: Callable[[str], Place | None]) -> str:
    """The words that name the place which a message consists of; "" if it is about something else.
    If a place is `awaited`, some other words may stand around it. "아니 일본 말고 베트남 하노이요"
    gives "베트남 하노이"."""
    words = _load_place_words()
    start, end = _find_meant(folded.text, words)
    left = list(folded.text[start:end])
    names: list[tuple[int, str]] = []
    for _ in range(PLACE_LEVELS):
        place = find_place("".join(left).strip(" \t\n.,!?"))
        name = fold_message(place.name).text.strip() if place else ""
        at = "".join(left).find(name) if name else -1
        if at < 0:
            break
        names.append((at, folded.cut_original(start + at, start + at + len(name))))
        left[at : at + len(name)] = " " * len(name)
    if not names:
        return ""
    strange = words.filler.sub(" ", "".join(left))
    strange_words = re.findall(r"\w+", strange)
    if len(strange_words) > (STRANGE_WORDS if awaited else 0):
        return ""
    return " ".join(name for _, name in sorted(names))


def _find_meant(text: str, words: _PlaceWords) -> tuple[int, int]:
    """The range of the text without the place that the founder rejects ("not Tokyo, Hanoi")."""
    before = words.rejects_before.search(text)
    if before:
        return before.end(), len(text)
    after = words.rejects_after.search(text)
    if after:
        until = words.until.search(text, after.end())
        if until and until.end() < len(text.rstrip()):
            return until.end(), len(text)
        if after.start() and text[: after.start()].strip(" ,") not in ("no", "아니", "da", "ok"):
            return 0, after.start()
    return 0, len(text)


@cache
def _load_place_words() -> _PlaceWords:
    data: dict[str, Any] = yaml.safe_load(ACTS_FILE.read_text(encoding="utf-8"))["place"]
    rejects = data["rejects"]
    # Particles follow the name without a space, so the words may begin within a word.
    return _PlaceWords(
        filler=compile_words([data["filler"]], {}),
        rejects_before=compile_words([{"ko": rejects["before"]}], {}),
        rejects_after=compile_words([{"en": rejects["after"]}], {}),
        until=re.compile(rejects["until"]),
    )
