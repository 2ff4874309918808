"""What Telegram carries besides plain words, through the whole of Naru, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import TelegramPerson, TelegramRoom, bind_room
from tests.harness.running_app import TELEGRAM_ADMIN, AppFixtures, RunningApp, run_app
from tests.samples.stub_library import (
    CERTIFICATE_ANSWER,
    CERTIFICATE_QUESTION,
    FREIGHT_ANSWER,
    FREIGHT_QUESTION,
)

HANOI = -1001000000001
pytestmark = pytest.mark.usefixtures("hasty")


@pytest.fixture
def house(tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer) -> Iterator[RunningApp]:
    telegram.create_forum(HANOI)
    with run_app(tmp_path, furniture, telegram=telegram) as opened:
        bind_room(opened, "vn-hanoi", TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN))
        yield opened


@pytest.fixture
def mina(telegram: TelegramServer) -> TelegramPerson:
    return TelegramPerson(telegram, 1001)


def find_sent(person: TelegramPerson, text: str) -> int:
    """The id of a message of Naru's."""
    messages = person.server.bot_messages(person.chat, person.thread)
    return int(next(one["message_id"] for one in messages if text in str(one.get("text"))))


def test_edits_quotes_and_files_all_arrive_chatwoot_10760_9306_6333(
    house: RunningApp, mina: TelegramPerson, telegram: TelegramServer
) -> None:
    def founder_sends(**content: Any) -> int:
        return telegram.user_sends(1001, **content)

    # Before the case: a file, an album with the question, a contact while the place is asked for,
    # and a file that comes with the place.
    mina.uploads("계약서.pdf", b"contract", "application/pdf")
    mina.hears("파일은 담당자에게만 전합니다")
    for number, caption in enumerate(("세관이 이 서류를 왜 또 달라고 하나요?", None, None)):
        name = f"{number}.pdf"
        telegram.user_sends_file(1001, name, name.encode(), "application/pdf", caption, album="77")
    mina.hears("담당자를 찾아 주십시오")
    mina.sends_command("human")
    mina.hears("어느 나라, 어느 도시의 일입니까?")
    founder_sends(contact={"first_name": "민수", "phone_number": "+84912"})
    mina.hears("보내신 것은 담당자에게 함께 전하겠습니다")
    mina.uploads("송장.pdf", b"invoice", "application/pdf", "하노이")
    mina.hears("접수번호 #1")
    case = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN).wait_for_case()
    for content in (b"contract", b"0.pdf", b"1.pdf", b"2.pdf", b"invoice"):
        case.receives_file(content)
    assert "세관이 이 서류를" in case.hears("나루가 찾은 것")
    assert "[연락처] 민수 · +84912" in case.hears("이 전의 대화")

    # Within it: words with a hidden address, forwarded ones, a reply, and kinds without words.
    hidden = {"type": "text_link", "offset": 0, "length": 3, "url": "https://x.kr/apply"}
    said = telegram.find_message_id(founder_sends(text="공고문 보세요", entities=[hidden]))
    case.hears("창업자: 공고문 (https://x.kr/apply) 보세요")
    origin = {"type": "hidden_user", "sender_user_name": "바이어 김", "date": 1}
    founder_sends(text="환불은 없습니다.", forward_origin=origin)
    case.hears("전달한 글 (바이어 김)\n│ 환불은 없습니다.")
    asked = find_sent(case, "공고문 (https://x.kr/apply)")
    telegram.user_sends(HANOI, user_id=TELEGRAM_ADMIN, thread=case.thread, text="봤습니다",
                        reply_to=asked)  # fmt: skip
    mina.hears("> 보내신 글: 공고문 (https://x.kr/apply) 보세요\n봤습니다")
    founder_sends(text="감사합니다", reply_to=find_sent(mina, "봤습니다"))
    case.hears("> 담당자: 봤습니다\n창업자: 감사합니다")
    spot = {"latitude": 21.0, "longitude": 105.8}
    venue = {"location": spot, "title": "롯데센터", "address": "54 Liễu Giai"}
    telegram.user_sends(HANOI, user_id=TELEGRAM_ADMIN, thread=case.thread, location=spot,
                        venue=venue)  # fmt: skip
    mina.hears("[장소] 롯데센터 · 54 Liễu Giai")
    founder_sends(location=spot)
    case.hears("창업자: [위치] 21.0, 105.8")
    telegram.user_sends(HANOI, user_id=TELEGRAM_ADMIN, thread=case.thread, invoice={"title": "x"})
    case.hears("창업자에게 옮길 수 없어 전하지 못했습니다")

    # An edit that changes no word is none; the next one is.
    telegram.user_edits(1001, said, "공고문 보세요")  # the fake keeps the message's entities
    telegram.user_edits(1001, said, "공고문 2쪽 보세요")
    case.hears("창업자(고친 글): 공고문 (https://x.kr/apply) 2쪽 보세요")
    assert sum("고친 글" in text for text in case.received_texts()) == 1


def test_a_thread_that_was_deleted_is_made_again_with_all_that_was_said(
    house: RunningApp, mina: TelegramPerson, telegram: TelegramServer
) -> None:
    mina.uploads("계약서.pdf", b"contract", "application/pdf")
    mina.hears("파일은 담당자에게만 전합니다")
    mina.says(FREIGHT_QUESTION)
    mina.hears(FREIGHT_ANSWER)
    mina.says(CERTIFICATE_QUESTION)
    mina.hears(CERTIFICATE_ANSWER)
    mina.sends_command("where 하노이")
    mina.hears("기억하겠습니다")
    mina.sends_command("human")
    mina.hears("접수번호 #1")
    room = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    first = room.wait_for_case()
    first.receives_file(b"contract")
    assert first.thread is not None
    telegram.delete_topic(HANOI, first.thread)
    mina.says("아직도 소식이 없습니다")
    telegram.wait_for(lambda server: set(server.topics(HANOI)) - {first.thread})
    (thread,) = set(telegram.topics(HANOI)) - {first.thread}
    again = TelegramPerson(telegram, HANOI, TELEGRAM_ADMIN, thread)
    assert CERTIFICATE_QUESTION in again.hears("나루가 찾은 것")
    before = again.hears("이 전의 대화")
    assert FREIGHT_QUESTION in before and FREIGHT_ANSWER in before
    again.receives_file(b"contract")
    again.hears("창업자: 아직도 소식이 없습니다")
    assert {"claim:1", "resolve:1", "reassign:1"} <= set(again.button_keys())
