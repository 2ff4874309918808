"""The terminal's side of a message: what was typed, and how a message looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.terminal import FOUNDER, event, numbered, read, rendered, staff_channel
from bot.types import Body, Button, File, Message


def typed(line: str, channel: str = FOUNDER, **more: str) -> Message:
    found = read(event(channel, "me", line, **more).payload)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("line", "kind", "command", "text"),
    [
        ("물류비 얼마예요?", "text", "", "물류비 얼마예요?"),
        ("/where 다낭 시", "command", "where", "다낭 시"),
        ("/HELP", "command", "help", ""),
        ("// 메모입니다", "text", "", "// 메모입니다"),
        ("  공백  ", "text", "", "공백"),
    ],
)
def test_a_typed_line_is_a_message_or_a_command(
    line: str, kind: str, command: str, text: str
) -> None:
    message = typed(line)
    assert (message.kind, message.command, message.text) == (kind, command, text)


def test_a_chosen_button_comes_back_with_its_key() -> None:
    pressed = typed("", button="claim:17", thread="17.1")
    assert (pressed.kind, pressed.text, pressed.thread) == ("button", "claim:17", "17.1")


def test_a_founder_is_alone_and_staff_sit_in_a_forum_of_their_own() -> None:
    assert typed("질문").private and typed("질문").conversation == "terminal:me"
    staff = typed("답", staff_channel("vn-hanoi"))
    assert not staff.private and staff.forum and staff.channel == "terminal-vn-hanoi"


def test_two_equal_lines_are_two_events_of_one_lane() -> None:
    one, other = event(FOUNDER, "me", "네"), event(FOUNDER, "me", "네")
    assert one.key != other.key and one.lane == other.lane == "terminal:me"
    assert event(FOUNDER, "me", "네", thread="17.1").lane == "terminal:me:17.1"


def test_a_message_shows_text_sources_files_and_numbered_buttons() -> None:
    row = (Button("ok", "해결됐습니다"), Button("human", "담당자가 필요합니다"))
    file = File("telegram", "x", "invoice.pdf", "application/pdf", 10)
    body = Body("답입니다.", "[1] 출처", (row, (Button("more", "더"),)), (file,))
    assert rendered(body).splitlines() == [
        "답입니다.", "[1] 출처", "(파일 · file) invoice.pdf",
        "[1] 해결됐습니다  [2] 담당자가 필요합니다  [3] 더",
    ]  # fmt: skip
    assert numbered(body)[3].key == "more" and numbered(Body("글")) == {}


def test_the_path_behind_ingest_is_a_file_and_an_address_is_none(tmp_path: Path) -> None:
    (file,) = typed(f"/ingest {tmp_path}/나의 공고.hwp").files
    assert (file.channel, file.ref) == (FOUNDER, f"{tmp_path}/나의 공고.hwp")
    assert file.name == "나의 공고.hwp"
    assert typed("/ingest https://mss.go.kr/a").files == typed("/ingest").files == ()
    assert typed("/where 다낭").files == ()
