"""What `naru doctor` finds out about Telegram: the token, the webhook and the rights in each room."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from telegram import ChatMemberAdministrator
from telegram.error import InvalidToken, TelegramError

from adapters.messaging.messenger import MessengerCheck
from adapters.telegram.channel import TelegramChannel

if TYPE_CHECKING:
    from telegram import Bot

    from bot.types import Binding

WEBHOOK_ERROR_AGE = timedelta(hours=1)  # an older failure to deliver says nothing of today
# What Naru does in a staff room, and the right that Telegram asks for.
RIGHTS = {"can_manage_topics": "Manage topics", "can_pin_messages": "Pin messages"}


async def inspect_telegram(
    channel: TelegramChannel, webhook_url: str, rooms: Sequence[Binding]
) -> list[MessengerCheck]:
    """Ask Telegram who the bot is, where it delivers, and what it may do in each of `rooms`; nothing
    is changed there."""
    bot = channel.bot
    try:
        await bot.initialize()
        findings = [
            MessengerCheck(True, f"Telegram: @{bot.username}"),
            await _check_webhook(bot, webhook_url),
        ]
        return findings + [await _check_room(bot, room) for room in rooms]
    except InvalidToken:
        return [MessengerCheck(False, "Telegram does not know NARU_TELEGRAM_TOKEN. Copy it again from "
                               "@BotFather.")]  # fmt: skip
    except TelegramError as error:
        return [MessengerCheck(False, f"Telegram cannot be asked: {error}. Check the network, or "
                               "NARU_TELEGRAM_API_URL.")]  # fmt: skip
    finally:
        with contextlib.suppress(TelegramError):
            await bot.shutdown()


async def _check_webhook(bot: Bot, wanted: str) -> MessengerCheck:
    info = await bot.get_webhook_info()
    if info.url and not wanted:
        return MessengerCheck(False, f"Telegram delivers to the webhook {info.url}, but NARU_TELEGRAM_WEBHOOK_URL "
                              "is not set, so Naru polls. `naru serve` removes the webhook at its start; "
                              "if another program set it, give each a bot of its own.")  # fmt: skip
    if wanted and info.url and info.url != wanted:
        return MessengerCheck(False, f"Telegram delivers to {info.url}, not to NARU_TELEGRAM_WEBHOOK_URL "
                              f"({wanted}). Start `naru serve` again; it sets it.")  # fmt: skip
    if wanted and not info.url:
        return MessengerCheck(
            True, "Telegram's webhook is not set yet; `naru serve` sets it at its start"
        )
    last = info.last_error_date
    if wanted and last and datetime.now(UTC) - last < WEBHOOK_ERROR_AGE:
        return MessengerCheck(False, f"Telegram could not deliver to the webhook at {last:%H:%M} UTC: "
                              f"{info.last_error_message}. Check the proxy before Naru and its "
                              "certificate.")  # fmt: skip
    waiting = f", {info.pending_update_count} updates wait" if info.pending_update_count else ""
    return MessengerCheck(True, f"Telegram: {'webhook as set' if wanted else 'polling'}{waiting}")


async def _check_room(bot: Bot, room: Binding) -> MessengerCheck:
    name = f"Telegram room {room.chat} of {room.mission}"
    try:
        chat = await bot.get_chat(room.chat)
        member = await bot.get_chat_member(room.chat, bot.id)
    except TelegramError as error:
        return MessengerCheck(False, f"{name} cannot be entered ({error}). Add the bot to it, or `naru "
                              f"unbind {room.mission}`.")  # fmt: skip
    if not isinstance(member, ChatMemberAdministrator):
        return MessengerCheck(False, f"{name}: the bot is no administrator. Make it one, with "
                              f"{' and '.join(RIGHTS.values())}.")  # fmt: skip
    if not chat.is_forum:
        return MessengerCheck(False, f"{name} has no topics. Switch Topics on in the group's settings, so that "
                              "each case has its own.")  # fmt: skip
    if missing := [label for right, label in RIGHTS.items() if not getattr(member, right)]:
        return MessengerCheck(False, f"{name}: the bot lacks the right {' and '.join(missing)}. Give it to "
                              "the bot among the group's administrators.")  # fmt: skip
    return MessengerCheck(True, f"{name}: topics and pins")
