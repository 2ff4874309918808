"""Of an event that asks nothing of Naru nothing is kept but that it came."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.messaging.relevance import keep_relevant
from adapters.slack import inbound as slack
from adapters.telegram import inbound as telegram
from bot.messages import Message
from bot.store import InboxEvent

EVENT = InboxEvent("slack", "Ev1", "slack:D1", '{"text": "말"}', "D1:1")


def refuse(_: str) -> Message | None:
    raise KeyError("user")


def test_a_message_has_its_sender() -> None:
    said = Message("slack", "D1", "U1", "1", "text", "말")
    kept = keep_relevant(EVENT, lambda _: said)
    assert (kept.sender, kept.payload, kept.natural_key) == ("slack:U1", EVENT.payload, "D1:1")


def test_what_asks_nothing_is_a_key_alone() -> None:
    kept = keep_relevant(EVENT, lambda _: None)
    assert (kept.key, kept.sender, kept.payload, kept.natural_key) == ("Ev1", "", "{}", None)


def test_a_shape_that_never_was_is_kept_for_its_turn() -> None:
    assert keep_relevant(EVENT, refuse) == EVENT


@pytest.mark.parametrize(
    "event",
    [
        slack.build_event({
            "type": "event_callback", "event_id": "Ev1",
            "event": {"type": "message", "channel": "D1", "ts": "1.1", "bot_id": "B1",
                      "user": "U0BOT", "text": "창업자: 물결무늬"},
        }),
        slack.build_event({
            "type": "event_callback", "event_id": "Ev2",
            "event": {"type": "message", "subtype": "message_changed", "channel": "C1",
                      "message": {"bot_id": "B1", "user": "U0BOT", "text": "물결무늬", "ts": "1.1"},
                      "previous_message": {"text": "물결"}},
        }),
        telegram.build_event({
            "update_id": 1,
            "message": {"message_id": 2, "chat": {"id": -5, "type": "group"},
                        "from": {"id": 7, "is_bot": True, "first_name": "물결무늬"}, "text": "물결무늬"},
        }),
        telegram.build_event({
            "update_id": 2,
            "message": {"message_id": 3, "chat": {"id": -5, "type": "group"},
                        "from": {"id": 7, "is_bot": False, "first_name": "물결무늬"},
                        "new_chat_members": [{"id": 8, "first_name": "물결무늬"}]},
        }),
    ],
    ids=["own post", "own edit", "another bot", "a join"],
)  # fmt: skip
def test_echoes_bots_and_joins_leave_no_word(event: InboxEvent) -> None:
    whole: Any = (event.payload, event.natural_key, event.sender)
    assert whole == ("{}", None, "") and event.key


def test_each_messenger_names_the_sender() -> None:
    said: dict[str, Any] = {
        "type": "message",
        "channel": "C1",
        "ts": "1.1",
        "user": "U1",
        "text": "말",
    }
    assert slack.build_event({"type": "event_callback", "event": said}).sender == "slack:U1"
    message = {
        "message_id": 1,
        "chat": {"id": -5, "type": "group"},
        "from": {"id": 7},
        "text": "말",
    }
    assert telegram.build_event({"update_id": 1, "message": message}).sender == "telegram:7"
