"""What happens at one moment may come in either order, and the checker follows the one that came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.missions.missions import Missions
from bot.missions.office_hours import build_working_hours
from bot.types import DOMESTIC
from tests.simulate.checking.calendar import Calendar
from tests.simulate.checking.check import CheckedCase, _check_ladder
from tests.simulate.checking.findings import Findings
from tests.simulate.office import Delivery
from tests.simulate.plan import REMINDER_MARK
from tests.simulate.story import Story

HOUR = timedelta(hours=1)
ASKED = datetime(2026, 3, 3, 5, tzinfo=UTC)  # a Tuesday, 12:00 in Hanoi, 14:00 in Tokyo
DUE = ASKED + 5 * HOUR  # four working hours after lunch in Hanoi; Tokyo has just closed
OPENING = datetime(2026, 3, 4, tzinfo=UTC)
SLIP = "and it is late"


def say(at: datetime, to: str) -> Delivery:
    if to == "founder":
        return Delivery(at, "telegram", "1001", "", "send", SLIP, 7)
    return Delivery(at, "slack", to, "x" if to == "thread" else "", "send", REMINDER_MARK, 7)


@pytest.mark.parametrize("is_step_first", [True, False])
def test_a_step_at_the_moment_of_a_move_counts_if_it_was_taken(is_step_first: bool) -> None:
    missions = Missions.load()
    ids = ("vn-hanoi", "jp-tokyo", DOMESTIC)
    hours = {id: build_working_hours(missions.get(id)) for id in ids}
    story = Story(7, "telegram:1001", "vn-hanoi", "high", ASKED)
    story.mission = "jp-tokyo"
    story.move("moved", DUE)
    story.move("resolved", OPENING + HOUR)
    sent = [say(DUE - HOUR, "thread"), say(OPENING, "thread"), say(OPENING, "lead")]
    if is_step_first:
        sent += [say(DUE, "lead"), say(DUE, "founder")]
    else:
        sent += [say(OPENING, "founder")]
    year: Any = SimpleNamespace(
        start=ASKED, end=ASKED + 48 * HOUR, outages=[], staff={id: [f"L-{id}"] for id in ids},
        name_receiver=lambda one: one.chat,
    )  # fmt: skip
    calendars = {id: Calendar(one, ASKED, year.end) for id, one in hours.items()}
    case = CheckedCase(year, story, sent, Findings(), calendars, {})
    _check_ladder(case)
    assert case.found.faults == []
