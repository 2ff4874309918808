"""Telegram's raw updates as inbox events and messages; pure, and safe for any shape."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from adapters.messaging.messenger import MESSAGE_SETTLE_TIME
from bot.buttons import split_owned_key
from bot.messages import File, Message, MessageKind
from bot.phrases import render_phrase
from bot.store import InboxEvent
from knowledge.types import LANGUAGES, Language

_MESSAGE_KINDS = ("message", "edited_message")
_PRESENT = ("member", "administrator", "creator", "restricted")
_FILE_KINDS = ("document", "video", "voice", "audio", "animation", "video_note")
# Telegram's own form of a command; `// a note` and `/경로` are words.
_COMMAND_FOR = re.compile(r"^/[A-Za-z0-9_]+@(\w+)(?=\s|$)")
_COMMAND = re.compile(r"^/([A-Za-z0-9_]+)(?:@\w+)?(?=\s|$)")

BOT_KEY = "naru_bot"  # of a stored update: who Naru was when it came

RawUpdate = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BotAccount:
    """Naru's own account: its number, and its name without "@" ("" before it is known)."""

    id: int
    username: str


def build_event(
    update: RawUpdate,
    settle_time: timedelta = MESSAGE_SETTLE_TIME,
    bot: BotAccount | None = None,
) -> InboxEvent:
    """The inbox row of an update of any kind and shape, also an unknown one. Plain text waits
    `settle_time` for the next message, so that both become one question, and so does a part of an
    album. `bot` is who Naru is there; it is stored with the update, to tell what is addressed to
    Naru in a group, and its id stands in the keys: each bot counts its updates, and the messages
    of a private chat, from the beginning."""
    by = f"{bot.id}:" if bot else ""
    if bot:
        update = {**update, BOT_KEY: {"id": bot.id, "username": bot.username}}
    message, kind = _find_message(update)
    chat = message.get("chat")
    where = chat.get("id", "none") if isinstance(chat, Mapping) else "none"
    natural = None
    if kind in _MESSAGE_KINDS and "message_id" in message:
        natural = f"{by}{where}:{message['message_id']}:{message.get('edit_date', 0)}"
    text = message.get("text")
    plain = kind == "message" and isinstance(text, str) and not _COMMAND.match(text)
    payload = json.dumps(update, ensure_ascii=False)
    return InboxEvent(
        channel="telegram",
        key=f"{by}{update.get('update_id')}",
        lane=_find_lane(update, str(where)),
        payload=payload.encode("utf-8", "replace").decode(),  # half a character cannot be stored
        natural_key=natural,
        settle_delay=settle_time if plain or message.get("media_group_id") else timedelta(),
        opens=_find_opened_chat(message, kind, update),
    )


def parse_message(payload: str) -> Message | None:
    """The message in a stored update; None for one that asks nothing of Naru. Raises ValueError
    for a payload that is not JSON."""
    return _parse_update(json.loads(payload))


def _parse_update(update: RawUpdate) -> Message | None:
    raw, kind = _find_message(update)
    query = update.get("callback_query")
    sender = (query or raw).get("from") or {}
    in_name_of = None if query else raw.get("sender_chat")
    if not raw or not sender or (sender.get("is_bot") and not in_name_of):
        return None
    if kind not in (*_MESSAGE_KINDS, "callback_query"):
        return None
    message = _build_message(raw, sender, query, edited=kind == "edited_message")
    return message and _note_address(message, raw, update.get(BOT_KEY) or {})


def _note_address(message: Message, raw: RawUpdate, bot: RawUpdate) -> Message | None:
    """The message with whether it is addressed to Naru in a group: by name, as a reply to Naru, a
    command or a button. None for a command that names another bot."""
    name = str(bot.get("username") or "").lower()
    called = _COMMAND_FOR.match(str(raw.get("text") or raw.get("caption") or ""))
    if message.kind == "command" and called and name and called.group(1).lower() != name:
        return None
    if message.private or message.addressed:
        return message
    replied = (raw.get("reply_to_message") or {}).get("from") or {}
    to_naru = replied.get("id") == bot["id"] if bot else bool(replied.get("is_bot"))
    if name and (mention := re.search(rf"@{re.escape(name)}\b", message.text, re.IGNORECASE)):
        words = (message.text[: mention.start()] + message.text[mention.end() :]).strip()
        return replace(message, text=words, addressed=True)
    return replace(message, addressed=to_naru)


def _find_lane(update: RawUpdate, chat: str) -> str:
    """The conversation of an update's message, else its chat."""
    try:
        message = _parse_update(update)
    except (AttributeError, KeyError, TypeError, ValueError):  # a shape that Telegram never had
        message = None
    return message.conversation if message else f"telegram:{chat}"


