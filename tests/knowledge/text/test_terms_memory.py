"""What Kiwi keeps in memory for the threads that ask it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from knowledge.text.terms import Analyser

THREADS = 12
MAX_GROWTH_MIB = 15  # 51 where each thread analyses itself
STATUS = Path("/proc/self/status")
TEXT = "하노이에서 거래처가 대금을 주지 않는데 수출 바우처 지원금은 어디에 신청하면 되는지 알려 주십시오"


@pytest.mark.skipif(not STATUS.exists(), reason="read from Linux")
def test_threads_that_ask_kiwi_take_no_memory_of_their_own() -> None:
    analyser = Analyser()
    expected = analyser.tokenise(TEXT, "ko")
    assert analyser.tokenise("", "ko") == []
    before = _read_memory()
    done, measured = threading.Barrier(THREADS + 1), threading.Event()
    found: list[list[str]] = []

    def ask() -> None:
        found.extend(analyser.tokenise(TEXT, "ko") for _ in range(10))
        done.wait(60)
        measured.wait(60)

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    done.wait(60)
    growth = _read_memory() - before
    measured.set()
    for thread in threads:
        thread.join()
    assert growth < MAX_GROWTH_MIB
    assert len(found) == 10 * THREADS and all(terms == expected for terms in found)


def _read_memory() -> float:
    """MiB of this process in memory."""
    line = next(one for one in STATUS.read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
