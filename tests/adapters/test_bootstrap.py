"""The composition root: what it refuses instead of guessing."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import terminal
from adapters.bootstrap import App
from adapters.errors import UnknownChannel
from adapters.kakao import inbound as kakao
from adapters.platforms import select_parser
from adapters.settings import Settings
from adapters.slack import inbound as slack
from adapters.telegram import inbound as telegram
from bot.messages import File


@pytest.mark.parametrize(
    ("channel", "parser"),
    [
        ("telegram", telegram.parse_message),
        ("slack", slack.parse_message),
        ("kakao", kakao.parse_message),
        ("terminal", terminal.parse_message),
        ("terminal-vn-hanoi", terminal.parse_message),
    ],
)
def test_each_channel_has_its_parser(channel: str, parser: object) -> None:
    assert select_parser(channel) is parser


@pytest.mark.parametrize("channel", ["", "kakaotalk", "terminals", "clock"])
def test_an_unknown_channel_has_no_parser(channel: str) -> None:
    with pytest.raises(UnknownChannel, match=repr(channel)):
        select_parser(channel)


def test_a_file_of_a_messenger_that_is_not_connected_is_refused(tmp_path: Path) -> None:
    app = App(Settings(data=tmp_path, _env_file=None))
    file = File("telegram", "ref", "a.md", "text/markdown", 5)
    stored = app.upload_store.store_files("telegram:9001", "0a1b2c3d", (file,))
    assert stored.roots == ()
    assert [(name, "telegram, which is not connected" in str(why)) for name, why in stored.refused] == [
        ("a.md", True)
    ]  # fmt: skip
