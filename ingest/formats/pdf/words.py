"""Words that a program broke at the end of a line, as Korean text may be broken in any word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

BREAK_MIN_COUNT = 3  # full lines, before their ends tell how a program breaks lines
BREAK_MIN_SHARE = 0.9  # of the full lines, which have no room for one letter more
BREAK_ROOM_OF_SIZE = 1.15  # the room of one letter; see docs/parameters.md
FULL_LINE_END = "\v"  # at the end of a cell's line without room for one letter more
_EDGE_SIGNS = "()[]{}〈〉《》「」『』“”‘’\"'.,:;·!?"
_HANGUL = re.compile(r"[가-힣]")
# These end a word: none of them stands alone.
_PARTICLE = re.compile(
    r"(을|를|은|는|의|에|에서|에게|에는|로|으로|로서|로써|와|과|까지|부터|마다|이나|라도|며|거나|라는)[.,)]?"
    r"|(다|니다|습니다|입니다)\."
)
# These end a word more often than they stand alone.
_LIKELY_PARTICLE = re.compile(
    r"(합니다|됩니다|하며|하고|하여|하는|되며|되고|되어|되는|된다|한다|면|지만|보다)[.,)]?"
)
# Words end with these letters more often than they go on after them.
_ENDING = re.compile(r".[을를은는의에와과고며여한할된될면및로서]")


# The room at the end of a full line in sizes of its letters, None if it is that of a cell, and the
# first word of the next line.
LineBreak = tuple[float | None, str]


def learn_words(lines: Iterable[str]) -> frozenset[str]:
    """The words that are whole in lines: neither the first nor the last of one."""
    return frozenset(
        word.strip(_EDGE_SIGNS) for line in lines for word in line.split()[1:-1] if len(word) > 1
    )


def detect_broken_words(breaks: Sequence[LineBreak]) -> bool:
    """Whether the program that wrote a document breaks lines within words."""
    if any(_PARTICLE.fullmatch(word) for _, word in breaks):
        return True
    told = [room for room, word in breaks if room is not None and len(_HANGUL.findall(word)) > 2]
    narrow = sum(room < BREAK_ROOM_OF_SIZE for room in told)
    return len(told) >= BREAK_MIN_COUNT and narrow >= BREAK_MIN_SHARE * len(told)


def choose_joint(before: str, after: str, words: frozenset[str]) -> str:
    """A space, or nothing if a word goes on from one line to the next.

    It is for programs that break lines within words. `words` are whole words of the document.
    """
    last = (before.split() or [""])[-1]
    first = (after.split() or [""])[0]
    if not _HANGUL.match(first[:1]) or not (_HANGUL.match(last[-1:]) or last[-1:].isdigit()):
        return " "
    if _PARTICLE.fullmatch(first) or last[-1].isdigit():
        return ""
    if _LIKELY_PARTICLE.fullmatch(first) and not _ENDING.search(last[-2:]):
        return ""
    whole = (last + first).strip(_EDGE_SIGNS)
    if whole in words:
        return ""
    apart = last.strip(_EDGE_SIGNS) in words and first.strip(_EDGE_SIGNS) in words
    return " " if apart or _ENDING.search(last[-2:]) else ""
