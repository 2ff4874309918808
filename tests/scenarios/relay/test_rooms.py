"""Whose room a case appears in, and who may say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
    SlackPerson,
    SlackRoom,
    TelegramPerson,
    TelegramRoom,
    bind_room,
)
from tests.harness.running_app import (
    SLACK_ADMIN,
    TELEGRAM_ADMIN,
    AppFixtures,
    run_app,
    wait_until_idle,
)

HANOI, DESK = -1001000000001, -1001000000009
pytestmark = pytest.mark.usefixtures("hasty")


def open_case(founder: TelegramPerson | SlackPerson, place: str = "베트남 하노이") -> str:
    """`/human` as the very first thing, and the place; the receipt."""
    founder.sends_command("human") if isinstance(founder, TelegramPerson) else founder.says(
        "담당자"
    )
    founder.hears("어느 나라, 어느 도시의 일입니까?")
    founder.says(place)
    return founder.hears("접수번호 #")


def test_an_unbound_missions_case_goes_to_the_desk_and_the_receipt_says_so(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.create_forum(DESK)
    desk = TelegramRoom(telegram, DESK, TELEGRAM_ADMIN)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        bind_room(house, "domestic", desk)
        receipt = open_case(TelegramPerson(telegram, 1001))
        assert "국내 협의체 창구가 대신 받습니다" in receipt
        assert "주베트남대한민국대사관" in desk.wait_for_case().received_texts()[0]


def test_a_case_that_nobody_is_bound_for_is_kept_and_appears_with_the_bind(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.create_forum(HANOI)
    hanoi = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    mina = TelegramPerson(telegram, 1001)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        assert "접수함에 보관했습니다" in open_case(mina)
        mina.says("급한 사정이 더 있습니다.")
        mina.hears("전했습니다")
        mina.uploads("invoice.pdf", b"invoice", "application/pdf")
        mina.hears("전했습니다", 2)
        assert [case.number for case in house.app.store.list_cases(open_only=True)] == [1]
        hanoi.staff_member().sends_command("bind vn-hanoi")
        assert "1건" in hanoi.staff_member().hears("연결했습니다")
        case = hanoi.wait_for_case()
        assert "급한 사정이 더 있습니다." in case.hears("이 전의 대화")
        case.receives_file(b"invoice")
        case.says("이제 보았습니다.")
        mina.hears("이제 보았습니다.")


@pytest.mark.parametrize("messenger", ["telegram", "slack"])
def test_only_an_admin_may_bind(
    tmp_path: Path,
    furniture: AppFixtures,
    telegram: TelegramServer,
    slack: SlackServer,
    messenger: str,
) -> None:
    telegram.create_forum(HANOI)
    slack.create_channel("C0HANOI", private=True)
    with run_app(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        if messenger == "telegram":
            stranger = TelegramPerson(telegram, HANOI, 1234)
            stranger.sends_command("bind vn-hanoi")
            assert "telegram:1234" in stranger.hears("관리자만")
        else:
            slack.user_runs("/naru", "bind vn-hanoi", "C0HANOI", user="U0OTHER")
            assert "slack:U0OTHER" in SlackPerson(slack, "C0HANOI").hears("관리자만")
        assert house.app.store.list_bindings() == []
        if messenger == "slack":
            slack.user_runs("/naru", "bind vn-hanoi", "C0HANOI", user=SLACK_ADMIN)
            SlackPerson(slack, "C0HANOI").hears("연결했습니다")


def test_a_room_that_cannot_hold_cases_is_refused_with_what_to_do(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.create_group(-44)
    telegram.create_forum(HANOI)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        group = TelegramPerson(telegram, -44, TELEGRAM_ADMIN)
        group.sends_command("bind vn-hanoi")
        group.hears("이 그룹은 주제(토픽)가 꺼져 있습니다")
        alone = TelegramPerson(telegram, TELEGRAM_ADMIN)
        alone.sends_command("bind vn-hanoi")
        alone.hears("개인 대화는 공관에 연결할 수 없습니다")
        forum = TelegramPerson(telegram, HANOI, TELEGRAM_ADMIN)
        forum.sends_command("bind atlantis")
        forum.hears("“atlantis”(이)라는 공관은 없습니다")
        forum.sends_command("bind")
        forum.hears("연결할 공관을 함께 적어 주십시오")
        assert house.app.store.list_bindings() == []


def test_what_staff_say_to_each_other_outside_of_cases_goes_nowhere(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.create_forum(HANOI)
    room = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    mina = TelegramPerson(telegram, 1001)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        bind_room(house, "vn-hanoi", room)
        open_case(mina)
        room.wait_for_case()
        before, here = len(mina.received_texts()), len(room.staff_member().received_texts())
        room.staff_member().says("점심 먹으러 갑시다")
        other = telegram.create_topic(HANOI, "잡담")
        TelegramPerson(telegram, HANOI, TELEGRAM_ADMIN, other).says("커피도 마시고")
        telegram.wait_for(lambda t: not t.pending)
        wait_until_idle(telegram, house)
        assert (len(mina.received_texts()), len(room.staff_member().received_texts())) == (
            before,
            here,
        )
        room.staff_member().sends_command("resolve")
        room.staff_member().hears("여기는 건의 대화방이 아닙니다")


def test_the_first_word_takes_the_case_and_a_command_nobody_knows_is_said_to_be_one(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.create_forum(HANOI)
    room = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    mina = TelegramPerson(telegram, 1001)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        bind_room(house, "vn-hanoi", room)
        open_case(mina)
        case = room.wait_for_case()
        case.sends_command("rseolve")
        case.hears("모르는 명령")
        assert house.app.store.get_case(1).state == "open"
        case.says("제가 보겠습니다.")
        mina.hears("제가 보겠습니다.")
        assert house.app.store.get_case(1).state == "taken"
        case.presses("claim:1") if "claim:1" in case.button_keys() else case.sends_command("claim")
        case.hears("이미 담당자 님이 맡은 건입니다")


def test_a_founder_in_a_slack_channel_is_answered_in_the_thread_they_began(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer
) -> None:
    slack.create_channel("C0TALK")
    slack.create_channel("C0HANOI", private=True)
    room = SlackRoom(slack, "C0HANOI", SLACK_ADMIN)
    with run_app(tmp_path, furniture, slack=slack) as house:
        bind_room(house, "vn-hanoi", room)
        ts = slack.user_says("C0TALK", "담당자", mention=True)
        thread = SlackPerson(slack, "C0TALK", thread=ts)
        thread.hears("어느 나라, 어느 도시의 일입니까?")
        thread.says("하노이")  # without a mention: the bot is in this thread
        thread.hears("접수번호 #1")
        case = room.wait_for_case()
        case.says("협의체입니다.")
        thread.hears("협의체입니다.")
        slack.user_says("C0TALK", "우리끼리 하는 말", user="U0OTHER")
        thread.says("더 있습니다.")
        case.hears("창업자: 더 있습니다.")
        assert not any("우리끼리" in text for text in case.received_texts())
        assert len(house.app.store.list_cases()) == 1
        assert all(m.get("thread_ts") == ts for m in slack.app_messages("C0TALK"))