def _build_message(
    raw: RawUpdate, sender: RawUpdate, query: RawUpdate | None, *, edited: bool
) -> Message | None:
    chat = raw.get("chat") or {}
    private = chat.get("type") == "private"
    text = raw.get("text") or raw.get("caption") or ""
    kind, command = _classify_message(raw, text, query is not None, edited)
    if kind == "other" and not private and not raw.get("is_topic_message"):
        return None  # joins, titles, pins of a group
    if kind == "other" and _is_service_notice(raw):
        return None
    if kind == "location" and edited:
        return None  # a live location that moves on
    location = raw.get("location")
    sender_chat = "" if query else str((raw.get("sender_chat") or {}).get("id") or "")
    argument = _COMMAND.sub("", text) if kind == "command" else text
    return Message(
        channel="telegram",
        chat=str(chat.get("id")),
        user=sender_chat or str(sender.get("id")),
        id=str(raw.get("message_id")),
        kind=kind,
        text=str((query or {}).get("data", "")) if query else argument.strip(),
        command=command,
        thread=_find_topic_id(raw),
        private=private,
        addressed=private or kind in ("command", "button"),
        has_threads=bool(chat.get("is_forum")),
        files=_parse_files(raw)
        or (_parse_files(raw.get("reply_to_message") or {}) if command else ()),
        location=(location["latitude"], location["longitude"]) if location else None,
        quoted=_find_quoted_text(raw),
        locale=_parse_locale(sender),
        album=str(raw.get("media_group_id") or ""),
        chat_type=str(chat.get("type") or ""),
        sender_chat=sender_chat,
        order="" if edited else _order_in_album(raw),
    )


def find_press_alert(query: RawUpdate) -> str:
    """What to show to somebody who presses another person's button; "" for one's own."""
    sender = query.get("from") or {}
    _, owner = split_owned_key(str(query.get("data") or ""))
    if owner in ("", str(sender.get("id"))):
        return ""
    return render_phrase("founder.not_yours", _parse_locale(sender) or "ko")


def _find_message(update: RawUpdate) -> tuple[RawUpdate, str]:
    """The message an update is about, and the update's kind."""
    for kind, value in update.items():
        if kind in ("update_id", BOT_KEY) or not isinstance(value, Mapping):
            continue
        if kind == "callback_query":
            message = value.get("message")
            return message if isinstance(message, Mapping) else {}, kind
        return value, kind
    return {}, "unknown"


def _find_opened_chat(message: RawUpdate, kind: str, update: RawUpdate) -> str | None:
    """The chat that an update shows to take our messages: the bot is in it (again) or has other
    rights there, its person writes, a topic was reopened. None for any other update."""
    chat = message.get("chat")
    if not isinstance(chat, Mapping) or "id" not in chat:
        return None
    member = update.get("my_chat_member")
    status = member.get("new_chat_member") if isinstance(member, Mapping) else None
    joined = isinstance(status, Mapping) and status.get("status") in _PRESENT
    writes = chat.get("type") == "private" and kind in (*_MESSAGE_KINDS, "callback_query")
    return str(chat["id"]) if joined or writes or "forum_topic_reopened" in message else None


def _classify_message(
    raw: RawUpdate, text: str, pressed: bool, edited: bool
) -> tuple[MessageKind, str]:
    if pressed:
        return "button", ""
    if command := _COMMAND.match(text):
        return "command", command.group(1).lower()
    if raw.get("location"):
        return "location", ""
    if not (text or raw.get("photo") or any(raw.get(name) for name in _FILE_KINDS)):
        return "other", ""
    return ("edit" if edited else "text"), ""


def _is_service_notice(raw: RawUpdate) -> bool:
    """Whether it is a notice of Telegram's own, not something a person sent."""
    sent_by_people = ("sticker", "contact", "poll", "dice", "venue", "game", "story")
    return not any(raw.get(name) for name in sent_by_people)


def _find_topic_id(raw: RawUpdate) -> str | None:
    return str(raw["message_thread_id"]) if raw.get("is_topic_message") else None


def _parse_files(raw: RawUpdate) -> tuple[File, ...]:
    if photos := raw.get("photo"):
        best = photos[-1]
        size = int(best.get("file_size") or 0)
        return (File("telegram", best["file_id"], "photo.jpg", "image/jpeg", size, "photo"),)
    for kind in _FILE_KINDS:
        if file := raw.get(kind):
            name = file.get("file_name") or f"{kind}.{_file_extension(kind)}"
            mime = file.get("mime_type") or "application/octet-stream"
            size = int(file.get("file_size") or 0)
            return (File("telegram", file["file_id"], name, mime, size, kind),)
    return ()


def _file_extension(kind: str) -> str:
    return {"voice": "ogg", "audio": "mp3"}.get(kind, "mp4")


def _order_in_album(raw: RawUpdate) -> str:
    """Where a part of an album stands in its chat; webhooks may bring the parts out of order."""
    return str(raw.get("message_id")).zfill(20) if raw.get("media_group_id") else ""


def _find_quoted_text(raw: RawUpdate) -> str:
    """The text that a reply refers to, "" if none; in a forum every message "replies" to the
    beginning of its topic."""
    if quote := raw.get("quote"):
        return str(quote.get("text", ""))
    replied = raw.get("reply_to_message") or {}
    if replied.get("forum_topic_created") or (replied.get("from") or {}).get("is_bot"):
        return ""
    return str(replied.get("text") or replied.get("caption") or "")


def _parse_locale(sender: RawUpdate) -> Language | None:
    code = str(sender.get("language_code", ""))[:2]
    return next((language for language in LANGUAGES if language == code), None)
