"""A short year, and the faults that its checker has to find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cases.reminders import escalation, timers
from bot.cases.targets import CaseEvent, Clocks, clocks
from bot.context import Decision
from bot.messages import Timer
from tests.simulate.chart import draw_chart
from tests.simulate.checking.check import check_year
from tests.simulate.story import Story
from tests.simulate.year import Year

pytestmark = pytest.mark.store
START = datetime(2026, 2, 9, tzinfo=UTC)  # the week of 설날
Plant = Callable[[Year, pytest.MonkeyPatch], None]


def make_year(folder: Path, days: int = 21, cases: int = 16, changes: int = 2) -> Year:
    return Year(folder, START, days, slice(0, 4), cases, changes=changes)


def test_three_weeks_keep_every_promise(tmp_path: Path) -> None:
    year = make_year(tmp_path)
    year.run()
    found = check_year(year)
    assert found.faults == [] and found.forgotten == 0
    assert found.cases >= 16 and found.met and found.slipped and year.restarts >= 5
    assert found.told and found.words > found.cases and found.lapsed
    assert year.merges and year.moves and year.away and year.relays and year.handed
    assert found.requests == year.relays
    assert f"{found.targets:,} targets" in draw_chart(found, START.date())


def test_a_case_that_no_one_had_is_offered_again_when_it_is_reopened(tmp_path: Path) -> None:
    year = make_year(tmp_path, 7, 0, changes=0)
    year.office.now = START + timedelta(days=1, hours=3)
    year._do_ask(("1000", year.bodies[0], "tax", False))
    (story,) = year.stories.values()
    year._do_staff((story, "resolve"))
    assert story.ended and [one.over for one in story.offers] == [year.office.now]
    year._do_founder((story, "reopen"))
    assert [one.over for one in story.offers] == [year.office.now, None]


def drop_a_timer(year: Year, _patch: pytest.MonkeyPatch) -> None:
    def drop(year: Year) -> bool:
        stories = [
            one for one in year.stories.values()
            if not (one.holder or one.ended or one.habit == "prompt" or one.history)
        ]  # fmt: skip
        if stories:
            stories[-1].silent = True
            assert year.office.drop_timers(stories[-1].number)
        return bool(stories)

    year._at(START + timedelta(days=1), "plant", drop)


def tell_no_founder(_year: Year, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(escalation, "_tell_founder", lambda *_: [])


def ring_late(_year: Year, patch: pytest.MonkeyPatch) -> None:
    build = timers.build_timer

    def build_late(number: int, look: timers.Look) -> Timer:
        timer = build(number, look)
        return replace(timer, at=timer.at + timedelta(minutes=5))

    patch.setattr(timers, "build_timer", build_late)


def restart_clock_at_merge(_year: Year, patch: pytest.MonkeyPatch) -> None:
    merge = Year._merge

    def merge_and_rest(year: Year, story: Story, user: str, text: str) -> None:
        merge(year, story, user, text)
        year.stories[int(text)].silent = True  # so that its ladder is climbed

    def restart(before: Clocks, event: CaseEvent) -> Clocks:
        if before.first_response_stopped is None:
            return replace(before, first_response_started=event.at)
        return replace(before, update_started=event.at)

    patch.setattr(Year, "_merge", merge_and_rest)
    patch.setitem(clocks._MOVES, "merged", restart)


def keep_offers(_year: Year, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(escalation, "offer_to_all", lambda *_: Decision())


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (drop_a_timer, "no word to the"),
        (tell_no_founder, "who asked was not told"),
        (ring_late, "no word to the"),
        (restart_clock_at_merge, "no word to the"),
        (keep_offers, "was not offered to all"),
    ],
)
def test_a_planted_fault_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Plant, says: str
) -> None:
    year = make_year(tmp_path, 14, 10, changes=5)
    plant(year, monkeypatch)
    year.run()
    faults = check_year(year).faults
    assert any(says in fault for fault in faults), faults
