"""Slack's raw payloads as inbox events and messages; pure, and safe for any shape."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from adapters.messaging.messenger import MESSAGE_SETTLE_TIME
from bot.messages import File, Message
from bot.store import InboxEvent

_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_LINK = re.compile(r"<((?:https?://|mailto:|tel:)[^|>]+)(?:\|([^>]*))?>")
_USER_MESSAGE_SUBTYPES = (None, "file_share", "thread_broadcast", "me_message")
# Plain words that stand for commands, in a direct message and after a mention.
COMMAND_WORDS = {
    "help": "help", "도움말": "help", "사용법": "help", "trợ giúp": "help",
    "human": "human", "담당자": "human", "사람": "human", "người phụ trách": "human",
    "cases": "cases", "내 건": "cases", "접수함": "cases",
    "where": "where", "위치": "where", "lang": "lang", "언어": "lang", "close": "close",
    "종료": "close", "why": "why", "근거": "why", "privacy": "privacy", "forget": "forget",
    "start": "start", "시작": "start", "claim": "claim", "맡기": "claim", "resolve": "resolve",
    "종결": "resolve", "reopen": "reopen", "다시 열기": "reopen",
    "ingest": "ingest", "자료 올리기": "ingest", "editions": "editions", "판 목록": "editions",
    "rollback": "rollback",
}  # fmt: skip
# Few words take an argument here: "Where can I apply?" is a question. `/naru where Da Nang` works.
_COMMAND_WITH_ARGUMENT = re.compile(
    r"^(lang(?=\s+(?:ko|en|vi)$)|ingest(?=\s+https?://\S+$)|rollback(?=\s+\d+$)|reassign|seat|bind)"
    r"\s+(.+)$",
    re.DOTALL | re.IGNORECASE,
)

_SLASH_COMMANDS = frozenset({*COMMAND_WORDS.values(), "reassign", "seat", "bind"})

RawPayload = Mapping[str, Any]


def build_event(payload: RawPayload, settle_time: timedelta = MESSAGE_SETTLE_TIME) -> InboxEvent:
    """The inbox row of a payload of any kind and shape, also an unknown one. A person's message
    waits `settle_time` for the next one, so that both become one question."""
    text = json.dumps(payload, ensure_ascii=False)
    text = text.encode("utf-8", "replace").decode()  # half a character cannot be stored
    inner = payload.get("event")
    inner = inner if isinstance(inner, Mapping) else {}
    own = bool(inner.get("bot_id"))
    lane, natural = (
        "slack:own" if own else _find_lane(payload),
        _make_natural_key(inner, _find_bot_user_id(payload)),
    )
    is_message = (
        inner.get("type") in ("message", "app_mention")
        and inner.get("subtype") in _USER_MESSAGE_SUBTYPES
    )
    return InboxEvent(
        channel="slack",
        key=_make_event_key(payload, text),
        lane=lane,
        payload=text,
        natural_key=natural,
        settle_delay=settle_time if is_message and not own else timedelta(),
        opens=None if own else _find_opened_channel(payload, inner),
    )


def parse_message(payload: str) -> Message | None:
    """The message in a stored payload; None for one that asks nothing of Naru. Raises ValueError
    for a payload that is not JSON."""
    data = json.loads(payload)
    kind = data.get("type")
    if kind == "event_callback":
        return _parse_message_event(data)
    if kind == "block_actions":
        return _parse_button(data)
    if kind == "view_submission":
        return _parse_reassign_form(data)
    return _parse_slash_command(data) if data.get("command") else None


def is_user_message(message: RawPayload) -> bool:
    """Whether a message is a person's own words, in an event as in a history."""
    return bool(
        message.get("subtype") in _USER_MESSAGE_SUBTYPES
        and message.get("user")
        and not message.get("bot_id")
    )


