"""Previews from worker threads to the loop that sends: latest text wins, rate-limited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from adapters.messaging.previews import Preview, PreviewSender
from bot.messages import Message


def message(chat: str) -> Message:
    return Message("telegram", chat, chat, "1", "text")


class TestTheBridge:
    """Previews by themselves; a second lasts a fifth of one."""

    @asynccontextmanager
    async def open(
        self, seconds: Callable[[str], float] = lambda _: 0.0
    ) -> AsyncIterator[tuple[PreviewSender, list[tuple[str, str]]]]:
        shown: list[tuple[str, str]] = []

        async def preview(one: Preview) -> None:
            await asyncio.sleep(seconds(one.text))
            shown.append((one.message.chat, one.text))

        yield PreviewSender(asyncio.get_running_loop(), preview, 0.2, 0.3), shown

    def test_the_latest_text_wins_and_chats_do_not_wait_for_each_other(self) -> None:
        async def run() -> None:
            async with self.open() as (previews, shown):
                with previews(message("1"), "ko") as one, previews(message("2"), "ko") as two:
                    one("가."), two("A.")
                    await asyncio.sleep(0.05)
                    one("나."), one("다."), one("라.")
                    await asyncio.sleep(0.05)
                    assert shown == [("1", "가."), ("2", "A.")]
                    await asyncio.sleep(0.2)
                assert shown[2:] == [("1", "가. 나. 다. 라.")]

        asyncio.run(run())

    def test_when_it_is_left_nothing_more_is_shown(self) -> None:
        async def run() -> None:
            async with self.open(lambda text: 0.1 if text == "느린." else 0) as (previews, shown):
                with previews(message("1"), "ko") as show:
                    show("느린.")
                    await asyncio.sleep(0.05)
                    show("뒤에.")
                await asyncio.sleep(0.5)
                assert shown == []
                with previews(message("1"), "ko") as show:
                    show("다음.")
                    await asyncio.sleep(0.05)
                assert shown == [("1", "다음.")]

        asyncio.run(run())

    def test_one_second_between_two_questions_as_well(self) -> None:
        async def run() -> None:
            async with self.open() as (previews, shown):
                for text in ("하나.", "둘.", "셋."):
                    with previews(message("1"), "ko") as show:
                        show(text)
                        await asyncio.sleep(0.05)
                assert shown == [("1", "하나.")]

        asyncio.run(run())

    def test_a_slow_platform_is_left_and_holds_up_nobody(self) -> None:
        async def run() -> None:
            async with self.open(lambda text: 9 if "느" in text else 0) as (previews, shown):
                with previews(message("1"), "ko") as one, previews(message("2"), "ko") as two:
                    one("느린.")
                    two("A.")
                    await asyncio.sleep(0.4)
                    one("뒤에.")
                    await asyncio.sleep(0.3)
                assert shown == [("2", "A.")]

        asyncio.run(run())

    def test_after_the_loop_has_ended_showing_does_nothing(self) -> None:
        async def made() -> PreviewSender:
            async with self.open() as (previews, _):
                return previews

        with asyncio.run(made())(message("1"), "ko") as show:
            show("아무도 보지 않습니다.")
