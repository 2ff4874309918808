"""What people wrote, what arrived and what was confirmed; and the judgement: lost, repeated, out of order, late. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

# So long nothing came in a lane in which something was owed and could be sent: it was stuck, until a lease
# ended or a clock had caught up. A backlog that is worked off is not, however slow the machine.
LATE_SECONDS = 80.0  # less than an inbox lease; a thread's share of a room may hold it for 60
IN_FLIGHT_SECONDS = 2.0  # after a 429, in which calls that had left already may still arrive


@dataclass(frozen=True, slots=True)
class Written:
    """A numbered message of a person in one lane ("말1"); `id` is "chat:message" at its messenger."""

    lane: str
    number: int
    id: str
    at: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """A numbered message that the messenger took from Naru for the other side."""

    lane: str
    number: int
    at: float


@dataclass(frozen=True, slots=True)
class Limited:
    """A chat that answered 429 at `at` until `until`."""

    chat: str
    at: float
    until: float


@dataclass(frozen=True, slots=True)
class Sent:
    """A call that sends, whatever its answer was."""

    chat: str
    at: float


@dataclass
class Ledger:
    """All that was seen of one trial from outside, in seconds of one clock.

    `away` are the times in which nothing could be delivered: Naru dead or starting, its messenger
    or its database gone. `lost_answers` counts sends whose answer was withheld.
    """

    written: list[Written] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    confirmed: dict[str, float] = field(default_factory=dict)
    confirmed_unstored: set[str] = field(default_factory=set)
    limits: list[Limited] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    away: list[tuple[float, float]] = field(default_factory=list)
    unacked: list[str] = field(default_factory=list)
    kills: list[float] = field(default_factory=list)
    terms: int = 0
    lost_answers: int = 0
    redelivered: int = 0
    starts: list[float] = field(default_factory=list)  # seconds from start to the first send
    ends: list[float] = field(default_factory=list)  # seconds from SIGTERM to the end
    steady_until: float = 0.0  # what was written before it met no fault
    stories: dict[str, str] = field(
        default_factory=dict
    )  # of messages out of order, for who looks why


@dataclass(frozen=True, slots=True)
class Figures:
    """What a trial showed; every count of `faults` must be 0."""

    written: int
    kills: int
    terms: int
    redelivered: int
    lost: list[str]
    repeats: int
    repeats_allowed: int
    reordered: list[str]
    late: int
    longest_stall: float
    longest_wait: float
    early_sends: int
    limits: int
    confirmed_unstored: int
    unacked: list[str]
    ack_p99: float
    start_longest: float
    end_longest: float

    def list_faults(self) -> list[str]:
        """What breaks a promise, in words; [] when all are kept."""
        counts = {
            f"lost: {', '.join(self.lost[:8])}": len(self.lost),
            f"{self.repeats} repeats, of {self.repeats_allowed} allowed": self.repeats > self.repeats_allowed,
            f"out of order: {'; '.join(self.reordered[:8])}": len(self.reordered),
            "late": self.late,
            "sent before retry_after": self.early_sends,
            "confirmed and not stored": self.confirmed_unstored,
            f"never confirmed: {'; '.join(self.unacked[:8])}": len(self.unacked),
        }  # fmt: skip
        return [f"{words} ({int(count)})" for words, count in counts.items() if count]


def judge(ledger: Ledger, *, can_be_asked: bool, lanes_cut_by_kill: int = 1) -> Figures:
    """The figures of a trial. `can_be_asked`: the messenger tells what it took, so that nothing may
    go out twice; else one repeat is allowed for each answer that was withheld, and for each lane
    that a kill may have cut off."""
    allowed = ledger.lost_answers + lanes_cut_by_kill * (len(ledger.kills) + ledger.terms)
    waits, stalls = measure_waits(ledger), measure_stalls(ledger)
    acks = [ledger.confirmed[one.id] - one.at for one in ledger.written
            if one.at < ledger.steady_until and one.id in ledger.confirmed]  # fmt: skip
    under_way = max(IN_FLIGHT_SECONDS, find_percentile(acks, 0.99))  # on a machine that lags behind
    limits = list_known_limits(ledger.limits, ledger.kills, under_way)
    reordered = [
        f"{lane} {number} after {before}"
        for lane, before, number in find_reordered(ledger.arrivals)
    ]
    return Figures(
        written=len(ledger.written),
        kills=len(ledger.kills),
        terms=ledger.terms,
        redelivered=ledger.redelivered,
        lost=find_lost(ledger.written, ledger.arrivals),
        repeats=count_repeats(ledger.arrivals),
        repeats_allowed=0 if can_be_asked else allowed,
        reordered=[
            f"{one} ({story})" if (story := ledger.stories.get(one)) else one for one in reordered
        ],
        late=sum(stall > LATE_SECONDS for stall in stalls),
        longest_stall=max(stalls, default=0.0),
        longest_wait=max(waits, default=0.0),
        early_sends=count_early_sends(limits, ledger.sent, under_way),
        limits=len(limits),
        confirmed_unstored=len(ledger.confirmed_unstored),
        unacked=ledger.unacked,
        ack_p99=find_percentile(acks, 0.99),
        start_longest=max(ledger.starts, default=0.0),
        end_longest=max(ledger.ends, default=0.0),
    )


def find_lost(written: Sequence[Written], arrivals: Sequence[Arrival]) -> list[str]:
    """The messages that never arrived, as "lane number"."""
    arrived = {(one.lane, one.number) for one in arrivals}
    return [f"{one.lane} {one.number}" for one in written if (one.lane, one.number) not in arrived]


def count_repeats(arrivals: Sequence[Arrival]) -> int:
    """How many arrivals were of a message that had arrived."""
    return sum(count - 1 for count in Counter((one.lane, one.number) for one in arrivals).values())


def find_reordered(arrivals: Sequence[Arrival]) -> list[tuple[str, int, int]]:
    """Lane, number and lower number of each message that arrived for the first time after a later one of
    its lane."""
    first: dict[tuple[str, int], None] = {(one.lane, one.number): None for one in arrivals}
    lanes: dict[str, list[int]] = {}
    for lane, number in first:
        lanes.setdefault(lane, []).append(number)
    return [
        (lane, before, later)
        for lane, numbers in lanes.items()
        for before, later in pairwise(numbers)
        if later < before
    ]


def measure_waits(ledger: Ledger) -> list[float]:
    """For how many seconds each arrived message was owed while it could be delivered."""
    first: dict[tuple[str, int], float] = {}
    for one in ledger.arrivals:
        first.setdefault((one.lane, one.number), one.at)
    limited = [(one.at, one.until) for one in ledger.limits]
    away = merge_spans([*ledger.away, *limited])
    return [
        max(0.0, end - one.at - measure_overlap(away, one.at, end))
        for one in ledger.written
        if (end := first.get((one.lane, one.number))) is not None
    ]


def measure_stalls(ledger: Ledger) -> list[float]:
    """For each arrived message, the seconds in which it could be delivered and stood first in its lane:
    since it was written, and since the arrival before it."""
    before: dict[str, float] = {}
    since: dict[tuple[str, int], float] = {}
    for one in ledger.arrivals:
        since.setdefault((one.lane, one.number), before.get(one.lane, 0.0))
        before[one.lane] = one.at
    moved = [replace(one, at=max(one.at, since.get((one.lane, one.number), 0.0)))
             for one in ledger.written]  # fmt: skip
    return measure_waits(replace(ledger, written=moved))


def list_known_limits(
    limits: Sequence[Limited], kills: Sequence[float], under_way: float
) -> list[Limited]:
    """The limits that the process could note and that lasted longer than calls are `under_way`: of what
    a kill cut off before nobody knows."""
    return [
        one
        for one in limits
        if one.at + under_way < one.until
        and not any(one.at <= at < one.at + under_way for at in kills)
    ]


def count_early_sends(limits: Sequence[Limited], sent: Sequence[Sent], under_way: float) -> int:
    """How many calls came to a chat that had said to wait, once its answer was known."""
    return sum(
        any(one.chat == limit.chat and limit.at + under_way < one.at < limit.until
            for limit in limits)
        for one in sent
    )  # fmt: skip


def find_unstored(confirmed: Collection[str], stored: Collection[str]) -> set[str]:
    """The messages that were confirmed to the messenger and are in no row."""
    return set(confirmed) - set(stored)


def merge_spans(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same times, without overlaps, in order."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def measure_overlap(spans: Sequence[tuple[float, float]], start: float, end: float) -> float:
    """The seconds between `start` and `end` that lie in `spans`, which do not overlap."""
    return sum(max(0.0, min(end, last) - max(start, first)) for first, last in spans)


def find_percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all values do not exceed; 0 without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
