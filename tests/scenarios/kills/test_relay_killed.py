"""A short storm (`make chaos`: long ones on each transport): `kill -9` while people write, and nothing is lost."""

from __future__ import annotations

import pytest

from tests.harness.chaos.ledger import judge
from tests.harness.chaos.messengers import open_messenger
from tests.harness.chaos.plan import TrialPlan
from tests.harness.chaos.trial import Trial
from tests.harness.serve_process import ServeProcesses


@pytest.mark.timeout(300)
def test_two_kills_lose_nothing_double_nothing_and_change_no_order(
    processes: ServeProcesses,
) -> None:
    plan = TrialPlan(
        kills=2, least=12, seed=5, founders=1, lean=True, pace=(0.1, 0.3), ends=("confirm", "send"),
        faults=("answer lost", "5xx", "redelivered"),
    )  # fmt: skip
    with open_messenger("socket") as messenger:
        ledger = Trial(messenger, processes, plan).run()
    figures = judge(ledger, can_be_asked=messenger.can_be_asked)
    assert figures.kills == 2 and figures.written >= 12
    assert [fault for fault in figures.list_faults() if not fault.startswith("late")] == []
