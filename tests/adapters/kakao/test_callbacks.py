"""Where replies may be posted to, and what came of it."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from adapters.kakao.callbacks import is_callback_address, post_reply
from adapters.kakao.outbound import render_response
from bot.errors import DeliveryRefused, DeliveryUncertain, NotDelivered
from tests.fakes.kakao.server import CALLBACK, CallbackToken, KakaoServer

HOSTS = ("kakao.com", "127.0.0.1")


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://bot-api.kakao.com/v1/callback/t", True),
        ("https://kakao.com/t", True),
        ("http://127.0.0.1:9/t", True),
        ("http://bot-api.kakao.com/t", False),
        ("https://kakao.com.evil.example/t", False),
        ("https://evilkakao.com/t", False),
        ("https://user@kakao.com/t", False),
        ("https://169.254.169.254/t", False),
        ("http://localhost/t", False),
        ("file:///etc/hosts", False),
        ("https://[::1", False),
        ("https://kakao.com:x/t", False),
        ("", False),
    ],
)
def test_only_kakaos_addresses_are_posted_to(address: str, allowed: bool) -> None:
    assert is_callback_address(address, HOSTS) is allowed


def post(server: KakaoServer, token: str) -> str:
    async def run() -> str:
        async with aiohttp.ClientSession() as session:
            address = f"{server.url}/v1/callback/{token}"
            return await post_reply(session, address, render_response(["답"]))

    return asyncio.run(run())


def test_a_callback_works_once() -> None:
    with KakaoServer() as server:
        server.callbacks["t"] = CallbackToken("mina", 1e12, is_announced=True)
        assert post(server, "t")
        assert server.texts("mina") == ["답"]
        with pytest.raises(DeliveryRefused, match="Invalid callback token"):
            post(server, "t")


@pytest.mark.parametrize(
    ("status", "error"), [(400, DeliveryRefused), (302, DeliveryRefused), (503, DeliveryUncertain)]
)
def test_what_a_status_says(status: int, error: type[NotDelivered]) -> None:
    with KakaoServer() as server:
        server.fail_next(CALLBACK, status=status)
        with pytest.raises(error):
            post(server, "t")


def test_a_lost_answer_leaves_it_open() -> None:
    with KakaoServer() as server:
        server.callbacks["t"] = CallbackToken("mina", 1e12, is_announced=True)
        server.lose_answer(CALLBACK)
        with pytest.raises(DeliveryUncertain):
            post(server, "t")
        server.go_down()
        with pytest.raises(DeliveryUncertain):
            post(server, "t")
