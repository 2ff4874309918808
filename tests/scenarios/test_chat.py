"""`naru chat` and `naru chat --staff`: two processes over one Naru talk through a case."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.cli.chat.session import TerminalSession
from adapters.settings import Settings
from adapters.terminal import FOUNDER_CHANNEL
from bot.admin import binding
from bot.types import Binding
from tests.samples import small_library

PATIENCE_SECONDS = 60.0
ROOT = str(Path(__file__).parents[2])


class ChatProcess:
    """A process at a terminal: what is typed into it, and what it has shown."""

    def __init__(self, data: Path, *arguments: str) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NARU_")}
        environment |= {"NARU_DATA": str(data), "PYTHONPATH": ROOT, "PYTHONUNBUFFERED": "1"}
        environment["NARU_CONSENT"] = "off"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "adapters.cli", "chat", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd=data, env=environment, text=True, encoding="utf-8",
        )  # fmt: skip
        self._shown = ""
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def types(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def shows(self, text: str) -> str:
        """Wait until `text` has been shown; everything up to its end, taken off the screen."""
        with self._changed:
            seen = self._changed.wait_for(lambda: text in self._shown, PATIENCE_SECONDS)
            assert seen, f"{text!r} never came:\n{self._shown}"
            before, _, self._shown = self._shown.partition(text)
            return before + text

    def ends(self) -> str:
        """Close the input; what was still shown."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        assert self.process.wait(PATIENCE_SECONDS) == 0
        self._reader.join(PATIENCE_SECONDS)
        self.process.stdout.close()
        return self._shown

    def _read(self) -> None:
        assert self.process.stdout
        while piece := self.process.stdout.read(1):
            with self._changed:
                self._shown += piece
                self._changed.notify_all()


@contextmanager
def run_chat(data: Path, *arguments: str) -> Iterator[ChatProcess]:
    screen = ChatProcess(data, *arguments)
    try:
        yield screen
    finally:
        if screen.process.poll() is None:
            screen.process.kill()
            screen.process.wait()
        for pipe in (screen.process.stdin, screen.process.stdout):
            if pipe:
                pipe.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(small_library.prepare_data(), folder)
    return folder


def test_two_terminals_talk_through_a_case(data: Path) -> None:
    with run_chat(data, "--staff", "vn-hanoi") as staff, run_chat(data, "--lang", "ko") as founder:
        staff.shows("연결했습니다")
        founder.types("/human 창고 임대 분쟁을 봐 주세요")
        founder.shows("어느 나라")
        founder.types("다낭")
        receipt = founder.shows("/close")
        number = re.search(r"#(\d+)", receipt)
        assert number and "현지 시각" in receipt
        assert "창고 임대 분쟁" in staff.shows("[1] 맡기")
        staff.types("1")
        staff.shows("맡았습니다")
        founder.shows("맡았습니다")
        staff.types("계약서를 보내 주십시오.")
        assert "담당자" in founder.shows("계약서를 보내 주십시오.")
        staff.types("// 임대인이 전에도 문제가 있었음")
        staff.shows("메모로 남겼습니다")
        founder.types("내일 보내겠습니다.")
        staff.shows("내일 보내겠습니다.")
        staff.types(f"#{number.group(1)} 기다리겠습니다.")
        assert "전에도 문제" not in founder.shows("기다리겠습니다.")
        staff.types("/resolve")
        staff.shows("종결했습니다")
        assert "[2] 아직 해결되지 않았습니다" in founder.shows("[2] 아직 해결되지 않았습니다")
        founder.types("2")
        founder.shows("다시 열었습니다")
        staff.shows("아직 해결되지 않았다고")
        assert "Traceback" not in founder.ends() + staff.ends()


def test_a_place_and_a_language_may_be_given_at_the_start(data: Path) -> None:
    with run_chat(data, "--lang", "en", "--place", "Da Nang") as founder:
        shown = founder.shows("I will remember")
        assert "I will answer in English" in shown
        founder.types("/human please")
        assert "vn-hanoi" not in founder.shows("Case #1")
        founder.ends()


def test_a_seat_at_a_body_that_sits_elsewhere_is_refused(data: Path) -> None:
    app = App(Settings(data=data, _env_file=None))
    room = Binding("vn-hanoi", "slack", "C0123")
    app.store.commit_without_message(
        "bind", binding.bind_room(room, app.build_services(), [], "test"), app.now()
    )
    app.engine.dispose()
    with run_chat(data, "--staff", "vn-hanoi") as staff:
        staff.shows("vn-hanoi is bound to slack:C0123; its cases appear there.")
        assert staff.process.wait(PATIENCE_SECONDS) == 1


def test_what_was_typed_before_a_crash_is_worked_after_it(data: Path) -> None:
    """A line is kept in the inbox before anything is thought."""
    first = App(Settings(data=data, _env_file=None))
    TerminalSession(first, FOUNDER_CHANNEL, "me", lambda _: None).submit_line("/human 창고 임대")
    first.engine.dispose()
    with run_chat(data) as founder:
        founder.shows("어느 나라")
        founder.ends()
