"""`kill -9` in the middle of a relayed conversation, ten times: every message arrives, in order."""

from __future__ import annotations

from tests.adapters.ordeal import on_slack, on_telegram
from tests.adapters.process import Processes

KILLS = 10


def test_on_telegram_nothing_is_lost_and_repeats_come_only_from_kills(
    processes: Processes,
) -> None:
    with on_telegram(processes) as ordeal:
        at_staff, at_founder = ordeal.run(KILLS)
    for outcome in (at_staff, at_founder):
        assert outcome.wrote > KILLS
        assert outcome.all_in_order
        assert outcome.repeats <= KILLS  # a kill cuts off at most one answer a lane


def test_on_slack_nothing_is_lost_and_nothing_comes_twice(processes: Processes) -> None:
    with on_slack(processes) as ordeal:
        at_staff, at_founder = ordeal.run(KILLS)
    for outcome in (at_staff, at_founder):
        assert outcome.wrote > KILLS
        assert outcome.all_in_order
        assert outcome.repeats == 0
