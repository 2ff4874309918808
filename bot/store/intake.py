"""A raw event, and what is done before it is stored: it is made storable and masked, its lane is found."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, true

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

# A number that is sent in pieces is looked for in so many messages before, within this time, at the
# end of each and the beginning of the next one.
CONTINUED_MESSAGES = 3
CONTINUED_WITHIN = timedelta(minutes=10)
CONTINUED_CHARACTERS = 64
_TEXTS_OF_A_MESSAGE = (
    2  # of an event, that say what was written; messengers repeat it in other forms
)
_SEPARATORS = ("", " ")
_NUMBER_BEGINS = re.compile(r"\W*[A-Za-z]{0,2}\W?\d")
NAME_CHARACTERS, CHAT_CHARACTERS = 200, 80  # of the columns that name an event, and its chat
_UNSTORABLE_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")  # of NUL, of half a character


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


def name_form_event(*parts: str) -> str:
    """The key of the event of a form: `parts` say who sent which form with what. The same again is the
    same event. Who goes back to a page sends its form again with other words: that is another."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]


def make_storable(event: InboxEvent) -> InboxEvent:
    """The event as every database takes it: without NUL, with "?" for half a character, and with names
    that fit their columns. One of an odd shape may have these anywhere, and its messenger sends it
    again until it is kept."""
    payload, place = _clean_text(event.payload), event.place
    if _UNSTORABLE_ESCAPE.search(payload):
        with contextlib.suppress(ValueError):  # what is not JSON has no escapes
            payload = json.dumps(_clean_value(json.loads(payload)), ensure_ascii=False)
    return replace(
        event,
        key=_clean_name(event.key),
        lane=_clean_name(event.lane),
        payload=payload,
        natural_key=event.natural_key and _clean_name(event.natural_key),
        opens=event.opens and _clean_name(event.opens, CHAT_CHARACTERS),
        person=_clean_name(event.person),
        place=place and (_clean_name(place[0]), place[1] and _clean_name(place[1])),
        sender=_clean_name(event.sender),
    )


def _clean_name(name: str, most: int = NAME_CHARACTERS) -> str:
    """A name that a column of `most` characters takes; different long ones stay different."""
    name = _clean_text(name)
    if len(name) <= most:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:40]
    return f"{name[: most - len(digest)]}{digest}"


def _clean_text(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, dict):
        return {_clean_text(key): _clean_value(one) for key, one in value.items()}
    return [_clean_value(one) for one in value] if isinstance(value, list) else value


def mask_event(connection: Connection, event: InboxEvent, now: datetime) -> InboxEvent:
    """The event as it may be stored: NEVER_KEPT masked in its texts, also where a number goes on from
    what the same person wrote just before."""
    payload = mask_payload(event.payload)
    if any(map(_begins_as_number, _list_texts(payload))):
        payload = mask_continuation(payload, _list_earlier(connection, event, now))
    return replace(event, payload=payload)


def mask_payload(payload: str) -> str:
    """The JSON of an event with NEVER_KEPT masked in its TEXT_FIELDS; the same text where there is
    nothing to mask or it is not JSON."""
    return _change_texts(payload, lambda text: mask_personal_data(text, kinds=NEVER_KEPT))


def mask_continuation(payload: str, earlier: Sequence[str]) -> str:
    """The same for what is a number only together with the messages before: `earlier` are their
    payloads, the newest first. What they hold of it stays, such as a birthday."""
    tails = list(_list_tails(earlier))
    return _change_texts(payload, lambda text: _mask_beginning(text, tails)) if tails else payload


def _change_texts(payload: str, change: Callable[[str], str]) -> str:
    try:
        event = json.loads(payload)
    except ValueError:
        return payload
    changed = _change_value(event, change)
    if changed == event:
        return payload
    return json.dumps(changed, ensure_ascii=False)


def _change_value(value: Any, change: Callable[[str], str], field: str = "") -> Any:
    """A value of JSON with each text of TEXT_FIELDS changed."""
    if isinstance(value, str):
        return change(value) if field in TEXT_FIELDS else value
    if isinstance(value, dict):
        return {key: _change_value(one, change, key) for key, one in value.items()}
    if isinstance(value, list):
        return _mask_runs([_change_value(one, change, field) for one in value])
    return value


def _list_texts(payload: str) -> list[str]:
    """The different texts of TEXT_FIELDS in the JSON of an event."""
    found: dict[str, None] = {}

    def collect(text: str) -> str:
        if text.strip():
            found[text] = None
        return text

    _change_texts(payload, collect)
    return list(found)


def _begins_as_number(text: str) -> bool:
    """Whether the first word of a text may be a number or the rest of one; a passport's has a letter
    or two before it. Inside of a sentence no number goes on."""
    return _NUMBER_BEGINS.match(text) is not None


def _list_earlier(connection: Connection, event: InboxEvent, now: datetime) -> Sequence[str]:
    """What else the same person wrote last, the newest first."""
    i = t.inbox.c
    whose = i.sender == event.sender if event.sender else i.lane == event.lane
    query = select(i.payload).where(
        i.channel == event.channel, whose, i.received_at >= now - CONTINUED_WITHIN,
        i.natural_key.is_distinct_from(event.natural_key) if event.natural_key else true(),
    )  # fmt: skip
    return (
        connection.execute(query.order_by(i.seq.desc()).limit(CONTINUED_MESSAGES)).scalars().all()
    )


def _list_tails(earlier: Sequence[str]) -> Iterator[str]:
    """What may go on in the next message: how the last message ends, the last two, and so on."""
    messages = [_list_texts(payload)[:_TEXTS_OF_A_MESSAGE] for payload in earlier]
    for separator in _SEPARATORS:
        tails = [""]
        for texts in messages:
            ends = [text[-CONTINUED_CHARACTERS:] for text in texts]
            tails = [f"{end}{separator}{tail}" for end in ends for tail in tails]
            yield from tails


def _mask_beginning(text: str, tails: Sequence[str]) -> str:
    begin, rest = text[:CONTINUED_CHARACTERS], text[CONTINUED_CHARACTERS:]
    if not _begins_as_number(begin):
        return text
    for tail in tails:
        begin = mask_personal_data(f"{tail}{begin}", NEVER_KEPT)[len(tail) :]
    return begin + rest


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
