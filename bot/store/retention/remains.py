"""What is left of a row once its words, and whose they were, are gone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, delete, or_, select, update

from bot.messages import EMPTY_PAYLOAD, Content
from bot.store import tables as t
from bot.store.serialisation import dump_record
from bot.types import ERASED

ERASED_TEXT = "(삭제됨 · erased · đã xoá)"
ENDED_EVENT_STATES = ("done", "ignored", "dead")
ENDED_MESSAGE_STATES = ("sent", "dropped", "dead")
EMPTY_CASE = {
    "question": ERASED_TEXT, "found": "", "place": None, "reason": "", "conversation": ERASED,
}  # fmt: skip
EMPTY_LINE: dict[str, Any] = {"text": ERASED_TEXT, "files": []}
ERASED_BODY = dump_record(Content(ERASED_TEXT))
# What a conversation remembers of what was said, as it is when it begins.
FORGOTTEN_MEMORY: dict[str, Any] = {
    "turns": [], "why": "", "offered": [], "answered": [], "pending": None, "asking_place": False, "awaited": "",
    "read_as": "", "next_words": None,
}  # fmt: skip
_DIGEST_MARK = "#"
KEYS_AT_ONCE = 1_000  # in one statement

_KNOWN_EVENT = (
    select(t.inbox.c.seq)
    .where(
        t.inbox.c.channel == bindparam("channel"),
        or_(
            t.inbox.c.event_key == bindparam("key"),
            t.inbox.c.natural_key == bindparam("natural_key", type_=String),
        ),
    )
    .limit(1)
)  # fmt: skip


def digest_key(key: str) -> str:
    """A key of an event, which may hold a person's id, as a digest that still tells a repeat."""
    if key.startswith(_DIGEST_MARK):
        return key
    return _DIGEST_MARK + hashlib.sha256(key.encode()).hexdigest()[:40]


def is_known_event(connection: Connection, channel: str, key: str, natural_key: str | None) -> bool:
    """Whether an event came before whose row has only the digests of its keys."""
    natural = None if natural_key is None else digest_key(natural_key)
    keys = {"channel": channel, "key": digest_key(key), "natural_key": natural}
    return connection.execute(_KNOWN_EVENT, keys).first() is not None


def list_known_messages(
    connection: Connection, channel: str, natural_keys: Sequence[str]
) -> set[str]:
    """Those of `natural_keys` whose messages have come, also where only the digests of their keys are left."""
    names = {digest_key(one): one for one in natural_keys} | {one: one for one in natural_keys}
    wanted, natural_key, found = list(names), t.inbox.c.natural_key, set[str]()
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        some = natural_key.in_(wanted[start : start + KEYS_AT_ONCE])
        query = select(natural_key).where(t.inbox.c.channel == channel, some)
        found |= {names[one] for one in connection.execute(query).scalars()}
    return found


def strip_events(connection: Connection, rows: Iterable[Row[Any]], **values: Any) -> int:
    """Leave of events only when they came, what became of them and the digests of their keys;
    returns how many. `rows` have the columns of the inbox; `values` are written as well."""
    count = 0
    for row in rows:
        left = {
            "event_key": digest_key(row.event_key), "lane": ERASED, "person": "", "sender": "",
            "natural_key": None if row.natural_key is None else digest_key(row.natural_key),
            "payload": EMPTY_PAYLOAD, "error": None, **values,
        }  # fmt: skip
        connection.execute(update(t.inbox).where(t.inbox.c.seq == row.seq).values(left))
        count += 1
    return count


def empty_cases(connection: Connection, numbers: Iterable[int]) -> None:
    """Erase the words of cases, and drafts that were made of them; their numbers, missions, states and dates stay countable."""
    wanted = list(numbers)
    c = t.cases.c
    empty = {**EMPTY_CASE, "version": c.version + 1}
    connection.execute(update(t.cases).where(c.number.in_(wanted)).values(empty))
    log = t.case_log.c
    own = log.case_number.in_(wanted) & (log.role == "founder") & (log.who != ERASED)
    connection.execute(update(t.case_log).where(own).values(who=ERASED))
    rated = t.ratings.c.case_number.in_(wanted)
    connection.execute(update(t.ratings).where(rated).values(words=""))
    f = t.faq_drafts.c  # what an admin approved is the library's, without its founder
    drafts = delete(t.faq_drafts).where(f.case_number.in_(wanted), f.state != "approved")
    connection.execute(drafts)
    n = t.console_notices.c  # a refusal may repeat what was written
    connection.execute(
        update(t.console_notices).where(n.case_number.in_(wanted)).values(text="", seen_at=n.at)
    )
    lines = update(t.case_lines).where(t.case_lines.c.case_number.in_(wanted))
    connection.execute(lines.values(EMPTY_LINE))
