"""Platform messages as Telegram's."""

from __future__ import annotations

import html
import unicodedata

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import RetryAfter, TelegramError

from adapters.messaging.addresses import render_sources
from adapters.messaging.emphasis import bind_marks, split_heading
from adapters.telegram.errors import read_retry_after
from bot.delivery.channel import PlatformMessage
from bot.messages import Button, Content, File

TELEGRAM_PHOTO_LIMIT_BYTES = 10 * 1024 * 1024
# Of a row of buttons on a narrow phone, without their margins; a Korean letter is as wide as 1.7.
ROW_WIDTH_LETTERS, WIDE_LETTER = 36, 1.7


def choose_upload_kind(file: File, plain: bool) -> str:
    """The kind that a file of another messenger is sent as: "photo" or "document". Telegram takes
    no photo that is too large; in `plain` messages none goes as a photo."""
    return (
        "photo"
        if file.kind == "photo" and file.size <= TELEGRAM_PHOTO_LIMIT_BYTES and not plain
        else "document"
    )


def render_text(parcel: PlatformMessage) -> str:
    """The text with its headings in bold and the sources folded below it, as HTML; as plain text if
    the parcel is plain."""
    content = parcel.content
    if parcel.plain:
        return "\n\n".join(part for part in (content.text, content.details) if part)
    text = "\n".join(
        f"<b>{_escape(bold)}</b>{_escape(rest)}" if bold else _escape(rest)
        for bold, rest in (
            split_heading(line, content.headings) for line in bind_marks(content).split("\n")
        )
    )
    if content.mentions:
        calls = (f'<a href="tg://user?id={html.escape(one)}">@</a>' for one in content.mentions)
        text = f"{''.join(calls)} {text}"
    if not content.details:
        return text
    sources = render_sources(content.details, _escape, _render_link)
    return f"{text}\n<blockquote expandable>{sources}</blockquote>".strip()


def _render_link(address: str, words: str) -> str:
    return f'<a href="{html.escape(address)}">{_escape(words)}</a>'


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def render_inline_keyboard(content: Content, bot_name: str) -> InlineKeyboardMarkup | None:
    """The buttons below a message; None without buttons, or if a location is asked for. Private
    buttons are links that open the private chat with the bot called `bot_name`."""
    if not content.buttons or content.ask_location:
        return None
    return InlineKeyboardMarkup(
        [[_render_button(button, bot_name) for button in row] for row in _fit_rows(content)]
    )


def _fit_rows(content: Content) -> list[tuple[Button, ...]]:
    """The rows of buttons, those that are too wide for a phone as rows of two or of one: Telegram
    gives each button of a row the same width, and cuts what does not fit."""
    fitted: list[tuple[Button, ...]] = []
    for row in content.buttons:
        widest = max((_measure_width(button.label) for button in row), default=0.0)
        fits = (size for size in (len(row), 2) if 0 < size * widest <= ROW_WIDTH_LETTERS)
        size = next(fits, 1)
        fitted += [row[at : at + size] for at in range(0, len(row), size)]
    return fitted


def _measure_width(label: str) -> float:
    """About how many Latin letters wide a label is."""
    letters = unicodedata.normalize("NFC", label)
    return sum(
        WIDE_LETTER if unicodedata.east_asian_width(letter) in "WF" else 1.0 for letter in letters
    )


def _render_button(button: Button, bot_name: str) -> InlineKeyboardButton:
    if button.private:
        link = f"https://t.me/{bot_name}?start={button.key}"
        return InlineKeyboardButton(button.label, url=link, style=button.style or None)
    return InlineKeyboardButton(button.label, callback_data=button.key, style=button.style or None)


def render_location_keyboard(content: Content) -> ReplyKeyboardMarkup | None:
    """The keyboard that asks for a location, with the buttons as further keys, because only a
    keyboard can ask for one; None if no location is asked for."""
    if not content.ask_location:
        return None
    keys = [[KeyboardButton(content.ask_location, request_location=True)]]
    keys += [[KeyboardButton(button.label) for button in row] for row in _fit_rows(content)]
    return ReplyKeyboardMarkup(keys, one_time_keyboard=True, resize_keyboard=True)


def retry_delay_seconds(error: TelegramError) -> float:
    """How long to wait before the next poll: what Telegram asks for, else three seconds."""
    return read_retry_after(error) if isinstance(error, RetryAfter) else 3.0
