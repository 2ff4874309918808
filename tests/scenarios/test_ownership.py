"""Who writes where others read along: answered there or alone, and never about anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.phrases import render_phrase
from tests.fakes.loopback_server import LoopbackServer
from tests.fakes.slack.blocks import render_message
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.running_app import AppFixtures, RunningApp, run_app, wait_until_idle
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION, UNANSWERABLE_QUESTION

pytestmark = [pytest.mark.usefixtures("hasty"), pytest.mark.server]

ALICE, MALLORY = "U0ALICE", "U0MALLORY"
TALK = "C0TALK"
GROUP, ANN, BOB = -55, 1001, 1002


@pytest.fixture
def naru(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer, telegram: TelegramServer
) -> Iterator[RunningApp]:
    with run_app(tmp_path, furniture, slack=slack, telegram=telegram) as running:
        yield running


def open_case_in_direct_messages(slack: SlackServer, user: str) -> str:
    """A case of `user`'s; returns the id of their direct messages."""
    channel = slack.open_dm(user)
    slack.user_says(channel, UNANSWERABLE_QUESTION, user)
    slack.wait_for(lambda s: s.app_texts(channel))
    slack.user_says(channel, "담당자", user)
    slack.wait_for(lambda s: any("어느 나라" in text for text in s.app_texts(channel)))
    slack.user_says(channel, "하노이", user)
    slack.wait_for(lambda s: any("#1" in text for text in s.app_texts(channel)))
    return channel


def shown_to(slack: SlackServer, user: str) -> list[str]:
    return [render_message(one) for one in slack.ephemerals if one["user"] == user]


def settle(server: LoopbackServer, naru: RunningApp) -> None:
    wait_until_idle(server, naru)


def test_a_slash_command_in_a_channel_is_about_its_sender_alone(
    naru: RunningApp, slack: SlackServer
) -> None:
    slack.create_channel(TALK)
    open_case_in_direct_messages(slack, ALICE)
    slack.user_runs("/naru", "cases", TALK, ALICE)
    slack.wait_for(lambda s: any("#1" in text for text in shown_to(s, ALICE)))
    for words in ("cases", "why", "close"):
        slack.user_runs("/naru", words, TALK, MALLORY)
    slack.wait_for(lambda s: len(shown_to(s, MALLORY)) >= 3)
    settle(slack, naru)
    assert not any(UNANSWERABLE_QUESTION in text for text in shown_to(slack, MALLORY))
    assert render_phrase("founder.no_cases", "ko") in shown_to(slack, MALLORY)
    assert slack.app_texts(TALK) == []
    assert naru.app.store.get_case(1).state == "new"
    slack.user_runs("/naru", "close", TALK, ALICE)
    slack.wait_for(lambda _: naru.app.store.get_case(1).state == "closed")


def test_a_question_by_slash_command_is_answered_to_its_sender_alone(
    naru: RunningApp, slack: SlackServer
) -> None:
    slack.create_channel(TALK)
    slack.user_runs("/naru", FREIGHT_QUESTION, TALK, ALICE)
    slack.wait_for(lambda s: any(FREIGHT_ANSWER in text for text in shown_to(s, ALICE)))
    assert slack.app_texts(TALK) == []


def test_where_naru_is_no_member_the_answer_goes_to_the_direct_messages(
    naru: RunningApp, slack: SlackServer
) -> None:
    slack.create_channel(TALK, member=False)
    slack.user_runs("/naru", FREIGHT_QUESTION, TALK, ALICE)
    slack.wait_for(lambda s: any(FREIGHT_ANSWER in text for text in s.app_texts(s.open_dm(ALICE))))
    assert slack.app_texts(TALK) == []


def test_in_a_thread_of_a_channel_only_who_asked_is_heard(
    naru: RunningApp, slack: SlackServer
) -> None:
    slack.create_channel(TALK)
    root = slack.user_says(TALK, FREIGHT_QUESTION, ALICE, mention=True)
    slack.wait_for(lambda s: any(FREIGHT_ANSWER in text for text in s.app_texts(TALK, root)))
    answered = len(slack.app_texts(TALK, root))
    slack.user_says(TALK, "close", MALLORY, root, mention=True)
    slack.wait_for(lambda s: shown_to(s, MALLORY))
    slack.user_says(TALK, "저희 회사 매출은 비밀입니다", MALLORY, root)
    slack.user_says(TALK, "담당자", MALLORY, root)
    settle(slack, naru)
    assert len(slack.app_texts(TALK, root)) == answered
    slack.user_says(TALK, UNANSWERABLE_QUESTION, ALICE, root)
    slack.wait_for(lambda s: len(s.app_texts(TALK, root)) > answered)
    slack.user_says(TALK, "담당자", ALICE, root)
    invited = slack.open_dm(ALICE)
    slack.wait_for(lambda s: any(UNANSWERABLE_QUESTION in text for text in s.app_texts(invited)))


