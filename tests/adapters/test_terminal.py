"""The terminal's side of a message: what was typed, and how a message looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.terminal import (
    FOUNDER_CHANNEL,
    build_event,
    number_buttons,
    parse_message,
    render_content,
    staff_channel,
)
from bot.messages import Button, Content, File, Message


def parse_line(line: str, channel: str = FOUNDER_CHANNEL, **more: str) -> Message:
    found = parse_message(build_event(channel, "me", line, **more).payload)
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
    message = parse_line(line)
    assert (message.kind, message.command, message.text) == (kind, command, text)


def test_a_chosen_button_comes_back_with_its_key() -> None:
    pressed = parse_line("", button="claim:17", thread="17.1")
    assert (pressed.kind, pressed.text, pressed.thread) == ("button", "claim:17", "17.1")


def test_a_founder_is_alone_and_staff_sit_in_a_forum_of_their_own() -> None:
    assert parse_line("질문").private and parse_line("질문").conversation == "terminal:me"
    staff = parse_line("답", staff_channel("vn-hanoi"))
    assert not staff.private and staff.has_threads and staff.channel == "terminal-vn-hanoi"


def test_two_equal_lines_are_two_events_of_one_lane() -> None:
    one, other = build_event(FOUNDER_CHANNEL, "me", "네"), build_event(FOUNDER_CHANNEL, "me", "네")
    assert one.key != other.key and one.lane == other.lane == "terminal:me"
    assert build_event(FOUNDER_CHANNEL, "me", "네", thread="17.1").lane == "terminal:me:17.1"


def test_a_message_shows_text_sources_files_and_numbered_buttons() -> None:
    row = (Button("ok", "해결됐습니다"), Button("human", "담당자가 필요합니다"))
    file = File("telegram", "x", "invoice.pdf", "application/pdf", 10)
    body = Content("답입니다.", "[1] 출처", (row, (Button("more", "더"),)), (file,))
    assert render_content(body).splitlines() == [
        "답입니다.", "[1] 출처", "(파일 · file) invoice.pdf",
        "▸ [1] 해결됐습니다  [2] 담당자가 필요합니다  [3] 더",
    ]  # fmt: skip
    assert number_buttons(body)[3].key == "more" and number_buttons(Content("글")) == {}


def test_the_path_behind_ingest_is_a_file_and_an_address_is_none(tmp_path: Path) -> None:
    (file,) = parse_line(f"/ingest {tmp_path}/나의 공고.hwp").files
    assert (file.channel, file.ref) == (FOUNDER_CHANNEL, f"{tmp_path}/나의 공고.hwp")
    assert file.name == "나의 공고.hwp"
    assert parse_line("/ingest https://mss.go.kr/a").files == parse_line("/ingest").files == ()
    assert parse_line("/where 다낭").files == ()


def test_buttons_that_the_text_lists_already_are_not_shown_twice() -> None:
    rows = tuple(
        (Button(key, label),)
        for key, label in [("a", "1. 어디에…"), ("b", "2. 언제 신청하나요?"), ("c", "없음")]
    )
    listed = Content(
        "고르십시오.\n1. 어디에 신청하나요? — 가\n2. 언제 신청하나요? — 나", buttons=rows
    )
    assert render_content(listed) == f"{listed.text}\n▸ [3] 없음"
    assert [one.key for one in number_buttons(listed).values()] == ["a", "b", "c"]
    other = Content(listed.text, buttons=rows[1:])  # its first button has another number
    assert render_content(other) == f"{listed.text}\n▸ [1] 2. 언제 신청하나요?  [2] 없음"
