"""What founders send that is not a plain question, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import SlackPerson, TelegramPerson, TelegramRoom, bind_room
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    AppFixtures,
    RunningApp,
    run_app,
    wait_until_idle,
)
from tests.samples.stub_library import (
    CERTIFICATE_ANSWER,
    CERTIFICATE_QUESTION,
    FREIGHT_ANSWER,
    FREIGHT_QUESTION,
)

HANOI, DESK = -1001000000001, -1001000000009


@pytest.fixture
def house(tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer) -> Iterator[RunningApp]:
    """Naru on Telegram, with rooms for Hanoi and the desk."""
    with run_app(tmp_path, furniture, telegram=telegram) as opened:
        for chat, mission in ((HANOI, "vn-hanoi"), (DESK, "domestic")):
            telegram.create_forum(chat)
            bind_room(opened, mission, TelegramRoom(telegram, chat, TELEGRAM_ADMIN))
        yield opened


@pytest.fixture
def hanoi(telegram: TelegramServer) -> TelegramRoom:
    return TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)


@pytest.fixture
def desk(telegram: TelegramServer) -> TelegramRoom:
    return TelegramRoom(telegram, DESK, TELEGRAM_ADMIN)


@pytest.fixture
def mina(telegram: TelegramServer) -> TelegramPerson:
    return TelegramPerson(telegram, 1001)


@pytest.fixture
def at_hanoi(
    house: RunningApp, mina: TelegramPerson, hanoi: TelegramRoom
) -> Callable[[], TelegramPerson]:  # fmt: skip
    """Opens a case of Mina's at Hanoi; its topic."""

    def opened() -> TelegramPerson:
        mina.sends_command("where 하노이")
        mina.hears("기억하겠습니다")
        mina.sends_command("human")
        mina.hears("접수번호 #1")
        return hanoi.wait_for_case()

    return opened


def test_quick_messages_are_one_question(house: RunningApp, mina: TelegramPerson) -> None:
    first, rest = FREIGHT_QUESTION.split(" ", 1)
    mina.says(first)
    mina.says(rest)
    mina.hears(FREIGHT_ANSWER)
    assert sum("자료실" in text for text in mina.received_texts()) == 1


@pytest.mark.usefixtures("hasty")
def test_a_very_long_message_can_go_to_people_whole(
    house: RunningApp, mina: TelegramPerson, hanoi: TelegramRoom, telegram: TelegramServer
) -> None:
    mina.sends_command("where 하노이")
    mina.hears("기억하겠습니다")
    text = " ".join(f"사정{number:05}" for number in range(2_500))
    telegram.send_raw_update(
        {"message": _telegram_message(text)}
    )  # Telegram's own apps cut at 4,096
    mina.hears(f"글이 너무 깁니다({len(text)}자)")
    mina.presses("human")
    case = hanoi.wait_for_case()
    case.hears("사정02499")
    case.hears("나루가 찾은 것")
    said = "".join(case.received_texts())
    assert all(f"사정{number:05}" in said for number in range(2_500))
    case.presses("claim:1")
    case.hears("Kim(담당자) 담당")  # the card took its new state, long as it is


@pytest.mark.usefixtures("hasty")
def test_what_cannot_be_read_is_said_to_be_so(
    house: RunningApp, mina: TelegramPerson, at_hanoi: Callable[[], TelegramPerson]
) -> None:
    telegram = mina.server
    telegram.user_sends_file(1001, "s", b"x", "image/webp", kind="sticker")
    mina.hears("이 형식은 읽지 못합니다")
    case = at_hanoi()
    telegram.user_sends(1001, paid_media={"star_count": 5, "paid_media": []})
    mina.hears("담당자에게 옮길 수 없어 전하지 못했습니다")
    telegram.user_sends_file(1001, "s", b"x", "image/webp", kind="sticker")
    case.hears("창업자: [스티커] 👍")
    telegram.user_sends_file(1001, "film.mp4", b"x", "video/mp4", kind="video", size=21 << 20)
    mina.hears("20MB를 넘어")


@pytest.mark.usefixtures("hasty")
def test_a_place_that_is_never_named_does_not_keep_the_case(
    house: RunningApp, mina: TelegramPerson, desk: TelegramRoom
) -> None:
    mina.sends_command("human 바이어가 사라졌습니다")
    mina.hears("10분 뒤 국내 협의체 창구로")
    house.clock.shift += timedelta(minutes=10)
    mina.hears("접수번호 #1")
    assert "바이어가 사라졌습니다" in desk.wait_for_case().received_texts()[0]


