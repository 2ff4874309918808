"""What missions learn and tell the domestic desk, and what the desk answers to all concerned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

InsightState = Literal["new", "answered", "drafted"]


UNCLASSIFIED = "unclassified"  # the topic of what nothing speaks for


@dataclass(frozen=True, slots=True)
class TopicName:
    """A topic of topics.yaml: its id, and its name as staff read it."""

    id: str
    label: str

    @property
    def is_found(self) -> bool:
        """Whether anything spoke for a topic."""
        return self.id != UNCLASSIFIED


@dataclass(frozen=True, slots=True)
class Insight:
    """A note of `mission` to the desk: what it learned, about which `countries` (ISO 3166-1 alpha-2)
    and `topics` (ids of topics.yaml). `evidence` are links, case numbers ("#17") and words that say
    how it is known; nothing in it names a founder. `said_by` is "channel:user"."""

    number: int
    mission: str
    text: str
    said_by: str
    at: datetime
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    state: InsightState = "new"

    def is_of_case(self, number: int) -> bool:
        """Whether a case is named as how it is known."""
        return f"#{number}" in self.evidence


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """What the desk told missions with one act: `told` have a room that got it, `roomless` have none
    yet. `insight` is the number of the note that it answers, None for word of the desk's own.
    `number` is 0 until it is stored."""

    number: int
    text: str
    said_by: str
    at: datetime
    told: tuple[str, ...]
    roomless: tuple[str, ...] = ()
    insight: int | None = None
