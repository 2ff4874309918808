"""Whose room a case appears in, and who may say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import OnSlack, OnTelegram, SlackRoom, TelegramRoom, bind
from tests.harness.running_app import ADMIN, SLACK_ADMIN, Furniture, calm, open_house

HANOI, DESK = -1001000000001, -1001000000009
pytestmark = pytest.mark.usefixtures("hasty")


def open_case(founder: OnTelegram | OnSlack, place: str = "베트남 하노이") -> str:
    """`/human` as the very first thing, and the place; the receipt."""
    founder.commands("human") if isinstance(founder, OnTelegram) else founder.says("담당자")
    founder.hears("어느 나라, 어느 도시의 일입니까?")
    founder.says(place)
    return founder.hears("접수번호 #")


def test_an_unbound_missions_case_goes_to_the_desk_and_the_receipt_says_so(
    tmp_path: Path, furniture: Furniture, telegram: TelegramServer
) -> None:
    telegram.forum(DESK)
    desk = TelegramRoom(telegram, DESK, ADMIN)
    with open_house(tmp_path, furniture, telegram=telegram) as house:
        bind(house, "domestic", desk)
        receipt = open_case(OnTelegram(telegram, 1001))
        assert "국내 협의체 창구가 대신 받습니다" in receipt
        assert "주베트남대한민국대사관" in desk.case().heard()[0]


def test_a_case_that_nobody_is_bound_for_is_kept_and_appears_with_the_bind(
    tmp_path: Path, furniture: Furniture, telegram: TelegramServer
) -> None:
    telegram.forum(HANOI)
    hanoi = TelegramRoom(telegram, HANOI, ADMIN)
    mina = OnTelegram(telegram, 1001)
    with open_house(tmp_path, furniture, telegram=telegram) as house:
        assert "접수함에 보관했습니다" in open_case(mina)
        mina.says("급한 사정이 더 있습니다.")
        mina.hears("전했습니다")
        mina.uploads("invoice.pdf", b"invoice", "application/pdf")
        mina.hears("전했습니다", 2)
        assert [case.number for case in house.app.store.cases(open_only=True)] == [1]
        hanoi.everyone().commands("bind vn-hanoi")
        assert "1건" in hanoi.everyone().hears("연결했습니다")
        case = hanoi.case()
        assert "급한 사정이 더 있습니다." in case.hears("이 전의 대화")
        case.gets_file(b"invoice")
        case.says("이제 보았습니다.")
        mina.hears("이제 보았습니다.")


@pytest.mark.parametrize("messenger", ["telegram", "slack"])
def test_only_an_admin_may_bind(
    tmp_path: Path,
    furniture: Furniture,
    telegram: TelegramServer,
    slack: SlackServer,
    messenger: str,
) -> None:
    telegram.forum(HANOI)
    slack.channel("C0HANOI")
    with open_house(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        if messenger == "telegram":
            stranger = OnTelegram(telegram, HANOI, 1234)
            stranger.commands("bind vn-hanoi")
            assert "telegram:1234" in stranger.hears("관리자만")
        else:
            slack.user_runs("/naru", "bind vn-hanoi", "C0HANOI", user="U0OTHER")
            assert "slack:U0OTHER" in OnSlack(slack, "C0HANOI").hears("관리자만")
        assert house.app.store.bindings() == []
        if messenger == "slack":
            slack.user_runs("/naru", "bind vn-hanoi", "C0HANOI", user=SLACK_ADMIN)
            OnSlack(slack, "C0HANOI").hears("연결했습니다")


def test_a_room_that_cannot_hold_cases_is_refused_with_what_to_do(
    tmp_path: Path, furniture: Furniture, telegram: TelegramServer
) -> None:
    telegram.group(-44)
    telegram.forum(HANOI)
    with open_house(tmp_path, furniture, telegram=telegram) as house:
        group = OnTelegram(telegram, -44, ADMIN)
        group.commands("bind vn-hanoi")
        group.hears("이 그룹은 주제(토픽)가 꺼져 있습니다")
        alone = OnTelegram(telegram, ADMIN)
        alone.commands("bind vn-hanoi")
        alone.hears("개인 대화는 공관에 연결할 수 없습니다")
        forum = OnTelegram(telegram, HANOI, ADMIN)
        forum.commands("bind atlantis")
        forum.hears("“atlantis”(이)라는 공관은 없습니다")
        forum.commands("bind")
        forum.hears("연결할 공관을 함께 적어 주십시오")
        assert house.app.store.bindings() == []


def test_what_staff_say_to_each_other_outside_of_cases_goes_nowhere(
    tmp_path: Path, furniture: Furniture, telegram: TelegramServer
) -> None:
    telegram.forum(HANOI)
    room = TelegramRoom(telegram, HANOI, ADMIN)
    mina = OnTelegram(telegram, 1001)
    with open_house(tmp_path, furniture, telegram=telegram) as house:
        bind(house, "vn-hanoi", room)
        open_case(mina)
        room.case()
        before, here = len(mina.heard()), len(room.everyone().heard())
        room.everyone().says("점심 먹으러 갑시다")
        other = telegram.topic(HANOI, "잡담")
        OnTelegram(telegram, HANOI, ADMIN, other).says("커피도 마시고")
        telegram.wait_for(lambda t: not t.pending)
        calm(telegram, house)
        assert (len(mina.heard()), len(room.everyone().heard())) == (before, here)
        room.everyone().commands("resolve")
        room.everyone().hears("여기는 건의 대화방이 아닙니다")


def test_the_first_word_takes_the_case_and_a_command_nobody_knows_is_said_to_be_one(
    tmp_path: Path, furniture: Furniture, telegram: TelegramServer
) -> None:
    telegram.forum(HANOI)
    room = TelegramRoom(telegram, HANOI, ADMIN)
    mina = OnTelegram(telegram, 1001)
    with open_house(tmp_path, furniture, telegram=telegram) as house:
        bind(house, "vn-hanoi", room)
        open_case(mina)
        case = room.case()
        case.commands("rseolve")
        case.hears("모르는 명령")
        assert house.app.store.case(1).state == "open"
        case.says("제가 보겠습니다.")
        mina.hears("제가 보겠습니다.")
        assert house.app.store.case(1).state == "taken"
        case.presses("claim:1") if "claim:1" in case.offered() else case.commands("claim")
        case.hears("이미 담당자 님이 맡은 건입니다")


def test_a_founder_in_a_slack_channel_is_answered_in_the_thread_they_began(
    tmp_path: Path, furniture: Furniture, slack: SlackServer
) -> None:
    slack.channel("C0TALK")
    slack.channel("C0HANOI")
    room = SlackRoom(slack, "C0HANOI", SLACK_ADMIN)
    with open_house(tmp_path, furniture, slack=slack) as house:
        bind(house, "vn-hanoi", room)
        ts = slack.user_says("C0TALK", "담당자", mention=True)
        thread = OnSlack(slack, "C0TALK", thread=ts)
        thread.hears("어느 나라, 어느 도시의 일입니까?")
        thread.says("하노이")  # without a mention: the bot is in this thread
        thread.hears("접수번호 #1")
        case = room.case()
        case.says("협의체입니다.")
        thread.hears("협의체입니다.")
        slack.user_says("C0TALK", "우리끼리 하는 말", user="U0OTHER")
        thread.says("더 있습니다.")
        case.hears("창업자: 더 있습니다.")
        assert not any("우리끼리" in text for text in case.heard())
        assert len(house.app.store.cases()) == 1
        assert all(m.get("thread_ts") == ts for m in slack.messages("C0TALK"))
