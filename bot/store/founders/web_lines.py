"""What was said on the founders' page, kept so that the page shows it."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, exists, or_, select

from bot.messages import Content
from bot.store import tables as t
from bot.store.intake import (
    CONTINUED_MESSAGES,
    CONTINUED_WITHIN,
    mask_continuation,
    mask_payload,
)
from bot.store.retention.desk_sweep import OldRows
from bot.store.serialisation import dump_values, load_record
from bot.types import WebLine
from knowledge.database.engine import insert_new, open_reader, write_transaction

WEB_PREFIX = "web:"  # of the accounts and conversations of the page


class WebLines:
    """The lines of all conversations. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._reader = engine, open_reader(engine)

    def add(
        self, key: str, chat: str, content: Content, now: datetime, *, is_naru: bool = True
    ) -> None:
        """Keep a line under `key`; the same key is the same line. What is never kept of a founder's
        words is masked, as in their event."""
        body = dump_values(content)
        row = {"line_key": key, "chat": chat, "is_naru": is_naru, "body": body, "at": now}
        with write_transaction(self._engine) as connection:
            if not is_naru:
                body["text"] = mask_words(connection, chat, content.text, now)
            connection.execute(insert_new(connection, t.web_lines).values(row))

    def list_lines(self, chat: str) -> list[WebLine]:
        """The lines of a conversation by the time they were said. Raises UnreadableRecord if one cannot be read."""
        w = t.web_lines.c
        query = select(w.is_naru, w.body, w.at).where(w.chat == chat).order_by(w.at, w.pk)
        load = partial(load_record, Content)
        with self._reader.connect() as connection:
            return [WebLine(one, load(body), at) for one, body, at in connection.execute(query)]

    def is_busy(self, chat: str) -> bool:
        """Whether something of a conversation is not handled yet, or not shown."""
        i, o = t.inbox.c, t.outbox.c
        events = select(i.seq).where(
            i.lane == WEB_PREFIX + chat, i.state.in_(("waiting", "working"))
        )
        messages = select(o.seq).where(
            o.lane == WEB_PREFIX + chat, o.state.in_(("owed", "sending", "later"))
        )
        with self._reader.connect() as connection:  # what is decided between the two is found
            return any(connection.execute(one.limit(1)).first() for one in (events, messages))


def mask_words(connection: Connection, chat: str, text: str, now: datetime) -> str:
    """Words without what is never kept, also where a number goes on from the ones before."""
    w = t.web_lines.c
    earlier = select(w.body).where(
        w.chat == chat, ~w.is_naru, w.at >= now - CONTINUED_WITHIN, w.at < now
    )
    bodies = connection.execute(earlier.order_by(w.at.desc()).limit(CONTINUED_MESSAGES)).scalars()
    tails = [json.dumps({"text": body["text"]}) for body in bodies]
    masked = mask_continuation(mask_payload(json.dumps({"text": text})), tails)
    return str(json.loads(masked)["text"])


def erase_web_lines(connection: Connection, account: str) -> None:
    """Delete the conversation of an account, if it is one of the page."""
    if account.startswith(WEB_PREFIX):
        own = t.web_lines.c.chat == account.removeprefix(WEB_PREFIX)
        connection.execute(delete(t.web_lines).where(own))


def list_old_web_lines(before: datetime) -> OldRows:
    """The lines of conversations of which the last line is older than `before` and no case is open."""
    w, k, newer = t.web_lines.c, t.cases.c, t.web_lines.alias().c
    goes_on = exists().where(newer.chat == w.chat, newer.at >= before)
    own: ColumnElement[bool] = k.conversation == WEB_PREFIX + w.chat
    c = t.conversations.c
    joined = exists().where(c.key == WEB_PREFIX + w.chat, c.case_number == k.number)
    is_open = exists().where(or_(own, joined), k.state.in_(t.OPEN_CASE_STATES))
    return t.web_lines, w.pk, and_(w.at < before, ~goes_on, ~is_open)
