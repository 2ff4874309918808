"""What Slack did not send is found in the histories, in whatever conversation it was said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.slack.channel import SlackChannel
from adapters.slack.history import HISTORY_CHANNEL, SlackBackfill
from adapters.slack.inbound import build_event, parse_message
from bot.messages import Message
from bot.store import InboxEvent
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.workspace import BOT_USER
from tests.harness.channel_harness import (
    ChannelHarness,
    make_slack_channel,
    open_channel_harness,
)

pytestmark = pytest.mark.server
AN_HOUR = timedelta(hours=1)


@dataclass
class MissedMessages:
    """Looks for what was missed, with a new process for each `find`."""

    server: SlackServer
    office: ChannelHarness
    received: list[Message] = field(default_factory=list)

    def mark_contact(self, ago: timedelta) -> None:
        """Everything that was said up to so long ago had been received."""
        mark = InboxEvent(HISTORY_CHANNEL, "test", HISTORY_CHANNEL, "{}")
        self.office.store.inbox.receive([mark], self.office.clock() - ago)

    def find(self, before_second_look: Callable[[], None] | None = None) -> list[str]:
        """What one start finds, and a second look where something is done before it."""

        async def run() -> None:
            channel = make_slack_channel(self.server)
            await channel.start()
            backfill = self._build_backfill(channel)
            await backfill.backfill_open_cases()
            await backfill.look()
            if before_second_look:
                before_second_look()
                await backfill.look()

        self.received = []
        asyncio.run(run())
        return [message.text for message in self.received]

    def _build_backfill(self, channel: SlackChannel) -> SlackBackfill:
        async def commit(events: Sequence[InboxEvent]) -> int:
            new = 0
            for event in events:
                if self.office.store.inbox.receive([event], self.office.clock()):
                    message = parse_message(event.payload)
                    self.received += [message] if message else []
                    new += 1
            return new

        return SlackBackfill(channel, self.office.store, commit, self.office.clock)


def backdate_message(server: SlackServer, channel: str, ts: str, ago: timedelta) -> str:
    """Let a message be from long ago; returns its new ts."""
    with server.change():
        messages = server.work.channels[channel].messages
        message = messages.pop(ts)
        message["ts"] = f"{float(ts) - ago.total_seconds():.6f}"
        server.work.channels[channel].messages = {message["ts"]: message, **messages}
        return str(message["ts"])


@pytest.fixture
def missed(tmp_path: Path, slack: SlackServer) -> Iterator[MissedMessages]:
    slack.start_outage()
    with open_channel_harness(tmp_path) as office:
        yield MissedMessages(slack, office)


def test_a_first_message_and_a_mention_of_strangers_are_found_once(
    slack: SlackServer, missed: MissedMessages
) -> None:
    missed.mark_contact(AN_HOUR)
    slack.create_channel("C0TALK")
    slack.create_channel("G0MANY", private=True)
    slack.user_says(slack.open_dm("U0MINA"), "처음 씁니다", "U0MINA")
    slack.user_says("C0TALK", "물류비?", "U0LEE", mention=True)
    slack.user_says("C0TALK", "점심 먹을까요?", "U0LEE")
    slack.user_says("G0MANY", "환율?", "U0LEE", mention=True)
    assert sorted(missed.find()) == sorted(["처음 씁니다", "물류비?", "환율?"])
    assert {message.chat for message in missed.received if message.private} == {
        slack.open_dm("U0MINA")
    }
    assert missed.find() == []


def test_late_replies_in_threads_with_naru_are_found_and_others_not(
    slack: SlackServer, missed: MissedMessages
) -> None:
    slack.create_channel("C0TALK")
    direct = slack.open_dm("U0MINA")
    missed.mark_contact(AN_HOUR)
    ago = timedelta(days=3)
    heard = backdate_message(slack, "C0TALK", slack.user_says("C0TALK", "?", mention=True), ago)
    other = backdate_message(slack, "C0TALK", slack.user_says("C0TALK", "점심?"), ago)
    direct_root = backdate_message(slack, direct, slack.user_says(direct, "질문"), ago)
    slack.user_says("C0TALK", "더 묻습니다", "U0LEE", heard)
    slack.user_says("C0TALK", "국수", "U0LEE", other)
    slack.user_says(direct, "그리고", "U0MINA", direct_root)
    found = missed.find()
    assert sorted(found) == ["그리고", "더 묻습니다"]


def test_what_came_as_an_event_is_not_received_again(
    slack: SlackServer, missed: MissedMessages
) -> None:
    missed.mark_contact(AN_HOUR)
    slack.end_outage()
    slack.user_says(slack.open_dm("U0MINA"), "들리십니까", "U0MINA")
    told = build_event(slack.work.envelopes[-1].payload)
    missed.office.store.inbox.receive([told], missed.office.clock())
    assert missed.find() == []


def test_events_after_an_outage_do_not_hide_what_came_before_them(
    slack: SlackServer, missed: MissedMessages
) -> None:
    """A process that received something and died before it had read the histories."""
    missed.mark_contact(AN_HOUR)
    direct = slack.open_dm("U0MINA")
    slack.user_says(direct, "아무도 못 들은 말", "U0MINA")
    missed.office.clock.shift = timedelta(minutes=30)
    later = InboxEvent("slack", "later", f"slack:{direct}", "{}")
    missed.office.store.inbox.receive([later], missed.office.clock())
    assert missed.find() == ["아무도 못 들은 말"]


def test_a_last_contact_that_is_still_to_come_hides_nothing(
    slack: SlackServer, missed: MissedMessages
) -> None:
    """It was timed by a clock that was ahead."""
    missed.mark_contact(-9 * AN_HOUR)
    slack.user_says(slack.open_dm("U0MINA"), "아무도 못 들은 말", "U0MINA")
    assert missed.find() == ["아무도 못 들은 말"]


def test_what_lies_before_the_last_contact_is_not_read(
    slack: SlackServer, missed: MissedMessages
) -> None:
    slack.user_says(slack.open_dm("U0MINA"), "예전 말", "U0MINA")
    missed.office.clock.shift = AN_HOUR
    missed.mark_contact(timedelta(minutes=10))
    assert missed.find() == []
    missed.office.clock.shift = timedelta(days=60)  # nor what is older than a month
    assert missed.find() == []


def test_a_limit_is_waited_for_and_a_missing_scope_leaves_the_rest(
    slack: SlackServer, missed: MissedMessages
) -> None:
    missed.mark_contact(AN_HOUR)
    slack.create_channel("C0TALK")
    slack.user_says(slack.open_dm("U0MINA"), "하나", "U0MINA")
    slack.user_says("C0TALK", "둘", "U0LEE", mention=True)
    slack.fail_next("conversations.history", retry_after=1)
    slack.fail_next(
        "users.conversations", status=200, message="missing_scope",
        where=lambda asked: asked["types"] == "mpim",
    )  # fmt: skip
    assert sorted(missed.find()) == ["둘", "하나"]


def test_a_conversation_that_fails_is_read_at_the_next_look_from_the_same_time(
    slack: SlackServer, missed: MissedMessages
) -> None:
    missed.mark_contact(AN_HOUR)
    direct = slack.open_dm("U0MINA")
    slack.user_says(direct, "하나", "U0MINA")
    slack.fail_next("conversations.history", status=500)
    assert missed.find() == []
    newest = missed.office.store.inbox.find_newest(HISTORY_CHANNEL)
    assert newest and newest < missed.office.clock() - timedelta(minutes=50)  # not complete
    slack.fail_next("conversations.history", status=500)
    assert missed.find(before_second_look=lambda: None) == ["하나"]
    newest = missed.office.store.inbox.find_newest(HISTORY_CHANNEL)
    assert newest and newest > missed.office.clock() - timedelta(minutes=5)


def test_naru_hears_neither_itself_nor_its_name_in_its_own_words(
    slack: SlackServer, missed: MissedMessages
) -> None:
    missed.mark_contact(AN_HOUR)
    slack.create_channel("C0TALK")
    with slack.change():
        place = slack.work.channels["C0TALK"]
        slack.work.post(place, {"user": BOT_USER, "bot_id": "B0NARU"}, f"<@{BOT_USER}>입니다")
    assert missed.find() == []
