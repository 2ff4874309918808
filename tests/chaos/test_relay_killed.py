"""R1: at least 500 messages and 20 kills on each of the four transports, and nothing is lost."""

from __future__ import annotations

import pytest

from tests.harness.relay_kill_harness import Ordeal, Outcome, on_slack, on_telegram
from tests.harness.serve_process import Processes

KILLS = 20
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]


def endured(ordeal: Ordeal, seed: int) -> list[Outcome]:
    ordeal.pace = (0.05, 0.3)
    ordeal.patience, ordeal.least = 300, 250
    (outcomes,) = ordeal.run(KILLS, seed).values()
    assert sum(outcome.wrote for outcome in outcomes) >= 500
    assert all(outcome.all_in_order for outcome in outcomes)
    return outcomes


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_telegram_through_twenty_kills(processes: Processes, webhook: bool) -> None:
    with on_telegram(processes, webhook=webhook) as ordeal:
        outcomes = endured(ordeal, seed=11)
    assert all(outcome.repeats <= KILLS for outcome in outcomes)


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
def test_slack_through_twenty_kills(processes: Processes, http: bool) -> None:
    with on_slack(processes, http=http) as ordeal:
        outcomes = endured(ordeal, seed=12)
    assert all(outcome.repeats == 0 for outcome in outcomes)
