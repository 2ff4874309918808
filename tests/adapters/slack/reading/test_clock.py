"""What is compared with Slack's times goes by Slack's clock, whatever this machine's shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack.reading.clock import SlackClock

NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)


def test_it_goes_on_from_the_date_of_an_answer() -> None:
    seconds = [100.0]
    clock = SlackClock(lambda: seconds[0])
    clock.read("Wed, 02 Dec 2026 12:00:00 GMT")
    seconds[0] = 190.0
    assert clock() == NOON + timedelta(seconds=90)


@pytest.mark.parametrize("date", [None, "", "gestern"])
def test_without_a_date_it_is_this_machines(date: str | None) -> None:
    clock = SlackClock()
    clock.read(date)
    assert abs(clock() - datetime.now(UTC)) < timedelta(minutes=1)
