"""Marks that turn the direction of writing: inside somebody's words they stay, and turn nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Unicode's Bidirectional Algorithm (UAX #9) has four isolates and five embeddings; a line's end ends all.
ISOLATES, END_OF_ISOLATE = "\u2066\u2067\u2068", "\u2069"
FIRST_STRONG_ISOLATE = "\u2068"
MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


def isolate_lines(text: str) -> str:
    """Somebody's words as they can stand among others: each line whose marks could turn what stands
    after it is in an isolate of its own. Nothing of the words is changed."""
    return _LINE.sub(lambda line: _isolate(line[0]), text) if MARKS.search(text) else text


def isolate_values(values: Mapping[str, object]) -> dict[str, object]:
    """What is filled into a sentence, texts as `isolate_lines` gives them."""
    return {
        name: isolate_lines(one) if isinstance(one, str) else one for name, one in values.items()
    }


def drop_marks(text: str) -> str:
    """`text` without its marks, as two that look the same are compared."""
    return MARKS.sub("", text)


def _isolate(line: str) -> str:
    """A line between the beginning of an isolate and its end. What the line begins is ended before
    that; each end for which it has no beginning gets one in front."""
    opened = missing = 0
    is_harmless = True
    for mark in MARKS.findall(line):
        if mark in ISOLATES:
            opened += 1
        elif mark != END_OF_ISOLATE:
            is_harmless &= opened > 0  # an isolate ends what is embedded in it
        elif opened:
            opened -= 1
        else:
            missing += 1
    if is_harmless and not opened and not missing:
        return line
    return f"{FIRST_STRONG_ISOLATE * (1 + missing)}{line}{END_OF_ISOLATE * (1 + opened)}"
