"""The vectors are gone, damaged or out of reach while people write to each other and somebody asks."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import chromadb
from sqlalchemy import make_url

from bot.phrases import render_phrase
from tests.harness.chaos.altered_serve import Alteration
from tests.harness.chaos.ledger import find_lost
from tests.harness.chaos.outages import begin_trial
from tests.harness.chaos.stores import Stores
from tests.harness.chaos.trial import Trial
from tests.harness.messenger_drivers import Person
from tests.harness.running_app import wait_until
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION

MESSAGES = 15  # of each person while the vectors are gone
REPLY_SECONDS = 120.0
REPAIR_SECONDS = (
    240.0  # on a machine that does much else; a repair that fails is begun again after 60
)

Damage = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class LibraryFigures:
    """`lost` messages of cases; whether a question `meanwhile` got a reply, and the same question the
    `answer` again afterwards."""

    lost: list[str]
    meanwhile: bool
    answer: bool


def outlast_library(trial: Trial, open_damage: Damage, *, restarted: bool) -> LibraryFigures:
    """The vectors are damaged while Naru runs (`restarted`: it is killed, and starts without them),
    people of two cases write, and a third founder asks."""
    begin_trial(trial, Alteration())
    asker = trial.messenger.open_founder(2)
    _ask(asker, [FREIGHT_ANSWER], REPAIR_SECONDS)  # the model is loaded meanwhile
    with open_damage():
        if restarted:
            trial.kill()
            trial.start(Alteration())
        for number in range(MESSAGES):
            for lane in trial.lanes:
                trial.say(lane, number)
        failed = render_phrase("founder.failed", "ko")
        meanwhile = _ask(asker, [FREIGHT_ANSWER, failed], REPLY_SECONDS)
        trial.wait_for_arrivals()
    answer = False
    for _ in range(int(REPAIR_SECONDS / REPLY_SECONDS) + 1):
        answer = answer or _ask(asker, [FREIGHT_ANSWER], REPLY_SECONDS)
    trial.settle()
    return LibraryFigures(find_lost(trial.ledger.written, trial.ledger.arrivals), meanwhile, answer)


def list_library_damages(stores: Stores) -> dict[str, tuple[Damage, bool]]:
    """By name: what is done to the vectors, and whether Naru is started without them."""
    url = stores.settings.get("chroma_url")
    if url is None:
        folder = stores.folder / "index"
        return {
            "missing": (lambda: _remove(folder), True),
            "corrupt": (lambda: _spoil(folder), True),
        }
    return {"missing": (lambda: _drop_collections(str(url)), True),
            "out of reach": (lambda: _freeze(stores.chroma_process), False)}  # fmt: skip


def _ask(asker: Person, replies: list[str], within: float) -> bool:
    """Whether one of the replies came to a question."""
    before = len(asker.received_texts())

    def is_told() -> bool:
        return any(reply in text for text in asker.received_texts()[before:] for reply in replies)

    asker.says(FREIGHT_QUESTION)
    try:
        wait_until(is_told, within)
    except AssertionError:
        return False
    return True


@contextmanager
def _remove(folder: Path) -> Iterator[None]:
    shutil.rmtree(folder)
    yield


@contextmanager
def _spoil(folder: Path) -> Iterator[None]:
    """Every file of the index holds something else."""
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(os.urandom(512))
    yield


@contextmanager
def _drop_collections(url: str) -> Iterator[None]:
    address = make_url(url)
    client = chromadb.HttpClient(host=str(address.host), port=int(address.port or 0))
    for collection in client.list_collections():
        client.delete_collection(collection.name)
    yield


@contextmanager
def _freeze(process: int) -> Iterator[None]:
    """The server takes connections and answers none."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)
