"""The encoder in a process of its own: the same vectors, whatever becomes of the process."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import psutil
import pytest

from knowledge.embedding import embedder_process
from knowledge.embedding.embedder import Embedder, ShippedEmbedder
from knowledge.embedding.embedder_process import EmbedderProcess
from tests.harness.running_app import wait_until
from tests.samples import small_library
from tests.source_tree import ROOT

QUESTIONS = ["물류비는 누가 내주나요?", "Who pays for shipping?", "Ai trả chi phí vận chuyển?"]


@pytest.fixture(scope="module")
def here() -> ShippedEmbedder:
    return small_library.load_embedder()


def find_child() -> psutil.Process:
    """The encoder's process among those that this one started."""
    (child,) = [
        one
        for one in psutil.Process().children()
        if one.status() != psutil.STATUS_ZOMBIE
        and any("serve_questions" in w for w in one.cmdline())
    ]
    return child


@pytest.fixture
def process() -> Iterator[EmbedderProcess]:
    with closing(EmbedderProcess()) as embedder:
        embedder.embed_query("a ferry")
        yield embedder
    with pytest.raises(ValueError, match="not enough"):
        find_child()


def test_its_vectors_are_the_same_to_the_bit(
    process: EmbedderProcess, here: ShippedEmbedder
) -> None:
    for text in (*QUESTIONS, "", "half a character \ud800", "ferry " * 3_000):
        assert np.array_equal(process.embed_query(text), here.embed_query(text))
    assert np.array_equal(process.embed_passages(QUESTIONS), here.embed_passages(QUESTIONS))


def test_a_vector_cannot_be_written_to(process: EmbedderProcess) -> None:
    with pytest.raises(ValueError, match="read-only"):
        process.embed_query("a port")[0] = 1


def test_several_threads_get_each_their_own_vector(
    process: EmbedderProcess, here: ShippedEmbedder
) -> None:
    wrong: list[str] = []

    def ask(number: int) -> None:
        for text in (f"{number} containers, day {day}" for day in range(10)):
            if not np.array_equal(process.embed_query(text), here.embed_query(text)):
                wrong.append(text)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []


def test_where_it_dies_the_question_is_computed_here_and_the_next_by_another(
    process: EmbedderProcess, here: ShippedEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    died = find_child()
    died.kill()
    assert np.array_equal(process.embed_query("a landing"), here.embed_query("a landing"))
    assert "the encoder's process is replaced" in caplog.text
    caplog.clear()
    assert np.array_equal(process.embed_query("a quay"), here.embed_query("a quay"))
    assert find_child().pid != died.pid and caplog.text == ""


def test_where_it_hangs_the_question_is_computed_here_and_it_is_ended(
    process: EmbedderProcess, here: ShippedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung = find_child()
    hung.suspend()
    monkeypatch.setattr(embedder_process, "MAX_SECONDS", 0.2)
    assert np.array_equal(process.embed_query("a landing"), here.embed_query("a landing"))
    assert not hung.is_running()
    monkeypatch.undo()
    process.embed_query("a quay")  # starts another


def test_where_it_cannot_be_started_questions_are_computed_here(
    here: ShippedEmbedder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(embedder_process, "_CHILD_SCRIPT", "raise SystemExit(1)")
    with closing(EmbedderProcess()) as embedder:
        for text in QUESTIONS:
            assert np.array_equal(embedder.embed_query(text), here.embed_query(text))
    assert [one.levelno for one in caplog.records] == [logging.WARNING] * len(QUESTIONS)


def test_a_signal_to_stop_leaves_it_to_the_parent(process: EmbedderProcess) -> None:
    """A service that drains still answers."""
    child = find_child()
    for number in (signal.SIGTERM, signal.SIGINT):
        child.send_signal(number)
    process.embed_query("a lighthouse")
    assert find_child().pid == child.pid


PARENT = """\
import sys
from knowledge.embedding.embedder_process import EmbedderProcess
EmbedderProcess().embed_query("a ferry")
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_its_parent(number: signal.Signals) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NARU_TELEGRAM_TOKEN": "1:secret"}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as parent:  # fmt: skip
        assert parent.stdout and parent.stdout.readline() == b"ready\n"
        (child,) = psutil.Process(parent.pid).children()
        assert b"secret" not in Path(f"/proc/{child.pid}/environ").read_bytes()
        parent.send_signal(number)
    wait_until(lambda: not psutil.pid_exists(child.pid), 10)


def test_who_asks_does_not_compute(process: EmbedderProcess, here: ShippedEmbedder) -> None:
    """Python's lock is free for the other threads of a service."""

    def measure(embedder: Embedder, texts: list[str]) -> float:
        begun = time.thread_time()
        for text in texts:
            embedder.embed_query(text)
        return time.thread_time() - begun

    apart = measure(process, [f"ship {number}" for number in range(10)])
    together = measure(here, [f"boat {number}" for number in range(10)])
    assert apart < together / 5