@pytest.mark.usefixtures("hasty")
def test_in_an_open_case_the_bot_says_what_it_surely_knows_until_a_person_takes_it(
    house: RunningApp, mina: TelegramPerson, at_hanoi: Callable[[], TelegramPerson]
) -> None:
    case = at_hanoi()
    mina.says(FREIGHT_QUESTION)
    mina.hears(FREIGHT_ANSWER)
    case.hears("나루가 답했습니다")
    # Now the answer is decided, and held up by Telegram while a person takes the case.
    mina.server.fail_next(
        "sendMessage", retry_after=60, where=lambda p: p["chat_id"] in (1001, "1001")
    )
    mina.says(CERTIFICATE_QUESTION)
    case.hears(f"창업자: {CERTIFICATE_QUESTION}")
    case.presses("claim:1")
    case.hears("님이 맡았습니다")
    house.clock.shift += timedelta(minutes=1)
    mina.hears("맡았습니다")
    wait_until_idle(mina.server, house)
    assert not any(CERTIFICATE_ANSWER in text for text in mina.received_texts())
    assert not any(CERTIFICATE_ANSWER in text for text in case.received_texts())  # nor staff
    assert "보내지 않았습니다" in house.app.store.list_lines(1)[-1].text  # and the record says so
    assert house.app.store.outbox.count_messages("later") == 0


@pytest.mark.usefixtures("hasty")
def test_a_founder_may_end_the_case(
    house: RunningApp, mina: TelegramPerson, at_hanoi: Callable[[], TelegramPerson]
) -> None:
    case = at_hanoi()
    mina.sends_command("close")
    mina.hears("#1 건을 끝냈습니다")
    case.hears("창업자가 이 건을 끝냈습니다")
    mina.server.wait_for(lambda t: t.closed_topics(HANOI) == {case.thread})
    mina.says(FREIGHT_QUESTION)
    mina.hears(FREIGHT_ANSWER)
    mina.sends_command("cases")
    assert "본인이 끝냄" in mina.hears("#1 · ")


@pytest.mark.usefixtures("hasty")
def test_order_holds_while_the_platform_fails_and_asks_to_wait(
    house: RunningApp, mina: TelegramPerson, at_hanoi: Callable[[], TelegramPerson]
) -> None:
    case = at_hanoi()
    case.presses("claim:1")
    mina.hears("맡았습니다")
    telegram = mina.server
    for number in range(12):
        if number in (2, 7):
            telegram.fail_next("sendMessage", status=502)
        if number == 5:
            telegram.fail_next("sendMessage", retry_after=1)
        mina.says(f"말 {number}")
        case.says(f"답 {number}")
    case.hears("말 11")
    mina.hears("답 11")
    # What piled up while the group had to wait came as one message, with every word.
    said = re.findall(r"창업자: 말 \d+", "\n".join(case.received_texts()))
    answered = [text for text in mina.received_texts() if "답 " in text]
    assert said == [f"창업자: 말 {number}" for number in range(12)]
    assert [text.rpartition("\n")[2] for text in answered] == [f"답 {n}" for n in range(12)]


@pytest.mark.usefixtures("hasty")
def test_on_slack_a_deletion_and_a_reply_in_a_thread_reach_staff(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, slack: SlackServer
) -> None:
    telegram.create_forum(HANOI)
    room = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    with run_app(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        bind_room(house, "vn-hanoi", room)
        mina = SlackPerson(slack, slack.open_dm())
        mina.says("담당자")
        mina.hears("어느 나라")
        mina.says("하노이")
        mina.hears("접수번호 #1")
        case = room.wait_for_case()
        case.says("무엇을 도와 드릴까요?")
        mina.hears("무엇을 도와 드릴까요?")
        asked = slack.app_messages(mina.channel)[-1]["ts"]
        SlackPerson(slack, mina.channel, thread=asked).says("스레드에서 하는 답")
        case.hears("창업자: 스레드에서 하는 답")
        slack.user_deletes(mina.channel, mina.says("지울 말"))
        case.hears("앞서 보낸 글 하나를 지웠습니다")
        assert len(house.app.store.list_cases()) == 1


def _telegram_message(text: str) -> dict[str, object]:
    """A message as the Bot API would tell it."""
    person = {"id": 1001, "is_bot": False, "first_name": "Mina", "language_code": "ko"}
    chat = {"id": 1001, "type": "private", "first_name": "Mina"}
    return {"message_id": 700, "from": person, "chat": chat, "date": 1, "text": text}
