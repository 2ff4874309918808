"""The checker is itself checked: with a bug planted into the process, a trial finds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.conftest import ChaosRun
from tests.harness.chaos.forking import ForkingProcesses
from tests.harness.chaos.ledger import judge
from tests.harness.chaos.messengers import open_messenger
from tests.harness.chaos.plan import End, TrialPlan
from tests.harness.chaos.stores import open_stores
from tests.harness.chaos.trial import Trial

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]

# The bug, the transport, the faults and the ends that bring it to light, and what is found.
PLANTED: tuple[tuple[str, str, tuple[str, ...], tuple[End, ...], str], ...] = (
    ("confirm before commit", "polling", (), ("confirm",), "lost"),
    ("confirm before commit", "webhook", (), ("confirm",), "lost"),
    ("confirm before commit", "http", (), ("confirm",), "confirmed and not stored"),
    ("no deduplication", "webhook", ("event's answer lost",), ("random",), "repeats"),
    ("no deduplication", "socket", ("event's answer lost",), ("random",), "repeats"),
    ("blind resend", "socket", ("answer lost",), ("random",), "repeats"),
    ("no wait after 429", "polling", ("429",), ("random",), "sent before retry_after"),
    ("no order in a lane", "polling", ("429", "5xx"), ("random",), "out of order"),
)


@pytest.mark.parametrize(("bug", "transport", "faults", "ends", "found"), PLANTED)
def test_a_planted_bug_is_found(
    tmp_path: Path,
    filled: Path,
    chaos_run: ChaosRun,
    bug: str,
    transport: str,
    faults: tuple[str, ...],
    ends: tuple[End, ...],
    found: str,
) -> None:
    plan = TrialPlan(
        kills=3, least=60, seed=chaos_run.seed, founders=2, pace=(0.2, 0.6), troubled=6.0, patience=20.0, bug=bug,
        lean=True, faults=faults, fault_pause=(0.1, 0.4), ends=ends,
    )  # fmt: skip
    with open_stores("sqlite", tmp_path, filled) as stores, open_messenger(transport) as messenger:
        processes = ForkingProcesses(stores.folder)
        try:
            ledger = Trial(messenger, processes, plan, stores.settings).run()
        finally:
            processes.kill_all()
    figures = judge(ledger, can_be_asked=messenger.can_be_asked)
    assert any(found in fault for fault in figures.list_faults()), figures
