"""Commands as the words that are typed for them where a slash does not reach Naru."""

from __future__ import annotations

import re

import pytest

from adapters.messaging.command_words import COMMAND_WORDS, name_commands
from bot.phrases import PHRASES_FOLDER
from knowledge.text.yaml_text import parse_yaml


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("끝내려면 /close 를 보내십시오.", "끝내려면 ‘종료’를 보내십시오."),
        ("/close 로 끝내신 뒤 /forget 을 다시", "‘종료’로 끝내신 뒤 ‘기록 삭제’를 다시"),
        ("먼저 /reopen 으로 다시 여십시오.", "먼저 ‘다시 열기’로 다시 여십시오."),
        ("/claim 이 건을 맡기", "‘맡기’ 이 건을 맡기"),
        ("/unbind 이 방을", "‘연결 해제’ 이 방을"),
        ("To end it, send /close.", "To end it, send “close”."),
        ("예: /reassign vn-hcmc", "예: @Naru reassign vn-hcmc"),
        ("지금 /unbind vn-hanoi 처럼", "지금 unbind vn-hanoi 처럼"),
        ("https://a.kr/close 그리고 a/help", "https://a.kr/close 그리고 a/help"),
    ],
)
def test_a_command_is_named_by_its_word(text: str, shown: str) -> None:
    assert name_commands(text, "Naru") == shown


def test_no_phrase_keeps_a_slash() -> None:
    phrases = (
        sentence
        for path in PHRASES_FOLDER.glob("*.yaml")
        for sentences in parse_yaml(path.read_text(encoding="utf-8")).values()
        for sentence in sentences.values()
    )
    commands = "|".join({*COMMAND_WORDS.values(), "reassign", "seat", "bind", "staff"})
    left = [
        text
        for text in phrases
        if re.search(rf"(?<!\w)/(?:{commands})\b", name_commands(text, "Naru"))
    ]
    assert left == []
