"""`naru demo`: the whole job on both sides, through the real pipeline."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from adapters.cli.chat import stage
from adapters.cli.chat.play import run_demo
from ingest.plan.files import SHIPPED_LIBRARY
from knowledge.types import LANGUAGES, Language
from tests.harness.running_app import wait_until
from tests.samples import small_library
from tests.scenarios.console.http_client import Client
from tests.scenarios.terminal.terminal_process import PATIENCE_SECONDS, run_naru

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
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_shows_the_whole_job_and_exits_0(
    language: Language, shipped_data: Path, tmp_path: Path
) -> None:
    """As it is typed, on the shipped library; what was embedded before is not embedded again."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NARU_")}
    environment |= {"PYTHONPATH": str(Path(__file__).parents[3]), "NARU_DATA": str(shipped_data)}
    kept = list_contents(shipped_data)
    ended = subprocess.run(
        [sys.executable, "-m", "adapters.cli", "demo", "--lang", language, "--as-of",
         "2026-11-23T10:00+09:00"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    play = stage.read_play(language)
    spoken = (play.question, play.other, play.unanswerable, play.staff_reply, play.follow_up)
    steps = [f"[{number}/5] {step}" for number, step in enumerate(play.steps, 1)]
    for line in (*spoken, *steps):
        assert line in ended.stdout
    next_steps = ended.stdout.rpartition("─")[2]
    assert "naru ingest" in next_steps and "naru demo --console" in next_steps
    assert "\x1b" not in ended.stdout  # no colours in a pipe
    founder = ended.stdout.count(f"나루 → {play.founder}\n")
    staff = ended.stdout.count(f"나루 → {play.staff}\n")
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
    assert run_demo(lambda: small_library.NOW, "ko", part) == []
    changed = capsys.readouterr().out
    assert "최대 7억 원" in changed and "최대 1억 원" not in changed


def test_a_step_that_does_not_happen_is_named(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    text = "# 다른 이야기\n\n## 무엇인가요?\n이 문서는 아무 질문에도 답하지 않습니다.\n"
    (tmp_path / "library" / "other.md").write_text(text, encoding="utf-8")
    problems = run_demo(lambda: small_library.NOW, "ko", tmp_path / "library")
    assert sum("a cited answer" in problem for problem in problems) == 2
    assert "a case at the embassy in Hanoi" not in problems


WITH_LIBRARY = """
import sys
from pathlib import Path
from ingest.plan import files
files.SHIPPED_LIBRARY = Path(sys.argv.pop(1))
from adapters.cli.app import main
main()
"""


def test_on_the_console_a_case_is_taken_answered_and_resolved(part: Path, tmp_path: Path) -> None:
    """As it is typed, with a smaller library: the founder's side at the terminal, the other over HTTP."""
    play, data, temporary = stage.read_play("en"), tmp_path / "data", tmp_path / "temporary"
    for folder in (data, temporary):
        folder.mkdir()
    small = ("-c", WITH_LIBRARY, str(part))
    given = {"TMPDIR": str(temporary)}
    with run_naru(data, "demo", "--console", "--lang", "en", python=small, **given) as screen:
        shown = screen.shows(play.console.rstrip()[-40:])
        assert play.unanswerable in shown and "#1" in shown
        link = re.search(r"(http://127\.0\.0\.1:\d+)/sign-in/\S+", shown)
        assert link, shown
        staff = Client(link.group(1))
        assert staff.open_link(link.group()).leads_to == "/"
        assert staff.open_link(link.group()).status == 410
        assert play.unanswerable in staff.get("/").text
        for act, text in (("claim", ""), ("reply", play.staff_reply)):
            seen = re.search(r'data-last="(\d+)"', staff.get("/cases/1").text)
            assert seen
            form = {"act": act, "text": text, "seen": seen.group(1), "id": act}
            assert staff.post("/cases/1/acts", form).leads_to.startswith("/cases/1")
        assert play.founder in screen.shows(play.staff_reply)
        screen.shows(play.follow_up)
        screen.types("We have it: 17-4711.")
        wait_until(lambda: "17-4711" in staff.get("/cases/1").text, PATIENCE_SECONDS)
        page = staff.get("/cases/1").text
        assert play.follow_up in page
        assert staff.post("/cases/1/acts", {"act": "resolve", "text": "", "id": "r"}).status == 303
        screen.shows("#1 was closed")
        assert "Traceback" not in screen.is_interrupted(0)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("terminal", "environment", "coloured"),
    [(True, {}, True), (True, {"NO_COLOR": "1"}, False), (True, {"TERM": "dumb"}, False),
     (False, {}, False)],
)  # fmt: skip
def test_colours_only_where_they_are_wanted(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, environment: dict[str, str], coloured: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    assert (stage.paint("나루", stage.BOLD) == "\x1b[1m나루\x1b[0m") is coloured
