"""What people see of the bot before they write, and how it is called in a group."""

from __future__ import annotations

import asyncio
import json

from adapters.telegram.channel import FOUNDER_COMMANDS
from adapters.telegram.inbound import BotAccount, build_event, parse_message
from bot.phrases import render_phrase
from knowledge.types import LANGUAGES
from tests.fakes.telegram.server import TelegramServer
from tests.harness.channel_harness import open_telegram_channel

BOT = BotAccount(7, "naru_bot")


def test_the_bot_describes_itself_in_each_language(telegram: TelegramServer) -> None:
    async def start() -> None:
        async with open_telegram_channel(telegram) as channel:
            await channel.start()

    asyncio.run(start())
    for language in LANGUAGES:
        code = "" if language == "en" else language
        for field in ("description", "short_description"):
            shown = telegram.world.descriptions[field, code]
            assert shown == render_phrase(f"commands.bot_{field}", language)
    assert len(FOUNDER_COMMANDS) == 10


def test_a_word_after_a_mention_is_the_command() -> None:
    for words, command in (("help", "help"), ("도움말", "help"), ("관세가 얼마인가요?", "")):
        raw = {
            "update_id": 1,
            "message": {
                "message_id": 5, "date": 1, "text": f"@naru_bot {words}",
                "chat": {"id": -100, "type": "supergroup"},
                "from": {"id": 9, "is_bot": False, "first_name": "Kim"},
            },
        }  # fmt: skip
        message = parse_message(build_event(json.loads(json.dumps(raw)), bot=BOT).payload)
        assert message and message.addressed and message.command == command
