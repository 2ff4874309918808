"""When a consultative body works: what its lead has set, before zone and holidays are applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

# From the first minute to the one after the last, on the local clock; an end of 00:00 is the end of
# the day.
Slot = tuple[time, time]
WeekSlots = Mapping[
    int, tuple[Slot, ...]
]  # by weekday, Monday is 0; a weekday without slots is closed


@dataclass(frozen=True, slots=True)
class BodyHours:
    """The slots of a mission's body in the week, its holidays that are worked on
    (`off_holidays`), and days of its own on which it is closed (`extra_holidays`, each with what
    it is called). `assumed` while its lead has set nothing."""

    mission: str
    slots: WeekSlots
    off_holidays: frozenset[date] = frozenset()
    extra_holidays: Mapping[date, str] = field(default_factory=dict)
    assumed: bool = False
