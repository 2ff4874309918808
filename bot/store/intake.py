"""A raw event, and what is done to it before it is stored: its texts are masked, its lane is found."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.messages import join_key
from bot.store import tables as t
from knowledge.text.personal_data import NEVER_KEPT, mask_personal_data

# The fields in which the messengers carry what people wrote, and names of files. All others are
# the platform's own (ids, times, addresses of files) and stay as they are.
TEXT_FIELDS = frozenset(
    {
        "text", "caption", "title", "value", "fallback", "pretext", "footer", "question",
        "explanation", "preview", "plain_text", "subject", "name", "file_name", "address", "description",
        "alt_text", "initial_comment", "utterance", "origin", "body", "html", "content", "vcard",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InboxEvent:
    """A raw event as its platform sent it.

    `key` names the event on its channel, `natural_key` the message it is about, where one message
    may arrive as two events. `settle_delay` is how long it waits, so that more words of the same
    thought can arrive. `opens` is the chat that the event shows to be open for us (again): what
    waits for it is tried at once. `person` is whose turn it takes; without one, that of the chat
    of its lane. `place` is the chat, with its thread, that the sender shares with others: (chat,
    thread). If the chat is a staff room, that place is the lane, because what several people say
    in one thread has to stay in order. `sender` is whose words it holds, "channel:user".
    """

    channel: str
    key: str
    lane: str
    payload: str
    natural_key: str | None = None
    settle_delay: timedelta = timedelta()
    opens: str | None = None
    person: str = ""
    place: tuple[str, str | None] | None = None
    sender: str = ""


def mask_payload(payload: str) -> str:
    """The JSON of an event with NEVER_KEPT masked in its TEXT_FIELDS; the same text where there is
    nothing to mask or it is not JSON."""
    try:
        event = json.loads(payload)
    except ValueError:
        return payload
    masked = _mask_value(event)
    if masked == event:
        return payload
    text = json.dumps(masked, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()  # half a character cannot be stored


def _mask_value(value: Any, field: str = "") -> Any:
    """A value of JSON, masked inside."""
    if isinstance(value, str):
        return mask_personal_data(value, NEVER_KEPT) if field in TEXT_FIELDS else value
    if isinstance(value, dict):
        return {key: _mask_value(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return _mask_runs([_mask_value(one, field) for one in value])
    return value


def _mask_runs(parts: list[Any]) -> list[Any]:
    """The elements of a list with what is never kept masked also where it goes on from one text to
    the next: messengers cut a line at every change of style."""
    texts = [one.get("text") if isinstance(one, dict) else None for one in parts]
    if sum(isinstance(text, str) for text in texts) < 2:
        return parts
    joined = "".join(text for text in texts if isinstance(text, str))
    masked = mask_personal_data(joined, NEVER_KEPT)
    if masked == joined:
        return parts
    at, result = 0, list[Any]()
    for part, text in zip(parts, texts, strict=True):
        if isinstance(text, str):
            part = {**part, "text": masked[at : at + len(text)]}
            at += len(text)
        result.append(part)
    return result


def find_room_lane(
    connection: Connection, channel: str, place: tuple[str, str | None] | None
) -> str | None:
    """The lane that everybody in a thread of a staff room has in common, `place` being its chat and
    thread: what several people write there has to stay in order. None elsewhere."""
    if place is None:
        return None
    chat, thread = place
    b, s = t.bindings.c, t.staff_threads.c
    bound = select(b.mission).where(b.channel == channel, b.chat == chat).limit(1)
    known = select(s.id).where(s.channel == channel, s.chat == chat, s.thread == thread).limit(1)
    if any(connection.execute(query).first() for query in (bound, known)):
        return join_key(channel, chat, thread, None)
    return None
