"""R1: at least 500 messages and 20 kills on each of the four transports, and nothing is lost."""

from __future__ import annotations

import pytest

from tests.harness.kills.relay_kill_harness import (
    DeliveryOutcome,
    RelayKillHarness,
    open_slack_harness,
    open_telegram_harness,
)
from tests.harness.serve_process import ServeProcesses

KILLS = 20
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]


def run_through_kills(ordeal: RelayKillHarness, seed: int) -> list[DeliveryOutcome]:
    ordeal.pace = (0.05, 0.3)
    ordeal.patience, ordeal.least = 300, 250
    (outcomes,) = ordeal.run(KILLS, seed).values()
    assert sum(outcome.sent_count for outcome in outcomes) >= 500
    assert all(outcome.is_complete_in_order for outcome in outcomes)
    return outcomes


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_telegram_through_twenty_kills(processes: ServeProcesses, webhook: bool) -> None:
    with open_telegram_harness(processes, webhook=webhook) as ordeal:
        outcomes = run_through_kills(ordeal, seed=11)
    assert all(outcome.repeats <= KILLS for outcome in outcomes)


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
def test_slack_through_twenty_kills(processes: ServeProcesses, http: bool) -> None:
    with open_slack_harness(processes, http=http) as ordeal:
        outcomes = run_through_kills(ordeal, seed=12)
    assert all(outcome.repeats == 0 for outcome in outcomes)
