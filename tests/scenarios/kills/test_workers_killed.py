"""Two workers over one PostgreSQL, of which the leader is killed. Three, more messages, Slack's sockets
and the oldest PostgreSQL are in tests/chaos."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.harness.kills.worker_kill_harness import open_worker_harness
from tests.harness.serve_process import ServeProcesses


@pytest.mark.chaos
@pytest.mark.postgresql
@pytest.mark.timeout(900)
def test_the_leader_is_killed_and_the_other_worker_goes_on(
    processes: ServeProcesses, tmp_path: Path
) -> None:
    with open_worker_harness(processes, "telegram", "postgresql", tmp_path) as ordeal:
        ordeal.count = 2
        outcomes = ordeal.run()
    sys.stdout.write(f"went on after {ordeal.gaps} s\n")
    assert all(outcome.is_complete_in_order for outcome in outcomes)
    assert all(outcome.repeats <= 1 for outcome in outcomes)
