"""Two thousand files of seven kinds and five long articles, with the shipped model: measured."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.samples.generated_corpus import FILE_KINDS, generate_corpus, write_numbered_file

ROOT = Path(__file__).parents[2]
FILES, ARTICLES = 2_000, 5
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(3_000)]


def test_two_thousand_files(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    generate_corpus(folder, FILES, ARTICLES)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NARU_")}

    def ingest(what: str) -> Any:
        began = time.monotonic()
        ran = subprocess.run(
            [sys.executable, "-m", "adapters.cli", "ingest", str(folder), "--json"],
            env=clean | {"NARU_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)},
            cwd=tmp_path, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        found = json.loads(ran.stdout)
        sys.stdout.write(f"{what}: {time.monotonic() - began:.1f} s, peak so far {peak} MB, "
                         f"{found['counts']}\n")  # fmt: skip
        return found

    first = ingest("first")
    assert first["counts"]["created"] == FILES + ARTICLES and first["skipped"] == []
    second = ingest("unchanged")
    assert (second["applied"], second["counts"]["unchanged"]) == (False, FILES + ARTICLES)
    assert second["counts"]["to_embed"] == 0
    assert second["seconds"] < first["seconds"] / 10
    changed = range(0, FILES, 100)
    for number in changed:
        write_numbered_file(folder, number, "내년")
    third = ingest("1 % changed")
    assert third["counts"]["updated"] == len(changed) == FILES // 100
    assert 0 < third["counts"]["to_embed"] <= 3 * len(changed)
    assert {one["id"] for one in third["changes"]} == {
        f"{number:04}.{FILE_KINDS[number % len(FILE_KINDS)]}" for number in changed
    }
