"""A founder on KakaoTalk, and staff on Telegram."""

from __future__ import annotations

import pytest

from adapters.kakao.inbound import READ_KEY
from tests.fakes.kakao.server import KakaoServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import TelegramPerson, TelegramRoom, bind_room
from tests.harness.running_app import TELEGRAM_ADMIN, wait_until
from tests.samples.stub_library import UNANSWERABLE_QUESTION
from tests.scenarios.kakao.conftest import RunKakao

MINA = "user-mina"
HANOI = -1001000000001
REPLY = "대사관에서 확인했습니다. 내일 오전에 전화 드리겠습니다."


@pytest.fixture
def room(telegram: TelegramServer) -> TelegramRoom:
    telegram.create_forum(HANOI)
    return TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)


def hand_over(kakao: KakaoServer, room: TelegramRoom) -> TelegramPerson:
    """Question → no answer → a person → where? → a receipt, and a card in the room."""
    kakao.user_says(MINA, UNANSWERABLE_QUESTION)
    kakao.wait_for(lambda one: any(b["extra"]["naru"] == "human" for b in one.quick_replies(MINA)))
    kakao.user_presses(MINA, "human")
    kakao.sees(MINA, "어느 나라, 어느 도시의 일입니까?")
    kakao.user_says(MINA, "베트남 하노이")
    kakao.sees(MINA, "접수번호 #1")
    return room.wait_for_case()


@pytest.mark.parametrize("has_callback", [True, False])
def test_a_reply_of_staff_comes_with_the_next_words_once(
    kakao: KakaoServer, telegram: TelegramServer, room: TelegramRoom, run_kakao: RunKakao,
    has_callback: bool,
) -> None:  # fmt: skip
    kakao.has_callback = has_callback
    with run_kakao(telegram=telegram) as house:
        bind_room(house, "vn-hanoi", room)
        case = hand_over(kakao, room)
        told = kakao.sees(MINA, "카카오톡에서는 나루가 먼저 글을 보낼 수 없어")
        assert "https://t.me/" in told and "#1" in told
        assert kakao.count_shown(MINA, "카카오톡에서는 나루가 먼저") == 1
        case.says(REPLY)
        case.hears("창업자가 다음에 말을 걸 때 전합니다")
        wait_until(lambda: house.app.store.outbox.count_messages("waiting") > 0)
        assert not kakao.count_shown(MINA, REPLY)
        assert house.fetch_health()["problems"] == []
    with run_kakao(telegram=telegram):  # a restart loses nothing
        kakao.user_says(MINA, "혹시 소식 있나요?")
        shown = kakao.sees(MINA, REPLY)
        assert shown.startswith("그동안 도착한 글입니다.")
        case.hears("혹시 소식 있나요?")  # and the words reached the staff
        kakao.user_says(MINA, "답 보기")
        kakao.sees(MINA, "아직 새로 도착한 글이 없습니다.")
        assert kakao.count_shown(MINA, REPLY) == 1
    with run_kakao(telegram=telegram):
        kakao.user_says(MINA, "답 보기")
        kakao.sees(MINA, "아직 새로 도착한 글이 없습니다.", times=2)
        assert kakao.count_shown(MINA, REPLY) == 1


def test_staff_are_told_that_files_do_not_go(
    kakao: KakaoServer, telegram: TelegramServer, room: TelegramRoom, run_kakao: RunKakao
) -> None:
    with run_kakao(telegram=telegram) as house:
        bind_room(house, "vn-hanoi", room)
        case = hand_over(kakao, room)
        case.uploads("form.pdf", b"%PDF-1.7", "application/pdf")
        case.hears("내려받을 주소를 적어 주십시오")


def test_many_replies_come_in_parts(
    kakao: KakaoServer, telegram: TelegramServer, room: TelegramRoom, run_kakao: RunKakao
) -> None:
    with run_kakao(telegram=telegram) as house:
        bind_room(house, "vn-hanoi", room)
        case = hand_over(kakao, room)
        parts = [f"{number}번째 안내입니다. " + "가" * 700 for number in range(1, 6)]
        for part in parts:
            case.says(part)
        wait_until(lambda: house.app.store.outbox.count_messages("waiting") == len(parts))
        kakao.user_says(MINA, "답 보기")
        kakao.sees(MINA, "보실 글이 더 있습니다.")
        assert [kakao.count_shown(MINA, part[:10]) for part in parts] == [1, 1, 1, 0, 0]
        kakao.user_presses(MINA, READ_KEY)
        kakao.sees(MINA, parts[4])
        assert [kakao.count_shown(MINA, part[:10]) for part in parts] == [1] * 5


def test_a_founder_who_erases_themselves_is_told_so(
    kakao: KakaoServer, telegram: TelegramServer, room: TelegramRoom, run_kakao: RunKakao
) -> None:
    with run_kakao(telegram=telegram) as house:
        bind_room(house, "vn-hanoi", room)
        hand_over(kakao, room)
        kakao.user_says(MINA, "종료")
        kakao.sees(MINA, "#1 건을 끝냈습니다.")
        outbox = house.app.store.outbox
        kakao.user_says(MINA, "기록 삭제")
        kakao.wait_for(
            lambda one: any(b["extra"]["naru"] == "forget" for b in one.quick_replies(MINA))
        )
        kakao.user_presses(MINA, "forget")
        kakao.sees(MINA, "지웠습니다")
        wait_until(lambda: outbox.find_oldest_open() is None)
        assert outbox.count_messages("waiting") == 0
        with house.app.engine.connect() as connection:
            rows = connection.exec_driver_sql("select count(*) from outbox where chat = ?", (MINA,))
            assert rows.scalar() == 0
