"""Whether a message is nothing but the name of a place, and which words name it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from bot.founder.reading.act_table import read_acts_file
from bot.founder.reading.words import FoldedText, WordPattern, compile_words, fold_message
from bot.types import Place

PLACE_LEVELS = 4  # city, province, country, and one more name of one of them


@dataclass(frozen=True, slots=True)
class _PlaceWords:
    filler: WordPattern
    rejects_before: WordPattern  # stands after the place that is not meant
    rejects_after: WordPattern  # stands before it
    until: re.Pattern[str]


def read_place(
    folded: FoldedText, strange_limit: int, find_place: Callable[[str], Place | None]
) -> str:
    """The words that name the place which a message consists of; "" if it is about something else.
    As many as `strange_limit` words that say nothing of a place may stand around it. "아니 일본 말고 베트남 하노이요"
    gives "베트남 하노이"."""
    words = _load_place_words()
    start, end = _find_meant(folded.text, words)
    left = folded.original[folded.positions[start] : folded.positions[end]]
    names: list[tuple[int, str]] = []
    for _ in range(PLACE_LEVELS):
        place = find_place(left.strip(" \t\n.,!?"))
        at = left.find(place.name) if place else -1
        if not place or at < 0:
            break
        names.append((at, place.name))
        left = left[:at] + " " * len(place.name) + left[at + len(place.name) :]
    strange_words = re.findall(r"\w+", words.filler.compiled.sub(" ", fold_message(left).text))
    if len(strange_words) > strange_limit:
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
    data = read_acts_file()["place"]
    rejects = data["rejects"]
    # Particles follow the name without a space, so the words may begin within a word.
    return _PlaceWords(
        filler=compile_words([data["filler"]], {}, True),
        rejects_before=compile_words([{"ko": rejects["before"]}], {}, True),
        rejects_after=compile_words([{"en": rejects["after"]}], {}, True),
        until=re.compile(rejects["until"]),
    )
