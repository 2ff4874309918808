"""`naru chat` and `naru chat --staff`: two processes over one Naru talk through a case."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.cli.chat.session import TerminalSession
from adapters.settings import Settings
from adapters.terminal import FOUNDER_CHANNEL
from bot.admin import binding
from bot.types import Binding
from tests.samples import small_library
from tests.scenarios.terminal.terminal_process import PATIENCE_SECONDS, run_naru


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(small_library.prepare_data(), folder)
    return folder


def test_two_terminals_talk_through_a_case(data: Path) -> None:
    with (
        run_naru(data, "chat", "--staff", "vn-hanoi") as staff,
        run_naru(data, "chat", "--lang", "ko") as founder,
    ):
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
    with run_naru(data, "chat", "--lang", "en", "--place", "Da Nang") as founder:
        shown = founder.shows("I will remember")
        assert "I will answer in English" in shown
        founder.types("/human please")
        assert "vn-hanoi" not in founder.shows("Case #1")
        assert "Traceback" not in founder.is_interrupted(130)


def test_a_seat_at_a_body_that_sits_elsewhere_is_refused(data: Path) -> None:
    app = App(Settings(data=data, _env_file=None))
    room = Binding("vn-hanoi", "slack", "C0123")
    app.store.commit_without_message(
        "bind", binding.bind_room(room, app.build_services(), [], "test"), app.now()
    )
    app.engine.dispose()
    with run_naru(data, "chat", "--staff", "vn-hanoi") as staff:
        staff.shows("vn-hanoi is bound to slack:C0123; its cases appear there.")
        assert staff.process.wait(PATIENCE_SECONDS) == 1


def test_what_was_typed_before_a_crash_is_worked_after_it(data: Path) -> None:
    """A line is kept in the inbox before anything is thought."""
    first = App(Settings(data=data, _env_file=None))
    TerminalSession(first, FOUNDER_CHANNEL, "me", lambda _: None).submit_line("/human 창고 임대")
    first.engine.dispose()
    with run_naru(data, "chat") as founder:
        founder.shows("어느 나라")
        founder.ends()
