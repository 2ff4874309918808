"""A poison message, a database that takes nothing, a silence, a room that refuses: R6, R7, R8, R11."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.store.inbox import INBOX_MAX_TRIES
from tests.chaos.conftest import ChaosRun
from tests.harness.chaos import outages
from tests.harness.chaos.forking import ForkingProcesses
from tests.harness.chaos.library_outages import list_library_damages, outlast_library
from tests.harness.chaos.messengers import TRANSPORTS, open_messenger
from tests.harness.chaos.plan import TrialPlan
from tests.harness.chaos.stores import STORE_NAMES, StoreKind, Stores, open_stores
from tests.harness.chaos.trial import Trial

STORES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(900),
    pytest.mark.parametrize("kind", STORES),
]


@contextmanager
def open_trial(transport: str, stores: Stores, chaos_run: ChaosRun) -> Iterator[Trial]:
    """Two founders, each with a case; nothing goes wrong yet."""
    plan = TrialPlan(kills=0, least=0, seed=chaos_run.seed, founders=2, lean=True)
    processes = ForkingProcesses(stores.folder)
    with open_messenger(transport) as messenger:
        try:
            yield Trial(messenger, processes, plan, stores.settings)
        finally:
            processes.kill_all()


@pytest.fixture
def stores(kind: StoreKind, tmp_path: Path, filled: Path) -> Iterator[Stores]:
    with open_stores(kind, tmp_path, filled) as opened:
        yield opened


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_poison_message(
    stores: Stores, chaos_run: ChaosRun, transport: str, kind: StoreKind
) -> None:
    with open_trial(transport, stores, chaos_run) as trial:
        found = outages.meet_poison(trial)
    figure = f"{found.delay:.1f} s; {found.told:.0f} s"
    chaos_run.get_report(STORE_NAMES[kind]).add("R6", transport, figure)
    assert (found.dead, found.tries) == (1, INBOX_MAX_TRIES)
    assert found.delay < 5 and found.told < 60


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_silence_beyond_all_retries(
    stores: Stores, chaos_run: ChaosRun, transport: str, kind: StoreKind
) -> None:
    with open_trial(transport, stores, chaos_run) as trial:
        found, took = outages.return_after_silence(trial)
    figure = f"{found.written - len(found.lost)} of {found.written}; {took:.0f} s"
    chaos_run.get_report(STORE_NAMES[kind]).add("R8", transport, figure)
    assert not found.lost and not found.reordered and took <= 120


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_room_that_refuses(
    stores: Stores, chaos_run: ChaosRun, transport: str, kind: StoreKind
) -> None:
    with open_trial(transport, stores, chaos_run) as trial:
        found = outages.meet_refusal(trial)
    figure = f"{found.told:.0f} s; {found.tries} in {outages.TRIES_SEEN_SECONDS:.0f} s"
    chaos_run.get_report(STORE_NAMES[kind]).add("R11", transport, figure)
    assert not found.lost and found.told <= 60 and found.tries <= 3


@pytest.mark.parametrize("damage", ["missing", "corrupt", "out of reach"])
def test_a_library_that_cannot_be_searched(
    stores: Stores, chaos_run: ChaosRun, damage: str, kind: StoreKind
) -> None:
    known = list_library_damages(stores)
    if damage not in known:
        pytest.skip(f"the vectors cannot be {damage} in these stores")
    open_damage, restarted = known[damage]
    with open_trial("http", stores, chaos_run) as trial:
        found = outlast_library(trial, open_damage, restarted=restarted)
        written = len(trial.ledger.written)
    chaos_run.get_report(STORE_NAMES[kind]).notes.append(
        f"vectors {damage}, http: {len(found.lost)} of {written} messages of cases lost; a question meanwhile "
        f"was {'replied to' if found.meanwhile else 'not replied to'}, and afterwards "
        f"{'answered' if found.answer else 'not answered'}."
    )
    assert not found.lost and found.meanwhile and found.answer


@pytest.mark.parametrize("trouble", outages.DATABASE_TROUBLES)
@pytest.mark.parametrize("transport", ["polling", "http"])
def test_a_database_that_takes_nothing(
    stores: Stores, chaos_run: ChaosRun, small_disk: Path | None, transport: str, trouble: str,
    kind: StoreKind,
) -> None:  # fmt: skip
    disk = small_disk if kind == "sqlite" else None
    if disk is not None:
        stores = Stores(Path(shutil.copytree(stores.folder, disk / "data")), stores.settings)
    known = outages.list_database_troubles(stores.database_url, disk)
    if trouble not in known:
        pytest.skip(f"a database cannot be made {trouble} here")
    open_trouble, stopped = known[trouble]
    with open_trial(transport, stores, chaos_run) as trial:
        found = outages.outlast_database(trial, open_trouble, stopped=stopped)
    figure = f"{trouble} {len(found.lost)} of {found.written}"
    chaos_run.get_report(STORE_NAMES[kind]).add("R7", transport, figure)
    assert not found.lost and not found.reordered
