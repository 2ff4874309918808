"""What an event of Slack is stored under: which channel it opens, and whose turn it takes."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.inbound import build_event
from tests.adapters.slack.test_inbound import make_button_payload, make_event_payload


@pytest.mark.parametrize(
    ("event", "channel"),
    [
        ({"type": "channel_unarchive", "channel": "C1", "user": "U1"}, "C1"),
        ({"type": "group_unarchive", "channel": "G1"}, "G1"),
        ({"type": "channel_archive", "channel": "C1"}, None),
        ({"type": "member_joined_channel", "channel": "C1", "user": "U0BOT"}, "C1"),
        ({"type": "member_joined_channel", "channel": "C1", "user": "U1"}, None),
        ({"type": "message", "channel": "D1", "user": "U1", "text": "hi"}, "D1"),
        ({"type": "message", "channel": "D1", "user": "U0BOT", "bot_id": "B1"}, None),
        ({"type": "message", "channel": "C1", "user": "U1", "text": "hi"}, None),
        ({"type": "app_mention", "channel": "C1", "user": "U1", "text": "hi"}, "C1"),
        ({"type": "channel_unarchive", "channel": {"id": "C1"}}, None),
    ],
)
def test_an_event_says_which_channel_it_shows_to_be_open(
    event: dict[str, object], channel: str | None
) -> None:
    payload = {"type": "event_callback", "authorizations": [{"user_id": "U0BOT"}], "event": event}
    assert build_event(payload).opens == channel


def test_people_of_one_room_take_turns() -> None:
    def find_person(payload: dict[str, Any]) -> str:
        return build_event(payload).person

    assert find_person(make_event_payload("C0TALK", text="하나")) == "slack:U0MINA"
    assert find_person(make_event_payload("C0TALK", text="둘", user="U0LEE")) == "slack:U0LEE"
    assert find_person(make_event_payload(text="셋")) == "slack:U0MINA"
    assert find_person(make_button_payload()) == "slack:U0LEE"
    assert find_person(make_event_payload("C0TALK", "channel_archive")) == ""
    assert find_person(make_event_payload("C0TALK", text="x", bot_id="B1")) == ""
