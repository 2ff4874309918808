"""Rooms and persons of Telegram that refuse: what is owed waits, and who is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.telegram.inbound import build_event
from bot.context import Decision
from bot.messages import Address, Button, Content, File, Outgoing
from bot.types import CaseMessage, Urgency
from tests.fakes.telegram.server import TelegramServer
from tests.harness.channel_harness import (
    ChannelHarness,
    make_outgoing,
    open_channel_harness,
    open_telegram_channel,
)

MINA = Address("telegram", "1001")
FORUM, DESK = -1001000000001, -1001000000009
BLOCKED = "창업자에게 글이 가지 않습니다"


@pytest.fixture
def office(tmp_path: Path, telegram: TelegramServer) -> Iterator[ChannelHarness]:
    telegram.open_private_chat(1001)
    for forum in (FORUM, DESK):
        telegram.create_forum(forum)
    with open_channel_harness(tmp_path) as opened:
        opened.bind_desk("telegram", str(DESK))
        yield opened


def send_due(server: TelegramServer, office: ChannelHarness) -> int:
    async def run() -> int:
        async with open_telegram_channel(server) as channel:
            return await office.send_due(channel)

    return asyncio.run(run())


def receive(server: TelegramServer, office: ChannelHarness, update: int) -> None:
    """Commit an update of the server's, as the receiver does."""
    event = build_event(server.world.updates.all_updates[update])
    office.store.inbox.receive([event], office.clock())


def open_case_with_card(server: TelegramServer, office: ChannelHarness) -> Address:
    to = office.open_case("telegram", str(FORUM))
    office.enqueue(Outgoing(to, Content("card"), "card", 1), make_outgoing("one", to, case=1))
    send_due(server, office)
    return to


