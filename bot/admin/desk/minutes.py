"""Minutes as they are typed: a line for each resolution, or for what became of an earlier one.

현지 세무법인 연락처를 회람한다 | 코트라 김과장 | 2026-12-31      what | by whom | until when
3 완료                                                     resolution 3 is done (dropped: 3 중단)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.types import Minutes, Resolution, ResolutionState

TEXT_LIMIT_CHARACTERS, OWNER_LIMIT_CHARACTERS = 1_000, 200
_SETTLED_WORDS: dict[str, ResolutionState] = {
    "완료": "done", "done": "done", "xong": "done",
    "중단": "dropped", "dropped": "dropped", "bỏ": "dropped",
}  # fmt: skip
_SETTLED = re.compile(rf"(?:결정\s*)?[#(]?(\d{{1,9}})\)?[.:]?\s+({'|'.join(_SETTLED_WORDS)})")
_BULLET = re.compile(r"^[-*•·]\s+")
_DATE = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})\.?")


@dataclass(frozen=True, slots=True)
class BadLine(Exception):
    """A line of minutes that cannot be read. `problem` is "date", "number" or "long"."""

    line: str
    problem: str

    def __str__(self) -> str:
        return f"{self.problem}: {self.line}"


def read_minutes(
    text: str, mission: str, known: Sequence[Resolution], today: date, entered_by: str
) -> Minutes:
    """The resolutions in a text, and what it says of those in `known`. `today` is when they were
    made, by the mission's clock. Raises BadLine for the first line that cannot be read; then
    nothing of the text counts."""
    new: list[Resolution] = []
    settled: dict[int, ResolutionState] = {}
    numbers = {one.number for one in known if one.state == "open"}
    for raw in text.splitlines():
        line = _BULLET.sub("", raw.strip())
        if not line:
            continue
        if match := _SETTLED.fullmatch(line.lower()):
            number = int(match[1])
            if number not in numbers:
                raise BadLine(line, "number")
            settled[number] = _SETTLED_WORDS[match[2]]
        else:
            new.append(_read_resolution(line, mission, today, entered_by))
    return Minutes(mission, tuple(new), tuple(settled.items()))


def _read_resolution(line: str, mission: str, today: date, entered_by: str) -> Resolution:
    """Its text, its owner and its date; the last two may be left out."""
    parts = [part.strip() for part in line.rstrip("| ").split("|")]
    due = _read_date(parts.pop(), line) if len(parts) > 1 and _looks_dated(parts[-1]) else None
    owner = parts.pop() if len(parts) > 1 else ""
    what = " | ".join(parts)
    if len(what) > TEXT_LIMIT_CHARACTERS or len(owner) > OWNER_LIMIT_CHARACTERS:
        raise BadLine(line[:80], "long")
    return Resolution(0, mission, what, owner, due, today, entered_by)


def _looks_dated(text: str) -> bool:
    return bool(text) and text[0].isdecimal()


def _read_date(text: str, line: str) -> date:
    match = _DATE.fullmatch(text)
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise BadLine(line, "date")
