"""`naru ingest` killed, and editions switched, under the eyes of those who ask. Hundreds of kills,
without and with a Chroma server, are in tests/chaos."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from knowledge.chain import Chain
from knowledge.types import Answer, Question
from tests.harness.ingest_harness import NOW
from tests.harness.kills.ingest_kill_harness import (
    PATIENCE_SECONDS,
    IngestKillHarness,
    run_through_kills,
)

ASKERS = 3
SWITCH_LIMIT_SECONDS = 5.0  # seconds after an ingest has ended in another process


@contextmanager
def run_askers(ordeal: IngestKillHarness) -> Iterator[list[Answer]]:
    """People who ask without pause, and what they were answered."""
    chain, answers, over = Chain(ordeal.app.library), list[Answer](), threading.Event()

    def ask(asker: int) -> None:
        number = asker
        while not over.is_set():
            text = f"How much is grant {number % ordeal.document_count} of kind {number % 8}?"
            answers.append(chain.ask(Question(text, "en", NOW)))
            number += 1

    threads = [threading.Thread(target=ask, args=(asker,)) for asker in range(ASKERS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)


def measure_until_answered(answers: list[Answer], edition: int) -> float:
    """The seconds until somebody is answered from an edition."""
    began, seen = time.monotonic(), len(answers)
    while time.monotonic() < began + PATIENCE_SECONDS:
        fresh = answers[seen:]
        if any(answer.edition == edition for answer in fresh):
            return time.monotonic() - began
        time.sleep(0.01)
    raise AssertionError(f"nobody was answered from edition {edition}")


@pytest.mark.parametrize("chroma", ["server"], indirect=True)
def test_no_answer_mixes_two_editions_and_all_switch_within_seconds(
    tmp_path: Path, chroma: str
) -> None:
    ordeal = IngestKillHarness(tmp_path, chroma, document_count=8)
    first = ordeal.app.catalogue.get_active_edition() or 0
    try:
        with run_askers(ordeal) as answers:
            measure_until_answered(answers, first)
            assert ordeal.start_ingest().wait(PATIENCE_SECONDS) == 0, ordeal.read_log()
            second = ordeal.app.catalogue.get_active_edition() or 0
            assert second > first and measure_until_answered(answers, second) < SWITCH_LIMIT_SECONDS
            assert ordeal.start_command("rollback", str(first)).wait(PATIENCE_SECONDS) == 0, (
                ordeal.read_log()
            )
            assert measure_until_answered(answers, first) < SWITCH_LIMIT_SECONDS
        states: dict[int | None, str] = {number: ordeal.app.catalogue.load_versions(number)[0].passages[0].text.split()[-2]
                  for number in (first, second)}  # fmt: skip
    finally:
        ordeal.close()
    assert states == {first: "first", second: "second"}
    found = [(one.edition, finding.passage.text) for one in answers for finding in one.findings]
    assert {edition for edition, _ in found} == {first, second} and len(found) > 50
    assert [text for number, text in found if f"in the {states.get(number)} year" not in text] == []


def test_an_ingest_that_is_killed_while_it_writes_vectors_leaves_one_whole_edition(
    tmp_path: Path,
) -> None:
    ordeal = run_through_kills(
        tmp_path, "", lambda one: one.kill_during_vectors(2, seed=4), documents=8
    )
    assert ordeal.kill_count == 2
