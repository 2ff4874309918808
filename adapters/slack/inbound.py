"""Slack's raw payloads as inbox events and messages; pure, and safe for any shape."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from adapters.messaging.command_words import COMMAND_WORDS, ROOM_COMMANDS
from adapters.messaging.messenger import MESSAGE_SETTLE_TIME
from adapters.messaging.relevance import ODD_SHAPE_ERRORS, keep_relevant
from adapters.slack.event_keys import (
    RawPayload,
    find_bot_user_id,
    find_channel,
    find_opened_channel,
    make_event_key,
    make_natural_key,
)
from adapters.slack.reading.contents import SlackContent, read_content
from adapters.slack.reading.lookups import find_names, get_found_files
from adapters.slack.reading.markup import read_mrkdwn
from bot.messages import Account, Message, MessageKind
from bot.store import InboxEvent

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|([^>]*))?>")
_USER_MESSAGE_SUBTYPES = (None, "file_share", "thread_broadcast", "me_message")
# Few words take an argument here: "Where can I apply?" is a question. `/naru where Da Nang` works.
_COMMAND_WITH_ARGUMENT = re.compile(
    r"^((?:subscribe|알림)(?=\s[^?？]{2,60}$)|link(?=\s+(?:off|NARU-\S+)$)|lang(?=\s+(?:ko|en|vi)$)|ingest(?=\s+https?://\S+$)|rollback(?=\s+\d+$)|reassign|seat|bind"
    r"|(?:wait|authority|대기|기관 대기)(?=\s+\d)|(?:merge|합치기)(?=\s+#?\d)"
    r"|relay|본국 요청|insight|현지 정보|(?:tell|공관 알림)(?=\s+(?:#?\d|[^:：]{1,200}[:：]))"
    r"|(?:hand|넘기기)(?=\s+\S+$)|away(?=\s+(?:\d{4}-|off$|취소$|-$))"
    r"|seats(?=\s+(?:topics|languages|capacity|away|주제|언어|정원|부재)\b|\s+[a-z]+-[a-z-]+)"
    r"|hours(?=\s+(?:(?:mon|tue|wed|thu|fri|sat|sun|[월화수목금토일])[^?]*(?:\d|휴무$|closed$|off$)"
    r"|(?:holiday|휴일)\s|(?:reset|초기화)$|[a-z]+-[a-z-]+))"
    r"|unbind(?=\s+[\w-]+$)|staff(?=\s+(?:list|add|role|remove|sealed)\b)"
    r"|faq(?=\s+(?:제출|승인|반려|철회|submit|approve|refuse|withdraw)\b[ #\d]*$)"
    r"|minutes(?=\s[^|]*\||\s+(?:[a-z]+-[a-z-]+\s+)?\d+\s+\S+$)"
    r"|(?:un)?block(?=\s+[a-z]+:\S))"
    r"\s+(.+)$",
    re.DOTALL | re.IGNORECASE,
)

_SLASH_COMMANDS = frozenset({
    *COMMAND_WORDS.values(), "reassign", "merge", "seat", "bind", "minutes", "faq", "away", "block",
    "unblock",
})  # fmt: skip


def build_event(payload: RawPayload, settle_time: timedelta = MESSAGE_SETTLE_TIME) -> InboxEvent:
    """The inbox row of a payload of any kind and shape, also an unknown one. A person's message
    waits `settle_time` for the next one, so that both become one question."""
    text = json.dumps(payload, ensure_ascii=False)
    text = text.encode("utf-8", "replace").decode()  # half a character cannot be stored
    inner = payload.get("event")
    inner = inner if isinstance(inner, Mapping) else {}
    own = bool(inner.get("bot_id"))
    message = None if own else _peek_message(payload)
    lane = message.conversation if message else f"slack:{find_channel(payload) or 'none'}"
    is_message = (
        inner.get("type") in ("message", "app_mention")
        and inner.get("subtype") in _USER_MESSAGE_SUBTYPES
    )
    event = InboxEvent(
        channel="slack",
        key=make_event_key(payload, text),
        lane="slack:own" if own else lane,
        place=(message.chat, message.thread) if message and not message.private else None,
        payload=text,
        natural_key=make_natural_key(inner, find_bot_user_id(payload)),
        settle_delay=settle_time if is_message and not own else timedelta(),
        opens=None if own else find_opened_channel(payload, inner),
        person=message.account if message and message.user else "",
    )
    return keep_relevant(event, parse_message)


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


def _parse_message_event(data: RawPayload) -> Message | None:
    inner = data.get("event") or {}
    if inner.get("type") not in ("message", "app_mention"):
        return None
    subtype = inner.get("subtype")
    if subtype == "message_deleted" or _is_tombstone(inner):
        return _build_deletion(data, inner)
    said = inner
    if subtype == "message_changed":
        said = inner.get("message") or {}
        if not _has_new_words(said, inner.get("previous_message"), data):
            return None  # Slack itself unfurled a link, counted a reply or moved blocks
    elif subtype not in _USER_MESSAGE_SUBTYPES:
        return None
    if said.get("bot_id") or not said.get("user"):
        return None
    return _build_message(data, inner, said, "edit" if subtype == "message_changed" else None)


def _is_tombstone(inner: RawPayload) -> bool:
    """Whether a message was deleted that others had replied to: Slack puts a notice in its place."""
    changed = inner.get("message")
    return isinstance(changed, Mapping) and changed.get("subtype") == "tombstone"


def _has_new_words(said: RawPayload, before: Any, data: RawPayload) -> bool:
    """Whether an edit changed what was said. Without the message before, one that a person edited."""
    if not isinstance(before, Mapping):
        return isinstance(said.get("edited"), Mapping)
    return _read_content(said, data).text != _read_content(before, data).text


def _build_deletion(data: RawPayload, inner: RawPayload) -> Message | None:
    """The deletion of a person's message: whose it was, where and its words, if Slack tells that,
    and no files. Without the message before only a direct message still shows whose it was."""
    before = inner.get("previous_message") or {}
    deleted = inner.get("deleted_ts") or (inner.get("message") or {}).get("ts") or before.get("ts")
    if before.get("bot_id") or not deleted:
        return None
    message = _build_message(data, inner, {"user": "", **before, "ts": deleted}, "deleted")
    return replace(message, files=(), enclosures=())


def _build_message(
    data: RawPayload, inner: RawPayload, said: RawPayload, change: MessageKind | None
) -> Message:
    channel = str(inner.get("channel", ""))
    private = channel.startswith("D")
    me = find_bot_user_id(data)
    raw = str(said.get("text") or "")
    mentioned = inner.get("type") == "app_mention" or (bool(me) and f"<@{me}" in raw)
    content = _read_content(_remove_own_mention(said, raw, me) if mentioned else said, data)
    root = said.get("thread_ts") or said.get("ts")
    if private and root == said.get("ts"):
        root = None
    # What is only forwarded asks for nothing, whatever word it is.
    own = content.own if content.own == content.text else ""
    command, argument = _parse_command(own, mentioned) if private or mentioned else ("", own)
    is_said = private and (change or command in ROOM_COMMANDS)  # a founder's "wait" means just that
    if is_said or change == "deleted":
        command, argument = "", own
    if command:  # whom it names stands in `named`: a name may look like a role
        argument = _parse_command(read_mrkdwn(_MENTION.sub("", raw)), mentioned)[1]
    kind: MessageKind = "command" if command else change or "text"
    in_reply_thread = not private and said.get("thread_ts") not in (None, said.get("ts"))
    if in_reply_thread and not mentioned and change != "deleted":  # if Naru reads it, is seen later
        command = COMMAND_WORDS.get(_strip_command(own).lower(), "")
    return Message(
        channel="slack",
        chat=channel,
        user=str(said["user"]),
        id=str(said.get("ts")),
        kind=kind,
        text=argument if kind == "command" else content.text,
        command=command,
        thread=str(root) if root else None,
        private=private,
        addressed=private or mentioned,
        chat_type=str(inner.get("channel_type") or ""),
        in_reply_thread=in_reply_thread,
        files=content.files,
        enclosures=content.enclosures,
        forwarded_from=content.forwarded_from,
        order=str(inner.get("event_ts") or said.get("ts") or ""),
        is_external=said.get("user_team", data.get("team_id")) != data.get("team_id"),
        named=_find_named_people(raw, me),
        is_edited=change == "edit",
    )


def _find_named_people(raw: str, me: str) -> tuple[Account, ...]:
    """Whom a text mentions, apart from the app itself."""
    found = (match.groups() for match in _MENTION.finditer(raw))
    return tuple(Account(user, name or "") for user, name in found if user != me)


def _read_content(said: RawPayload, data: RawPayload) -> SlackContent:
    return read_content(said, find_names(data), get_found_files(data))


def _remove_own_mention(said: RawPayload, raw: str, me: str) -> RawPayload:
    """The message without Naru's name in it; where Naru's id is not known, without the first name."""
    if me:
        text = _MENTION.sub(lambda match: "" if match.group(1) == me else match.group(), raw)
    else:
        text = _MENTION.sub("", raw, count=1)
    return {**said, "text": text, "blocks": said.get("blocks") if text.strip() else None}


def _parse_command(text: str, mentioned: bool) -> tuple[str, str]:
    """A command in plain words, and what follows it; ("", text) when it is none. After a mention the
    name of any command is one; without, some are what a founder may just say."""
    bare = _strip_command(text)
    word = COMMAND_WORDS.get(bare.lower(), bare.lower() if mentioned else "")
    if word in _SLASH_COMMANDS:
        return word, ""
    if match := _COMMAND_WITH_ARGUMENT.match(bare):
        word = match.group(1).lower()
        return COMMAND_WORDS.get(word, word), match.group(2).strip()
    return "", text


def _strip_command(text: str) -> str:
    return text.strip().removeprefix("/naru ").removeprefix("/")


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
        text=read_mrkdwn(f"{word} {argument}" if asks else _MENTION.sub("", argument)),
        private=private,
        unseen=not private,
        named=_find_named_people(argument, ""),
    )


def _peek_message(payload: RawPayload) -> Message | None:
    """The message of a payload; None also for a shape that Slack never had."""
    try:
        return parse_message(json.dumps(payload))
    except ODD_SHAPE_ERRORS:
        return None
