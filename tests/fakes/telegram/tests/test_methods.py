"""The methods of the Telegram stand-in, called with python-telegram-bot over loopback."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.fakes.telegram.server import TelegramServer
from tests.fakes.telegram.tests.scripts import DESK, MINA, expect_error, run_script


def test_markup_is_parsed_and_bad_markup_is_refused(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        server.open_private_chat(MINA)
        text = '<b>굵게</b> &lt;1&gt; <a href="https://naru.kr">나루</a>\n'
        text += "<blockquote expandable>근거 😀</blockquote>"
        sent = await bot.send_message(MINA, text, parse_mode=ParseMode.HTML)
        kinds = [entity.type for entity in sent.entities]
        assert kinds == ["bold", "text_link", "expandable_blockquote"]
        assert sent.parse_entities(["expandable_blockquote"]).popitem()[1] == "근거 😀"
        assert server.bot_texts(MINA) == ["굵게 <1> 나루\n근거 😀"]
        for bad, words in {
            "a<br>b": 'Unsupported start tag "br" at byte offset 1',
            "가<b>나": 'Can\'t find end tag corresponding to start tag "b"',
            "<b><i>x</b></i>": 'expected "</i>", found "</b>"',
            "3 < 5": 'Unsupported start tag "" at byte offset 2',
            "x</b>": "Unexpected end tag at byte offset 1",
        }.items():
            call = bot.send_message(MINA, bad, parse_mode=ParseMode.HTML)
            await expect_error(call, BadRequest, "Can't parse entities")
            said = server.calls[-1].result["description"]
            assert said.startswith("Bad Request: can't parse entities: ") and words in said

    run_script(server, script)


def test_length_is_counted_in_utf16_after_parsing(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        server.open_private_chat(MINA)
        await bot.send_message(MINA, f"<b>{'😀' * 2048}</b>", parse_mode=ParseMode.HTML)
        await expect_error(bot.send_message(MINA, "😀" * 2049), BadRequest, "Message is too long")
        await expect_error(
            bot.send_message(MINA, "<b> </b>", "HTML"), BadRequest, "must be non-empty"
        )

    run_script(server, script)


def test_flood_control_waits_and_does_nothing(
    server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")

    async def script(bot: Bot) -> None:
        server.open_private_chat(MINA)
        server.open_private_chat(502)
        server.fail_next("sendMessage", retry_after=7, where=lambda p: p["chat_id"] == MINA)
        await bot.send_message(502, "다른 사람")
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(MINA, "안녕")
        assert caught.value.retry_after == timedelta(seconds=7)
        await bot.send_message(MINA, "안녕")
        assert server.bot_texts(MINA) == ["안녕"]
        assert [call.status for call in server.calls_of("sendMessage")] == [200, 429, 200]
        server.fail_next("sendMessage", status=500)
        await expect_error(bot.send_message(MINA, "안녕"), NetworkError, "Internal Server Error")

    run_script(server, script)


def test_a_lost_answer_is_done_all_the_same(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        server.open_private_chat(MINA)
        server.lose_answer("sendMessage")
        await expect_error(bot.send_message(MINA, "하나"), NetworkError, "httpx")
        server.stall("sendMessage", 1)
        await expect_error(bot.send_message(MINA, "둘", read_timeout=0.2), TimedOut, "Timed out")
        assert server.bot_texts(MINA) == ["하나", "둘"]

    run_script(server, script)


def test_down_and_up_again(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        server.open_private_chat(MINA)
        server.go_down()
        await expect_error(bot.send_message(MINA, "하나"), NetworkError, "httpx")
        server.come_up()
        await bot.send_message(MINA, "둘")
        assert server.bot_texts(MINA) == ["둘"]

    run_script(server, script)


def test_forum_topics(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        server.create_forum(DESK, "하노이")
        topic = await bot.create_forum_topic(DESK, "#12 관세")
        thread = topic.message_thread_id
        card = await bot.send_message(DESK, "카드", message_thread_id=thread)
        assert card.is_topic_message and card.message_thread_id == thread
        await bot.pin_chat_message(DESK, card.message_id)
        assert server.pinned(DESK) == [card.message_id]
        await bot.close_forum_topic(DESK, thread)
        await expect_error(bot.close_forum_topic(DESK, thread), BadRequest, "Topic_not_modified")
        server.user_says(DESK, "답", user_id=9, thread=thread)
        (update,) = await bot.get_updates()
        assert update.message is not None and update.message.reply_to_message is not None
        assert update.message.reply_to_message.forum_topic_created is not None
        server.delete_topic(DESK, thread)
        late = bot.send_message(DESK, "늦음", message_thread_id=thread)
        await expect_error(late, BadRequest, "Message thread not found")
        server.create_group(-55)
        await expect_error(bot.create_forum_topic(-55, "x"), BadRequest, "The chat is not a forum")

    run_script(server, script)


def test_files_go_up_and_come_down(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        server.user_sends_file(MINA, "관세표.pdf", b"%PDF-1", "application/pdf", "보세요")
        (update,) = await bot.get_updates()
        assert update.message is not None and update.message.document is not None
        file = await update.message.document.get_file()
        assert bytes(await file.download_as_bytearray()) == b"%PDF-1"
        sent = await bot.send_document(MINA, b"answer", filename="a.txt", caption="<b>답</b>")
        assert sent.document is not None and sent.caption == "<b>답</b>"
        again = await bot.send_document(MINA, sent.document.file_id)
        assert again.document is not None and again.document.file_name == "a.txt"
        copied = await bot.copy_message(MINA, MINA, update.message.message_id)
        assert copied.message_id in [m["message_id"] for m in server.bot_messages(MINA)]
        assert server.bot_texts(MINA)[-1] == "[document 관세표.pdf] 보세요"
        await expect_error(bot.get_file("nothing"), BadRequest, "Wrong file_id")
        await expect_error(bot.send_photo(MINA, "nothing"), BadRequest, "Wrong file identifier")

    run_script(server, script)


def test_buttons_edits_and_reactions(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        server.open_private_chat(MINA)
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("됐어요", callback_data="ok:1")]])
        plain = LinkPreviewOptions(is_disabled=True)
        sent = await bot.send_message(
            MINA, "답", reply_markup=keys, link_preview_options=plain, protect_content=True
        )
        assert sent.reply_markup == keys and sent.has_protected_content
        assert server.bot_messages(MINA)[0]["link_preview_options"] == {"is_disabled": True}
        server.user_presses(MINA, sent.message_id, "ok:1")
        query = (await bot.get_updates())[-1].callback_query
        assert query is not None and query.data == "ok:1"
        assert await query.answer("고맙습니다")
        await expect_error(bot.answer_callback_query("77"), BadRequest, "Query is too old")
        same = bot.edit_message_text("답", MINA, sent.message_id, reply_markup=keys)
        await expect_error(same, BadRequest, "Message is not modified")
        await bot.edit_message_text("고친 답", MINA, sent.message_id)
        assert server.bot_texts(MINA) == ["고친 답"]
        await bot.set_message_reaction(MINA, sent.message_id, "👀")
        assert server.reactions(MINA, sent.message_id) == ["👀"]
        wide = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="가" * 22)]])
        long = bot.send_message(MINA, "답", reply_markup=wide)
        await expect_error(long, BadRequest, "Button_data_invalid")

    run_script(server, script)


def test_those_who_turn_the_bot_away(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        await expect_error(bot.send_message(999, "x"), BadRequest, "Chat not found")
        server.open_private_chat(MINA)
        server.user_blocks(MINA)
        (update,) = await bot.get_updates()
        assert update.my_chat_member is not None
        assert update.my_chat_member.new_chat_member.status == "kicked"
        await expect_error(bot.send_message(MINA, "x"), Forbidden, "bot was blocked by the user")
        server.create_group(-77, "모임")
        server.migrate_to_supergroup(-77, -100770)
        with pytest.raises(ChatMigrated) as caught:
            await bot.send_message(-77, "x")
        assert caught.value.new_chat_id == -100770
        await bot.send_message(-100770, "새 집")
        server.kick_bot(-100770)
        kicked = "bot was kicked from the supergroup chat"
        await expect_error(bot.send_message(-100770, "x"), Forbidden, kicked)

    run_script(server, script)


def test_who_asks_and_what_is_unknown(server: TelegramServer) -> None:
    async def script(bot: Bot) -> None:
        server.create_group(DESK)
        server.promote_to_admin(DESK, 8)
        assert (await bot.get_chat(DESK)).title == "Group"
        admins = {member.user.id for member in await bot.get_chat_administrators(DESK)}
        assert admins == {8, bot.id}
        await bot.set_my_commands([("help", "도움")], language_code="ko")
        assert (await bot.get_my_commands(language_code="ko"))[0].description == "도움"
        assert await bot.get_my_commands() == ()
        server.open_private_chat(MINA)
        assert await bot.send_message_draft(MINA, 3, "생각")
        assert await bot.send_chat_action(MINA, "typing")
        await expect_error(bot.do_api_request("noSuchMethod"), TelegramError, "not found")

    run_script(server, script)
    with pytest.raises(InvalidToken):
        run_script(server, script, "1:wrong")
