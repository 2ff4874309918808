"""A clock that is set back by an hour stalls nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.serve.steady_clock import MAX_AHEAD, SteadyClock

START = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Machine:
    """A machine whose clock can be set."""

    def __init__(self) -> None:
        self.shift, self.seconds = timedelta(), 0.0

    def read_wall(self) -> datetime:
        return START + timedelta(seconds=self.seconds) + self.shift

    def make_clock(self) -> SteadyClock:
        return SteadyClock(self.read_wall, lambda: self.seconds)


def test_it_is_the_machines_time_while_that_goes_on() -> None:
    machine = Machine()
    clock = machine.make_clock()
    for _ in range(3):
        machine.seconds += 1.5
        assert clock() == machine.read_wall()
    machine.shift += HOUR
    assert clock() == machine.read_wall()


def test_it_goes_on_when_the_machines_clock_is_set_back_and_is_caught_up_with() -> None:
    machine = Machine()
    clock = machine.make_clock()
    before = clock()
    machine.shift -= HOUR
    assert clock() == before
    machine.seconds += 10
    assert before + timedelta(seconds=8) < clock() < before + timedelta(seconds=10)
    machine.seconds += 10 * HOUR.total_seconds() + 60
    clock()
    machine.seconds += 1
    assert clock() == machine.read_wall()


def test_a_clock_that_was_far_wrong_is_not_kept() -> None:
    machine = Machine()
    clock = machine.make_clock()
    machine.shift -= MAX_AHEAD + HOUR
    assert clock() == machine.read_wall()


@pytest.mark.parametrize(
    ("stored", "goes_on"), [(HOUR, True), (-HOUR, False), (MAX_AHEAD + HOUR, False), (None, False)]
)
def test_a_restart_goes_on_from_what_is_stored(stored: timedelta | None, goes_on: bool) -> None:
    machine = Machine()
    clock = machine.make_clock()
    clock.raise_to(START + stored if stored is not None else None)
    assert clock() == (START + HOUR if goes_on else START)
