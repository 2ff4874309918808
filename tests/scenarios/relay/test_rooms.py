"""Whose room a case appears in, and who may say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
    SlackPerson,
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


def test_a_case_that_nobody_is_bound_for_is_kept_and_appears_with_the_bind(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.create_forum(HANOI)
    hanoi = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    mina = TelegramPerson(telegram, 1001)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        assert "접수함에 보관했습니다" in open_case(mina)
        mina.says("급한 사정이 더 있습니다.")
        mina.hears("접수함에 보관했습니다", 2)
        mina.uploads("invoice.pdf", b"invoice", "application/pdf")
        mina.hears("접수함에 보관했습니다", 3)
        assert not [text for text in mina.received_texts() if "담당자에게 전했습니다" in text]
        assert [case.number for case in house.app.store.list_cases(open_only=True)] == [1]
        hanoi.staff_member().sends_command("bind vn-hanoi")
        assert "1건" in hanoi.staff_member().hears("연결했습니다")
        case = hanoi.wait_for_case()
        assert "급한 사정이 더 있습니다." in case.hears("이 전의 대화")
        case.receives_file(b"invoice")
        case.says("이제 보았습니다.")
        mina.hears("이제 보았습니다.")


def test_only_an_admin_may_bind(tmp_path: Path, furniture: AppFixtures, slack: SlackServer) -> None:
    slack.create_channel("C0HANOI", private=True)
    with run_app(tmp_path, furniture, slack=slack) as house:
        slack.user_runs("/naru", "bind vn-hanoi", "C0HANOI", user="U0OTHER")
        assert "slack:U0OTHER" in SlackPerson(slack, "C0HANOI").hears("관리자만")
        assert house.app.store.list_bindings() == []
        slack.user_runs("/naru", "bind vn-hanoi", "C0HANOI", user=SLACK_ADMIN)
        SlackPerson(slack, "C0HANOI").hears("연결했습니다")


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
