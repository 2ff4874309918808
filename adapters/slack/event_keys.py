"""What names an event of Slack, and which channel it shows to be open."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

RawPayload = Mapping[str, Any]


def find_opened_channel(payload: RawPayload, inner: RawPayload) -> str | None:
    """The channel that an event shows to take our messages: it was unarchived, the app joined it or
    was spoken to there, its person writes. None for any other event."""
    kind, channel = inner.get("type"), inner.get("channel")
    if not isinstance(channel, str):
        return None
    joined = kind == "member_joined_channel" and inner.get("user") == find_bot_user_id(payload)
    writes = kind == "message" and channel.startswith("D")
    if joined or writes or kind in ("channel_unarchive", "group_unarchive", "app_mention"):
        return channel
    return None


def make_event_key(payload: RawPayload, text: str) -> str:
    """What names an event when Slack sends it again."""
    known = payload.get("event_id") or payload.get("trigger_id")
    if payload.get("type") == "view_submission":
        view = payload.get("view")
        known = f"{view.get('id')}:{view.get('hash')}" if isinstance(view, Mapping) else None
    return str(known or hashlib.sha256(text.encode()).hexdigest())


def make_natural_key(inner: RawPayload, bot: str) -> str | None:
    """The message itself, as the app's user `bot` sees it: `app_mention` and `message` tell of it
    under two event ids, and channels of two workspaces may have the same id. An edit is another
    one, and so is a deletion, in either of its two forms."""
    if inner.get("type") not in ("message", "app_mention"):
        return None
    changed = inner.get("message")
    said = changed if isinstance(changed, Mapping) else inner
    by = f"{bot}:" if bot else ""
    if said is changed and said.get("subtype") == "tombstone":
        return f"{by}{inner.get('channel')}:{said.get('ts')}::x"
    edit = said.get("edited") if said is changed else None
    edited = edit.get("ts", "") if isinstance(edit, Mapping) else ""
    deleted = inner.get("deleted_ts", "")
    which = f"{inner.get('channel')}:{deleted or said.get('ts')}"
    return f"{by}{which}:{edited}:{'x' if deleted else ''}"


def find_bot_user_id(data: RawPayload) -> str:
    """The app's own user, to whom Slack shows an event; "" where the payload does not say."""
    shown_to = data.get("authorizations")
    first = shown_to[0] if isinstance(shown_to, list) and shown_to else None
    return str(first.get("user_id") or "") if isinstance(first, Mapping) else ""


def find_channel(payload: RawPayload) -> str:
    """The channel that a payload is about; "" for none."""
    inner, channel = payload.get("event"), payload.get("channel")
    where = inner.get("channel") if isinstance(inner, Mapping) else None
    if not where and isinstance(channel, Mapping):
        where = channel.get("id")
    found = where or payload.get("channel_id")
    return found if isinstance(found, str) else ""
