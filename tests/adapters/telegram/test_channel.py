"""Messages going out to Telegram, and everything that can become of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.telegram.channel import TelegramChannel
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.messages import Address, Button, Content, File, Message, Outgoing
from tests.fakes.loopback_server import Json
from tests.fakes.telegram.server import TelegramServer
from tests.harness.channel_harness import (
    ChannelHarness,
    make_outgoing,
    open_channel_harness,
    open_telegram_channel,
)

MINA = Address("telegram", "1001")
FORUM = -1001000000001
Script = Callable[[TelegramChannel], Awaitable[None]]


@pytest.fixture
def office(tmp_path: Path, telegram: TelegramServer) -> Iterator[ChannelHarness]:
    telegram.open_private_chat(1001)
    telegram.create_forum(FORUM)
    with open_channel_harness(tmp_path) as opened:
        yield opened


def run_script(server: TelegramServer, script: Script) -> None:
    async def run() -> None:
        async with open_telegram_channel(server) as channel:
            await script(channel)

    asyncio.run(run())


def send_all(server: TelegramServer, office: ChannelHarness) -> None:
    run_script(server, lambda channel: office.send_all(channel))


def list_texts(server: TelegramServer) -> list[Json]:
    return server.bot_messages(1001)


def test_words_go_out_as_they_are_with_their_sources_folded_below(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    button = Button("ok", "해결됐습니다")
    text, details = "a < b & <b>c</b> <!channel>", "[1] 공고 <i>·</i> https://mss.go.kr"
    office.enqueue(Outgoing(MINA, Content(text, details, ((button,),), protect=True)))
    send_all(telegram, office)
    (sent,) = list_texts(telegram)
    assert sent["text"] == f"{text}\n{details}"
    assert {one["type"] for one in sent["entities"]} >= {"expandable_blockquote"}
    assert not {one["type"] for one in sent["entities"]} & {"bold", "italic"}
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "ok"
    assert sent["has_protected_content"] and sent["link_preview_options"]["is_disabled"]


def test_an_offer_to_share_a_location_is_a_keyboard(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    skip = Button("noplace", "특정한 곳이 없습니다")
    office.enqueue(
        Outgoing(MINA, Content("어디입니까?", buttons=((skip,),), ask_location="위치 보내기"))
    )
    send_all(telegram, office)
    keys = list_texts(telegram)[0]["reply_markup"]["keyboard"]
    assert keys == [
        [{"text": "위치 보내기", "request_location": True}], [{"text": "특정한 곳이 없습니다"}],
    ]  # fmt: skip


def test_a_staff_thread_begins_as_a_topic_with_its_card_pinned_and_edited_later(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    to = office.open_case("telegram", str(FORUM))
    claim = Button("claim:1", "맡기")
    office.enqueue(
        Outgoing(to, Content("card", buttons=((claim,),)), "card"), make_outgoing("first", to)
    )
    office.enqueue(
        Outgoing(to, Content("card, taken"), "recard"), Outgoing(to, Content(""), "close")
    )
    send_all(telegram, office)
    (topic,) = telegram.topics(FORUM)
    assert telegram.topics(FORUM)[topic].startswith("#1")
    assert telegram.bot_texts(FORUM, topic) == ["card, taken", "first"]
    assert telegram.pinned(FORUM) == [telegram.bot_messages(FORUM, topic)[0]["message_id"]]
    assert telegram.closed_topics(FORUM) == {topic}
    thread = office.store.find_thread_by_id("1.1")
    assert thread and thread.thread == str(topic)


def test_a_card_that_is_as_it_should_be_or_a_topic_that_is_closed_is_no_failure(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    to = office.open_case("telegram", str(FORUM))
    office.enqueue(Outgoing(to, Content("card"), "card"), Outgoing(to, Content("card"), "recard"))
    office.enqueue(*[Outgoing(to, Content(""), "close")] * 2, make_outgoing("after", to))
    send_all(telegram, office)
    assert telegram.bot_texts(FORUM)[-1] == "after"
    assert office.store.outbox.count_messages("dead") == 0


def test_429_holds_its_lane_for_as_long_as_asked_and_no_other(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    telegram.open_private_chat(1002)
    telegram.fail_next(
        "sendMessage", status=429, retry_after=30, where=lambda p: p["chat_id"] in (1001, "1001")
    )
    office.enqueue(
        make_outgoing("one", MINA),
        make_outgoing("two", MINA),
        make_outgoing("other", Address("telegram", "1002")),
    )

    async def script(channel: TelegramChannel) -> None:
        await office.send_due(channel)
        assert telegram.bot_texts(1002) == ["other"] and telegram.bot_texts(1001) == []
        office.advance_clock(28)
        assert await office.send_due(channel) == 0
        office.advance_clock(3)
        await office.send_due(channel)
        assert telegram.bot_texts(1001) == ["one", "two"]

    run_script(telegram, script)


def test_what_the_platform_fails_at_is_tried_again_in_order(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    telegram.fail_next("sendMessage", 3, status=502)
    office.enqueue(*[make_outgoing(f"{number}", MINA) for number in range(4)])
    send_all(telegram, office)
    assert telegram.bot_texts(1001) == ["0", "1", "2", "3"]


def test_a_lost_answer_repeats_that_message_and_no_other(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    telegram.lose_answer("sendMessage")
    office.enqueue(make_outgoing("one", MINA), make_outgoing("two", MINA))
    send_all(telegram, office)
    assert telegram.bot_texts(1001) == ["one", "one", "two"]


def test_markup_that_is_not_taken_goes_as_plain_text_telegram_support_bot_143(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    reason = "Bad Request: can't parse entities: Unsupported start tag"
    telegram.fail_next("sendMessage", status=400, message=reason)
    office.enqueue(Outgoing(MINA, Content("a < b", "source")))
    send_all(telegram, office)
    assert telegram.bot_texts(1001) == ["a < b\n\nsource"]
    assert "parse_mode" not in telegram.calls_of("sendMessage")[-1].params


def test_what_is_not_even_taken_as_plain_text_is_given_up(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    telegram.fail_next("sendMessage", 9, status=400, message="Bad Request: can't parse entities")
    office.enqueue(make_outgoing("one", MINA))
    send_all(telegram, office)
    assert len(telegram.calls_of("sendMessage")) == 2
    assert office.store.outbox.count_messages("dead") == 1


def test_a_group_that_became_a_supergroup_is_followed(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    telegram.create_group(-44)
    office.bind_desk("telegram", "-44")
    telegram.migrate_to_supergroup(-44, -100777)
    office.enqueue(
        make_outgoing("one", Address("telegram", "-44")),
        make_outgoing("two", Address("telegram", "-44")),
    )
    send_all(telegram, office)
    assert telegram.bot_texts(-100777) == ["one", "two"]
    assert [binding.chat for binding in office.store.list_bindings()] == ["-100777"]


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video", "audio", "animation"])
def test_a_file_of_telegrams_goes_by_its_id_as_the_kind_it_is(
    telegram: TelegramServer, office: ChannelHarness, kind: str
) -> None:
    telegram.user_sends_file(1002, "f.bin", b"content", kind=kind)
    (stored,) = telegram.world.files.values()
    file = File("telegram", stored.id, "f.bin", "x/y", 7, kind)
    office.enqueue(Outgoing(MINA, Content("words", files=(file,))))
    send_all(telegram, office)
    (sent,) = list_texts(telegram)
    assert kind in sent and sent["caption"] == "words"
    assert len(telegram.world.files) == 1


def test_a_file_from_elsewhere_is_carried_over(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    photo = File("slack", "https://files.slack.com/x", "상자.png", "image/png", 3, "photo")
    huge = replace(photo, size=11 * 1024 * 1024)
    office.enqueue(*[Outgoing(MINA, Content("words", files=(file,))) for file in (photo, huge)])
    send_all(telegram, office)
    small, large = list_texts(telegram)
    assert "photo" in small and large["document"]["file_name"] == "상자.png"
    assert {stored.content for stored in telegram.world.files.values()} == {
        b"xxx",
        b"x" * huge.size,
    }


def test_a_photo_that_telegram_cannot_show_goes_as_a_document(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    telegram.fail_next("sendPhoto", status=400, message="Bad Request: PHOTO_INVALID_DIMENSIONS")
    photo = File("slack", "https://files.slack.com/x", "long.png", "image/png", 3, "photo")
    office.enqueue(Outgoing(MINA, Content("words", files=(photo,))))
    send_all(telegram, office)
    assert "document" in list_texts(telegram)[0]


def test_a_file_that_is_gone_is_refused_and_one_out_of_reach_is_not(
    telegram: TelegramServer,
) -> None:
    async def script(channel: TelegramChannel) -> None:
        with pytest.raises(DeliveryRefused):
            await channel.fetch_file(File("telegram", "nothing", "f", "x/y", 1))
        telegram.fail_next("getFile", status=500)
        with pytest.raises(DeliveryUncertain):
            await channel.fetch_file(File("telegram", "nothing", "f", "x/y", 1))

    run_script(telegram, script)


def test_the_bot_does_not_talk_over_a_person_who_took_the_case_chatwoot_13673(
    telegram: TelegramServer, office: ChannelHarness
) -> None:
    office.open_case("telegram", str(FORUM))
    office.enqueue(
        make_outgoing("the bot's answer", MINA, unless_taken=1), make_outgoing("for all", MINA)
    )
    office.claim_case(1)
    send_all(telegram, office)
    assert telegram.bot_texts(1001) == ["for all"]
    assert office.store.outbox.count_messages("dropped") == 1


def test_a_message_that_was_passed_on_ends_the_sign_of_writing(telegram: TelegramServer) -> None:
    """A founder who talks to staff is not told that Naru writes."""
    telegram.open_private_chat(1001)
    telegram.user_says(1001, "네, 보내겠습니다")
    asked = Message("telegram", "1001", "1001", "1", "text", "네, 보내겠습니다", private=True)

    async def script(channel: TelegramChannel) -> None:
        channel.typing.start("1001", 1001)
        await telegram.until(lambda server: bool(server.calls_of("sendChatAction")))
        await channel.mark_seen(asked)
        assert channel.typing.stop("1001") is None

    run_script(telegram, script)
