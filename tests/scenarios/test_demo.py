"""`naru demo`: the whole job on both sides, through the real pipeline."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from adapters.demo import (
    ENGLISH_QUESTION,
    FOUNDER_FOLLOW_UP,
    KOREAN_QUESTION,
    STAFF_REPLY,
    UNANSWERABLE_QUESTION,
    run_demo,
)
from ingest.plan.files import SHIPPED_LIBRARY
from tests.samples import small_library

# The shipped documents that the demo's two questions are answered from.
NEEDED = ("certification-support.ko", "certification-support.en", "ksure-debt-collection.ko",
          "ksure-debt-collection.en", "consultative-body.ko", "body-hanoi.ko")  # fmt: skip


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """A few of the shipped documents, in a folder of one's own."""
    folder = tmp_path / "library"
    (folder / "phrases").mkdir(parents=True)
    for name in NEEDED:
        shutil.copy(SHIPPED_LIBRARY / f"{name}.md", folder)
        if (phrases := SHIPPED_LIBRARY / "phrases" / f"{name}.yaml").exists():
            shutil.copy(phrases, folder / "phrases")
    return folder


@pytest.mark.timeout(300)
def test_the_demo_shows_the_whole_job_and_exits_0(shipped_data: Path, tmp_path: Path) -> None:
    """As it is typed, on the shipped library; what was embedded before is not embedded again."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NARU_")}
    environment |= {"PYTHONPATH": str(Path(__file__).parents[2]), "NARU_DATA": str(shipped_data)}
    kept = list_contents(shipped_data)
    ended = subprocess.run(
        [sys.executable, "-m", "adapters.cli", "demo", "--as-of", "2026-11-23T10:00+09:00"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    for line in (
        KOREAN_QUESTION,
        ENGLISH_QUESTION,
        UNANSWERABLE_QUESTION,
        STAFF_REPLY,
        FOUNDER_FOLLOW_UP,
    ):
        assert line in ended.stdout
    founder, staff = ended.stdout.count("나루 → 창업자"), ended.stdout.count("나루 → 하노이 담당자")
    assert founder >= 5 and staff >= 3
    assert "https://" in ended.stdout and "#1" in ended.stdout
    assert list(tmp_path.iterdir()) == [] and list_contents(shipped_data) == kept


def list_contents(folder: Path) -> tuple[set[str], int]:
    """The files that hold the library, and how many cases the database has."""
    with closing(sqlite3.connect(folder / "naru.db")) as raw:
        tables = {name for (name,) in raw.execute("select name from sqlite_master")}
        cases = raw.execute("select count(*) from cases").fetchone()[0] if "cases" in tables else 0
    return {str(path) for path in (folder / "index").rglob("*")}, cases


def test_with_the_library_changed_under_it_its_answers_change(
    part: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = part / "certification-support.ko.md"
    before = document.read_text("utf-8")
    assert "최대 1억 원" in before
    document.write_text(before.replace("최대 1억 원", "최대 7억 원"), "utf-8")
    assert run_demo(lambda: small_library.NOW, part) == []
    changed = capsys.readouterr().out
    assert "최대 7억 원" in changed and "최대 1억 원" not in changed


def test_a_step_that_does_not_happen_is_named(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    text = "# 다른 이야기\n\n## 무엇인가요?\n이 문서는 아무 질문에도 답하지 않습니다.\n"
    (tmp_path / "library" / "other.md").write_text(text, encoding="utf-8")
    problems = run_demo(lambda: small_library.NOW, tmp_path / "library")
    assert "a cited answer in Korean" in problems and "a cited answer in English" in problems
    assert "a case at the embassy in Hanoi" not in problems
