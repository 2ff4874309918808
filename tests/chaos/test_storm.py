"""At least 500 messages and 20 kills on each of the four transports, with every fault of the line: R1 to R5, R9, R10."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.conftest import ChaosRun
from tests.harness.chaos.forking import ForkingProcesses
from tests.harness.chaos.ledger import judge
from tests.harness.chaos.messengers import TRANSPORTS, open_messenger
from tests.harness.chaos.plan import TrialPlan
from tests.harness.chaos.stores import STORE_NAMES, StoreKind, open_stores
from tests.harness.chaos.trial import Trial

KILLS, MESSAGES, STEADY_SECONDS, TROUBLED_SECONDS = 22, 520, 10.0, 12.0
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1_800)]


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_storm(
    tmp_path: Path, filled: Path, chaos_run: ChaosRun, transport: str, kind: StoreKind
) -> None:
    plan = TrialPlan(
        KILLS, MESSAGES, chaos_run.seed + TRANSPORTS.index(transport), steady=STEADY_SECONDS,
        troubled=TROUBLED_SECONDS,
    )  # fmt: skip
    with open_stores(kind, tmp_path, filled) as stores, open_messenger(transport) as messenger:
        processes = ForkingProcesses(stores.folder)
        try:
            ledger = Trial(messenger, processes, plan, stores.settings).run()
        finally:
            processes.kill_all()
    figures = judge(
        ledger, can_be_asked=messenger.can_be_asked, lanes_cut_by_kill=2 * plan.founders
    )
    chaos_run.get_report(STORE_NAMES[kind]).add_figures(transport, figures)
    assert figures.kills >= 20 and figures.written >= 500
    assert figures.list_faults() == []
