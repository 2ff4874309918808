"""A case relayed to the domestic desk and back, and an insight home and its answer, between messengers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.serve.desk.papers import collect_agenda
from bot.admin.desk.topics import TopicFinder
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
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
    wait_until_idle,
)

FORUM = -1001000000009
QUESTION = "하노이 공장에서 쓰던 금형을 한국으로 되가져오려는데 010-2345-6789로 연락 주세요."
NEED = "중고 금형을 다시 들여올 때 관세를 면제받는 요건과 필요한 서류"
INSIGHT = "세무서가 환급을 석 달 늦게 줍니다. https://gdt.gov.vn/1"
pytestmark = pytest.mark.usefixtures("hasty", "topics")


@pytest.fixture(scope="module")
def topics(furniture: AppFixtures) -> None:
    """What finds topics is read now, not within a test."""
    for words in (QUESTION, INSIGHT):
        TopicFinder(furniture.chain.library.glossary).find_in(words, "ko")


def build_rooms(telegram: TelegramServer, slack: SlackServer, desk: str) -> tuple[Any, Any]:
    """The mission's room and the desk's, which is on the messenger `desk`."""
    telegram.create_forum(FORUM)
    slack.create_channel("C0ROOM", private=True)
    forum = TelegramRoom(telegram, FORUM, TELEGRAM_ADMIN)
    channel = SlackRoom(slack, "C0ROOM", SLACK_ADMIN)
    return (channel, forum) if desk == "telegram" else (forum, channel)


def open_case(founder: TelegramPerson) -> None:
    founder.sends_command("human")
    founder.hears("어느 나라, 어느 도시의 일입니까?")
    founder.says("베트남 하노이")
    founder.hears("접수번호 #1")
    founder.says(QUESTION)


def read_acts(house: RunningApp, number: int) -> list[str]:
    return [entry.act for entry in house.app.store.list_log(number)]


@pytest.mark.parametrize("kind", ["telegram", "slack"])
def test_a_case_goes_to_the_desk_and_back(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, slack: SlackServer, kind: str
) -> None:
    hanoi, home = build_rooms(telegram, slack, kind)
    mina = TelegramPerson(telegram, 1001)
    with run_app(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        bind_room(house, "vn-hanoi", hanoi)
        bind_room(house, "domestic", home)
        open_case(mina)
        lawyer = hanoi.wait_for_case()
        lawyer.hears("금형")
        asked = f"본국 요청 {NEED}" if kind == "telegram" else f"relay {NEED}"
        lawyer.sends_command(asked)
        assert "회신 예정" in lawyer.hears("국내 창구에 #2 건으로 요청했습니다")
        assert "무렵까지" in mina.hears("본국 관계 부처에 문의했습니다")
        officer = home.wait_for_case()
        assert "베트남" in officer.hears(NEED)
        store = house.app.store
        assert (store.get_case(1).state, store.get_case(2).state) == ("waiting_authority", "routed")

        officer.says("재수입 면세는 수출신고필증이 있으면 됩니다.")
        lawyer.hears("재수입 면세는")
        mina.hears("본국 관계 부처의 회신이 왔습니다")
        wait_until_idle(telegram, house)
        assert store.get_case(1).state == "claimed"
        assert not [text for text in mina.received_texts() if "재수입 면세" in text]
        lawyer.presses("forward:2:0")
        assert "본국 관계 부처의 회신입니다" in mina.hears("재수입 면세는")
        seen = "\n".join(officer.received_texts())
        assert "금형을 한국으로" not in seen and "1001" not in seen

        mina.presses("share:2")
        mina.hears("처음 보내신 질문을 국내 창구에 전했습니다")
        assert "010-2345-6789" not in officer.hears("창업자가 동의하여")
        lawyer.sends_command("resolve")
        officer.hears("딸린 건이 끝나")
        wait_until_idle(telegram, house)
        assert store.get_case(2).state == "closed"
        assert read_acts(house, 2) == ["open", "route", "claim", "answer", "share", "withdraw"]
        assert read_acts(house, 1)[-4:] == ["relay", "resume", "answer", "resolve"]


@pytest.mark.parametrize("kind", ["telegram", "slack"])
def test_an_insight_goes_home_and_its_answer_to_all_concerned(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, slack: SlackServer, kind: str
) -> None:
    hanoi, home = build_rooms(telegram, slack, kind)
    slack.create_channel("C0SAIGON", private=True)
    saigon = SlackRoom(slack, "C0SAIGON", SLACK_ADMIN)
    with run_app(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        app = house.app
        bind_room(house, "vn-hanoi", hanoi)
        bind_room(house, "vn-hcmc", saigon)
        bind_room(house, "domestic", home)
        staff, desk = hanoi.staff_member(), home.staff_member()
        staff.sends_command(f"insight {INSIGHT}")
        staff.hears("현지 정보 #1")
        assert "https://gdt.gov.vn/1" in desk.hears("현지 정보 #1")
        desk.presses("insight:ask:1")
        desk.hears("현지 정보 #1의 관계 공관")
        desk.sends_command("tell 1 국세청이 베트남 세무당국에 문의했습니다.")
        desk.hears("2개 공관에 알렸습니다")
        for room in (hanoi, saigon):
            room.staff_member().hears("국세청이 베트남 세무당국에")
        (answer,) = app.store.insights.list_answers()
        assert answer.insight == 1 and {"vn-hanoi", "vn-hcmc"} <= set(answer.told)
        for mission in ("vn-hanoi", "vn-hcmc", "domestic"):
            agenda = collect_agenda(app, mission)
            assert [one.state for one in agenda.insights] == ["answered"]
            assert agenda.answers == (answer,)
        desk.presses("insight:draft:1")
        desk.hears("문서 초안입니다")
        draft = desk.files()[-1].decode()
        assert 'url: "https://gdt.gov.vn/1"' in draft and "국세청이" in draft
        assert app.store.insights.list_insights()[0].state == "drafted"


def test_of_a_sealed_case_only_the_desks_duty_officer_reads_the_request(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, slack: SlackServer
) -> None:
    hanoi, home = build_rooms(telegram, slack, "telegram")
    mina, officer = TelegramPerson(telegram, 1001), TelegramPerson(telegram, TELEGRAM_ADMIN)
    with run_app(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        bind_room(house, "vn-hanoi", hanoi)
        open_case(mina)
        lawyer = hanoi.wait_for_case()
        mina.presses("fix:seal:1")
        lawyer.hears("봉인")
        lawyer.sends_command(f"본국 요청 {NEED}")
        lawyer.hears("국내 창구에 봉인된 건을 볼 수 있는 담당자가 없습니다")
        bind_room(house, "domestic", home)
        officer.says("/start")
        officer.hears("나루")
        lawyer.sends_command(f"본국 요청 {NEED}")
        officer.hears(NEED)
        desk = home.wait_for_case()
        wait_until_idle(telegram, house)
        assert not [text for text in desk.received_texts() if NEED in text]
        desk.says("담당 검사실에 확인했습니다.")
        lawyer.hears("답이 왔습니다")
        wait_until_idle(telegram, house)
        assert not [text for text in lawyer.received_texts() if "검사실" in text]
