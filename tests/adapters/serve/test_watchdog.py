"""A database that stays unwritable is noticed, and one that recovers is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from adapters.serve.watchdog import BEATS_MISSED_LIMIT, DatabaseWatchdog


def refuse() -> bool:
    raise OperationalError("INSERT", {}, Exception("disk full"))


@pytest.mark.parametrize("beat", [refuse, lambda: False])
def test_it_gives_up_after_the_limit_with_a_sentence(beat: Callable[[], bool]) -> None:
    watchdog = DatabaseWatchdog(beat, 0.05, 0.01)
    assert not watchdog.is_failing
    assert "nothing confirmed is lost" in asyncio.run(watchdog.watch())
    assert watchdog.is_failing


def test_one_write_begins_the_time_again() -> None:
    answers = iter([False, False, True] * 2)

    def beat() -> bool:
        return next(answers, False)

    asyncio.run(DatabaseWatchdog(beat, 0.5, 0.02).watch())
    assert next(answers, None) is None  # all were asked for: no two failures reached the limit


def test_a_write_that_hangs_counts_as_failing() -> None:
    moment = 0.0
    watchdog = DatabaseWatchdog(lambda: True, 60, 5, lambda: moment)
    moment = 5.0 * BEATS_MISSED_LIMIT
    assert not watchdog.is_failing and watchdog.age == moment
    moment += 1
    assert watchdog.is_failing
