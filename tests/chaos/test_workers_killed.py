"""Three workers over the oldest and the newest PostgreSQL, two of them killed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.harness.kills.worker_kill_harness import open_worker_harness
from tests.harness.serve_process import ServeProcesses

KILLS = 2
pytestmark = [pytest.mark.chaos, pytest.mark.postgresql, pytest.mark.timeout(1_200)]


@pytest.mark.parametrize("kind", ["postgresql", "oldest postgresql"])
@pytest.mark.parametrize("transport", ["telegram", "slack"])
def test_three_workers_of_which_two_are_killed(
    processes: ServeProcesses, tmp_path: Path, transport: str, kind: str
) -> None:
    with open_worker_harness(processes, transport, kind, tmp_path) as ordeal:
        ordeal.wrote = 84
        outcomes = ordeal.run()
    sys.stdout.write(f"{transport} over {kind}: went on after {ordeal.gaps} s\n")
    assert sum(outcome.sent_count for outcome in outcomes) >= 500
    assert all(outcome.is_complete_in_order for outcome in outcomes)
    # Slack is asked whether a doubtful message is there; Telegram cannot be.
    assert all(outcome.repeats <= (KILLS if transport == "telegram" else 0) for outcome in outcomes)
