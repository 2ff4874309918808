"""A founder's own side, end to end: two messengers joined, a case reminded of, translated and rated."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from tests.fakes.openai_server import OpenAIServer
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
    SlackPerson,
    TelegramPerson,
    TelegramRoom,
    bind_room,
)
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    AppFixtures,
    run_app,
)
from tests.samples.stub_library import UNANSWERABLE_QUESTION

pytestmark = [pytest.mark.usefixtures("hasty"), pytest.mark.server]

HANOI, MINA = -1001000000001, 770077


def test_one_founder_on_two_messengers(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, slack: SlackServer
) -> None:
    import_module("langchain_openai")  # takes longer than a message waits for its translation
    telegram.create_forum(HANOI)
    mina = TelegramPerson(telegram, MINA)
    on_slack = SlackPerson(slack, slack.open_dm())
    with OpenAIServer() as model, run_app(
        tmp_path, furniture, telegram=telegram, slack=slack, llm="openai:test-model",
        llm_base_url=model.base_url, llm_api_key="key",
    ) as house:  # fmt: skip
        room = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
        bind_room(house, "vn-hanoi", room)
        link_messengers(mina, on_slack)
        mina.says(UNANSWERABLE_QUESTION)
        mina.presses("human")
        mina.hears("어느 나라")
        mina.says("하노이")
        mina.hears("#1")
        thread = room.wait_for_case()
        remind_twice(on_slack, thread.hears)
        # What is written on Slack about the case brings the replies there, translated and marked.
        on_slack.presses("add:1")
        on_slack.hears("이제 보내시는 글")
        model.set_answer("세금 환급이 안 되었습니다.")
        on_slack.says("We have not received our tax refund yet, please help us.")
        assert "tax refund yet" in thread.hears("[기계 번역] 세금 환급이 안 되었습니다.")
        thread.says("세무서에 확인하겠습니다")
        on_slack.hears("세무서에 확인하겠습니다")
        assert not any("세무서에" in one for one in mina.received_texts())
        thread.sends_command("resolve")
        on_slack.presses("rate:good:1")
        on_slack.hears("고맙습니다")
        assert house.app.store.founders.list_scores() == {1: "good"}
        mina.sends_command("subscribe 하노이")
        mina.hears("동의")
        on_slack.says("subscribe")
        on_slack.presses("unfollow")
        on_slack.hears("이제 알림을 보내지 않습니다")
        assert house.app.store.founders.list_subscriptions() == []


def link_messengers(mina: TelegramPerson, on_slack: SlackPerson) -> None:
    on_slack.says("안녕하세요")
    on_slack.hears("나루")
    mina.sends_command("link")
    code = next(word for word in mina.hears("NARU-").split() if word.startswith("NARU-"))
    on_slack.says(code)
    on_slack.hears("Telegram 대화와 연결했습니다")
    mina.hears("Slack 대화와 연결되었습니다")


def remind_twice(on_slack: SlackPerson, staff_hear: object) -> None:
    on_slack.says("cases")
    on_slack.hears("#1")
    on_slack.presses("remind:1")
    on_slack.hears("진행 상황을 물었습니다")
    assert callable(staff_hear)
    staff_hear("진행 상황을 물어 왔습니다")
    on_slack.presses("remind:1")
    on_slack.hears("한 번만")