def test_without_the_right_to_make_topics_a_case_waits_and_others_go_on(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    old = open_case_with_card(telegram, office)
    telegram.add_bot(FORUM, can_manage_topics=False)
    new = office.open_case("telegram", str(FORUM))
    office.enqueue(Outgoing(new, Content("card 2"), "card", 2), make_outgoing("two", new, case=2))
    office.enqueue(make_outgoing("into the old topic", old, case=1))
    send_due(telegram, office)
    assert telegram.bot_texts(FORUM)[-1] == "into the old topic"
    assert office.store.outbox.count_messages("waiting") == 2
    (told,) = telegram.bot_texts(DESK)
    assert "not enough rights to create a topic" in told.lower()
    receive(telegram, office, telegram.add_bot(FORUM))
    send_due(telegram, office)
    topic = max(telegram.topics(FORUM))
    assert telegram.bot_texts(FORUM, topic) == ["card 2", "two"]


@pytest.mark.parametrize("trouble", ["kicked", "topics off", "topic closed"])
def test_a_room_that_refuses_gets_its_words_in_order_when_it_is_open_again(
    telegram: TelegramServer, office: ChannelHarness, trouble: str
) -> None:
    to = open_case_with_card(telegram, office)
    (topic,) = telegram.topics(FORUM)
    if trouble == "kicked":
        telegram.kick_bot(FORUM)
    elif trouble == "topics off":
        telegram.switch_topics(FORUM, on=False)
    else:
        telegram.add_bot(FORUM, can_manage_topics=False)
        telegram.close_topic(FORUM, topic)
    office.enqueue(make_outgoing("two", to, case=1), make_outgoing("three", to, case=1))
    send_due(telegram, office)
    assert office.store.outbox.count_messages("dead") == 0
    assert len(telegram.bot_texts(DESK)) == 1
    if trouble == "kicked":
        receive(telegram, office, telegram.add_bot(FORUM))
    elif trouble == "topics off":
        telegram.switch_topics(FORUM, on=True)
        office.advance_clock(61)
    else:
        receive(telegram, office, telegram.reopen_topic(FORUM, topic))
    send_due(telegram, office)
    newest = max(telegram.topics(FORUM))
    assert telegram.bot_texts(FORUM, newest)[-2:] == ["two", "three"]
    assert office.store.outbox.count_messages("waiting") == 0


@pytest.mark.parametrize("sign", ["unblocks", "writes", "starts"])
def test_a_founder_who_blocked_the_bot_gets_the_answer_when_they_return(
    telegram: TelegramServer, office: ChannelHarness, sign: str
) -> None:
    open_case_with_card(telegram, office)
    telegram.user_blocks(1001)
    office.enqueue(make_outgoing("the answer", MINA, case=1))
    office.enqueue(make_outgoing("and more", MINA, case=1))
    send_due(telegram, office)
    assert [BLOCKED in text for text in telegram.bot_texts(FORUM)] == [False, False, True]
    assert telegram.bot_texts(DESK) == []  # it is the thread's matter, not the desk's
    update = telegram.user_unblocks(1001)
    if sign != "unblocks":
        update = telegram.user_says(1001, "/start" if sign == "starts" else "네?")
    receive(telegram, office, update)
    send_due(telegram, office)
    assert telegram.bot_texts(1001) == ["the answer", "and more"]
    assert "창업자에게 전하고 있습니다" in telegram.bot_texts(FORUM)[-1]


def test_a_deleted_topic_is_made_again_whole_and_without_saying_anything_twice(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    to = open_case_with_card(telegram, office)
    telegram.user_sends_file(1002, "a.pdf", b"paper")
    (stored,) = telegram.world.files.values()
    paper = File("telegram", stored.id, "a.pdf", "application/pdf", 5)
    said = [
        ("founder", "질문", ()),
        ("founder", "송장입니다", (paper,)),
        ("staff", "보았습니다", ()),
    ]
    for author, text, files in said:
        office.add_line(1, CaseMessage(author, text, office.clock(), files=files))  # type: ignore[arg-type]
    (old,) = telegram.topics(FORUM)
    telegram.delete_topic(FORUM, old)
    for text in ("급합니다", "답을 기다립니다"):
        office.add_line(1, CaseMessage("founder", text, office.clock()))
        office.enqueue(make_outgoing(f"창업자: {text}", to, case=1))
    send_due(telegram, office)
    (new,) = telegram.topics(FORUM)
    texts = telegram.bot_texts(FORUM, new)
    assert "주베트남대한민국대사관" in texts[0] and "질문" in texts[0]
    assert texts[-2:] == ["창업자: 급합니다", "창업자: 답을 기다립니다"]
    assert "송장입니다" in texts[1] and "보았습니다" in texts[1] and "급합니다" not in texts[1]
    assert "".join(texts).count("급합니다") == 1
    card, _, document = telegram.bot_messages(FORUM, new)[:3]
    assert card["reply_markup"]["inline_keyboard"] and card["message_id"] in telegram.pinned(FORUM)
    assert document["document"]["file_name"] == "a.pdf"
    send_due(telegram, office)
    assert telegram.bot_texts(FORUM, new) == texts


def test_429_in_one_group_holds_that_group_and_no_other_chat(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    first = open_case_with_card(telegram, office)
    second = office.open_case("telegram", str(FORUM))
    telegram.fail_next("sendMessage", status=429, retry_after=30)
    office.enqueue(make_outgoing("limited", first))
    send_due(telegram, office)
    calls = len(telegram.calls_of("sendMessage"))
    office.enqueue(Outgoing(second, Content("card 2"), "card", 2), make_outgoing("other", MINA))
    office.advance_clock(28)
    send_due(telegram, office)
    assert telegram.bot_texts(1001) == ["other"]
    assert len(telegram.calls_of("sendMessage")) == calls + 1
    office.advance_clock(3)
    send_due(telegram, office)
    assert {"limited", "card 2"} <= set(telegram.bot_texts(FORUM))


def test_when_many_chats_are_limited_the_bot_itself_waits(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    for chat in (1002, 1003, 1004):
        telegram.open_private_chat(chat)
    telegram.fail_next("sendMessage", 3, status=429, retry_after=20)
    office.enqueue(
        *[make_outgoing("x", Address("telegram", f"{chat}")) for chat in (1001, 1002, 1003)]
    )
    send_due(telegram, office)
    office.enqueue(make_outgoing("fourth", Address("telegram", "1004")))
    assert send_due(telegram, office) == 0
    office.advance_clock(21)
    send_due(telegram, office)
    assert telegram.bot_texts(1004) == ["fourth"] and telegram.bot_texts(1001) == ["x"]


@pytest.mark.parametrize("urgency", ["normal", "critical"])
def test_a_founder_is_told_the_truth_of_words_that_wait(
    telegram: TelegramServer, office: ChannelHarness, urgency: Urgency
) -> None:
    telegram.kick_bot(FORUM)
    to = office.open_case("telegram", str(FORUM), urgency=urgency)
    receipt = make_outgoing("#1 담당자에게 전했습니다.", MINA, case=1, is_receipt=True)
    office.enqueue(Outgoing(to, Content("card"), "card", 1))
    office.enqueue(make_outgoing("one", to, case=1), receipt)
    send_due(telegram, office)
    (told,) = telegram.bot_texts(1001)
    assert "아직 보지 못했습니다" in told and "국내 협의체 창구에 이 사실을 알립니다" in told
    assert ("긴급전화" in told) == (urgency == "critical")
    office.enqueue(make_outgoing("two", to, case=1), receipt)  # each message is answered
    send_due(telegram, office)
    assert len(telegram.bot_texts(1001)) == 2
    receive(telegram, office, telegram.add_bot(FORUM))
    send_due(telegram, office)
    assert telegram.bot_texts(1001)[2:] == ["#1 담당자에게 전했습니다."]  # once, and only now
    assert telegram.bot_texts(FORUM)[-3:] == ["card", "one", "two"]


def test_a_receipt_of_words_that_are_given_up_is_never_sent(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    to = open_case_with_card(telegram, office)
    telegram.fail_next("sendMessage", status=400, message="Bad Request: message is too long")
    receipt = make_outgoing("전했습니다", MINA, case=1, is_receipt=True)
    office.enqueue(make_outgoing("too long", to, case=1), receipt)
    send_due(telegram, office)
    (told,) = telegram.bot_texts(1001)
    assert "전하지 못했습니다" in told and "#1" in telegram.bot_texts(DESK)[0]


def test_a_button_under_a_card_of_a_refusing_room_is_kept(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    telegram.kick_bot(FORUM)
    to = office.open_case("telegram", str(FORUM))
    button = ((Button("claim:1", "맡기"),),)
    office.enqueue(Outgoing(to, Content("card", buttons=button), "card", 1))
    send_due(telegram, office)
    receive(telegram, office, telegram.add_bot(FORUM))
    send_due(telegram, office)
    (card,) = telegram.bot_messages(FORUM)
    assert card["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "claim:1"


def test_what_a_founder_forgot_does_not_wait_for_a_room(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    telegram.kick_bot(FORUM)
    to = office.open_case("telegram", str(FORUM))
    office.enqueue(Outgoing(to, Content("secret"), "card", 1))
    send_due(telegram, office)
    ended = replace(office.store.get_case(1), state="closed", ended_at=office.clock())
    office.store.commit_without_message("forget", Decision(case=ended), office.clock())
    office.store.commit_without_message(
        "forget", Decision(erase_account="telegram:1001"), office.clock()
    )
    receive(telegram, office, telegram.add_bot(FORUM))
    send_due(telegram, office)
    assert telegram.bot_texts(FORUM) == []
