"""The library kept from the terminal, and tasks whose process is killed in the middle."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import App
from adapters.cli.chat.session import TerminalSession
from adapters.settings import Settings
from adapters.terminal import FOUNDER_CHANNEL
from bot.store.inbox import INBOX_MAX_TRIES, LIBRARY_TASK_PREFIX, Inbox
from ingest.pipeline import IngestPipeline
from ingest.types import Plan, Root
from knowledge.evaluation.answer_diff import AnswerSnapshot, ChangedAnswer
from tests.harness.admin_harness import (
    CHANGED_FERRY_ANSWER,
    FERRY_ANSWER,
    FERRY_QUESTION,
    prepare_app,
    render_markdown,
)
from tests.harness.kills.kill_at_point import KILL_POINTS
from tests.harness.running_app import AppFixtures, ShiftedClock

ROOT = Path(__file__).parents[3]
TASKS = f"{LIBRARY_TASK_PREFIX}{FOUNDER_CHANNEL}"


class TerminalHarness:
    """Whoever runs the command line, before an own library."""

    def __init__(self, data: Path, furniture: AppFixtures) -> None:
        self.shown: list[str] = []
        self.clock = ShiftedClock()
        self.app = App(Settings(data=data, _env_file=None), now=self.clock)
        self.app.missions, self.app.places = furniture.missions, furniture.places
        prepare_app(self.app, furniture)
        self.seat = TerminalSession(self.app, FOUNDER_CHANNEL, "me", self.shown.append)

    def types(self, line: str) -> str:
        """What is shown last, when everything is done."""
        self.seat.submit_line(line)
        asyncio.run(self.seat.run_until_idle())
        return self.shown[-1]

    def handle_message_only(self, line: str) -> None:
        """The message is worked, what it asks of the library is not."""
        self.seat.submit_line(line)
        assert self.app.assistant.work_lane("here", [FOUNDER_CHANNEL])

    def find_button_number(self, label: str) -> str:
        """The number to type for a button."""
        buttons = self.seat.buttons.items()
        return next(str(number) for number, one in buttons if one.label == label)


@pytest.fixture
def terminal(tmp_path: Path, furniture: AppFixtures) -> Iterator[TerminalHarness]:
    shutil.copytree(furniture.data, tmp_path / "data")
    terminal = TerminalHarness(tmp_path / "data", furniture)
    yield terminal
    terminal.app.engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "나룻배 운임.md"
    path.write_bytes(render_markdown())
    return path


def test_a_file_is_ingested_by_its_path_and_answered_from(
    terminal: TerminalHarness, file: Path
) -> None:
    plan = terminal.types(f"/ingest {file}")
    assert "[신규] 나룻배 운임 안내 ferry" in plan and plan.endswith("[1] 적용  [2] 버리기")
    assert "이제 2판으로 답합니다" in terminal.types(terminal.find_button_number("적용"))
    assert FERRY_ANSWER in terminal.types(FERRY_QUESTION)
    assert "나룻배 운임.md" in terminal.types("/editions")


def test_a_path_that_is_no_document_gets_its_sentence(
    terminal: TerminalHarness, file: Path
) -> None:
    assert "None.md: 읽을 수 없습니다(No such file" in terminal.types("/ingest None.md")
    told = terminal.types(f"/ingest {file.parent}")
    assert "폴더입니다. `naru ingest`로 반입해 주십시오." in told
    assert "문서 파일에 /ingest를 붙여" in terminal.types("/ingest")


def test_an_admin_is_answered_in_their_language(terminal: TerminalHarness, file: Path) -> None:
    terminal.types("/lang vi")
    assert "Đây là kế hoạch. Chưa có gì thay đổi." in terminal.types(f"/ingest {file}")
    assert "Bản 2 đang được dùng để trả lời." in terminal.types(
        terminal.find_button_number("Áp dụng")
    )
    terminal.types("/lang en")
    assert "Edition 1 would answer instead of 2" in terminal.types("/rollback 1")
    assert "Edition 1 answers now." in terminal.types(terminal.find_button_number("Apply"))


def run_until_killed(data: Path, moment: str) -> None:
    """A process takes the waiting task and is killed at that moment."""
    command = [sys.executable, "-m", "tests.harness.kills.kill_at_point", str(data), moment]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def test_a_plan_whose_process_was_killed_is_made_by_the_next(
    terminal: TerminalHarness, file: Path
) -> None:
    terminal.handle_message_only(f"/ingest {file}")
    run_until_killed(terminal.app.settings.data, "keeping")
    asyncio.run(terminal.seat.run_until_idle())
    assert "반영 계획입니다" not in "".join(terminal.shown)  # the task is another process's still
    terminal.app.recover_abandoned_work()
    asyncio.run(terminal.seat.run_until_idle())
    assert "[신규] 나룻배 운임 안내 ferry" in terminal.shown[-1]


@pytest.mark.parametrize("moment", sorted(set(KILL_POINTS) - {"keeping"}))
def test_an_apply_whose_process_was_killed_is_done_once_and_answered_once(
    terminal: TerminalHarness, file: Path, moment: str
) -> None:
    terminal.types(f"/ingest {file}")
    terminal.handle_message_only(terminal.find_button_number("적용"))
    run_until_killed(terminal.app.settings.data, moment)
    assert terminal.app.catalogue.get_active_edition() == (2 if moment == "answering" else 1)
    terminal.app.recover_abandoned_work()
    asyncio.run(terminal.seat.run_until_idle())
    assert [text for text in terminal.shown if "이제 2판으로 답합니다. 문서 4건" in text] == (
        terminal.shown[-1:]
    )
    assert len(terminal.app.catalogue.list_editions()) == 2
    assert FERRY_ANSWER in terminal.types(FERRY_QUESTION)


def test_a_task_that_takes_longer_than_a_lease_is_held(
    terminal: TerminalHarness, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewal = timedelta(seconds=0.02)
    terminal.app.store.inbox = Inbox(terminal.app.engine, renewal=renewal)
    terminal.handle_message_only(f"/ingest {file}")
    plan = type(terminal.app.library_service).plan
    taken: list[object] = []

    def slow(self: object, task: object) -> object:
        for _ in range(5):  # six minutes, as the clock tells them
            terminal.clock.shift += timedelta(seconds=72)
            time.sleep(0.2)
            taken.append(terminal.app.store.inbox.claim("another", terminal.clock(), [TASKS]))
        return plan(self, task)  # type: ignore[arg-type]

    monkeypatch.setattr(type(terminal.app.library_service), "plan", slow)
    asyncio.run(terminal.seat.run_until_idle())
    assert taken == [[]] * 5
    assert "반영 계획입니다" in terminal.shown[-1]


def test_a_task_that_cannot_be_done_is_told(
    terminal: TerminalHarness, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object, task: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(type(terminal.app.library_service), "plan", broken)
    terminal.handle_message_only(f"/ingest {file}")
    for _ in range(INBOX_MAX_TRIES):
        asyncio.run(terminal.seat.run_until_idle())
        terminal.clock.shift += timedelta(seconds=2)
    assert "자료 작업을 마치지 못했습니다" in terminal.shown[-1]
    assert terminal.app.store.inbox.count_events("dead") == 1


def test_workers_that_ask_for_no_channel_get_no_task(terminal: TerminalHarness, file: Path) -> None:
    terminal.handle_message_only(f"/ingest {file}")
    inbox = terminal.app.store.inbox
    assert inbox.claim("worker", terminal.clock()) == []
    assert [row.channel for row in inbox.claim("librarian", terminal.clock(), [TASKS])] == [TASKS]


def test_an_update_from_the_terminal_takes_the_documents_place(
    terminal: TerminalHarness, file: Path
) -> None:
    terminal.types(f"/ingest {file}")
    terminal.types(terminal.find_button_number("적용"))
    file.write_bytes(render_markdown(said=CHANGED_FERRY_ANSWER))
    assert "[변경]" in terminal.types(f"/ingest {file}")
    terminal.types(terminal.find_button_number("적용"))
    assert CHANGED_FERRY_ANSWER in terminal.types(FERRY_QUESTION)


def test_golden_questions_that_a_plan_answers_otherwise_are_shown(
    terminal: TerminalHarness, file: Path
) -> None:
    app = terminal.app
    app.library_service = replace(
        app.library_service,
        find_changed_answers=lambda plan: (
            ChangedAnswer(
                "g1",
                f"{plan.to_embed}개인가요?",
                AnswerSnapshot("no_evidence", "", ()),
                AnswerSnapshot("answered", "네.", ("ferry",)),
            ),
        ),
    )
    assert "답이 달라지는 시험 질문\n· 1개인가요? (no_evidence → answered)" in terminal.types(
        f"/ingest {file}"
    )


def test_another_ingest_that_ends_while_one_is_applied_is_not_lost(
    terminal: TerminalHarness, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.types(f"/ingest {file}")
    app, apply = terminal.app, IngestPipeline.apply
    between = tmp_path / "between.md"
    between.write_bytes(
        render_markdown("between", "그사이에 들어온 글입니다.", "그사이에 무엇이 왔나요?")
    )

    def overtaken(self: IngestPipeline, plan: Plan, **more: Any) -> int | None:
        monkeypatch.undo()
        other = self.plan([Root(between, "elsewhere")])
        assert self.apply(other, note="between", now=app.now()) == 2
        return apply(self, plan, **more)

    monkeypatch.setattr(IngestPipeline, "apply", overtaken)
    assert "새 계획입니다" in terminal.types(terminal.find_button_number("적용"))
    assert "이제 3판으로 답합니다" in terminal.types(terminal.find_button_number("적용"))
    ids = {one.document.id for one in app.catalogue.load_versions(3)}
    assert {"between", "ferry", "freight"} <= ids
