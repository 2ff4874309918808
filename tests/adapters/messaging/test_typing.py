"""The sign that an answer is on its way is renewed until the answer comes."""

from __future__ import annotations

import asyncio

from adapters.messaging.typing import TypingKeeper


def test_it_is_renewed_until_it_is_stopped() -> None:
    asyncio.run(_renew_and_stop())


async def _renew_and_stop() -> None:
    shown: list[str] = []
    thrice = asyncio.Event()

    async def show(chat: str) -> None:
        shown.append(chat)
        if len(shown) == 3:
            thrice.set()

    keeper = TypingKeeper(show, interval_seconds=0.001)
    keeper.start("a chat", "7")
    await asyncio.wait_for(thrice.wait(), 60)
    assert keeper.stop("a chat") == "7"
    count = len(shown)
    await asyncio.sleep(0.01)
    assert len(shown) == count and set(shown) == {"7"}


def test_it_ends_by_itself_and_with_an_error() -> None:
    asyncio.run(_let_it_end())


async def _let_it_end() -> None:
    shown: list[str] = []

    async def show(chat: str) -> None:
        shown.append(chat)
        if chat == "refused":
            raise OSError("no such chat")

    keeper = TypingKeeper(show, interval_seconds=0.001, limit_seconds=0.02)
    keeper.start("another", "refused")
    keeper.start("a chat", "7")
    await asyncio.sleep(0.1)
    count = len(shown)
    await asyncio.sleep(0.02)
    assert shown.count("refused") == 1 and len(shown) == count
    assert keeper.stop("a chat") is None
    await keeper.close()


def test_it_is_shown_in_so_many_places_at_once() -> None:
    asyncio.run(_start_in_three_places())


async def _start_in_three_places() -> None:
    shown: list[str] = []

    async def show(chat: str) -> None:
        shown.append(chat)

    keeper = TypingKeeper(show, limit_places=2)
    for chat in ("first", "second", "third", "second"):
        keeper.start(chat, chat)
    await asyncio.sleep(0)
    assert shown == ["first", "second"] and keeper.stop("third") is None
    keeper.stop("first")
    keeper.start("third", "third")
    await asyncio.sleep(0)
    assert shown == ["first", "second", "third"] and keeper.stop("third") == "third"
    await keeper.close()
