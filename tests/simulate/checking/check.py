"""What the ladder says of every case, worked out from what its people did, held against what was
delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from bot.types import DOMESTIC
from tests.simulate.checking.calendar import Calendar
from tests.simulate.checking.findings import Findings
from tests.simulate.checking.ladder import LADDER, Window, list_windows, move_by
from tests.simulate.office import Delivery
from tests.simulate.plan import DESK_ROOM, LAPSE_MARK, REMINDER_MARK, SEALED_WORD
from tests.simulate.story import Story
from tests.simulate.year import Year

SLIP_MARKS = ("늦어지고 있습니다", "and it is late", "đang bị chậm")
UNREAD_MARK = "볼 수 있는 담당자가 없습니다"  # to the desk, see staff.sealed_unread
LONGEST_SILENCE = timedelta(
    days=30
)  # of an open case: two holidays of a week and five working days


@dataclass(frozen=True)
class CheckedCase:
    """One case under check: its story, what was `sent` about it and, for a request to the desk, to
    those who asked; when each founder's chat `got` a word of any kind."""

    year: Year
    story: Story
    sent: list[Delivery]
    found: Findings
    calendars: dict[str, Calendar]
    got: dict[str, set[datetime]]

    def fault(self, sentence: str) -> None:
        """A promise that was not kept."""
        self.found.faults.append(f"case {self.story.number} {sentence}")


def check_year(year: Year) -> Findings:
    """Every case of a year that was played."""
    found = Findings()
    calendars = {id: Calendar(one, year.start, year.end) for id, one in year.hours.items()}
    sent: dict[int, list[Delivery]] = {}
    got: dict[str, set[datetime]] = {}
    for one in year.deliveries:
        if one.channel == "telegram":
            got.setdefault(one.chat, set()).add(one.at)
        sent.setdefault(one.case or 0, []).append(one)
        if one.channel == "slack" and one.chat.startswith("C-") and SEALED_WORD in one.text:
            found.faults.append(f"case {one.case}: its sealed words are in {one.chat} at {one.at}")
    for story in year.stories.values():
        about = sent.get(story.number, [])
        if story.parent:
            late = f"본국 요청 #{story.number}의 회신이"
            about = [*about, *(one for one in year.deliveries if late in one.text)]
        found.requests += bool(story.parent)
        found.cases += not story.parent
        case = CheckedCase(year, story, about, found, calendars, got)
        _check_ladder(case)
        _check_offers(case)
        _check_words(case)
        _check_memory(case)
    known = {case.number for case in year.office.list_open()}
    believed = {story.number for story in year.stories.values() if not story.ended}
    for number in sorted(known ^ believed):
        found.faults.append(f"case {number}: its people and the store do not agree that it is open")
    if dead := year.office.count_dead():
        found.faults.append(f"{dead} events were given up")
    return found


def _check_ladder(case: CheckedCase) -> None:
    """Each step on its minute to whom it is for, and the founder told with the first that is late."""
    year, story = case.year, case.story
    expected = Counter[tuple[datetime, str]]()
    slips = Counter[datetime]()
    close = set[datetime]()  # at this very moment somebody acted as well: either may come first
    known: list[tuple[datetime | None, datetime]] = []  # the founder's waits that were told of
    for window in list_windows(story, year.end):
        due = window.wait.find_due(story.urgency, case.calendars[window.mission])
        for at, step, is_slip in _climb(case, window, due):
            if at == window.end:
                close.add(at)
                known += [(window.wait.since, at)] if at in _list_told(case) else []
                break
            expected[at, _name_receiver(year, step, window.mission)] += 1
            case.found.steps[step] += 1
            if is_slip and not _is_known(known, window, due):
                slips[at] += 1
            known += [(window.wait.since, at)] if step != "thread" else []
        _count_target(case, window, due)
    ladder = Counter(
        (one.at, year.name_receiver(one))
        for one in case.sent
        if one.channel == "slack" and REMINDER_MARK in one.text
    )
    for (at, step), times in (expected - ladder).items():
        case.fault(f"had no word to the {step} at {at} ({times})")
    for (at, step), times in (ladder - expected).items():
        if at not in close:
            case.fault(f"had a word too many to the {step} at {at} ({times})")
    _compare_slips(case, slips, close)
    if story.sealed:
        _check_unread(case, {at for at, _ in expected})


def _list_told(case: CheckedCase) -> Counter[datetime]:
    """When the founder, or the mission that asked the desk, was told of delays."""
    to = "slack" if case.story.parent else "telegram"
    return Counter(
        one.at
        for one in case.sent
        if one.channel == to and any(mark in one.text for mark in SLIP_MARKS)
    )


def _compare_slips(case: CheckedCase, slips: Counter[datetime], close: set[datetime]) -> None:
    """Those who wait were told of each delay and of nothing else."""
    told = _list_told(case)
    case.found.told += sum(told.values())
    for at in slips - told:
        case.fault(f"was late at {at}, and who asked was not told")
    for at in (one for one in told - slips if one not in close):
        case.fault(f"was said to be late at {at} without a reason")


