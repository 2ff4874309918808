"""`naru --version`, `missions`, batches, plans and the sign that a command is at work."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from adapters.cli import main
from adapters.cli.output import answer_batch
from adapters.cli.progress import CLEAR_LINE, show_working


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NARU_DATA", str(tmp_path / "data"))
    return tmp_path


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    name, number = capsys.readouterr().out.split()
    assert name == "naru" and number[0].isdigit()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("vn", {"vn-hanoi", "vn-hcmc", "vn-da-nang"}),
        ("호치민", {"vn-hcmc"}),
        ("vn-da-nang", {"vn-da-nang"}),
        ("껀터", {"vn-hcmc"}),  # no mission is there: the competent one
    ],
)
def test_missions_are_found_by_id_name_country_and_place(
    data: Path, capsys: pytest.CaptureFixture[str], query: str, found: set[str]
) -> None:
    assert run("missions", query, "--json") == 0
    assert {one["id"] for one in json.loads(capsys.readouterr().out)} == found


def test_a_room_is_shown_with_its_mission_and_a_place_nobody_knows_is_said(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("bind", "vn-hanoi", "telegram:-100123") == 0
    assert run("bind", "domestic", "email:Desk@example.org") == run("bindings") == 0
    assert "email:desk@example.org" in capsys.readouterr().out
    assert run("missions") == 0
    lines = [one for one in capsys.readouterr().out.splitlines() if one.startswith("vn-hanoi  ")]
    assert lines and lines[0].endswith("→ telegram:-100123")
    assert run("missions", "qqqzzz") == 1
    assert "qqqzzz" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"question": ', "line 2 is not JSON (Expecting value at character"),
        ("[1]", "line 2 is not a JSON object. Write one object on each line"),
        ('{"id": 7, "frage": "x"}', 'line 2: it has no "question" (it has "id", "frage").'),
        ('{"question": 5}', 'line 2: "question" must be a text'),
        ('{"question": "x", "lang": "kr"}', "line 2: Naru speaks ko, en and vi, not 'kr'"),
    ],
)
def test_a_wrong_line_of_a_batch_is_named_and_the_others_are_answered(
    data: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    path = data / "batch.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    assert run("ask", "--batch", str(path)) == 0
    assert json.loads(capsys.readouterr().out)["error"].startswith(said)


def test_lines_after_a_wrong_one_are_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_text('nothing\n{"id": 1}\n', encoding="utf-8")
    answer_batch(path, lambda entry: {"said": entry["id"]})
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert "line 1 is not JSON" in first["error"]
    assert second == {"id": 1, "said": 1}


def test_a_plan_shows_issuer_and_dates(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notice = data / "notice.md"
    notice.write_text(
        "---\nid: pier\nissuer: Port Office\npublished: 2026-03-01\nexpires: 2026-12-31\n---\n"
        "# Pier fees\n\nThe fee is 5 dollars.\n", encoding="utf-8",
    )  # fmt: skip
    assert run("ingest", str(notice), "--plan", "--no-golden") == 0
    said = capsys.readouterr().out
    assert "issuer Port Office · published 2026-03-01 · from -" in said
    assert "until 2026-12-31" in said


class ShownStderr:
    """A stderr that is a terminal."""

    def __init__(self) -> None:
        self.shown = ""

    def write(self, text: str) -> int:
        self.shown += text
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("seconds", "shown"), [(0.0, ""), (0.7, f"at work{CLEAR_LINE}")])
def test_what_takes_longer_than_half_a_second_is_shown_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, seconds: float, shown: str
) -> None:
    terminal: Any = ShownStderr()
    monkeypatch.setattr(sys, "stderr", terminal)
    with show_working("at work"):
        time.sleep(seconds)
    assert terminal.shown == shown


def test_nothing_is_shown_where_stderr_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with show_working("at work"):
        time.sleep(0.6)
    assert capsys.readouterr().err == ""
