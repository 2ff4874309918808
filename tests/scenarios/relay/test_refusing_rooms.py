"""Rooms and founders that refuse for a while, through the whole of Naru."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.cli.doctor import run_checks
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
    RunningApp,
    run_app,
    wait_until,
)

HANOI, DESK = -1001000000001, -1001000000009
pytestmark = pytest.mark.usefixtures("hasty")


def open_case(founder: TelegramPerson) -> None:
    founder.sends_command("where 하노이")
    founder.hears("기억하겠습니다")
    founder.sends_command("human")
    founder.hears("접수번호 #1")


def list_failed_checks(house: RunningApp) -> list[str]:
    return [
        check.message for check in run_checks(house.app) if check.name == "rooms" and not check.ok
    ]


def test_a_room_without_topic_rights_gets_the_case_when_it_grants_them(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    for forum in (HANOI, DESK):
        telegram.create_forum(forum)
    hanoi = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    mina, desk = TelegramPerson(telegram, 1001), TelegramPerson(telegram, DESK)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        bind_room(house, "vn-hanoi", hanoi)
        bind_room(house, "domestic", TelegramRoom(telegram, DESK, TELEGRAM_ADMIN))
        telegram.add_bot(HANOI, can_manage_topics=False)
        open_case(mina)
        assert "주베트남대한민국대사관" in mina.hears("아직 보지 못했습니다")
        assert "주베트남대한민국대사관" in desk.hears("올리지 못하고 있습니다")
        mina.uploads("invoice.pdf", b"invoice", "application/pdf")
        mina.hears("아직 보지 못했습니다", 2)
        assert "vn-hanoi" in "".join(list_failed_checks(house))
        assert house.fetch_health()["outbox_waiting"] >= 2
        assert not [text for text in mina.received_texts() if "담당자에게 전했습니다" in text]
        telegram.add_bot(HANOI)
        case = hanoi.wait_for_case()
        case.receives_file(b"invoice")
        mina.hears("담당자에게 전했습니다")
        desk.hears("다시 글을 올릴 수 있습니다")
        wait_until(lambda: house.fetch_health()["outbox_waiting"] == 0)
        assert list_failed_checks(house) == []


def test_bind_says_how_many_cases_a_refusing_room_kept_waiting(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.create_forum(HANOI)
    hanoi = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    mina = TelegramPerson(telegram, 1001)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        bind_room(house, "vn-hanoi", hanoi)
        telegram.world.chats[HANOI].can_manage_topics = False
        open_case(mina)
        mina.hears("아직 보지 못했습니다")
        telegram.world.chats[HANOI].can_manage_topics = True  # and no update says so
        hanoi.staff_member().sends_command("bind vn-hanoi")
        hanoi.staff_member().hears("기다리던 건: 1건")
        assert "주베트남대한민국대사관" in hanoi.wait_for_case().received_texts()[0]


def test_an_archived_channel_gets_the_founders_words_when_it_is_unarchived(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, slack: SlackServer
) -> None:
    slack.create_channel("C0HANOI")
    room, mina = SlackRoom(slack, "C0HANOI", SLACK_ADMIN), TelegramPerson(telegram, 1001)
    with run_app(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        bind_room(house, "vn-hanoi", room)
        open_case(mina)
        case = room.wait_for_case()
        slack.archive_channel("C0HANOI")
        mina.uploads("invoice.pdf", b"invoice", "application/pdf")
        mina.hears("아직 보지 못했습니다")
        slack.archive_channel("C0HANOI", archived=False)
        case.receives_file(b"invoice")
        mina.hears("담당자에게 전했습니다")


@pytest.mark.parametrize(
    ("messenger", "sign"), [("telegram", "unblocks"), ("telegram", "starts"), ("slack", "writes")]
)
def test_a_founder_who_blocked_the_bot_gets_the_answer_when_they_return(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, slack: SlackServer,
    messenger: str, sign: str,
) -> None:  # fmt: skip
    telegram.create_forum(HANOI)
    slack.create_channel("C0HANOI")
    mina = TelegramPerson(telegram, 1001)
    room: TelegramRoom | SlackRoom = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    if messenger == "slack":
        room = SlackRoom(slack, "C0HANOI", SLACK_ADMIN)
    with run_app(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        bind_room(house, "vn-hanoi", room)
        open_case(mina)
        case = room.wait_for_case()
        telegram.user_blocks(1001)
        case.says("이렇게 하십시오.")
        case.hears("창업자에게 글이 가지 않습니다")
        if sign == "unblocks":
            telegram.user_unblocks(1001)  # says nothing: only `my_chat_member` tells of it
        else:
            telegram.world.chats[1001].refusal = None
            mina.says("/start" if sign == "starts" else "답이 왔습니까?")
        mina.hears("이렇게 하십시오.")
        case.hears("창업자에게 전하고 있습니다")


def test_a_person_on_slack_is_told_in_their_direct_message(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer
) -> None:
    for channel in ("C0HANOI", "C0DESK"):
        slack.create_channel(channel)
    mina = SlackPerson(slack, slack.open_dm())
    with run_app(tmp_path, furniture, slack=slack) as house:
        bind_room(house, "vn-hanoi", SlackRoom(slack, "C0HANOI", SLACK_ADMIN))
        bind_room(house, "domestic", SlackRoom(slack, "C0DESK", SLACK_ADMIN))
        slack.archive_channel("C0HANOI")
        mina.says("담당자")
        mina.hears("어느 나라, 어느 도시의 일입니까?")
        mina.says("베트남 하노이")
        assert "국내 협의체 창구에 이 사실을 알립니다" in mina.hears("아직 보지 못했습니다")
        SlackPerson(slack, "C0DESK").hears("is_archived")
        slack.archive_channel("C0HANOI", archived=False)
        slack.wait_for(lambda s: s.app_texts("C0HANOI"))