def test_somebody_elses_button_changes_nothing_and_a_case_is_opened_in_private(
    naru: RunningApp, slack: SlackServer
) -> None:
    slack.create_channel(TALK)
    root = slack.user_says(TALK, UNANSWERABLE_QUESTION, ALICE, mention=True)
    slack.wait_for(lambda s: s.app_messages(TALK, root))
    settle(slack, naru)
    offer = slack.app_messages(TALK, root)[-1]["ts"]
    slack.user_presses(TALK, offer, f"human@{ALICE}", user=MALLORY)
    slack.wait_for(lambda s: render_phrase("founder.not_yours", "ko") in shown_to(s, MALLORY))
    slack.user_presses(TALK, offer, f"human@{ALICE}", user=ALICE)
    channel = slack.open_dm(ALICE)
    slack.wait_for(lambda s: s.app_messages(channel))
    invitation = slack.app_messages(channel)[-1]
    (key,) = (one["action_id"] for one in invitation["blocks"][-1]["elements"])
    slack.user_presses(channel, invitation["ts"], key, user=ALICE)
    slack.wait_for(lambda s: any("어느 나라" in text for text in s.app_texts(channel)))
    slack.user_says(channel, "하노이", ALICE)
    slack.wait_for(lambda s: any("#1" in text for text in s.app_texts(channel)))
    case = naru.app.store.get_case(1)
    assert case.question == UNANSWERABLE_QUESTION and case.conversation == f"slack:{channel}"


def test_in_a_telegram_group_a_bystander_is_not_heard(
    naru: RunningApp, telegram: TelegramServer
) -> None:
    telegram.create_group(GROUP)
    telegram.user_says(GROUP, "/start@naru_test_bot", user_id=ANN)
    telegram.wait_for(lambda t: t.bot_texts(GROUP))
    said = len(telegram.bot_texts(GROUP))
    for words in ("점심 드실 분?", "/cases@another_bot", "우리 회사 이야기는 비밀"):
        telegram.user_says(GROUP, words, user_id=BOB)
        telegram.user_says(GROUP, words, user_id=ANN)
    settle(telegram, naru)
    assert len(telegram.bot_texts(GROUP)) == said
    telegram.user_says(GROUP, f"@naru_test_bot {FREIGHT_QUESTION}", user_id=BOB)
    telegram.wait_for(lambda t: any(FREIGHT_ANSWER in text for text in t.bot_texts(GROUP)))


def test_in_a_telegram_group_a_third_member_closes_nothing(
    naru: RunningApp, telegram: TelegramServer
) -> None:
    telegram.create_group(GROUP)
    telegram.user_says(ANN, UNANSWERABLE_QUESTION)
    telegram.wait_for(lambda t: t.bot_texts(ANN))
    telegram.user_says(ANN, "/human")
    telegram.wait_for(lambda t: any("어느 나라" in text for text in t.bot_texts(ANN)))
    telegram.user_says(ANN, "하노이")
    telegram.wait_for(lambda t: any("#1" in text for text in t.bot_texts(ANN)))
    telegram.user_says(GROUP, "/close", user_id=BOB)
    telegram.wait_for(lambda t: render_phrase("founder.private_first", "ko") in t.bot_texts(GROUP))
    telegram.user_says(GROUP, "/cases", user_id=ANN)
    answered = render_phrase("founder.answered_in_private", "ko")
    telegram.wait_for(lambda t: answered in t.bot_texts(GROUP))
    settle(telegram, naru)
    assert naru.app.store.get_case(1).state == "new"
    assert not any(UNANSWERABLE_QUESTION in text for text in telegram.bot_texts(GROUP))
    assert any(f"{UNANSWERABLE_QUESTION[:10]}" in text for text in telegram.bot_texts(ANN)[-1:])


def test_a_link_takes_the_matter_of_a_group_into_the_private_chat(
    naru: RunningApp, telegram: TelegramServer
) -> None:
    telegram.create_group(GROUP)
    telegram.user_says(GROUP, f"@naru_test_bot {UNANSWERABLE_QUESTION}", user_id=ANN)
    telegram.wait_for(lambda t: t.bot_messages(GROUP))
    settle(telegram, naru)
    offer = telegram.bot_messages(GROUP)[-1]["message_id"]
    telegram.user_presses(GROUP, offer, f"human@{ANN}", user_id=BOB)
    telegram.user_presses(GROUP, offer, f"human@{ANN}", user_id=ANN)
    line = render_phrase("founder.continue_by_link", "ko")
    telegram.wait_for(lambda t: line in t.bot_texts(GROUP))
    ((button,),) = telegram.bot_messages(GROUP)[-1]["reply_markup"]["inline_keyboard"]
    link, _, start = button["url"].partition("?start=")
    assert link == "https://t.me/naru_test_bot"
    telegram.user_says(BOB, f"/start {start}")
    telegram.user_says(ANN, f"/start {start}")
    telegram.wait_for(lambda t: any("어느 나라" in text for text in t.bot_texts(ANN)))
    telegram.user_says(ANN, "하노이")
    telegram.wait_for(lambda t: any("#1" in text for text in t.bot_texts(ANN)))
    settle(telegram, naru)
    assert naru.app.store.get_case(1).conversation == f"telegram:{ANN}"
    assert len(naru.app.store.list_cases()) == 1
    alerts = [call.params for call in telegram.calls_of("answerCallbackQuery")]
    assert [bool(one.get("text")) for one in alerts] == [True, False]
