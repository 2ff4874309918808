"""Memory that is given back while Naru serves."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.source_tree import ROOT

SCRIPT = """
from pathlib import Path
from adapters.serve.sweeping import release_memory

def measure():
    return int(Path("/proc/self/statm").read_text().split()[1])

kept = []
for _ in range(100_000):  # beyond what Python manages itself, and every other one is kept
    kept.append(bytes(1_000))
    dropped = bytes(1_000)
    kept.append(dropped)
full = measure()
del kept[:-1], dropped
before = measure()
assert release_memory()
print(full, before, measure())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc can be asked to")
def test_freed_memory_is_given_back() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, check=True, capture_output=True, text=True
    )
    full, before, after = map(int, ended.stdout.split())
    assert after <= before and after < full / 2
