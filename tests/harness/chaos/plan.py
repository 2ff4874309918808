"""What happens in a trial, drawn from its seed: how each life of the process ends."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from tests.harness.chaos.altered_serve import KILL_POINTS, Alteration
from tests.harness.messenger_drivers import Person

End = Literal["random", "start", "confirm", "send", "point", "term"]

# Of ten lives: killed at a random moment (some while starting), at the moment an event was
# confirmed or a message sent, at a point inside, and one that is asked to end.
ENDS: tuple[End, ...] = (
    "random", "confirm", "point", "send", "random", "point", "confirm", "term", "start", "point",
)  # fmt: skip
UPTIME_SECONDS = (0.2, 2.5)  # after it came up, before a kill at a random moment or an aimed one
STARTING_SECONDS = (0.3, 2.0)
CALLS = (1, 12)  # of a point, of which one is the last
CLOCK_JUMPS_SECONDS = (90.0, -90.0, 3_600.0, -3_600.0)
JUMPING_LIFE = 7  # every seventh life has a clock that jumps


@dataclass(frozen=True)
class Lane:
    """One direction of a talk: `name` stands before each number that is written in it."""

    name: str
    writer: Person
    reader: Person


@dataclass(frozen=True, slots=True)
class Life:
    """One process from start to end; `seconds` are those after it came up (or, for "start", after
    it was started)."""

    end: End
    seconds: float
    alteration: Alteration


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """How much is written, spread over the lives, and how they end. `pace` is the pause between two messages of one
    person, `steady_pace` that in the first `steady` seconds, which are without any fault; then follow `troubled`
    seconds with faults and without kills. `uptime` is how long a life may last before its kill; `patience`
    the seconds without an arrival after which what is missing counts as lost."""

    kills: int
    least: int
    seed: int
    founders: int = 3
    pace: tuple[float, float] = (0.2, 1.0)
    steady: float = 0.0
    steady_pace: float = 0.3
    troubled: float = 0.0
    uptime: tuple[float, float] = UPTIME_SECONDS
    fault_pause: tuple[float, float] = (0.3, 1.5)
    patience: float = 90.0
    bug: str = ""
    faults: tuple[str, ...] | None = None  # None: all that the messenger has
    ends: tuple[End, ...] = ENDS
    lean: bool = False  # the first and the last process, too, do not open the library

    def undisturbed(self) -> Alteration:
        """The first process and the last: `naru serve` as it is, unless the plan has a bug."""
        return Alteration(bug=self.bug, lean=self.lean)

    def draw_lives(self) -> list[Life]:
        """The lives, until `kills` of them end by SIGKILL."""
        chance, lives, killed = random.Random(self.seed), list[Life](), 0
        while killed < self.kills:
            end = self.ends[len(lives) % len(self.ends)]
            lives.append(self._draw_life(end, len(lives), chance))
            killed += end != "term"
        return lives

    def _draw_life(self, end: End, number: int, chance: random.Random) -> Life:
        seconds = chance.uniform(*(STARTING_SECONDS if end == "start" else self.uptime))
        jumps = not self.bug and number % JUMPING_LIFE == JUMPING_LIFE - 1
        point = chance.choice(list(KILL_POINTS)) if end == "point" else ""
        altered = Alteration(
            bug=self.bug,
            point=point,
            call=chance.randint(*CALLS),
            after=chance.random() < 0.5,
            jump=chance.choice(CLOCK_JUMPS_SECONDS) if jumps else 0.0,
            jump_after=chance.uniform(2.0, 5.0),
            lean=True,
        )
        return Life(end, seconds, altered)
