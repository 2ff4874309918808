"""Telegram's raw updates as inbox events and messages; pure, and safe for any shape."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from adapters.messaging.command_words import COMMAND_WORDS
from adapters.messaging.messenger import MESSAGE_SETTLE_TIME
from adapters.messaging.relevance import ODD_SHAPE_ERRORS, keep_relevant
from adapters.telegram.content import (
    is_notice,
    list_enclosures,
    read_forward_author,
    read_quote,
    read_text,
)
from bot.buttons import split_owned_key
from bot.messages import Account, File, Message, MessageKind
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
        natural = f"{by}{where}:{message['message_id']}:{_name_edit(message)}"
    text = message.get("text")
    plain = kind == "message" and isinstance(text, str) and not _COMMAND.match(text)
    payload = json.dumps(update, ensure_ascii=False)
    said = _peek_message(update)
    event = InboxEvent(
        channel="telegram",
        key=f"{by}{update.get('update_id')}",
        lane=said.conversation if said else f"telegram:{where}",
        place=(said.chat, said.thread) if said and not said.private else None,
        payload=payload.encode("utf-8", "replace").decode(),  # half a character cannot be stored
        natural_key=natural,
        settle_delay=settle_time if plain or message.get("media_group_id") else timedelta(),
        opens=_find_opened_chat(message, kind, update),
        person=said.account if said else "",
    )
    return keep_relevant(event, parse_message)


def parse_message(payload: str) -> Message | None:
    """The message in a stored update; None for one that asks nothing of Naru. Raises ValueError
    for a payload that is not JSON."""
    return _parse_update(json.loads(payload))


def _parse_update(update: RawUpdate) -> Message | None:
    raw, kind = _find_message(update)
    query = update.get("callback_query")
    sender = (query or raw).get("from") or {}
    if not raw or not sender or (sender.get("is_bot") and not _find_sender_chat(raw, query)):
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
        command = COMMAND_WORDS.get(words.lower())
        if command and message.kind in ("text", "edit"):
            return replace(message, kind="command", command=command, text="", addressed=True)
        return replace(message, text=words, addressed=True)
    return replace(message, addressed=to_naru)


def _peek_message(update: RawUpdate) -> Message | None:
    """The message of an update; None also for a shape that Telegram never had."""
    try:
        return _parse_update(update)
    except ODD_SHAPE_ERRORS:
        return None


def _build_message(
    raw: RawUpdate, sender: RawUpdate, query: RawUpdate | None, *, edited: bool
) -> Message | None:
    chat = raw.get("chat") or {}
    private = chat.get("type") == "private"
    text = read_text(raw)
    kind, command = _classify_message(raw, text, query is not None, edited)
    if kind == "other" and not private and not raw.get("is_topic_message"):
        return None  # joins, titles, pins of a group
    if (kind == "other" and is_notice(raw)) or (kind == "location" and edited):
        return None  # a live location moves on
    location = raw.get("location")
    quoted, quoted_author = ("", "") if query else read_quote(raw)
    sender_chat = _find_sender_chat(raw, query)
    person = _describe_chat(raw, sender_chat) if sender_chat else _describe_person(sender)
    argument = _COMMAND.sub("", text) if kind == "command" else text
    return Message(
        channel="telegram",
        chat=str(chat.get("id")),
        user=person.user,
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
        quoted=quoted,
        quoted_author=quoted_author,
        enclosures=() if query else list_enclosures(raw),
        forwarded_from="" if query else read_forward_author(raw),
        locale=_parse_locale(sender),
        album=str(raw.get("media_group_id") or ""),
        chat_type=str(chat.get("type") or ""),
        order="" if edited else _order_in_album(raw),
        user_name=person.name,
        sender_chat=str(sender_chat.get("id")) if sender_chat else "",
        named=_find_named_people(raw),
        is_edited=edited,
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


def _name_edit(message: RawUpdate) -> str:
    """What tells the states of a message apart: "0" as it was sent; later when it was edited, in
    seconds, and what it then was, because two edits may fall into one second."""
    if "edit_date" not in message:
        return "0"
    state = json.dumps(message, ensure_ascii=True, sort_keys=True)
    return f"{message['edit_date']}:{hashlib.sha256(state.encode()).hexdigest()[:8]}"


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


def _find_sender_chat(raw: RawUpdate, query: RawUpdate | None) -> RawUpdate:
    """The chat in whose name a message was written: a group's anonymous administrator, or a
    channel; {} for a person, and for posts that Telegram copies from a linked channel."""
    chat = raw.get("sender_chat")
    copied = raw.get("is_automatic_forward")
    return chat if isinstance(chat, Mapping) and not copied and query is None else {}


def _describe_person(person: RawUpdate) -> Account:
    """A user with the name that Telegram shows, and the handle by which others mention them."""
    parts = (person.get("first_name"), person.get("last_name"))
    handle = f"(@{person['username']})" if person.get("username") else ""
    return Account(str(person.get("id")), " ".join(str(p) for p in (*parts, handle) if p))


def _describe_chat(raw: RawUpdate, chat: RawUpdate) -> Account:
    """A chat as a sender: its title, and the title that an anonymous administrator has."""
    parts = (chat.get("title"), raw.get("author_signature"))
    return Account(str(chat.get("id")), " · ".join(str(part) for part in parts if part))


def _find_named_people(raw: RawUpdate) -> tuple[Account, ...]:
    """Who is mentioned without a handle, and whose message is replied to."""
    found = [
        _describe_person(entity["user"])
        for entity in raw.get("entities") or ()
        if entity.get("type") == "text_mention" and isinstance(entity.get("user"), Mapping)
    ]
    replied = raw.get("reply_to_message") or {}
    if chat := _find_sender_chat(replied, None):
        found.append(_describe_chat(replied, chat))
    elif (author := replied.get("from")) and not author.get("is_bot"):
        found += [] if replied.get("forum_topic_created") else [_describe_person(author)]
    return tuple(found)


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


def _parse_locale(sender: RawUpdate) -> Language | None:
    code = str(sender.get("language_code", ""))[:2]
    return next((language for language in LANGUAGES if language == code), None)
