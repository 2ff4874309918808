"""Slack's socket, opened with the right token or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.slack.history import SlackBackfill
from adapters.slack.inbound import parse_message
from adapters.slack.receiver import SlackReceiver
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.store import InboxEvent
from tests.fakes.slack.server import SlackServer
from tests.harness.channel_harness import make_slack_channel, open_channel_harness


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
            await receiver.open_socket()
            slack.stall("users.info", 0.3)
            for text in ("<@U3>님이 하나", "둘"):
                await asyncio.to_thread(slack.user_says, direct, text)
            await slack.until(lambda server: not server.unacked)
            await receiver.stop()

    asyncio.run(run())
    assert told == ["@지민님이 하나", "둘"]
