"""Parcels as Telegram's messages, and Telegram's errors as ours."""

from __future__ import annotations

import html
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.delivery.sender import PlatformMessage
from bot.errors import (
    ChatMoved,
    DeliveryRefused,
    DeliveryUncertain,
    MarkupRefused,
    RateLimited,
    ThreadDeleted,
)
from bot.types import Content, File

TELEGRAM_PHOTO_LIMIT_BYTES = 10 * 1024 * 1024  # bytes

T = TypeVar("T")


def choose_upload_kind(file: File, plain: bool) -> str:
    """What a file from elsewhere is sent as; Telegram shows no photo that is too large."""
    return (
        "photo"
        if file.kind == "photo" and file.size <= TELEGRAM_PHOTO_LIMIT_BYTES and not plain
        else "document"
    )


async def translate_errors(call: Awaitable[T], parcel: PlatformMessage | None) -> T:
    """Await a call of the library; its errors become ours."""
    try:
        return await call
    except RetryAfter as error:
        raise RateLimited(_retry_after_seconds(error)) from error
    except ChatMigrated as error:
        raise ChatMoved(str(error.new_chat_id)) from error
    except Forbidden as error:
        raise DeliveryRefused(error.message) from error
    except BadRequest as error:
        raise _translate_bad_request(error, parcel) from error
    except (NetworkError, TelegramError) as error:
        raise DeliveryUncertain(str(error)) from error


def _translate_bad_request(error: BadRequest, parcel: PlatformMessage | None) -> Exception:
    text = error.message.lower()
    if any(sign in text for sign in ("can't parse", "entities", "photo_", "image_process")):
        return MarkupRefused(error.message)
    gone = "thread not found" in text or "topic_deleted" in text or "topic_id_invalid" in text
    if gone and parcel and parcel.address.staff_thread:
        return ThreadDeleted(error.message)
    return DeliveryRefused(error.message)


def render_text(parcel: PlatformMessage) -> str:
    """The words with the sources folded below; markup only around escaped text."""
    body = parcel.content
    if parcel.plain:
        return "\n\n".join(part for part in (body.text, body.details) if part)
    text = html.escape(body.text, quote=False)
    if not body.details:
        return text
    details = html.escape(body.details, quote=False)
    return f"{text}\n<blockquote expandable>{details}</blockquote>".strip()


def render_inline_keyboard(body: Content) -> InlineKeyboardMarkup | None:
    if not body.buttons or body.ask_location:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.key) for button in row]
            for row in body.buttons
        ]
    )


def render_location_keyboard(body: Content) -> ReplyKeyboardMarkup | None:
    """Only a keyboard can ask for a location; the other choices become keys of it."""
    if not body.ask_location:
        return None
    keys = [[KeyboardButton(body.ask_location, request_location=True)]]
    keys += [[KeyboardButton(button.label) for button in row] for row in body.buttons]
    return ReplyKeyboardMarkup(keys, one_time_keyboard=True, resize_keyboard=True)


def retry_delay_seconds(error: TelegramError) -> float:
    return _retry_after_seconds(error) if isinstance(error, RetryAfter) else 3.0


def _retry_after_seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
