"""The checker's own working time agrees with the product's, over a change of the clock and a holiday."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.missions.missions import Missions
from bot.missions.office_hours import build_working_hours
from bot.missions.working_time import add_working, next_working, subtract_working, working_between
from tests.simulate.checking.calendar import Calendar

START, END = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize("mission", ["vn-hanoi", "us-new-york", "eg-cairo"])
def test_two_countings_of_working_time_agree(mission: str) -> None:
    hours = build_working_hours(Missions.load().get(mission))
    calendar, draw = Calendar(hours, START, END), random.Random(5)
    for _ in range(60):
        moment = START + timedelta(seconds=draw.randrange(120 * 86_400))
        amount = timedelta(minutes=draw.choice((60, 240, 480, 960, draw.randrange(1, 3000))))
        later = add_working(moment, amount, hours)
        assert calendar.move(moment, amount) == later
        assert calendar.move(moment, -amount) == subtract_working(moment, amount, hours)
        assert calendar.open_from(moment) == next_working(moment, hours)
        worked = calendar.worked(later) - calendar.worked(moment)
        assert worked == working_between(moment, later, hours) == amount
