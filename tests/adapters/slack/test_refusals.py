"""Rooms and persons of Slack that refuse: what is owed waits, and who is told."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.inbound import build_event
from bot.messages import Address, Content, Outgoing
from tests.adapters.slack.conftest import DESK, ROOM
from tests.fakes.slack.server import SlackServer
from tests.harness.channel_harness import (
    ChannelHarness,
    make_outgoing,
    make_slack_channel,
)


def send_due(server: SlackServer, office: ChannelHarness) -> int:
    return asyncio.run(office.send_due(make_slack_channel(server)))


def receive_last_event(server: SlackServer, office: ChannelHarness) -> None:
    """Commit the newest event that Slack owes the app, as the receiver does."""
    event = build_event(server.work.envelopes[-1].payload)
    office.store.inbox.receive([event], office.clock())


@pytest.mark.parametrize("sign", ["unarchived", "timer", "bound"])
def test_an_archived_room_gets_everything_once_it_is_unarchived(
    slack: SlackServer, office: ChannelHarness, sign: str
) -> None:
    to = office.open_case("slack", ROOM)
    slack.archive_channel(ROOM)
    office.enqueue(Outgoing(to, Content("card"), "card", 1), make_outgoing("one", to, case=1))
    send_due(slack, office)
    assert office.store.outbox.count_messages("waiting") == 2
    (told,) = slack.app_texts(DESK)
    assert "is_archived" in told and "2건" in told
    office.enqueue(make_outgoing("two", to, case=1))  # waits at once, and tells the desk no more
    assert send_due(slack, office) == 1  # the founder is told
    assert len(slack.app_texts(DESK)) == 1 and slack.app_texts(ROOM) == []
    slack.archive_channel(ROOM, archived=False)
    if sign == "unarchived":
        receive_last_event(slack, office)
    elif sign == "timer":
        office.advance_clock(61)
    else:
        office.bind("vn-hanoi", "slack", ROOM)
    send_due(slack, office)
    (card, *_) = slack.app_messages(ROOM)
    assert slack.app_texts(ROOM, card["ts"])[:3] == ["card", "one", "two"]
    assert office.store.outbox.list_refusals() == []
    assert "다시 글을 올릴 수 있습니다" in slack.app_texts(DESK)[-1]


def test_a_room_is_tried_at_growing_distances_up_to_six_hours(
    slack: SlackServer, office: ChannelHarness
) -> None:
    slack.kick_app(ROOM)
    office.enqueue(make_outgoing("one", Address("slack", ROOM)))
    distances = []
    for _ in range(8):
        send_due(slack, office)
        (hold,) = office.store.outbox.list_refusals()
        distances.append(round((hold.until - office.clock()).total_seconds() / 60))
        office.advance_clock((hold.until - office.clock()).total_seconds() + 1)
    assert distances == [1, 5, 20, 60, 180, 360, 360, 360]
    assert len(slack.app_texts(DESK)) == 1
    slack.invite_app(ROOM)
    receive_last_event(slack, office)
    send_due(slack, office)
    assert slack.app_texts(ROOM) == ["one"]


@pytest.mark.parametrize("error", ["edit_window_closed", "cant_update_message", "message_not_found",
                                   "new_error_of_next_year", "restricted_action"])  # fmt: skip
def test_a_card_that_can_never_be_edited_holds_up_no_words(
    slack: SlackServer, office: ChannelHarness, error: str
) -> None:
    to = office.open_case("slack", ROOM)
    office.enqueue(Outgoing(to, Content("card"), "card", 1))
    send_due(slack, office)
    slack.work.channels[ROOM].edit_refusal = error
    for number in range(3):
        edit = Outgoing(to, Content(f"card {number}"), "recard", 1)
        office.enqueue(edit, make_outgoing(f"words {number}", to, case=1))
    send_due(slack, office)
    assert slack.app_texts(ROOM)[1:] == ["words 0", "words 1", "words 2"]
    for _ in range(30):
        office.advance_clock(61)
        send_due(slack, office)
    assert len(slack.calls_of("chat.update")) <= 15 + 10  # five tries of each, or the timer's


def test_an_edit_shows_the_newest_state_after_the_words_before_it(
    slack: SlackServer, office: ChannelHarness
) -> None:
    to = office.open_case("slack", ROOM)
    slack.fail_next("chat.postMessage", 2, status=500)
    office.enqueue(
        Outgoing(to, Content("card"), "card", 1), Outgoing(to, Content("taken"), "recard")
    )
    office.enqueue(make_outgoing("words", to), Outgoing(to, Content("resolved"), "recard"))
    asyncio.run(office.send_all(make_slack_channel(slack)))
    assert slack.app_texts(ROOM) == ["resolved", "words"]


def test_429_in_one_channel_holds_all_its_threads_and_no_other_channel(
    slack: SlackServer, office: ChannelHarness
) -> None:
    first, second = office.open_case("slack", ROOM), office.open_case("slack", ROOM)
    office.enqueue(Outgoing(first, Content("card 1"), "card"))
    office.enqueue(Outgoing(second, Content("card 2"), "card"))
    send_due(slack, office)
    slack.fail_next("chat.postMessage", status=429, retry_after=30)
    office.enqueue(make_outgoing("1", first))
    send_due(slack, office)
    tried = len(slack.calls_of("chat.postMessage"))
    office.enqueue(make_outgoing("2", second), make_outgoing("elsewhere", Address("slack", DESK)))
    office.advance_clock(28)
    send_due(slack, office)
    assert slack.app_texts(DESK) == ["elsewhere"]
    assert len(slack.calls_of("chat.postMessage")) == tried + 1
    office.advance_clock(3)
    send_due(slack, office)
    assert sorted(slack.app_texts(ROOM)) == ["1", "2", "card 1", "card 2"]


def test_a_founder_whose_account_is_gone_is_kept_for_and_the_thread_told_once(
    slack: SlackServer, office: ChannelHarness
) -> None:
    dm = slack.open_dm()
    to = office.open_case("slack", ROOM)
    office.enqueue(Outgoing(to, Content("card"), "card", 1))
    slack.archive_channel(dm)
    office.enqueue(*[make_outgoing(text, Address("slack", dm), case=1) for text in "ab"])
    send_due(slack, office)
    assert [text for text in slack.app_texts(ROOM) if "창업자에게 글이 가지 않습니다" in text] != []
    assert len(slack.app_texts(ROOM)) == 2 and slack.app_texts(DESK) == []
    slack.archive_channel(dm, archived=False)
    slack.user_says(dm, "다시 왔습니다")
    receive_last_event(slack, office)
    send_due(slack, office)
    assert slack.app_texts(dm) == ["a", "b"]
    assert "창업자에게 전하고 있습니다" in slack.app_texts(ROOM)[-1]


def test_a_desk_that_refuses_is_told_of_by_an_admin_instead(
    slack: SlackServer, office: ChannelHarness
) -> None:
    slack.kick_app(DESK)
    admin = slack.open_dm()
    office.remember_person("slack", admin, "U0ADMIN")
    office.admins = ("slack:U0ADMIN",)
    office.enqueue(make_outgoing("one", Address("slack", DESK)))
    send_due(slack, office)
    (told,) = slack.app_texts(admin)
    assert "not_in_channel" in told
    assert len(slack.calls_of("chat.postMessage")) == 2
