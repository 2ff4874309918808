"""Skill requests of every shape as events and messages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from adapters.kakao.inbound import (
    build_event,
    name_by_callback,
    parse_message,
    read_skill_request,
)
from adapters.kakao.repeats import REPEAT_SECONDS, Repeats
from adapters.messaging.request_body import MalformedRequest
from bot.messages import Message
from tests.fakes.kakao.server import KakaoServer

USER = "c45e1a"


def build_body(text: str = "질문", extra: Any = None, **changes: Any) -> bytes:
    request = KakaoServer().build_request(USER, text, extra, "token")
    request["userRequest"] |= changes
    return json.dumps(request).encode()


def read_message(text: str, extra: Any = None) -> Message | None:
    return parse_message(build_event(read_skill_request(build_body(text, extra)), "key").payload)


def test_an_utterance_is_a_message_of_a_private_chat() -> None:
    message = read_message("수출 물류비도 지원되나요?")
    assert message is not None and message.private and message.addressed
    assert (message.channel, message.chat, message.user, message.id) == ("kakao", USER, USER, "key")
    assert (message.kind, message.text, message.locale) == (
        "text",
        "수출 물류비도 지원되나요?",
        "ko",
    )
    assert message.conversation == f"kakao:{USER}"


def test_words_wait_for_more_and_a_press_does_not() -> None:
    words = build_event(read_skill_request(build_body()), "key")
    press = build_event(read_skill_request(build_body("네", {"naru": "ok"})), "key")
    assert words.settle_delay > timedelta() and press.settle_delay == timedelta()
    assert words.sender == words.person == words.lane == f"kakao:{USER}"


@pytest.mark.parametrize(
    ("text", "extra", "kind", "command", "words"),
    [
        ("담당자가 필요합니다", {"naru": "human"}, "button", "", "human"),
        ("담당자가 필요합니다", {"other": "human"}, "text", "", "담당자가 필요합니다"),
        ("담당자가 필요합니다", "human", "text", "", "담당자가 필요합니다"),
        ("담당자가 필요합니다", {"naru": 7}, "text", "", "담당자가 필요합니다"),
        ("도움말", None, "command", "help", ""),
        ("/close", None, "command", "close", ""),
        ("/lang en", None, "command", "lang", "en"),
        ("/etc/hosts 파일", None, "text", "", "/etc/hosts 파일"),
        ("", None, "other", "", ""),
    ],
)
def test_what_a_message_is(text: str, extra: Any, kind: str, command: str, words: str) -> None:
    message = read_message(text, extra)
    assert message is not None
    assert (message.kind, message.command, message.text) == (kind, command, words)


@pytest.mark.parametrize(
    ("text", "extra"),
    [("답 보기", None), (" 새 답 보기 ", None), ("show the reply", None), ("x", {"naru": "read"})],
)
def test_asking_for_what_waits_is_no_message(text: str, extra: Any) -> None:
    asked = read_skill_request(build_body(text, extra))
    assert asked.asks_to_read and read_message(text, extra) is None
    assert build_event(asked, "key").payload == "{}"


def test_only_what_is_read_is_kept() -> None:
    payload = build_event(read_skill_request(build_body()), "key").payload
    assert set(json.loads(payload)) == {"id", "user", "text", "lang", "press"}
    assert "callback" not in payload and "plus-" not in payload


@pytest.mark.parametrize(("code", "language"), [("ko", "ko"), ("kr", "ko"), ("en-US", "en"), ("vi", "vi"), ("fr", None), (7, None)])  # fmt: skip
def test_the_language_that_kakao_tells(code: Any, language: str | None) -> None:
    assert read_skill_request(build_body(lang=code)).language == language


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\xfe", b"[]", b"{}", b"null", b"[" * 100_000, b'{"userRequest": 7}',
        build_body(utterance=None), build_body(utterance=["a"]), build_body(user=None),
        build_body(user={"id": ""}), build_body(user={"id": "x" * 71}), build_body(user={"id": 7}),
        build_body(user={"id": "a:b"}),
    ],
)  # fmt: skip
def test_what_is_no_skill_request_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedRequest):
        read_skill_request(body)


def test_half_a_character_can_be_stored() -> None:
    request = KakaoServer().build_request(USER, "반쪽 \ud83d", None, "token")
    event = build_event(read_skill_request(json.dumps(request).encode()), "key")
    event.payload.encode()
    assert (message := parse_message(event.payload)) and message.text.startswith("반쪽")


def test_a_callback_names_its_request() -> None:
    assert name_by_callback("https://a/1") == name_by_callback("https://a/1")
    assert name_by_callback("https://a/1") != name_by_callback("https://a/2")


def test_a_request_without_a_name_repeats_for_seconds() -> None:
    now = [0.0]
    repeats = Repeats(lambda: now[0])
    first = repeats.name(b"same")
    assert repeats.name(b"same") == first != repeats.name(b"other")
    now[0] = REPEAT_SECONDS + 0.1
    assert repeats.name(b"same") != first