def strip_markup(text: str) -> str:
    """Text without Slack's markup, as a person reads it."""
    text = _LINK.sub(_render_link, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _render_link(match: re.Match[str]) -> str:
    """A link as words; its address too, where the words are not the address."""
    address, label = match.group(1), match.group(2) or ""
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if not label:
        return bare
    return label if label.rstrip("/") in address else f"{label} ({bare})"


def _parse_message_event(data: RawPayload) -> Message | None:
    inner = data.get("event") or {}
    if inner.get("type") not in ("message", "app_mention"):
        return None
    said, subtype = inner, inner.get("subtype")
    if subtype == "message_changed":
        said, before = inner.get("message") or {}, inner.get("previous_message") or {}
        if said.get("text") == before.get("text"):
            return None  # Slack itself unfurled a link or counted a reply
    elif subtype == "message_deleted":
        said = {**(inner.get("previous_message") or {}), "text": ""}
    elif subtype not in _USER_MESSAGE_SUBTYPES:
        return None
    if said.get("bot_id") or not said.get("user"):
        return None
    return _build_message(data, inner, said, subtype)


def _build_message(
    data: RawPayload, inner: RawPayload, said: RawPayload, subtype: str | None
) -> Message:
    channel = str(inner.get("channel", ""))
    private = channel.startswith("D")
    me = _find_bot_user_id(data)
    raw = str(said.get("text") or "")
    mentioned = inner.get("type") == "app_mention" or (bool(me) and f"<@{me}>" in raw)
    text = strip_markup(_MENTION.sub("", raw) if mentioned else raw)
    root = said.get("thread_ts") or said.get("ts")
    if private and root == said.get("ts"):
        root = None
    command, argument = _parse_command(text) if private or mentioned else ("", text)
    kinds = {"message_changed": "edit", "message_deleted": "deleted"}
    kind = kinds.get(subtype or "", "command" if command else "text")
    return Message(
        channel="slack",
        chat=channel,
        user=str(said["user"]),
        id=str(said.get("ts")),
        kind=kind,  # type: ignore[arg-type]
        text=argument if kind == "command" else text,
        command=command if kind == "command" else "",
        thread=str(root) if root else None,
        private=private,
        addressed=private or mentioned,
        chat_type=str(inner.get("channel_type") or ""),
        in_reply_thread=not private and said.get("thread_ts") not in (None, said.get("ts")),
        files=tuple(_parse_file(file) for file in said.get("files") or ()),
        order=str(inner.get("event_ts") or said.get("ts") or ""),
    )


def _parse_command(text: str) -> tuple[str, str]:
    """A command in plain words, and what follows it; ("", text) when it is none."""
    bare = text.strip().removeprefix("/naru ").removeprefix("/")
    if bare.lower() in COMMAND_WORDS:
        return COMMAND_WORDS[bare.lower()], ""
    if match := _COMMAND_WITH_ARGUMENT.match(bare):
        return match.group(1).lower(), match.group(2).strip()
    return "", text


def _parse_button(data: RawPayload) -> Message | None:
    actions = data.get("actions") or []
    if not actions:
        return None
    container, message = data.get("container") or {}, data.get("message") or {}
    channel = str(container.get("channel_id") or (data.get("channel") or {}).get("id", ""))
    private = channel.startswith("D")
    root = container.get("thread_ts") or message.get("thread_ts")
    if not (root or private or container.get("is_ephemeral")):  # only one person sees such a one
        root = container.get("message_ts")
    return Message(
        channel="slack",
        chat=channel,
        user=str((data.get("user") or {}).get("id", "")),
        id=str(container.get("message_ts", "")),
        kind="button",
        text=str(actions[0].get("value") or actions[0].get("action_id") or ""),
        thread=str(root) if root else None,
        private=private,
        order=str(actions[0].get("action_ts") or ""),
    )


def _parse_reassign_form(data: RawPayload) -> Message | None:
    """The reassign form, which carries where its case's thread is."""
    view = data.get("view") or {}
    if view.get("callback_id") != "reassign":
        return None
    where = json.loads(view.get("private_metadata") or "{}")
    blocks = (view.get("state") or {}).get("values") or {}
    typed = [field.get("value") for block in blocks.values() for field in block.values()]
    return Message(
        channel="slack",
        chat=str(where.get("channel", "")),
        user=str((data.get("user") or {}).get("id", "")),
        id=str(view.get("id", "")),
        kind="command",
        command="reassign",
        text=str(next((value for value in typed if value), "")),
        thread=where.get("thread"),
        private=False,
    )


def _parse_slash_command(data: RawPayload) -> Message:
    channel = str(data.get("channel_id", ""))
    word, _, argument = str(data.get("text", "")).strip().partition(" ")
    private = channel.startswith("D")
    command = COMMAND_WORDS.get(word.lower(), word.lower()) or "help"
    asks = argument and command not in _SLASH_COMMANDS  # `/naru How much …?` is a question
    return Message(
        channel="slack",
        chat=channel,
        user=str(data.get("user_id", "")),
        id=str(data.get("trigger_id", "")),
        kind="text" if asks else "command",
        command="" if asks else command,
        text=strip_markup(f"{word} {argument}" if asks else argument),
        private=private,
        unseen=not private,
    )


def _find_lane(payload: RawPayload) -> str:
    """The conversation of a payload's message, else its channel."""
    try:
        if message := parse_message(json.dumps(payload)):
            return message.conversation
        inner = payload.get("event") or {}
        channel = inner.get("channel") or (payload.get("channel") or {}).get("id") or "none"
    except (AttributeError, KeyError, TypeError, ValueError):  # a shape that Slack never had
        channel = "none"
    return f"slack:{channel}"


def _find_opened_channel(payload: RawPayload, inner: RawPayload) -> str | None:
    """The channel that an event shows to take our messages: it was unarchived, the app joined it or
    was spoken to there, its person writes. None for any other event."""
    kind, channel = inner.get("type"), inner.get("channel")
    if not isinstance(channel, str):
        return None
    joined = kind == "member_joined_channel" and inner.get("user") == _find_bot_user_id(payload)
    writes = kind == "message" and channel.startswith("D")
    if joined or writes or kind in ("channel_unarchive", "group_unarchive", "app_mention"):
        return channel
    return None


def _make_event_key(payload: RawPayload, text: str) -> str:
    """What names an event when Slack sends it again."""
    known = payload.get("event_id") or payload.get("trigger_id")
    if payload.get("type") == "view_submission":
        view = payload.get("view") or {}
        known = f"{view.get('id')}:{view.get('hash')}"
    return str(known or hashlib.sha256(text.encode()).hexdigest())


def _make_natural_key(inner: RawPayload, bot: str) -> str | None:
    """The message itself, as the app's user `bot` sees it: `app_mention` and `message` tell of it
    under two event ids, and channels of two workspaces may have the same id."""
    if inner.get("type") not in ("message", "app_mention"):
        return None
    changed = inner.get("message")
    said = changed if isinstance(changed, Mapping) else inner
    edit = said.get("edited") if said is changed else None
    edited = edit.get("ts", "") if isinstance(edit, Mapping) else ""
    deleted = inner.get("deleted_ts", "")
    by = f"{bot}:" if bot else ""
    which = f"{inner.get('channel')}:{deleted or said.get('ts')}"
    return f"{by}{which}:{edited}:{'x' if deleted else ''}"


def _find_bot_user_id(data: RawPayload) -> str:
    """The app's own user, to whom Slack shows an event; "" where the payload does not say."""
    shown_to = data.get("authorizations")
    first = shown_to[0] if isinstance(shown_to, list) and shown_to else None
    return str(first.get("user_id") or "") if isinstance(first, Mapping) else ""


def _parse_file(raw: RawPayload) -> File:
    mime = str(raw.get("mimetype") or "application/octet-stream")
    return File(
        channel="slack",
        ref=str(raw.get("url_private_download") or raw.get("url_private") or ""),
        name=str(raw.get("name") or "file"),
        mime=mime,
        size=int(raw.get("size") or 0),
        kind="photo" if mime in ("image/jpeg", "image/png") else "document",
    )
