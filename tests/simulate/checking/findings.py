"""What came of a year: counts, and each promise that was not kept."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_NUMBERS = re.compile(r"[-+:.\d]*\d[-+:.\d]*( [-+:.\d]*\d)*")  # moments too


@dataclass
class Findings:
    """What came of the year. `faults` are sentences, each a promise that was not kept."""

    cases: int = 0
    requests: int = 0
    targets: int = 0
    met: int = 0
    slipped: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    lapsed: int = 0
    told: int = 0
    words: int = 0
    forgotten: int = 0
    faults: list[str] = field(default_factory=list)
    by_week: dict[int, Counter[str]] = field(default_factory=dict)

    def count_faults(self) -> dict[str, list[str]]:
        """The faults by their kind, which is a sentence without its numbers; the commonest first."""
        kinds: dict[str, list[str]] = {}
        for fault in self.faults:
            kinds.setdefault(_NUMBERS.sub("…", fault), []).append(fault)
        return dict(sorted(kinds.items(), key=lambda one: -len(one[1])))

    def add(self, other: Findings) -> None:
        """Count another installation's year in."""
        for name in (
            "cases", "requests", "targets", "met", "slipped", "lapsed", "told", "words", "forgotten",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.steps += other.steps
        self.faults += other.faults
        for week, counts in other.by_week.items():
            self.by_week[week] = self.by_week.get(week, Counter()) + counts
