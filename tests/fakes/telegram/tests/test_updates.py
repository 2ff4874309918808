"""The Telegram stand-in hands out updates, by polling and by webhook."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import (
    Conflict,
)

from tests.fakes.loopback_server import Json
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.telegram.tests.scripts import MINA, expect_error, run_script


def test_an_update_waits_until_a_higher_offset_is_asked_for(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        first = server.user_says(MINA, "하나")
        second = server.user_says(MINA, "둘")
        for _ in range(2):
            seen = await bot.get_updates()
            assert [update.update_id for update in seen] == [first, second]
        assert server.confirmed is None
        left = await bot.get_updates(offset=first + 1, limit=1)
        assert [update.effective_message.text for update in left if update.effective_message] == [
            "둘"
        ]
        assert list(server.confirmed_at) == [first]
        assert server.confirmed is not None and server.confirmed.offset == first + 1
        assert len(await bot.get_updates(offset=-1)) == 1
        assert [update["update_id"] for update in server.pending] == [second]

    run_script(server, script)


def test_a_long_poll_wakes_when_somebody_writes(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        poll = asyncio.create_task(bot.get_updates(timeout=10))
        await server.until(lambda s: s.last_poll)
        server.user_says(MINA, "/start", language_code="en")
        (update,) = await asyncio.wait_for(poll, 60)
        assert update.message is not None and update.message.entities[0].type == "bot_command"
        assert update.effective_user is not None and update.effective_user.language_code == "en"

    run_script(server, script)


def test_a_second_poller_ends_the_first(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        first = asyncio.create_task(bot.get_updates(timeout=10))
        await server.until(lambda s: s.last_poll)
        async with Bot(server.token, f"{server.url}/bot") as second:
            await second.get_updates()
        await expect_error(first, Conflict, "terminated by other getUpdates request")

    run_script(server, script)


def test_an_unparsable_update_is_served_as_it_is(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        number = server.send_raw_update({"message": {"nonsense": True}})
        with pytest.raises((TypeError, KeyError)):
            await bot.get_updates()
        raw = await bot._request[0].retrieve(f"{server.url}/bot{server.token}/getUpdates")
        assert str(number).encode() in raw

    run_script(server, script)


def test_a_webhook_is_retried_in_order_with_its_secret(server: TelegramServer) -> None:
    server.webhook_delays = (0.02,)
    seen: list[tuple[str | None, int]] = []
    answers = iter([500, 503, 200, 200])

    async def receive(request: web.Request) -> web.Response:
        update: Json = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        seen.append((secret, update["update_id"]))
        return web.Response(status=next(answers))

    async def script(bot: Bot) -> None:
        app = web.Application()
        app.router.add_post("/telegram/webhook", receive)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        first = server.user_says(MINA, "하나")
        second = server.user_says(MINA, "둘")
        port = runner.addresses[0][1]
        await bot.set_webhook(f"http://127.0.0.1:{port}/telegram/webhook", secret_token="s3cret")
        await expect_error(bot.get_updates(), Conflict, "webhook is active")
        await server.until(lambda s: not s.pending)
        assert seen == [("s3cret", number) for number in (first, first, first, second)]
        info = await bot.get_webhook_info()
        assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
        await bot.delete_webhook()
        await runner.cleanup()

    run_script(server, script)
