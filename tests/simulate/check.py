"""What the ladder says of every case, worked out from what its people did and not from the log, held
against what was delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from bot.cases.targets import LADDERS, Clocks, find_due, read_clocks, shift
from bot.missions.working_time import WorkingHours, next_working
from bot.types import DOMESTIC
from tests.simulate.office import Delivery
from tests.simulate.plan import REMINDER_MARK
from tests.simulate.story import Story
from tests.simulate.year import Year

SLIP_MARKS = ("늦어지고 있습니다", "and it is late", "đang bị chậm")
LONGEST_SILENCE = timedelta(
    days=30
)  # of an open case: two holidays of a week and five working days


@dataclass
class Findings:
    """What came of the year. `faults` are sentences, each a promise that was not kept."""

    cases: int = 0
    targets: int = 0
    met: int = 0
    slipped: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    told: int = 0
    forgotten: int = 0
    faults: list[str] = field(default_factory=list)
    by_week: dict[int, Counter[str]] = field(default_factory=dict)

    def add(self, other: Findings) -> None:
        """Count another installation's year in."""
        for name in ("cases", "targets", "met", "slipped", "told", "forgotten"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.steps += other.steps
        self.faults += other.faults
        for week, counts in other.by_week.items():
            self.by_week[week] = self.by_week.get(week, Counter()) + counts


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which neither clocks, mission nor ladder of a case changed."""

    begin: datetime
    end: datetime
    clocks: Clocks
    mission: str


def check_year(year: Year) -> Findings:
    """Every case of a year that was played."""
    found = Findings(cases=len(year.stories))
    sent: dict[int, list[Delivery]] = {}
    for one in year.deliveries:
        if one.case is not None:
            sent.setdefault(one.case, []).append(one)
    for story in year.stories.values():
        _check_case(year, story, sent.get(story.number, []), found)
        _check_memory(year, story, found)
    known = {case.number for case in year.office.list_open()}
    believed = {story.number for story in year.stories.values() if not story.ended}
    for number in known ^ believed:
        found.faults.append(f"case {number}: its people and the store do not agree that it is open")
    if dead := year.office.count_dead():
        found.faults.append(f"{dead} events were given up")
    return found


def _check_case(year: Year, story: Story, sent: list[Delivery], found: Findings) -> None:
    expected = Counter[tuple[datetime, str]]()
    slips = Counter[datetime]()
    close = set[datetime]()  # at this very moment somebody acted as well: either may come first
    done: set[tuple[str, int, str]] = set()
    known: list[tuple[datetime | None, datetime]] = []  # the founder's waits that were told of
    for window in _list_windows(story, year.end):
        due = find_due(window.clocks, story.urgency, year.hours[window.mission])
        for at, step, is_slip in _climb(year, story, window, done):
            if at == window.end:
                close.add(at)
                break
            done.add((window.clocks.running or "", window.clocks.generation, step))
            expected[at, step] += 1
            found.steps[step] += 1
            if is_slip and not _is_known(known, window, due):
                slips[at] += 1
            known += [(window.clocks.started, at)] if step != "thread" else []
        _count_target(year, story, window, found)
    _compare_ladder(year, story, sent, expected, close, found)
    _compare_notices(story, sent, slips, close, found)


def _compare_ladder(
    year: Year, story: Story, sent: list[Delivery], expected: Counter[tuple[datetime, str]],
    close: set[datetime], found: Findings,
) -> None:  # fmt: skip
    """What staff were reminded of, against what the ladder says."""
    ladder = Counter(
        (one.at, year._name_step(one))
        for one in sent
        if one.channel == "slack" and REMINDER_MARK in one.text
    )
    for (at, step), times in (expected - ladder).items():
        found.faults.append(f"case {story.number}: no word to the {step} at {at} ({times})")
    for (at, step), times in (ladder - expected).items():
        if at in close:
            continue
        found.faults.append(f"case {story.number}: a word too many to the {step} at {at} ({times})")


def _compare_notices(
    story: Story, sent: list[Delivery], slips: Counter[datetime], close: set[datetime],
    found: Findings,
) -> None:  # fmt: skip
    """What the founder was told of delays, against the targets that slipped."""
    told = Counter(
        one.at for one in sent
        if one.channel == "telegram" and any(mark in one.text for mark in SLIP_MARKS)
    )  # fmt: skip
    found.told += sum(told.values())
    for at in slips - told:
        found.faults.append(
            f"case {story.number}: its founder was not told at {at} that it is late"
        )
    for at in (one for one in told - slips if one not in close):
        found.faults.append(f"case {story.number}: its founder was told at {at} without a reason")


def _is_known(
    known: list[tuple[datetime | None, datetime]], window: Window, due: datetime | None
) -> bool:
    """Whether the founder was told of this wait's delay before the case was moved."""
    return any(
        due is not None and started == window.clocks.started and at >= due for started, at in known
    )


def _climb(
    year: Year, story: Story, window: Window, done: set[tuple[str, int, str]]
) -> Iterator[tuple[datetime, str, bool]]:
    """The steps of the ladder that come within a window: when, to whom, and whether the founder is
    told with it that the target slips."""
    hours, desk = year.hours[window.mission], year.hours[DOMESTIC]
    due, target = find_due(window.clocks, story.urgency, hours), window.clocks.running
    if due is None or target is None:
        return
    reached, is_first_slip = window.begin, True
    for rung in LADDERS[story.urgency]:
        is_slip = rung.offset.amount >= 0
        key = (target, window.clocks.generation, rung.step)
        if key not in done:
            receiver = desk if rung.step == "desk" else hours
            at = max(shift(due, rung.offset, hours), reached)
            at = _wait_for_service(year, at, receiver, is_critical=story.urgency == "critical")
            if at > window.end:
                return
            reached = at
            yield at, rung.step, is_slip and is_first_slip
        is_first_slip = is_first_slip and not is_slip


def _wait_for_service(
    year: Year, at: datetime, receiver: WorkingHours, *, is_critical: bool
) -> datetime:
    """When a step that is due `at` goes out: in the receiver's hours, after an outage."""
    while True:
        open_at = at if is_critical else next_working(at, receiver)
        up = next((end for begin, end in year.outages if begin <= open_at < end), open_at)
        if up == open_at:
            return open_at
        at = up


def _list_windows(story: Story, end: datetime) -> list[Window]:
    moments = [story.asked_at, *(move.at for move, _ in story.history), end]
    missions = [story.first_mission, *(mission for _, mission in story.history)]
    windows = []
    for number, mission in enumerate(missions):
        clocks = read_clocks(story.asked_at, [move for move, _ in story.history[:number]])
        windows.append(Window(moments[number], moments[number + 1], clocks, mission))
    return windows


def _count_target(year: Year, story: Story, window: Window, found: Findings) -> None:
    """A target is met when its clock stops, or starts anew, before it is due."""
    due = find_due(window.clocks, story.urgency, year.hours[window.mission])
    if due is None or (window.end >= year.end > due and not story.ended and due < window.begin):
        return
    week = (window.begin - year.start).days // 7
    counts = found.by_week.setdefault(week, Counter())
    found.targets += 1
    if window.end <= due:
        found.met += 1
        counts["met"] += 1
    else:
        found.slipped += 1
        counts["slipped"] += 1


def _check_memory(year: Year, story: Story, found: Findings) -> None:
    """An open case has a timer, and none is ever left alone for LONGEST_SILENCE."""
    moments = sorted([story.asked_at, *story.touched])
    if not story.ended:
        moments.append(year.end)
        if not year.office.list_timers(story.number):
            found.forgotten += 1
            found.faults.append(f"case {story.number} is open and has no timer")
    for before, after in pairwise(moments):
        if after - before > LONGEST_SILENCE:
            found.forgotten += 1
            found.faults.append(f"case {story.number} was left alone from {before} to {after}")
