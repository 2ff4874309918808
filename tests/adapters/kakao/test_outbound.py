"""Messages as one reply, within Kakao's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.kakao.limits import KAKAO_LIMITS
from adapters.kakao.outbound import Occasion, compose_reply, render_waiting
from bot.delivery.splitting import split_messages
from bot.messages import Address, Button, Content, File, Outgoing
from bot.store import OutboxRow
from knowledge.types import LANGUAGES
from tests.bot.store.sample_records import NOW
from tests.fakes.kakao.reply_format import check_reply, list_texts

HERE = Address("kakao", "mina")
BEFORE, AFTER = NOW - timedelta(hours=1), NOW + timedelta(seconds=1)
OCCASION = Occasion("ko", NOW)


def make_row(number: int, content: Content | str, **more: Any) -> OutboxRow:
    content = Content(content) if isinstance(content, str) else content
    row = OutboxRow(
        number, f"key:{number}", "kakao", HERE, "send", content, None, None, 0, False, False, AFTER,
    )  # fmt: skip
    return replace(row, **more)


def make_buttons(*keys: str) -> tuple[tuple[Button, ...], ...]:
    return (tuple(Button(key, f"label of the button {key}") for key in keys),)


def list_keys(body: dict[str, Any]) -> list[str]:
    return [one["extra"]["naru"] for one in body["template"].get("quickReplies", [])]


def test_messages_are_bubbles_of_their_own_while_they_fit() -> None:
    reply = compose_reply([make_row(1, "하나"), make_row(2, "둘"), make_row(3, "셋")], OCCASION)
    assert list_texts(reply.body) == ["하나", "둘", "셋"] and reply.shown == 3
    assert list_keys(reply.body) == []


def test_more_messages_share_bubbles() -> None:
    reply = compose_reply([make_row(n, f"{n}번") for n in range(5)], OCCASION)
    assert list_texts(reply.body) == ["0번\n\n1번\n\n2번\n\n3번\n\n4번"] and reply.shown == 5


def test_what_does_not_fit_is_asked_for() -> None:
    rows = [make_row(n, str(n) * 800) for n in range(5)]
    reply = compose_reply(rows, OCCASION)
    assert reply.shown == 3 and "보실 글이 더 있습니다" in list_texts(reply.body)[-1]
    assert list_keys(reply.body) == ["read"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_messages_keep_the_limits(language: Any) -> None:
    """What is split for KakaoTalk fits with every line that may stand around it."""
    long = Content("가나다라 마바사. " * 400, "[1] 출처 " * 90, make_buttons(*"abcdefghijkl"))
    parts = split_messages([Outgoing(HERE, long)], {"kakao": KAKAO_LIMITS})
    rows = [make_row(n, part.content, created_at=BEFORE, case=7) for n, part in enumerate(parts)]
    for is_busy in (False, True):
        occasion = Occasion(language, NOW, is_busy=is_busy, explain_case=lambda _: "설명 " * 120)
        waiting = list(rows)
        while waiting:
            reply = compose_reply(waiting, occasion)
            check_reply(reply.body)
            assert reply.shown > 0
            waiting = waiting[reply.shown :]
    check_reply(compose_reply([make_row(1, "x" * 9_000)], OCCASION).body)
    check_reply(compose_reply([make_row(1, "")], OCCASION).body)


def test_what_had_to_wait_is_introduced() -> None:
    reply = compose_reply([make_row(1, "답", created_at=BEFORE), make_row(2, "새 답")], OCCASION)
    assert list_texts(reply.body) == ["그동안 도착한 글입니다.\n\n답", "새 답"]


def test_there_is_always_something_to_say() -> None:
    busy = compose_reply([], replace(OCCASION, is_busy=True))
    reading = compose_reply([], replace(OCCASION, is_reading=True))
    said = compose_reply([], OCCASION)
    for reply, words in ((busy, "찾고 있습니다"), (reading, "아직"), (said, "받았습니다")):
        assert words in list_texts(reply.body)[0] and list_keys(reply.body) == ["read"]
        check_reply(reply.body)


def test_a_case_is_explained_once_in_a_reply() -> None:
    rows = [make_row(1, "접수", case=7), make_row(2, "또", case=7)]
    reply = compose_reply(rows, replace(OCCASION, explain_case=lambda case: f"#{case}: 다시"))
    assert list_texts(reply.body) == ["접수", "#7: 다시", "또"]
    assert list_keys(reply.body) == ["read"]


def test_buttons_are_quick_replies_with_their_keys() -> None:
    first = Content("하나", buttons=make_buttons("a", "b"))
    last = Content("둘", buttons=make_buttons("c", "a"))
    reply = compose_reply([make_row(1, first), make_row(2, last)], OCCASION)
    assert list_keys(reply.body) == ["c", "a", "b"]
    button = reply.body["template"]["quickReplies"][0]
    assert button["action"] == "message" and button["messageText"] == "label of the button c"
    assert len(button["label"]) <= 14 and button["label"].endswith("…")
    many = Content("셋", buttons=make_buttons(*"abcdefghijkl"))
    reply = compose_reply([make_row(1, many)], replace(OCCASION, is_busy=True))
    assert list_keys(reply.body) == ["read", *"abcdefghi"]


def test_commands_are_named_by_words_but_not_in_what_people_wrote() -> None:
    reply = compose_reply([make_row(1, "끝내려면 /close 를 보내십시오.")], OCCASION)
    assert list_texts(reply.body) == ["끝내려면 ‘종료’를 보내십시오."]
    quoted = Content("끝내려면 /close 를 보내십시오.", relayed=True)
    reply = compose_reply([make_row(1, quoted)], OCCASION)
    assert list_texts(reply.body) == ["끝내려면 /close 를 보내십시오."]


def test_a_file_is_named() -> None:
    file = File("telegram", "ref", "양식.pdf", "application/pdf", 9)
    reply = compose_reply([make_row(1, Content("보십시오", files=(file,)))], OCCASION)
    assert list_texts(reply.body) == ["보십시오\n📎 양식.pdf"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_callback_is_announced_without_a_template(language: Any) -> None:
    reply = render_waiting(language)
    assert (reply["version"], reply["useCallback"]) == ("2.0", True) and "template" not in reply
