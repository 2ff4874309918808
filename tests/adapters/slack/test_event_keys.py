"""What an event of Slack is stored under: which channel it opens, and whose turn it takes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.inbound import build_event
from bot.context import Decision
from bot.store import InboxEvent
from tests.adapters.slack.test_inbound import make_button_payload, make_event_payload
from tests.harness.channel_harness import open_channel_harness


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


def test_one_persons_backlog_in_a_room_holds_up_nobody_elses_message(tmp_path: Path) -> None:
    def ask(user: str, number: int) -> InboxEvent:
        ts = f"{number}.1"
        return build_event(
            make_event_payload("C0TALK", text="물류비?", user=user, ts=ts), timedelta()
        )

    with open_channel_harness(tmp_path) as office:
        store, now = office.store, office.clock()

        def serve(seconds: int) -> str:
            """Work the next lane; returns it."""
            (row,) = store.inbox.claim("worker", now + timedelta(seconds=seconds))
            store.commit([row], "worker", Decision(), now + timedelta(seconds=seconds))
            return row.lane

        store.inbox.receive([ask("U0MINA", number) for number in range(20)], now)
        serve(1)
        store.inbox.receive([ask("U0LEE", 99)], now + timedelta(seconds=0.5))
        assert serve(2) == "slack:C0TALK:99.1:U0LEE"


def test_another_apps_events_have_other_keys() -> None:
    """Two workspaces may have channels of the same id, and two apps are in the same channel."""
    raw = make_event_payload("C0TALK", text="물류비?")
    other = {**raw, "event_id": "Ev2", "authorizations": [{"team_id": "T2", "user_id": "U0NEW"}]}
    old, new, again = (build_event(one).natural_key for one in (raw, other, other))
    assert new == again == "U0NEW:C0TALK:100.1::" and old != new


@pytest.mark.parametrize("odd", [None, [], "x", [None], [{"user_id": None}]])
def test_an_event_that_names_no_app_is_kept_all_the_same(odd: object) -> None:
    raw = {**make_event_payload(text="물류비?"), "authorizations": odd}
    assert build_event(raw).natural_key == "D0MINA:100.1::"
