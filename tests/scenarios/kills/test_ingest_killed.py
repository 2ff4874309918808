"""`naru ingest` killed, and editions switched, under the eyes of those who ask; embedded and with a
Chroma server. Hundreds of kills are in tests/chaos."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.chain import Chain
from knowledge.types import Answer, Question
from tests.harness.ingest_harness import NOW
from tests.harness.ingest_kill_harness import PATIENCE, Ordeal, endured

ASKERS = 3
SOON = 5.0  # seconds after an ingest has ended in another process


@contextmanager
def asking(ordeal: Ordeal) -> Iterator[list[Answer]]:
    """People who ask without pause, and what they were answered."""
    chain, answers, over = Chain(ordeal.app.library), list[Answer](), threading.Event()

    def ask(asker: int) -> None:
        number = asker
        while not over.is_set():
            text = f"How much is grant {number % ordeal.documents} of kind {number % 8}?"
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
            thread.join(PATIENCE)


def until(answers: list[Answer], edition: int) -> float:
    """The seconds until somebody is answered from an edition."""
    began, seen = time.monotonic(), len(answers)
    while time.monotonic() < began + PATIENCE:
        fresh = answers[seen:]
        if any(answer.edition == edition for answer in fresh):
            return time.monotonic() - began
        time.sleep(0.01)
    raise AssertionError(f"nobody was answered from edition {edition}")


def test_no_answer_mixes_two_editions_and_all_switch_within_seconds(
    tmp_path: Path, chroma: str
) -> None:
    ordeal = Ordeal(tmp_path, chroma, documents=20)
    first = ordeal.app.catalogue.active_edition() or 0
    try:
        with asking(ordeal) as answers:
            until(answers, first)
            assert ordeal.start().wait(PATIENCE) == 0, ordeal.said()
            second = ordeal.app.catalogue.active_edition() or 0
            assert second > first and until(answers, second) < SOON
            assert ordeal.naru("rollback", str(first)).wait(PATIENCE) == 0, ordeal.said()
            assert until(answers, first) < SOON
        states = {number: ordeal.app.catalogue.versions(number)[0].passages[0].text.split()[-2]
                  for number in (first, second)}  # fmt: skip
    finally:
        ordeal.end()
    assert states == {first: "first", second: "second"}
    quotes = [(one.edition, citation.quote) for one in answers for citation in one.citations]
    assert {edition for edition, _ in quotes} == {first, second} and len(quotes) > 50
    assert [q for n, q in quotes if n is None or f"in the {states[n]} year" not in q] == []
    assert all(quote in answer.text for answer in answers if answer.verdict == "answered"
               for quote in [answer.citations[0].quote.strip()])  # fmt: skip


def test_an_ingest_that_is_killed_while_it_writes_vectors_leaves_one_whole_edition(
    tmp_path: Path, chroma: str
) -> None:
    ordeal = endured(tmp_path, chroma, lambda one: one.aim(2, seed=4), documents=20)
    assert ordeal.kills == 2
