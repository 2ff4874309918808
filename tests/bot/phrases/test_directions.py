"""Whatever marks of direction somebody's words have, they turn no others, and stay as they were typed."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.phrases.directions import MARKS, drop_marks, isolate_lines

MAX_DEPTH = 125  # of UAX #9, BD2
EMBEDDINGS = {"\u202a": 0, "\u202b": 1, "\u202d": 0, "\u202e": 1}
ISOLATES = {"\u2066": 0, "\u2067": 1, "\u2068": 1}  # the third by what it holds: at its worst
ALL_MARKS = [chr(one) for one in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
words = st.text(st.sampled_from([*ALL_MARKS, "a", "가", "א", "\n", "\u2028"]), max_size=40)


@dataclass
class Directions:
    """The levels of one line by the rules X1 to X8 of UAX #9. `stack` has (level, is isolate)."""

    stack: list[tuple[int, bool]] = field(default_factory=lambda: [(0, False)])
    isolates: int = 0
    deep_isolates: int = 0
    deep_embeddings: int = 0

    @property
    def is_turned(self) -> bool:
        """Whether what comes now stands outside isolates and has another level than the line."""
        return not self.isolates and self.stack[-1][0] > 0

    def begin(self, direction: int, *, isolate: bool) -> None:
        level = self.stack[-1][0]
        deeper = level + 1 if (level + 1) % 2 == direction else level + 2
        if deeper <= MAX_DEPTH and not self.deep_isolates and not self.deep_embeddings:
            self.stack.append((deeper, isolate))
            self.isolates += isolate
        elif isolate:
            self.deep_isolates += 1
        elif not self.deep_isolates:
            self.deep_embeddings += 1

    def end_isolate(self) -> None:
        if self.deep_isolates:
            self.deep_isolates -= 1
        elif self.isolates:
            self.deep_embeddings = 0
            while not self.stack.pop()[1]:
                pass
            self.isolates -= 1

    def end_embedding(self) -> None:
        if self.deep_isolates:
            return
        if self.deep_embeddings:
            self.deep_embeddings -= 1
        elif not self.stack[-1][1] and len(self.stack) > 1:
            self.stack.pop()


def list_turned(line: str) -> list[str]:
    """What of a line does not stand as it would without marks, outside isolates; and "open" for a line
    that leaves something to be ended."""
    directions, turned = Directions(), list[str]()
    for letter in line:
        if letter in EMBEDDINGS:
            directions.begin(EMBEDDINGS[letter], isolate=False)
            continue
        if letter == "\u2069":
            directions.end_isolate()
        elif letter == "\u202c":
            directions.end_embedding()
        if directions.is_turned:
            turned.append(letter)
        if letter in ISOLATES:
            directions.begin(ISOLATES[letter], isolate=True)
    is_open = len(directions.stack) > 1 or directions.deep_isolates
    return [*turned, *(["open"] if is_open else [])]


@pytest.mark.parametrize(("line", "turned"), [
    ("#12 \u202e34 #56", True),
    ("#12 \u202e34\u202c #56", True),  # what is next to it is drawn into it, by rule X10
    ("#12 \u206834\u2069 #56", False),
    ("#12 \u2068\u202e34\u2069 #56", False),
    ("#12 \u2068\u2069\u202e34\u2069 #56", True),
    ("#12 \u206734 #56", True),
])  # fmt: skip
def test_the_rules_by_which_it_is_tested_see_what_is_turned(line: str, turned: bool) -> None:
    assert bool(list_turned(line)) is turned


@given(words)
@example("\u2069" * 3 + "\u202ea")
@example("\u2067" * 130 + "\u202e" * 130 + "a" + "\u2069" * 130)
@example("\u2066\u202e\u2069\u2069\u202b가")
def test_no_words_turn_what_stands_around_them(text: str) -> None:
    shown = isolate_lines(text)
    for line in f"#12 {shown} #34".splitlines():
        assert list_turned(line) == []
    assert all(
        typed in line for typed, line in zip(text.splitlines(), shown.splitlines(), strict=True)
    )
    assert isolate_lines(shown) == shown and drop_marks(shown) == drop_marks(text)
    if not MARKS.search(text):
        assert shown == text
