"""Messages going out to Telegram, and everything that can become of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.telegram.channel import Telegram
from bot.errors import Refused, TryAgain
from bot.types import Address, Body, Button, File, Outgoing
from tests.fakes.loopback_server import Json
from tests.fakes.telegram.server import TelegramServer
from tests.harness.channel_harness import PostOffice, post_office, telegram_channel, words

MINA = Address("telegram", "1001")
FORUM = -1001000000001
Script = Callable[[Telegram], Awaitable[None]]


@pytest.fixture
def office(tmp_path: Path, telegram: TelegramServer) -> Iterator[PostOffice]:
    telegram.private(1001)
    telegram.forum(FORUM)
    with post_office(tmp_path) as opened:
        yield opened


def play(server: TelegramServer, script: Script) -> None:
    async def run() -> None:
        async with telegram_channel(server) as channel:
            await script(channel)

    asyncio.run(run())


def send_all(server: TelegramServer, office: PostOffice) -> None:
    play(server, lambda channel: office.send_all(channel))


def texts(server: TelegramServer) -> list[Json]:
    return server.messages(1001)


def test_words_go_out_as_they_are_with_their_sources_folded_below(
    telegram: TelegramServer, office: PostOffice
) -> None:
    button = Button("ok", "해결됐습니다")
    text, details = "a < b & <b>c</b> <!channel>", "[1] 공고 <i>·</i> https://mss.go.kr"
    office.owe(Outgoing(MINA, Body(text, details, ((button,),), protect=True)))
    send_all(telegram, office)
    (sent,) = texts(telegram)
    assert sent["text"] == f"{text}\n{details}"
    assert {one["type"] for one in sent["entities"]} >= {"expandable_blockquote"}
    assert not {one["type"] for one in sent["entities"]} & {"bold", "italic"}
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "ok"
    assert sent["has_protected_content"] and sent["link_preview_options"]["is_disabled"]


def test_an_offer_to_share_a_location_is_a_keyboard(
    telegram: TelegramServer, office: PostOffice
) -> None:
    skip = Button("noplace", "특정한 곳이 없습니다")
    office.owe(Outgoing(MINA, Body("어디입니까?", buttons=((skip,),), ask_location="위치 보내기")))
    send_all(telegram, office)
    keys = texts(telegram)[0]["reply_markup"]["keyboard"]
    assert keys == [
        [{"text": "위치 보내기", "request_location": True}], [{"text": "특정한 곳이 없습니다"}],
    ]  # fmt: skip


def test_a_staff_thread_begins_as_a_topic_with_its_card_pinned_and_edited_later(
    telegram: TelegramServer, office: PostOffice
) -> None:
    to = office.case_at("telegram", str(FORUM))
    claim = Button("claim:1", "맡기")
    office.owe(Outgoing(to, Body("card", buttons=((claim,),)), "card"), words("first", to))
    office.owe(Outgoing(to, Body("card, taken"), "recard"), Outgoing(to, Body(""), "close"))
    send_all(telegram, office)
    (topic,) = telegram.topics(FORUM)
    assert telegram.topics(FORUM)[topic].startswith("#1")
    assert telegram.sent(FORUM, topic) == ["card, taken", "first"]
    assert telegram.pinned(FORUM) == [telegram.messages(FORUM, topic)[0]["message_id"]]
    assert telegram.closed_topics(FORUM) == {topic}
    thread = office.store.thread_by_id("1.1")
    assert thread and thread.thread == str(topic)


def test_a_card_that_is_as_it_should_be_or_a_topic_that_is_closed_is_no_failure(
    telegram: TelegramServer, office: PostOffice
) -> None:
    to = office.case_at("telegram", str(FORUM))
    office.owe(Outgoing(to, Body("card"), "card"), Outgoing(to, Body("card"), "recard"))
    office.owe(*[Outgoing(to, Body(""), "close")] * 2, words("after", to))
    send_all(telegram, office)
    assert telegram.sent(FORUM)[-1] == "after"
    assert office.store.outbox.count("dead") == 0


def test_429_holds_its_lane_for_as_long_as_asked_and_no_other(
    telegram: TelegramServer, office: PostOffice
) -> None:
    telegram.private(1002)
    telegram.fail_next(
        "sendMessage", status=429, retry_after=30, where=lambda p: p["chat_id"] in (1001, "1001")
    )
    office.owe(words("one", MINA), words("two", MINA), words("other", Address("telegram", "1002")))

    async def script(channel: Telegram) -> None:
        await office.send(channel)
        assert telegram.sent(1002) == ["other"] and telegram.sent(1001) == []
        office.skip(28)
        assert await office.send(channel) == 0
        office.skip(3)
        await office.send(channel)
        assert telegram.sent(1001) == ["one", "two"]

    play(telegram, script)


def test_what_the_platform_fails_at_is_tried_again_in_order(
    telegram: TelegramServer, office: PostOffice
) -> None:
    telegram.fail_next("sendMessage", 3, status=502)
    office.owe(*[words(f"{number}", MINA) for number in range(4)])
    send_all(telegram, office)
    assert telegram.sent(1001) == ["0", "1", "2", "3"]


def test_a_lost_answer_repeats_that_message_and_no_other(
    telegram: TelegramServer, office: PostOffice
) -> None:
    telegram.lose_answer("sendMessage")
    office.owe(words("one", MINA), words("two", MINA))
    send_all(telegram, office)
    assert telegram.sent(1001) == ["one", "one", "two"]


def test_a_founder_who_blocked_the_bot_is_given_up_and_the_desk_told(
    telegram: TelegramServer, office: PostOffice
) -> None:
    office.desk("telegram", str(FORUM))
    telegram.user_blocks(1001)
    office.owe(words("one", MINA, case=7), words("two", MINA))
    send_all(telegram, office)
    told = telegram.sent(FORUM)
    assert len(told) == 2 and "#7" in told[0] and "blocked" in told[0]
    assert len(telegram.called("sendMessage")) == 4
    assert office.store.outbox.count("dead") == 2


def test_markup_that_is_not_taken_goes_as_plain_text(
    telegram: TelegramServer, office: PostOffice
) -> None:
    reason = "Bad Request: can't parse entities: Unsupported start tag"
    telegram.fail_next("sendMessage", status=400, message=reason)
    office.owe(Outgoing(MINA, Body("a < b", "source")))
    send_all(telegram, office)
    assert telegram.sent(1001) == ["a < b\n\nsource"]
    assert "parse_mode" not in telegram.called("sendMessage")[-1].params


def test_what_is_not_even_taken_as_plain_text_is_given_up(
    telegram: TelegramServer, office: PostOffice
) -> None:
    telegram.fail_next("sendMessage", 9, status=400, message="Bad Request: can't parse entities")
    office.owe(words("one", MINA))
    send_all(telegram, office)
    assert len(telegram.called("sendMessage")) == 2
    assert office.store.outbox.count("dead") == 1


def test_a_deleted_topic_gets_a_new_one(telegram: TelegramServer, office: PostOffice) -> None:
    to = office.case_at("telegram", str(FORUM))
    office.owe(Outgoing(to, Body("card"), "card"))
    send_all(telegram, office)
    (old,) = telegram.topics(FORUM)
    telegram.delete_topic(FORUM, old)
    office.owe(words("after", to), words("and more", to))
    send_all(telegram, office)
    (new,) = telegram.topics(FORUM)
    assert new != old
    assert telegram.sent(FORUM, new) == ["after", "and more"]


def test_a_group_that_became_a_supergroup_is_followed(
    telegram: TelegramServer, office: PostOffice
) -> None:
    telegram.group(-44)
    office.desk("telegram", "-44")
    telegram.migrate(-44, -100777)
    office.owe(words("one", Address("telegram", "-44")), words("two", Address("telegram", "-44")))
    send_all(telegram, office)
    assert telegram.sent(-100777) == ["one", "two"]
    assert [binding.chat for binding in office.store.bindings()] == ["-100777"]


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video", "audio", "animation"])
def test_a_file_of_telegrams_goes_by_its_id_as_the_kind_it_is(
    telegram: TelegramServer, office: PostOffice, kind: str
) -> None:
    telegram.user_sends_file(1002, "f.bin", b"content", kind=kind)
    (stored,) = telegram.world.files.values()
    file = File("telegram", stored.id, "f.bin", "x/y", 7, kind)
    office.owe(Outgoing(MINA, Body("words", files=(file,))))
    send_all(telegram, office)
    (sent,) = texts(telegram)
    assert kind in sent and sent["caption"] == "words"
    assert len(telegram.world.files) == 1


def test_a_file_from_elsewhere_is_carried_over(
    telegram: TelegramServer, office: PostOffice
) -> None:
    photo = File("slack", "https://files.slack.com/x", "상자.png", "image/png", 3, "photo")
    huge = replace(photo, size=11 * 1024 * 1024)
    office.owe(*[Outgoing(MINA, Body("words", files=(file,))) for file in (photo, huge)])
    send_all(telegram, office)
    small, large = texts(telegram)
    assert "photo" in small and large["document"]["file_name"] == "상자.png"
    assert {stored.content for stored in telegram.world.files.values()} == {
        b"xxx",
        b"x" * huge.size,
    }


def test_a_photo_that_telegram_cannot_show_goes_as_a_document(
    telegram: TelegramServer, office: PostOffice
) -> None:
    telegram.fail_next("sendPhoto", status=400, message="Bad Request: PHOTO_INVALID_DIMENSIONS")
    photo = File("slack", "https://files.slack.com/x", "long.png", "image/png", 3, "photo")
    office.owe(Outgoing(MINA, Body("words", files=(photo,))))
    send_all(telegram, office)
    assert "document" in texts(telegram)[0]


def test_a_file_that_is_gone_is_refused_and_one_out_of_reach_is_not(
    telegram: TelegramServer,
) -> None:
    async def script(channel: Telegram) -> None:
        with pytest.raises(Refused):
            await channel.fetch(File("telegram", "nothing", "f", "x/y", 1))
        telegram.fail_next("getFile", status=500)
        with pytest.raises(TryAgain):
            await channel.fetch(File("telegram", "nothing", "f", "x/y", 1))

    play(telegram, script)


def test_what_the_bot_decided_before_a_person_took_the_case_is_not_said(
    telegram: TelegramServer, office: PostOffice
) -> None:
    office.case_at("telegram", str(FORUM))
    office.owe(words("the bot's answer", MINA, unless_taken=1), words("for all", MINA))
    office.take(1)
    send_all(telegram, office)
    assert telegram.sent(1001) == ["for all"]
    assert office.store.outbox.count("dropped") == 1
