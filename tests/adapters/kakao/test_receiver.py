"""What a request gets before anything of it is kept, and when nothing can be kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from adapters.kakao.receiver import MAX_REQUEST_BYTES, KakaoReceiver
from adapters.kakao.replies import Replies
from adapters.serve.http import start_http
from bot.delivery.handing_out import Handout
from bot.messages import Address
from bot.store import InboxEvent
from tests.fakes.kakao.reply_format import check_reply, list_texts
from tests.fakes.kakao.server import KakaoServer, SkillExchange
from tests.harness.channel_harness import (
    ChannelHarness,
    make_outgoing,
    open_channel_harness,
)
from tests.harness.running_app import find_free_port

SECRET = "a-secret-of-the-tests"


class Reception:
    """A receiver on loopback, over a store of its own."""

    def __init__(self, harness: ChannelHarness) -> None:
        self.events: list[InboxEvent] = []
        self.is_broken = False
        self.harness, self.answer = harness, ""
        handout = Handout(harness.store, "kakao", "test", harness.clock)
        handout.begin()
        self.receiver = KakaoReceiver(
            self.commit, Replies(handout, list), harness.clock, secret=SECRET,
            callback_hosts=("127.0.0.1",), settle_time=timedelta(), reply_seconds=2.0,
            callback_seconds=2.0,
        )  # fmt: skip

    async def commit(self, events: Sequence[InboxEvent]) -> int:
        if self.is_broken:
            raise OperationalError("insert", {}, Exception("the disk is full"))
        self.events += events
        if self.answer:
            self.harness.enqueue(make_outgoing(self.answer, Address("kakao", "mina")))
        return len(events)


@asynccontextmanager
async def serve(folder: Path, server: KakaoServer) -> AsyncIterator[Reception]:
    with open_channel_harness(folder) as harness:
        office, port = Reception(harness), find_free_port()

        async def collect() -> dict[str, object]:
            return await office.receiver.collect_health(harness.clock())

        routes = office.receiver.list_routes()
        stop = await start_http("127.0.0.1", port, routes, {"/health": collect})
        server.skill_url = f"http://127.0.0.1:{port}/kakao/skill"
        server.headers, server.has_callback = {"X-Naru-Secret": SECRET}, False
        watching = asyncio.create_task(office.receiver.run())
        try:
            yield office
        finally:
            watching.cancel()
            await office.receiver.stop()
            await stop()


async def say(server: KakaoServer, text: str = "질문") -> SkillExchange:
    return await asyncio.to_thread(server.user_says, "mina", text)


def test_a_wrong_secret_is_refused_and_nothing_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        with KakaoServer() as server:
            async with serve(tmp_path, server) as office:
                right = server.skill_url
                for headers in ({}, {"X-Naru-Secret": "wrong"}, {"X-Naru-Secret": SECRET[:-1]}):
                    server.headers = headers
                    assert (await say(server)).status == 401
                server.skill_url = f"{right}/wrong"
                assert (await say(server)).status == 401
                assert office.events == []
                server.skill_url = f"{right}/{SECRET}"  # where headers cannot be set
                assert (await say(server)).status == 200 and len(office.events) == 1

    with caplog.at_level(logging.WARNING):
        asyncio.run(run())
    assert caplog.text.count("NARU_KAKAO_SECRET") == 1 and SECRET not in caplog.text


def test_a_malformed_request_is_refused_with_a_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    large = b'{"a": "' + b"x" * MAX_REQUEST_BYTES + b'"}'

    async def run() -> None:
        with KakaoServer() as server:
            async with serve(tmp_path, server) as office:
                for body in (b"", b"{}", b"not json", large, b'{"userRequest": {"user": {}}}'):
                    assert (await asyncio.to_thread(server.post, body)).status == 400
                assert office.events == []

    with caplog.at_level(logging.WARNING):
        asyncio.run(run())
    assert "the body is not JSON" in caplog.text and "names nobody" in caplog.text
    assert f"larger than {MAX_REQUEST_BYTES} bytes" in caplog.text


def test_what_cannot_be_kept_is_not_promised(tmp_path: Path) -> None:
    async def run() -> None:
        with KakaoServer() as server:
            async with serve(tmp_path, server) as office:
                office.is_broken = True
                for has_callback in (False, True):
                    server.has_callback = has_callback
                    reply = (await say(server)).reply
                    check_reply(reply)
                    assert list_texts(reply)[0].startswith("지금은 글을 받지 못했습니다.")

    asyncio.run(run())


def test_what_is_decided_in_time_is_the_response(tmp_path: Path) -> None:
    async def run() -> None:
        with KakaoServer() as server:
            async with serve(tmp_path, server) as office:
                office.answer = "이것이 답입니다."
                exchange = await say(server)
                assert list_texts(exchange.reply) == ["이것이 답입니다."] and exchange.seconds < 4.5
                outbox = office.harness.store.outbox
                await server.until(lambda _: outbox.count_messages("sent") == 1)
                assert outbox.count_messages("waiting") == 0

    asyncio.run(run())


def test_a_request_that_nothing_comes_of_is_replied_to(tmp_path: Path) -> None:
    async def run() -> None:
        with KakaoServer() as server:
            async with serve(tmp_path, server) as office:
                exchange = await say(server)
                assert exchange.status == 200
                assert list_texts(exchange.reply)[0].startswith("보내신 글을 받았습니다.")
                health = await office.receiver.collect_health(office.harness.clock())
                assert health["kakao_waiting_requests"] == 0
                assert health["kakao_last_request_seconds"] is not None

    asyncio.run(run())
