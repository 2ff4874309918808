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

from bot.delivery.sender import Parcel
from bot.errors import Moved, Refused, ThreadGone, TryAgain, TryLater, Unformatted
from bot.types import Body, File

LARGEST_PHOTO = 10 * 1024 * 1024  # bytes

T = TypeVar("T")


def carried(file: File, plain: bool) -> str:
    """What a file from elsewhere is sent as; Telegram shows no photo that is too large."""
    return (
        "photo" if file.kind == "photo" and file.size <= LARGEST_PHOTO and not plain else "document"
    )


async def said(call: Awaitable[T], parcel: Parcel | None) -> T:
    """Await a call of the library; its errors become ours."""
    try:
        return await call
    except RetryAfter as error:
        raise TryLater(_seconds(error)) from error
    except ChatMigrated as error:
        raise Moved(str(error.new_chat_id)) from error
    except Forbidden as error:
        raise Refused(error.message) from error
    except BadRequest as error:
        raise _bad(error, parcel) from error
    except (NetworkError, TelegramError) as error:
        raise TryAgain(str(error)) from error


def _bad(error: BadRequest, parcel: Parcel | None) -> Exception:
    text = error.message.lower()
    if any(sign in text for sign in ("can't parse", "entities", "photo_", "image_process")):
        return Unformatted(error.message)
    gone = "thread not found" in text or "topic_deleted" in text or "topic_id_invalid" in text
    if gone and parcel and parcel.address.staff_thread:
        return ThreadGone(error.message)
    return Refused(error.message)


def text_of(parcel: Parcel) -> str:
    """The words with the sources folded below; markup only around escaped text."""
    body = parcel.body
    if parcel.plain:
        return "\n\n".join(part for part in (body.text, body.details) if part)
    text = html.escape(body.text, quote=False)
    if not body.details:
        return text
    details = html.escape(body.details, quote=False)
    return f"{text}\n<blockquote expandable>{details}</blockquote>".strip()


def inline(body: Body) -> InlineKeyboardMarkup | None:
    if not body.buttons or body.ask_location:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.key) for button in row]
            for row in body.buttons
        ]
    )


def location_key(body: Body) -> ReplyKeyboardMarkup | None:
    """Only a keyboard can ask for a location; the other choices become keys of it."""
    if not body.ask_location:
        return None
    keys = [[KeyboardButton(body.ask_location, request_location=True)]]
    keys += [[KeyboardButton(button.label) for button in row] for row in body.buttons]
    return ReplyKeyboardMarkup(keys, one_time_keyboard=True, resize_keyboard=True)


def pause(error: TelegramError) -> float:
    return _seconds(error) if isinstance(error, RetryAfter) else 3.0


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
