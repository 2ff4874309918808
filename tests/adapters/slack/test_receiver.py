"""Slack's socket, opened with the right token or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.slack.history import SlackBackfill
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