def _check_unread(case: CheckedCase, steps: set[datetime]) -> None:
    """Of a sealed case that no one may read, the desk hears with every step. Who may read it is who
    leads the body; the desk has no one."""
    named = f"#{case.story.number} 건"
    at_desk = (one for one in case.year.deliveries if one.chat == DESK_ROOM and named in one.text)
    told = {one.at for one in at_desk if UNREAD_MARK in one.text}
    for at in steps:
        mission = _find_mission(case.story, at)
        is_read = f"L-{mission}" in case.year.staff[mission]
        if is_read == (at in told):
            case.fault(f"is sealed, and at {at} its desk was {'' if is_read else 'not '}told")


def _find_mission(story: Story, at: datetime) -> str:
    missions = [mission for move, mission in story.history if move.at <= at]
    return missions[-1] if missions else story.first_mission


def _name_receiver(year: Year, step: str, mission: str) -> str:
    """Who gets a step: where there is no lead, the desk."""
    is_led = f"L-{mission}" in year.staff[mission]
    return "desk" if step == "lead" and not is_led else step


def _is_known(
    known: list[tuple[datetime | None, datetime]], window: Window, due: datetime | None
) -> bool:
    """Whether the founder was told of this wait's delay before the case was moved."""
    since = window.wait.since
    return any(due is not None and started == since and at >= due for started, at in known)


def _climb(
    case: CheckedCase, window: Window, due: datetime | None
) -> Iterator[tuple[datetime, str, bool]]:
    """The steps of the ladder that come within a window: when, to whom, and whether the founder is
    told with it that the target slips."""
    if due is None:
        return
    calendars, urgency = case.calendars, case.story.urgency
    reached, is_first_slip = window.begin, True
    for step, offset in LADDER[urgency].items():
        at = max(move_by(due, offset, urgency, calendars[window.mission]), reached)
        receiver = calendars[DOMESTIC if step == "desk" else window.mission]
        at = _wait_for_service(case, at, None if urgency == "critical" else receiver)
        if at > window.end:
            return
        is_slip = offset >= timedelta()
        yield at, step, is_slip and is_first_slip
        reached, is_first_slip = at, is_first_slip and not is_slip


def _wait_for_service(case: CheckedCase, at: datetime, receiver: Calendar | None) -> datetime:
    """When what is due `at` goes out: in the receiver's hours, after an outage."""
    while True:
        open_at = receiver.open_from(at) if receiver else at
        up = next((end for begin, end in case.year.outages if begin <= open_at < end), open_at)
        if up == open_at:
            return open_at
        at = up


def _count_target(case: CheckedCase, window: Window, due: datetime | None) -> None:
    """A target is met when its clock stops, or starts anew, before it is due."""
    year, story = case.year, case.story
    if due is None or (window.end >= year.end > due and not story.ended and due < window.begin):
        return
    week = (window.begin - year.start).days // 7
    counts = case.found.by_week.setdefault(week, Counter())
    case.found.targets += 1
    if window.end <= due:
        case.found.met += 1
        counts["met"] += 1
    else:
        case.found.slipped += 1
        counts["slipped"] += 1


def _check_offers(case: CheckedCase) -> None:
    """A case that one seat was asked first goes to all when half of the working time to its target is
    over, on the minute."""
    story, end = case.story, case.year.end
    all_told = Counter(one.at for one in case.sent if one.staff_thread and LAPSE_MARK in one.text)
    windows = list(list_windows(story, end))
    find_lapse = partial(_find_lapse, case, windows)
    for offer in story.offers:
        lapse, over = find_lapse(offer.at), offer.over or end
        if lapse is None or lapse >= end:
            continue
        if lapse < over:
            case.fault(f"was not offered to all at {lapse}")
        elif over in all_told:
            case.found.lapsed += 1
            all_told[over] -= 1
            if over != lapse:
                case.fault(f"was offered to all at {over} instead of {lapse}")
    if +all_told:
        case.fault(f"was offered to all without a reason at {max(+all_told)}")


def _find_lapse(case: CheckedCase, windows: list[Window], offered: datetime) -> datetime | None:
    """When an offer ends that nobody takes."""
    for window in windows:
        if window.end <= offered:
            continue
        calendar = case.calendars[window.mission]
        due = window.wait.find_due(case.story.urgency, calendar)
        if due is None:
            return None
        left = max(calendar.worked(due) - calendar.worked(offered), timedelta())
        at = max(calendar.open_from(calendar.move(offered, left / 2)), window.begin)
        at = _wait_for_service(case, at, calendar)
        if at <= window.end:
            return at
    return None


def _check_words(case: CheckedCase) -> None:
    """At each moment at which something was done, its founder got a word."""
    chat = case.story.founder.split(":")[1] if case.story.founder else ""
    got = case.got.get(chat, set())
    case.found.words += len(case.story.told)
    for at in case.story.told:
        if at not in got:
            case.fault(f"changed at {at}, and its founder got no word")


def _check_memory(case: CheckedCase) -> None:
    """An open case has a timer, and none is ever left alone for LONGEST_SILENCE."""
    year, story = case.year, case.story
    moments = sorted([story.asked_at, *story.touched])
    if not story.ended:
        moments.append(year.end)
        if not year.office.list_timers(story.number):
            case.found.forgotten += 1
            case.fault("is open and has no timer")
    for before, after in pairwise(moments):
        is_open = not story.ended or after <= story.history[-1][0].at
        if is_open and after - before > LONGEST_SILENCE:
            case.found.forgotten += 1
            case.fault(f"was left alone from {before} to {after}")
