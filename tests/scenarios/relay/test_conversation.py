"""A case from question to resolve, the founder on one messenger and staff on the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
    Person,
    Room,
    SlackPerson,
    SlackRoom,
    TelegramPerson,
    TelegramRoom,
)
from tests.harness.running_app import SLACK_ADMIN, TELEGRAM_ADMIN, AppFixtures, run_app
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION, UNANSWERABLE_QUESTION

HANOI, HCMC = -1001000000001, -1001000000002
PHOTO, PAPER = b"\x89PNG not much of a picture", b"%PDF-1.7 a reply on paper"
MESSENGERS = [("telegram", "slack"), ("slack", "telegram")]  # each plays both sides


@dataclass
class RelayScenario:
    founder: Person
    hanoi: Room
    hcmc: Room


@contextmanager
def run_relay_scenario(
    folder: Path, furniture: AppFixtures, kinds: tuple[str, str]
) -> Iterator[RelayScenario]:
    """A Naru on the messengers that are needed, with a founder and two missions' rooms."""
    with TelegramServer() as telegram, SlackServer() as slack:
        used = {"telegram": telegram, "slack": slack}
        rooms: tuple[Room, Room]
        if kinds[1] == "telegram":
            for chat in (HANOI, HCMC):
                telegram.create_forum(chat)
            rooms = (
                TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN),
                TelegramRoom(telegram, HCMC, TELEGRAM_ADMIN),
            )
        else:
            for channel in ("C0HANOI", "C0HCMC"):
                slack.create_channel(channel, private=True)
            rooms = (
                SlackRoom(slack, "C0HANOI", SLACK_ADMIN), SlackRoom(slack, "C0HCMC", SLACK_ADMIN),
            )  # fmt: skip
        founder: Person = TelegramPerson(telegram, 1001)
        if kinds[0] == "slack":
            founder = SlackPerson(slack, slack.open_dm())
        servers = {kind: used[kind] for kind in kinds}
        with run_app(folder, furniture, **servers):  # type: ignore[arg-type]
            yield RelayScenario(founder, rooms[0], rooms[1])


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("kinds", MESSENGERS, ids="-".join)
def test_a_case_is_talked_through(
    tmp_path: Path, furniture: AppFixtures, kinds: tuple[str, str]
) -> None:
    with run_relay_scenario(tmp_path, furniture, kinds) as play:
        bind_rooms(play)
        case = hand_over(play)
        take_and_talk(play.founder, case)
        exchange_files(play.founder, case)
        moved = reassign(play, case)
        resolve_and_reopen(play.founder, moved)
        ask_afresh(play.founder, moved)


def bind_rooms(play: RelayScenario) -> None:
    for room, mission in ((play.hanoi, "vn-hanoi"), (play.hcmc, "vn-hcmc")):
        room.staff_member().sends_command(f"bind {mission}")
        room.staff_member().hears("연결했습니다")


def hand_over(play: RelayScenario) -> Person:
    """Question → no answer → a person → where? → a receipt, and a card in the room."""
    founder = play.founder
    founder.says(UNANSWERABLE_QUESTION)
    founder.presses("human")
    founder.hears("어느 나라, 어느 도시의 일입니까?")
    if isinstance(founder, TelegramPerson):
        keys = founder.server.bot_messages(founder.chat)[-1]["reply_markup"]["keyboard"]
        assert keys[0][0]["request_location"]
        founder.server.user_sends_location(founder.chat, 21.03, 105.85)
    else:
        founder.says("베트남 하노이")
    receipt = founder.hears("접수번호 #1")
    assert "주베트남대사관" in receipt or "하노이" in receipt
    assert re.search(r"답변 예상:\*? .*\d", receipt)
    case = play.hanoi.wait_for_case()
    card = case.received_texts()[0]
    assert UNANSWERABLE_QUESTION in card and "한국어" in card and "미배정" in card
    assert {"claim:1", "resolve:1", "reassign:1"} <= set(case.button_keys())
    return case


