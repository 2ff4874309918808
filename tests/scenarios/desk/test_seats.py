"""A case from Da Nang for the lawyer's seat in Hanoi, on either messenger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.context import Decision
from bot.types import StaffMember
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.workspace import BOT_USER
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
)

HANOI = -1001000000001
LAWYER: dict[str, Any] = {"telegram": 2002, "slack": "U0LAWYER"}
ACCOUNTANT: dict[str, Any] = {"telegram": 2003, "slack": "U0ACCOUNT"}
pytestmark = pytest.mark.usefixtures("hasty")


@pytest.mark.parametrize("kind", ["telegram", "slack"])
def test_a_case_goes_to_the_seat_that_fits_and_from_it_to_another(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, slack: SlackServer, kind: str
) -> None:
    room: Any = SlackRoom(slack, "C0HANOI", SLACK_ADMIN)
    lawyer: Any = SlackPerson(slack, "D0LAWYER", "U0LAWYER")
    if kind == "telegram":
        telegram.create_forum(HANOI)
        room = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
        lawyer = TelegramPerson(telegram, 2002)
    else:
        slack.create_channel("C0HANOI", private=True)
        SlackPerson(slack, "D0LAWYER", "U0LAWYER").says("안녕하세요")
    mina = TelegramPerson(telegram, 1001)
    with run_app(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        app, store = house.app, house.app.store
        app.glossary = furniture.chain.library.glossary
        bind_room(house, "vn-hanoi", room)
        members = tuple(
            StaffMember("vn-hanoi", kind, str(user), name, role, "test", app.now())
            for user, name, role in (
                (LAWYER[kind], "김변", "lawyer"), (ACCOUNTANT[kind], "이회계", "accountant"),
            )
        )  # fmt: skip
        store.commit_without_message("staff", Decision(new_staff=members), app.now())
        if kind == "telegram":
            lawyer.says("안녕하세요")  # so that Naru may write to them
            lawyer.hears("나루")
        mina.sends_command("human 계약 위반으로 소송을 당했습니다")
        mina.hears("어느 나라, 어느 도시의 일입니까?")
        mina.says("다낭")
        assert "하노이" in mina.hears("접수번호 #1")

        thread = room.wait_for_case()
        assert "변호사 자리에 먼저 드립니다(주제: 계약·분쟁·현지 법률" in thread.hears("우선 배정")
        assert "김변(변호사)" in thread.hears("먼저 드립니다: ")
        called = "tg://user?id=2002" if kind == "telegram" else "<@U0LAWYER>"
        server: Any = telegram if kind == "telegram" else slack
        server.wait_for(lambda one: called in str(one.calls))
        assert lawyer.hears("새 건 #1")
        (case,) = store.list_cases()
        assert case.offer is not None and case.offer.role == "lawyer"

        if kind == "telegram":
            thread.sends_command("hand 회계사·세무사")
        else:
            thread.says(f"<@{BOT_USER}> hand accountant")
        thread.hears("이회계(회계사·세무사) 자리로 넘겼습니다")
        assert "회계사·세무사" in mina.hears("자리의 담당자가 이 건을 맡습니다")
        (case,) = store.list_cases()
        assert (case.state, case.taken_role, case.offer) == ("claimed", "accountant", None)
        acts = [(one.act, one.detail) for one in store.list_log(1) if one.act in ("offer", "hand")]
        assert acts == [("offer", "lawyer"), ("hand", "accountant")]
        assert len(store.list_staff_threads(1)) == 1  # the same thread, with its record
