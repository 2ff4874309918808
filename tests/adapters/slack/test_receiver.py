"""Slack's socket, opened with the right token or not at all; and what is shown while an answer is written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.slack.history import SlackBackfill
from adapters.slack.inbound import parse_message
from adapters.slack.receiver import SlackReceiver
from adapters.slack.status import SlackStatus
from bot.context import Decision
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.messages import Address, Message
from bot.store import InboxEvent
from bot.types import Conversation
from tests.adapters.slack.conftest import ROOM
from tests.fakes.slack.server import SlackServer
from tests.harness.channel_harness import (
    make_outgoing,
    make_slack_channel,
    open_channel_harness,
)

CATCH_UP_SECONDS = 1.0
WRITING = {"ko": "답을 쓰고", "en": "is writing"}


async def commit_nothing(events: Sequence[InboxEvent]) -> int:
    raise AssertionError(f"nothing is received here: {events}")


def test_a_wrong_app_token_is_refused_and_a_slack_out_of_reach_is_not(
    slack: SlackServer, tmp_path: Path
) -> None:
    async def run() -> None:
        channel = make_slack_channel(slack)
        with open_channel_harness(tmp_path) as office:
            backfill = SlackBackfill(channel, office.store, commit_nothing, office.clock)
            receiver = SlackReceiver(channel, commit_nothing, backfill, app_token="xapp-wrong")
            with pytest.raises(DeliveryRefused, match="NARU_SLACK_APP_TOKEN"):
                await receiver.open_socket()
            slack.fail_next("apps.connections.open", status=500)
            with pytest.raises(DeliveryUncertain):
                await receiver.open_socket()
            health = await receiver.collect_health(office.clock())
            assert health == {"slack": "starting", "slack_socket": True}
            await receiver.stop()

    asyncio.run(run())


def test_a_slow_look_up_changes_no_order_in_a_channel(slack: SlackServer, tmp_path: Path) -> None:
    """The first message names somebody, whom Slack is slow to tell; the second needs no look-up."""
    slack.create_person("U3", "지민")
    direct, told = slack.open_dm(), list[str]()

    async def commit(events: Sequence[InboxEvent]) -> int:
        told.extend(message.text for one in events if (message := parse_message(one.payload)))
        return len(events)

    async def run() -> None:
        channel = make_slack_channel(slack)
        with open_channel_harness(tmp_path) as office:
            backfill = SlackBackfill(channel, office.store, commit, office.clock)
            receiver = SlackReceiver(channel, commit, backfill, app_token=slack.app_token)
            await channel.start()
            await backfill.backfill_open_cases()
            await receiver.open_socket()
            slack.stall("users.info", 0.3)
            for text in ("<@U3>님이 하나", "둘"):
                await asyncio.to_thread(slack.user_says, direct, text)
            await slack.until(lambda server: not server.unacked)
            await receiver.stop()

    asyncio.run(run())
    assert told == ["@지민님이 하나", "둘"]


@dataclass
class GapHarness:
    """A receiver's socket and a founder's open case; the texts that were received, in order."""

    slack: SlackServer
    founder: str
    received: list[str]
    failures: list[Exception]

    def say(self, text: str) -> str:
        return self.slack.user_says(self.founder, text)

    def say_unheard(self, text: str) -> None:
        """It is in the history, and its event does not come."""
        self.slack.start_outage()
        self.say(text)
        self.slack.end_outage()

    async def until_received(self, text: str) -> None:
        await self.slack.until(lambda _: text in self.received)


@asynccontextmanager
async def open_gap_harness(slack: SlackServer, folder: Path) -> AsyncIterator[GapHarness]:
    founder, received, failures = slack.open_dm(), list[str](), list[Exception]()
    channel = make_slack_channel(slack)
    with open_channel_harness(folder) as office:

        async def commit(events: Sequence[InboxEvent]) -> int:
            if failures:
                raise failures.pop()
            new = [one for one in events if office.store.inbox.receive([one], office.clock())]
            received.extend(said.text for one in new if (said := parse_message(one.payload)))
            return len(new)

        office.open_case("slack", ROOM)
        talk = Conversation(f"slack:{founder}", "slack", founder, None, "U1", "ko", case=1)
        office.store.commit_without_message("talk", Decision(conversation=talk), office.clock())
        backfill = SlackBackfill(channel, office.store, commit, office.clock)
        receiver = SlackReceiver(
            channel, commit, backfill, app_token=slack.app_token, catch_up_seconds=CATCH_UP_SECONDS
        )
        await channel.start()
        await backfill.backfill_open_cases()
        await receiver.open_socket()
        try:
            yield GapHarness(slack, founder, received, failures)
        finally:
            await receiver.stop()
            await channel.stop()


def test_what_an_old_socket_lost_is_received_before_what_a_new_one_brings(
    slack: SlackServer, tmp_path: Path
) -> None:
    async def run() -> None:
        async with open_gap_harness(slack, tmp_path) as gap:
            gap.say("하나")
            await gap.until_received("하나")
            gap.say_unheard("둘")
            slack.disconnect()
            gap.say("셋")
            await gap.until_received("셋")
            gap.say_unheard("넷")  # no gap shows: it is left to the next look
            gap.say("다섯")
            await gap.until_received("다섯")
            assert gap.received == ["하나", "둘", "셋", "다섯"]

    asyncio.run(run())


def test_what_could_not_be_kept_is_received_before_what_came_after_it(
    slack: SlackServer, tmp_path: Path
) -> None:
    slack.retries = ()  # as Slack's retries, it would come in a minute

    async def run() -> None:
        async with open_gap_harness(slack, tmp_path) as gap:
            gap.say("하나")
            await gap.until_received("하나")
            gap.failures.append(OSError("the database is locked"))
            gap.say("둘")
            await slack.until(lambda _: not gap.failures)
            gap.say("셋")
            await gap.until_received("셋")
            assert gap.received == ["하나", "둘", "셋"]

    asyncio.run(run())


def test_a_history_that_cannot_be_read_holds_up_no_event(
    slack: SlackServer, tmp_path: Path
) -> None:
    async def run() -> None:
        async with open_gap_harness(slack, tmp_path) as gap:
            gap.say_unheard("하나")
            slack.fail_next("conversations.history", status=500)
            gap.say("둘")  # the second try reads what was said before it
            await gap.until_received("둘")
            slack.disconnect()
            gap.say_unheard("셋")
            slack.stall("conversations.history", 30)
            gap.say("넷")
            await gap.until_received("넷")
            assert gap.received == ["하나", "둘", "넷"]

    asyncio.run(run())


def list_statuses(slack: SlackServer) -> list[tuple[str, str, str]]:
    return [(one["channel_id"], one["thread_ts"], one["status"]) for one in slack.statuses]


def test_it_is_shown_below_a_question_and_renewed_until_the_answer(
    slack: SlackServer, tmp_path: Path
) -> None:
    direct, seen = slack.open_dm(), list[Message]()

    async def commit(events: Sequence[InboxEvent]) -> int:
        seen.extend(message for one in events if (message := parse_message(one.payload)))
        return len(events)

    async def run() -> None:
        channel = make_slack_channel(slack)
        channel.status = SlackStatus(channel.client, renewal_seconds=0.02)
        with open_channel_harness(tmp_path) as office:
            backfill = SlackBackfill(channel, office.store, commit, office.clock)
            receiver = SlackReceiver(channel, commit, backfill, app_token=slack.app_token)
            await channel.start()
            await backfill.backfill_open_cases()
            await receiver.open_socket()
            await asyncio.to_thread(slack.user_says, direct, "수출 물류비도 지원되나요?")
            await slack.until(lambda server: len(server.statuses) >= 3)
            office.enqueue(make_outgoing("answer", Address("slack", direct)))
            await office.send_all(channel)
            count = len(slack.statuses)
            await asyncio.sleep(0.1)
            assert len(slack.statuses) == count
            await receiver.stop()
            await channel.stop()

    asyncio.run(run())
    (question,) = seen
    *shown, last = list_statuses(slack)
    assert {one[:2] for one in shown} == {(direct, question.id)}
    assert all(WRITING["ko"] in one[2] for one in shown)
    assert last == (direct, question.id, "")  # the answer stands outside the question's thread


def test_an_answer_in_a_thread_removes_it_and_a_message_passed_on_too(slack: SlackServer) -> None:
    asked = Message("slack", ROOM, "U1", "5.1", "text", "Who pays?", thread="4.1", addressed=True)

    async def run() -> None:
        channel = make_slack_channel(slack)
        channel.status.start(asked)
        await slack.until(lambda server: bool(server.statuses))
        await channel.status.end(ROOM, "4.1", is_answered=True)  # Slack removes it by itself
        channel.status.start(asked)
        await slack.until(lambda server: len(server.statuses) == 2)
        await channel.mark_seen(asked)
        await channel.status.end(ROOM, "4.1", is_answered=False)  # nothing is left to end

    slack.create_channel(ROOM)
    asyncio.run(run())
    first, second, removed = list_statuses(slack)
    assert first == second and first[:2] == (ROOM, "4.1") and WRITING["en"] in first[2]
    assert removed == (ROOM, "4.1", "")


def test_words_of_a_room_and_commands_show_none(slack: SlackServer, tmp_path: Path) -> None:
    slack.create_channel(ROOM, private=True)
    direct, seen = slack.open_dm(), list[Message]()

    async def commit(events: Sequence[InboxEvent]) -> int:
        seen.extend(message for one in events if (message := parse_message(one.payload)))
        return len(events)

    async def run() -> None:
        channel = make_slack_channel(slack)
        with open_channel_harness(tmp_path) as office:
            backfill = SlackBackfill(channel, office.store, commit, office.clock)
            receiver = SlackReceiver(channel, commit, backfill, app_token=slack.app_token)
            await channel.start()
            await backfill.backfill_open_cases()
            await receiver.open_socket()
            await asyncio.to_thread(slack.user_says, ROOM, "점심 먹읍시다")
            await asyncio.to_thread(slack.user_says, direct, "help")
            await slack.until(lambda server: not server.unacked)
            await receiver.stop()
            await channel.stop()

    asyncio.run(run())
    assert seen and not slack.statuses
