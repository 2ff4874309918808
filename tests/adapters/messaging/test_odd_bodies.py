"""A request that knows the secret, with values of another kind than its messenger sends: kept or
refused, and never an error."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.kakao.receiver import KakaoReceiver
from adapters.kakao.replies import Replies
from adapters.serve.http import start_http
from adapters.slack.history import SlackBackfill
from adapters.slack.receiver import SlackReceiver
from adapters.telegram.receiver import TelegramReceiver
from bot.delivery.handing_out import Handout
from bot.store import InboxEvent
from tests.adapters.messaging.odd_bodies import (
    KAKAO_REQUESTS,
    SLACK_PAYLOADS,
    TELEGRAM_UPDATES,
    vary,
)
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.channel_harness import (
    ChannelHarness,
    make_slack_channel,
    open_channel_harness,
    open_telegram_channel,
)
from tests.harness.running_app import find_free_port
from tests.scenarios.conftest import slack, telegram

__all__ = ["slack", "telegram"]
SECRET = "a-secret-of-the-tests"
# Every so manieth of all odd requests; 1 takes a minute.
STEP = int(os.environ.get("NARU_TEST_ODD_STEP", "23"))

Post = Callable[[str, dict[str, str]], Awaitable[int]]


def keep_in(office: ChannelHarness) -> Callable[[Sequence[InboxEvent]], Awaitable[int]]:
    async def commit(events: Sequence[InboxEvent]) -> int:
        return await asyncio.to_thread(office.store.inbox.receive, events, office.clock())

    return commit


@asynccontextmanager
async def serve(routes: Any) -> AsyncIterator[Post]:
    """Post a body with headers to the only address of a receiver; returns the status."""

    async def collect() -> dict[str, object]:
        return {}

    port, (path, *_) = find_free_port(), routes
    stop = await start_http("127.0.0.1", port, routes, {"/health": collect})
    async with aiohttp.ClientSession() as session:

        async def post(body: str, headers: dict[str, str]) -> int:
            url = f"http://127.0.0.1:{port}{path}"
            sent = {"Content-Type": "application/json", **headers}
            async with session.post(url, data=body.encode(), headers=sent) as answer:
                return answer.status

        try:
            yield post
        finally:
            await stop()


def check(refused: list[tuple[int, str]], caplog: pytest.LogCaptureFixture) -> None:
    assert [one for one in refused if one[0] not in (200, 400)] == []
    assert [one.getMessage() for one in caplog.records if one.exc_info] == []
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


def test_slacks_signed_payloads_of_an_odd_shape(
    slack: SlackServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> list[tuple[int, str]]:
        channel = make_slack_channel(slack)
        with open_channel_harness(tmp_path) as office:
            commit = keep_in(office)
            backfill = SlackBackfill(channel, office.store, commit, office.clock)
            receiver = SlackReceiver(
                channel, commit, backfill, signing_secret=slack.signing_secret,
                settle_time=timedelta(), catch_up_seconds=0.0,
            )  # fmt: skip
            async with serve(receiver.list_routes()) as post:
                bodies = [json.dumps(one) for whole in SLACK_PAYLOADS for one in vary(whole, STEP)]
                return [(await post(body, slack.sign(body)), body) for body in bodies]

    check(asyncio.run(run()), caplog)


def test_telegrams_updates_of_an_odd_shape(
    telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> list[tuple[int, str]]:
        with open_channel_harness(tmp_path) as office:
            async with open_telegram_channel(telegram) as channel:
                receiver = TelegramReceiver(
                    channel, keep_in(office), office.clock,
                    webhook_url="http://127.0.0.1", webhook_secret=SECRET, settle_time=timedelta(),
                )  # fmt: skip
                headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
                async with serve(receiver.list_routes()) as post:
                    bodies = [
                        json.dumps(one) for whole in TELEGRAM_UPDATES for one in vary(whole, STEP)
                    ]
                    statuses = [(await post(body, headers), body) for body in bodies]
                await receiver.stop()
                return statuses

    check(asyncio.run(run()), caplog)


def test_kakaotalks_requests_of_an_odd_shape(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> list[tuple[int, str]]:
        with open_channel_harness(tmp_path) as office:
            handout = Handout(office.store, "kakao", "test", office.clock)
            handout.begin()
            receiver = KakaoReceiver(
                keep_in(office), Replies(handout, list), office.clock, secret=SECRET,
                callback_hosts=(), settle_time=timedelta(), reply_seconds=0.0, callback_seconds=0.0,
            )  # fmt: skip
            headers = {"X-Naru-Secret": SECRET}
            async with serve(receiver.list_routes()) as post:
                bodies = [json.dumps(one) for whole in KAKAO_REQUESTS for one in vary(whole, STEP)]
                statuses = [(await post(body, headers), body) for body in bodies]
            await receiver.stop()
            return statuses

    check(asyncio.run(run()), caplog)
