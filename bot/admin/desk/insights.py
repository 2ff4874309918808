"""What missions learned and told the desk, for agendas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Insight:
    """A note of a mission to the desk: what it learned, where (ISO 3166-1 codes) and of which topics."""

    at: datetime
    mission: str
    text: str
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def list_insights(_country: str, _since: datetime) -> tuple[Insight, ...]:
    """The insights about a country since a moment: none, as nothing stores them yet."""
    return ()
