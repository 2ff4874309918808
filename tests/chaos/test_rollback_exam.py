"""The whole exam before an ingest, and after it and a rollback: byte for byte the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.plan.files import SHIPPED_LIBRARY
from knowledge.evaluation.exam import list_exam_files, read_exam

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1_800)]


def test_the_whole_exam_is_answered_alike_after_a_rollback(
    shipped_data: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(shipped_data, data)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NARU_")}

    def naru(*arguments: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "adapters.cli", *arguments],
            env=clean | {"NARU_DATA": str(data), "PYTHONPATH": str(ROOT)},
            cwd=tmp_path, stdout=subprocess.PIPE, check=True,
        ).stdout  # fmt: skip

    exam = read_exam(list_exam_files(None))
    lines = [json.dumps({"id": one.id, "question": one.question, "place": one.place})
             for one in exam]  # fmt: skip
    (tmp_path / "exam.jsonl").write_text("\n".join(lines), encoding="utf-8")
    asked = ("ask", "--batch", "exam.jsonl", "--as-of", "2026-11-21T10:00+09:00")
    before = naru(*asked)
    changed = tmp_path / "library"
    shutil.copytree(SHIPPED_LIBRARY, changed)
    for number, path in enumerate(sorted(changed.glob("*.md"))):
        if number % 3 == 0 and path.name != "SOURCES.md":
            path.write_text(path.read_text("utf-8").replace("2026", "2027"), encoding="utf-8")
    naru("ingest", str(changed))
    between = naru(*asked)
    naru("rollback", "1")
    assert len(before.splitlines()) == len(exam) > 300
    assert between.replace(b'"edition": 2', b'"edition": 1') != before
    assert naru(*asked) == before
