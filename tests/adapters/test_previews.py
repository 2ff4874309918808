"""An answer is shown while a model writes it; nothing depends on the showing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.chat import Seat
from adapters.previews import EVERY, Preview, Previews
from adapters.settings import Settings
from adapters.terminal import FOUNDER
from bot.phrases import say
from bot.types import Message
from knowledge.answering.writer import ModelWriter
from knowledge.chain import Chain
from tests.adapters.house import Furniture, House, open_house
from tests.adapters.library import FREIGHT, FREIGHT_SAID
from tests.adapters.people import OnSlack, OnTelegram
from tests.adapters.post_office import telegram_channel
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.serving import Call
from tests.fakes.slack_server import SlackServer
from tests.fakes.telegram_server import TelegramServer

pytestmark = pytest.mark.usefixtures("hasty")

FIRST, LIMIT = FREIGHT_SAID, "한 기업이 한 해에 2,000만 원까지 받습니다."
INVENTED = "신청은 삼성전자가 받습니다."
SAID = f"{FIRST} [1] {INVENTED} [1] {LIMIT} [1] {FIRST} [1] {LIMIT} [1]"
ANSWER = f"{FIRST} [1] {LIMIT} [1] {FIRST} [1] {LIMIT} [1]"
DRAFT = "sendMessageDraft"


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    """Writes for about four seconds."""
    with OpenAIServer() as server:
        server.answers(SAID)
        server.streams_slowly(0.16)
        yield server


@pytest.fixture
def writing(furniture: Furniture, model: OpenAIServer) -> Furniture:
    """The furniture, with a model that words the answers."""
    writer = ModelWriter("openai:gpt-x", base_url=model.base_url, api_key="sk-test")
    return replace(furniture, chain=Chain(furniture.chain.library, writer))


@pytest.fixture
def house(tmp_path: Path, writing: Furniture, telegram: TelegramServer) -> Iterator[House]:
    with open_house(tmp_path, writing, telegram=telegram) as opened:
        yield opened


@pytest.fixture
def mina(house: House, telegram: TelegramServer) -> OnTelegram:
    return OnTelegram(telegram, 1001)


def answers(telegram: TelegramServer) -> list[Call]:
    """The sends of the answer, when there is one."""

    def found(server: TelegramServer) -> list[Call]:
        return [one for one in server.called("sendMessage") if FIRST in one.params["text"]]

    telegram.wait_for(found)
    return found(telegram)


class TestOnTelegram:
    def test_checked_sentences_come_before_the_answer(
        self, mina: OnTelegram, telegram: TelegramServer
    ) -> None:
        asked = telegram.message_id(telegram.user_says(1001, FREIGHT))
        mina.hears(ANSWER)
        drafts, (answer,) = telegram.called(DRAFT), answers(telegram)
        texts = [draft.params["text"] for draft in drafts]
        assert texts[0] == FIRST and len(texts) > 1
        plain = ANSWER.replace(" [1]", "")
        assert all(plain.startswith(text) for text in texts)
        assert texts == sorted(set(texts), key=len)
        assert {draft.params["draft_id"] for draft in drafts} == {asked}
        assert all(draft.time < answer.time for draft in drafts)
        gaps = [b.time - a.time for a, b in pairwise(drafts)]
        assert min(gaps) > EVERY - 0.1

    @pytest.mark.parametrize("status", [400, 403, 429, 500])
    def test_a_draft_that_is_refused_costs_nothing(
        self, mina: OnTelegram, telegram: TelegramServer, status: int
    ) -> None:
        telegram.fail_next(DRAFT, 99, status=status, retry_after=30)
        mina.says(FREIGHT)
        mina.hears(ANSWER)
        assert len(answers(telegram)) == 1
        assert len(telegram.called(DRAFT)) == 1, "after a failure the answer is waited for"

    def test_a_draft_that_hangs_delays_nothing(
        self, mina: OnTelegram, telegram: TelegramServer, model: OpenAIServer
    ) -> None:
        telegram.stall(DRAFT, 60, 99)
        began = time.monotonic()
        mina.says(FREIGHT)
        mina.hears(ANSWER)
        assert len(telegram.called(DRAFT)) == 1 and len(answers(telegram)) == 1
        writing = 0.16 * len(SAID) / 7
        assert time.monotonic() - began < writing + 3

    def test_a_lost_draft_is_not_repeated_and_the_next_question_is_shown_again(
        self, mina: OnTelegram, telegram: TelegramServer
    ) -> None:
        telegram.lose_answer(DRAFT)
        mina.says(FREIGHT)
        mina.hears(ANSWER)
        assert len(telegram.called(DRAFT)) == 1
        mina.says(FREIGHT)
        mina.hears(ANSWER, times=2)
        assert len(telegram.called(DRAFT)) > 2 and len(answers(telegram)) == 2

    def test_what_goes_to_people_is_not_shown_as_if_it_were_the_answer(
        self, mina: OnTelegram, telegram: TelegramServer, model: OpenAIServer
    ) -> None:
        mina.says(f"{FREIGHT} 대신 확인해 주세요.")
        mina.hears("문서로 답할 수 없고")
        assert model.requests and not telegram.called(DRAFT)

    def test_a_group_has_no_drafts(self, telegram: TelegramServer) -> None:
        message = Message("telegram", "-100", "1001", "7", "text", private=False)

        async def run() -> None:
            async with telegram_channel(telegram) as channel:
                await channel.preview(Preview(message, "ko", FIRST))
                telegram.private(1001)
                await channel.preview(
                    Preview(replace(message, chat="1001", private=True), "ko", "글" * 9_000)
                )

        asyncio.run(run())
        (draft,) = telegram.called(DRAFT)
        assert draft.params["chat_id"] == 1001 and draft.status == 200


class TestOnSlack:
    @pytest.fixture
    def house(self, tmp_path: Path, writing: Furniture, slack: SlackServer) -> Iterator[House]:
        with open_house(tmp_path, writing, slack=slack) as opened:
            yield opened

    def test_a_thread_has_a_status_and_one_message(self, house: House, slack: SlackServer) -> None:
        channel = slack.channel("C0123")
        root = slack.user_says(channel, FREIGHT, mention=True)
        OnSlack(slack, channel, thread=root).hears(ANSWER)
        status = slack.statuses[0]
        assert (status["channel_id"], status["thread_ts"]) == (channel, root)
        assert status["status"] == say("founder.writing", "ko")
        assert sum(FIRST in text for text in slack.sent(channel, root)) == 1

    def test_outside_of_threads_nothing_is_shown(self, house: House, slack: SlackServer) -> None:
        mina = OnSlack(slack, slack.dm())
        mina.says(FREIGHT)
        mina.hears(ANSWER)
        assert not slack.statuses and sum(FIRST in text for text in mina.heard()) == 1

    def test_a_status_that_fails_costs_nothing(self, house: House, slack: SlackServer) -> None:
        slack.fail_next("assistant.threads.setStatus", 99, status=500)
        channel = slack.channel("C0123")
        root = slack.user_says(channel, FREIGHT, mention=True)
        OnSlack(slack, channel, thread=root).hears(ANSWER)
        assert len(slack.called("assistant.threads.setStatus")) == 1


def test_the_terminal_shows_sentences_and_then_the_answer(
    tmp_path: Path, writing: Furniture
) -> None:
    app, shown = App(Settings(data=tmp_path, _env_file=None)), list[str]()
    app.missions, app.places, app.chain = writing.missions, writing.places, writing.chain
    seat = Seat(app, FOUNDER, "me", shown.append)
    seat.type(FREIGHT)
    asyncio.run(seat.settle())
    app.engine.dispose()
    *sentences, _, answer = shown  # before the answer goes who Naru is
    assert sentences == [f"… {one}" for one in (FIRST, LIMIT, FIRST, LIMIT)]
    assert answer.startswith(ANSWER)


def message(chat: str) -> Message:
    return Message("telegram", chat, chat, "1", "text")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.previews.EVERY", 0.2)
    monkeypatch.setattr("adapters.previews.PATIENCE", 0.3)


@pytest.mark.usefixtures("hurried")
class TestTheBridge:
    """Previews by themselves; a second lasts a fifth of one."""

    @asynccontextmanager
    async def open(
        self, seconds: Callable[[str], float] = lambda _: 0.0
    ) -> AsyncIterator[tuple[Previews, list[tuple[str, str]]]]:
        shown: list[tuple[str, str]] = []

        async def preview(one: Preview) -> None:
            await asyncio.sleep(seconds(one.text))
            shown.append((one.message.chat, one.text))

        yield Previews(asyncio.get_running_loop(), preview), shown

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
        async def made() -> Previews:
            async with self.open() as (previews, _):
                return previews

        with asyncio.run(made())(message("1"), "ko") as show:
            show("아무도 보지 않습니다.")
