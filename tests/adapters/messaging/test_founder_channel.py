"""What founders send on channels of their own: words, commands and buttons."""

from __future__ import annotations

import pytest

from adapters.messaging.founder_channel import classify_words


@pytest.mark.parametrize(
    ("press", "text", "read"),
    [
        ("", "베트남에서 대금을 못 받았습니다", ("text", "", "베트남에서 대금을 못 받았습니다")),
        ("", "담당자", ("command", "human", "")),
        ("", "/human 창고가 잠겼습니다", ("command", "human", "창고가 잠겼습니다")),
        ("", "/HELP", ("command", "help", "")),
        ("", "대기", ("text", "", "대기")),  # a command of staff, who are not here
        ("", "/etc 폴더", ("text", "", "/etc 폴더")),
        ("", "", ("other", "", "")),
        ("close:1", "종료", ("button", "", "close:1")),
    ],
)
def test_what_is_sent_is_a_command_a_button_or_words(
    press: str, text: str, read: tuple[str, str, str]
) -> None:
    assert classify_words(press, text) == read
