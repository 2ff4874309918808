"""`naru candidates`: answers that staff called wrong, printed for a person to review."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from adapters.cli.options import build_app
from bot.context import Decision
from bot.types import LoggedAnswer, WrongAnswer
from tests.adapters.cli.conftest import RunCommand

NOW = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("own_library")


def log_wrong_answer() -> None:
    store = build_app().store
    for word in ("옳은", "틀린"):
        logged = LoggedAnswer(
            word,
            "answered",
            "ko",
            f"{word} 것을 물었습니다: 얼마?",
            "3천만 원",
            "tax",
            "VN",
            "vn-hanoi",
            NOW,
        )
        store.commit_without_message(word, Decision(logged=logged), NOW)
    wrong = Decision(wrong_answer=WrongAnswer(2, "telegram:2001", "5천만 원"))
    store.commit_without_message("wrong", wrong, NOW)


def test_without_a_wrong_answer_that_is_said(run: RunCommand) -> None:
    assert run("candidates").out == "No answer was called wrong.\n"
    assert run("candidates", "--json").json == {"candidates": []}


def test_a_wrong_answer_is_printed_and_written_without_a_verdict_of_its_own(
    run: RunCommand, tmp_path: Path
) -> None:
    log_wrong_answer()
    (one,) = yaml.safe_load(run("candidates").out)
    assert (one["id"], one["language"], one["right"]) == ("candidate-2", "ko", "5천만 원")
    assert one["question"].startswith("틀린 것을") and one["said_by"] == "telegram:2001"
    assert "answerable" not in one  # a person decides
    assert run("candidates", "--json").json == {"candidates": [one]}
    file = tmp_path / "wrong.yaml"
    said = run("candidates", "--out", str(file)).out
    assert said.startswith("1 written to") and yaml.safe_load(file.read_text("utf-8")) == [one]


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(
    run: RunCommand, tmp_path: Path
) -> None:
    log_wrong_answer()
    ended = run("candidates", "--out", str(tmp_path / "none" / "wrong.yaml"))
    assert ended.code == 1 and "none" in ended.err and "Traceback" not in ended.err
