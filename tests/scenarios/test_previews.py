"""An answer is shown while a model writes it; nothing depends on the showing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.cli.chat.session import TerminalSession
from adapters.messaging.previews import PREVIEW_INTERVAL_SECONDS, Preview, PreviewSender
from adapters.serve import service
from adapters.settings import Settings
from adapters.terminal import FOUNDER_CHANNEL
from bot.messages import Message
from bot.phrases import render_phrase
from knowledge.answering.model.writer import ModelWriter
from knowledge.chain import Chain
from tests.fakes.loopback_server import Call
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.channel_harness import open_telegram_channel
from tests.harness.messenger_drivers import SlackPerson, TelegramPerson
from tests.harness.running_app import AppFixtures, RunningApp, run_app
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION

pytestmark = pytest.mark.usefixtures("hasty")

FIRST, LIMIT = FREIGHT_ANSWER, "한 기업이 한 해에 2,000만 원까지 받습니다."
INVENTED = "신청은 삼성전자가 받습니다."
MODEL_TEXT = f"{FIRST} [1] {INVENTED} [1] {LIMIT} [1] {FIRST} [1] {LIMIT} [1]"
# A mark stays on the line of its last word: the space before it does not break.
ANSWER = f"{FIRST}\xa0[1] {LIMIT}\xa0[1] {FIRST}\xa0[1] {LIMIT}\xa0[1]"
DRAFT_METHOD = "sendMessageDraft"
PIECE_PAUSE_SECONDS = 0.08


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    """Writes for about two seconds: longer than the pause between two previews."""
    with OpenAIServer() as server:
        server.set_answer(MODEL_TEXT)
        server.set_piece_pause(PIECE_PAUSE_SECONDS)
        yield server


@pytest.fixture
def writing(furniture: AppFixtures, model: OpenAIServer) -> AppFixtures:
    """The furniture, with a model that words the answers."""
    writer = ModelWriter("openai:gpt-x", base_url=model.base_url, api_key="sk-test")
    return replace(furniture, chain=Chain(furniture.chain.library, writer))


@pytest.fixture
def patient_previews(monkeypatch: pytest.MonkeyPatch) -> None:
    """A preview may take a minute: an answer that waits for one comes too late to be heard."""
    monkeypatch.setattr(service, "PreviewSender", partial(PreviewSender, timeout_seconds=60.0))


@pytest.fixture
def house(tmp_path: Path, writing: AppFixtures, telegram: TelegramServer) -> Iterator[RunningApp]:
    with run_app(tmp_path, writing, telegram=telegram) as opened:
        yield opened


@pytest.fixture
def mina(house: RunningApp, telegram: TelegramServer) -> TelegramPerson:
    return TelegramPerson(telegram, 1001)


def wait_for_answers(telegram: TelegramServer, count: int = 1) -> list[Call]:
    """The sends of the answer, once there are `count`: a call is listed after its text is shown."""

    def found(server: TelegramServer) -> list[Call]:
        return [one for one in server.calls_of("sendMessage") if FIRST in one.params["text"]]

    telegram.wait_for(lambda server: len(found(server)) >= count)
    return found(telegram)


class TestOnTelegram:
    def test_checked_sentences_come_before_the_answer(
        self, mina: TelegramPerson, telegram: TelegramServer
    ) -> None:
        asked = telegram.find_message_id(telegram.user_says(1001, FREIGHT_QUESTION))
        mina.hears(ANSWER)
        drafts, (answer,) = telegram.calls_of(DRAFT_METHOD), wait_for_answers(telegram)
        texts = [draft.params["text"] for draft in drafts]
        assert texts[0] == FIRST and len(texts) > 1
        plain = ANSWER.replace("\xa0[1]", "")
        assert all(plain.startswith(text) for text in texts)
        assert texts == sorted(set(texts), key=len)
        assert {draft.params["draft_id"] for draft in drafts} == {asked}
        assert all(draft.arrived_at < answer.arrived_at for draft in drafts)
        gaps = [b.arrived_at - a.arrived_at for a, b in pairwise(drafts)]
        assert min(gaps) > PREVIEW_INTERVAL_SECONDS - 0.1

    @pytest.mark.parametrize("status", [429, 500])
    def test_a_draft_that_is_refused_costs_nothing(
        self, mina: TelegramPerson, telegram: TelegramServer, status: int
    ) -> None:
        telegram.fail_next(DRAFT_METHOD, 99, status=status, retry_after=30)
        mina.says(FREIGHT_QUESTION)
        mina.hears(ANSWER)
        assert len(wait_for_answers(telegram)) == 1
        assert len(telegram.calls_of(DRAFT_METHOD)) == 1, "after a failure the answer is waited for"

    @pytest.mark.usefixtures("patient_previews")
    def test_a_draft_that_hangs_delays_nothing(
        self, mina: TelegramPerson, telegram: TelegramServer, model: OpenAIServer
    ) -> None:
        telegram.stall(DRAFT_METHOD, 60, 99)
        mina.says(FREIGHT_QUESTION)
        mina.hears(ANSWER)  # within ten seconds; the draft hangs for sixty
        assert len(telegram.calls_of(DRAFT_METHOD)) == 1 and len(wait_for_answers(telegram)) == 1

    def test_a_lost_draft_is_not_repeated_and_the_next_question_is_shown_again(
        self, mina: TelegramPerson, telegram: TelegramServer
    ) -> None:
        telegram.lose_answer(DRAFT_METHOD)
        mina.says(FREIGHT_QUESTION)
        mina.hears(ANSWER)
        assert len(telegram.calls_of(DRAFT_METHOD)) == 1
        mina.says(FREIGHT_QUESTION)
        mina.hears(ANSWER, times=2)
        assert len(wait_for_answers(telegram, 2)) == 2 and len(telegram.calls_of(DRAFT_METHOD)) > 2

    def test_what_goes_to_people_is_not_shown_as_if_it_were_the_answer(
        self, mina: TelegramPerson, telegram: TelegramServer, model: OpenAIServer
    ) -> None:
        mina.says(f"{FREIGHT_QUESTION} 대신 확인해 주세요.")
        mina.hears("문서로 답할 수 없고")
        assert not model.requests and not telegram.calls_of(DRAFT_METHOD)

    def test_a_group_has_no_drafts(self, telegram: TelegramServer) -> None:
        message = Message("telegram", "-100", "1001", "7", "text", private=False)

        async def run() -> None:
            async with open_telegram_channel(telegram) as channel:
                await channel.show_preview(Preview(message, "ko", FIRST))
                telegram.open_private_chat(1001)
                await channel.show_preview(
                    Preview(replace(message, chat="1001", private=True), "ko", "글" * 9_000)
                )

        asyncio.run(run())
        (draft,) = telegram.calls_of(DRAFT_METHOD)
        assert draft.params["chat_id"] == 1001 and draft.status == 200


class TestOnSlack:
    @pytest.fixture
    def house(
        self, tmp_path: Path, writing: AppFixtures, slack: SlackServer
    ) -> Iterator[RunningApp]:
        with run_app(tmp_path, writing, slack=slack) as opened:
            yield opened

    def test_a_thread_has_a_status_and_one_message(
        self, house: RunningApp, slack: SlackServer
    ) -> None:
        channel = slack.create_channel("C0123")
        root = slack.user_says(channel, FREIGHT_QUESTION, mention=True)
        SlackPerson(slack, channel, thread=root).hears(ANSWER)
        status = slack.statuses[0]
        assert (status["channel_id"], status["thread_ts"]) == (channel, root)
        assert status["status"] == render_phrase("founder.writing", "ko")
        assert sum(FIRST in text for text in slack.app_texts(channel, root)) == 1

    def test_outside_of_threads_the_status_goes_with_the_answer(
        self, house: RunningApp, slack: SlackServer
    ) -> None:
        mina = SlackPerson(slack, slack.open_dm())
        mina.says(FREIGHT_QUESTION)
        mina.hears(ANSWER)
        slack.wait_for(lambda server: server.statuses[-1]["status"] == "")
        assert slack.statuses[0]["status"] == render_phrase("founder.writing", "ko")
        assert sum(FIRST in text for text in mina.received_texts()) == 1

    def test_a_status_that_fails_costs_nothing(self, house: RunningApp, slack: SlackServer) -> None:
        slack.fail_next("assistant.threads.setStatus", 99, status=500)
        channel = slack.create_channel("C0123")
        root = slack.user_says(channel, FREIGHT_QUESTION, mention=True)
        SlackPerson(slack, channel, thread=root).hears(ANSWER)
        assert len(slack.calls_of("assistant.threads.setStatus")) == 1


def test_the_terminal_shows_sentences_and_then_the_answer(
    tmp_path: Path, writing: AppFixtures
) -> None:
    app, shown = App(Settings(data=tmp_path, _env_file=None)), list[str]()
    app.missions, app.places, app.chain = writing.missions, writing.places, writing.chain
    seat = TerminalSession(app, FOUNDER_CHANNEL, "me", shown.append)
    seat.submit_line(FREIGHT_QUESTION)
    asyncio.run(seat.run_until_idle())
    app.engine.dispose()
    *sentences, _, answer = shown  # before the answer goes who Naru is
    assert sentences == [f"… {one}" for one in (FIRST, LIMIT, FIRST, LIMIT)]
    assert answer.startswith(ANSWER.replace("\xa0", " "))