def take_and_talk(founder: Person, case: Person) -> None:
    """Claim, a reply with its role, further messages and an edit; a note stays here."""
    case.presses("claim:1")
    founder.hears("맡았습니다")
    case.sends_command("seat lawyer")
    case.hears("변호사로 표시합니다")
    case.says("신청서를 보내 주십시오.\n두 장입니다.")
    reply = founder.hears("│ 신청서를 보내 주십시오.\n│ 두 장입니다.")
    assert "변호사" in reply and "#1" in reply
    before = len(founder.received_texts())
    first = founder.says(FREIGHT_QUESTION)  # the bot could answer this, and does not
    founder.says("두 번째 말입니다.")
    case.hears("창업자: 두 번째 말입니다.")
    founder.edits(first, "고쳐 쓴 말입니다.")
    case.hears("창업자(고친 글): 고쳐 쓴 말입니다.")
    case.says("// 안에서만 볼 메모")
    case.hears("메모로 남겼습니다")
    lines = [text for text in case.received_texts() if text.startswith("창업자: ")]
    assert lines == [f"창업자: {FREIGHT_QUESTION}", "창업자: 두 번째 말입니다."]
    assert len(founder.received_texts()) == before
    assert not any("메모" in text or FREIGHT_ANSWER in text for text in founder.received_texts())


def exchange_files(founder: Person, case: Person) -> None:
    founder.uploads("box.png", PHOTO, "image/png", "포장 사진입니다")
    case.receives_file(PHOTO)
    case.hears("포장 사진입니다")
    case.uploads("answer.pdf", PAPER, "application/pdf")
    founder.receives_file(PAPER)
    assert "변호사" in founder.received_texts()[-1]


def reassign(play: RelayScenario, case: Person) -> Person:
    """To Ho Chi Minh City: a new thread with the record; the old one says so."""
    if isinstance(case, SlackPerson):
        case.presses("reassign:1")
        case.server.wait_for(lambda s: s.views("reassign"))
        case.server.user_submits_view("reassign", {"where": {"to": "vn-hcmc"}}, user=case.user)
    else:
        case.sends_command("reassign 호치민")
    play.founder.hears("옮겼습니다")
    case.hears("주호치민대한민국총영사관으로 옮겼습니다.")
    moved = play.hcmc.wait_for_case()
    record = moved.hears("이 전의 대화")
    assert "신청서를 보내 주십시오." in record and "메모(변호사): 안에서만 볼 메모" in record
    assert "포장 사진입니다 [" in record and "[answer.pdf]" in record
    for content in (PHOTO, PAPER):
        moved.receives_file(content)
    case.says("옛 방에서 한 말")
    case.hears("여기에 쓰신 글은 전하지 않았습니다")
    assert not any("옛 방에서" in text for text in play.founder.received_texts())
    return moved


def resolve_and_reopen(founder: Person, case: Person) -> None:
    case.says("호치민에서 이어받았습니다.")  # the first word takes the case
    founder.hears("호치민에서 이어받았습니다.")
    case.presses("resolve:1")
    founder.hears("종결했습니다")
    founder.presses("reopen:1")
    founder.hears("다시 열었습니다")
    case.hears("아직 해결되지 않았다고")
    founder.says("하나 더 있습니다.")
    case.hears("창업자: 하나 더 있습니다.")
    case.presses("resolve:1")
    founder.hears("종결했습니다", 2)
    case.hears("종결했습니다. 창업자에게", 2)
    case.hears("· 종결\n")  # on the card


def ask_afresh(founder: Person, case: Person) -> None:
    """What comes after is a question like any other."""
    lines = len(case.received_texts())
    founder.says(FREIGHT_QUESTION)
    founder.hears(FREIGHT_ANSWER)
    assert {"ok", "human"} <= {key.partition(":")[0] for key in founder.button_keys()}
    assert len(case.received_texts()) == lines
