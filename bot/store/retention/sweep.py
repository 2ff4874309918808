"""The sweeper: cuts what is past its time, a little at a time, and nothing that is still owed.

Never touched: events that wait, messages that have not gone out, open cases with their
conversations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.store import tables as t
from bot.store.desk.files import drop_sent_files
from bot.store.founders.records import sweep_accounts
from bot.store.founders.web_lines import list_old_web_lines
from bot.store.outbox_rows import UNSENT_STATES
from bot.store.retention.console_sweep import list_old_console_rows
from bot.store.retention.desk_sweep import list_old_rows
from bot.store.retention.remains import (
    ENDED_EVENT_STATES,
    ERASED_TEXT,
    FORGOTTEN_MEMORY,
    empty_cases,
    strip_events,
)
from bot.types import ERASED, RetentionPeriods
from knowledge.database.engine import write_transaction
from knowledge.database.scrubbing import is_scrub_owed, scrub_files

NUMBERS_KEPT = timedelta(days=1)  # of cases: far longer than a decision holds one it has not used
SWEEP_BATCH_ROWS = 200  # that one transaction changes: messages do not wait for a sweep
# What a conversation remembers that no one comes back to after weeks.
LAPSED_MEMORY: dict[str, Any] = {**FORGOTTEN_MEMORY, "upload": None}


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Cuts the bot's tables to what `periods` allow."""

    engine: Engine
    periods: RetentionPeriods

    def sweep(self, now: datetime) -> dict[str, int]:
        """Cut what is past its time; returns how many records of each kind. Afterwards nothing of
        them is in the files of SQLite either; while others are in the way of that, the next sweep
        takes it out."""
        periods = self.periods
        counts = {
            "events": self._strip_events(now, ("done", "ignored"), periods.events)
            + self._strip_events(now, ("dead",), periods.failures),
            "event_keys": self._delete_events(now - max(periods.event_keys, periods.events)),
            "messages": self._delete_messages(now),
            "files": self._drop_files(now),
            "memory": self._forget_memory(now - periods.memory),
            "cases": self._empty_cases(now),
            "choices": self._delete_choices(now),
            "answers": self._delete_answers(now),
            "conversations": self._delete_conversations(now - periods.conversations),
            "accounts": self._sweep_accounts(now),
            "numbers": self._delete_numbers(now - NUMBERS_KEPT),
            "audit": self._delete(t.audit, t.audit.c.pk, t.audit.c.at < now - periods.audit),
            "consents": self._delete(
                t.consents, t.consents.c.pk, t.consents.c.at < now - periods.audit
            ),
            "web_lines": self._delete(*list_old_web_lines(now - periods.memory)),
            "holds": self._delete_holds(now - periods.failures),
            "unadmitted": self._delete(
                t.unadmitted, t.unadmitted.c.thread, t.unadmitted.c.told_at < now - periods.memory
            ),
        }
        console = list_old_console_rows(now, periods)
        for name, old in (*list_old_rows(now - periods.audit), *console):
            counts[name] = self._delete(*old)
        if any(counts.values()) or is_scrub_owed(self.engine):
            scrub_files(self.engine)
        return counts

    def _strip_events(self, now: datetime, states: Sequence[str], age: timedelta) -> int:
        i = t.inbox.c
        old = and_(i.state.in_(states), i.done_at < now - age, i.lane != ERASED)

        def strip(connection: Connection, keys: Sequence[Any]) -> int:
            rows = connection.execute(select(t.inbox).where(i.seq.in_(keys), old)).all()
            return strip_events(connection, rows)

        return self._change(i.seq, old, strip)

    def _delete_events(self, before: datetime) -> int:
        """The newest event of each channel stays: it tells since when messages may be missing."""
        i, newer = t.inbox.c, t.inbox.alias()
        is_newest = ~exists().where(newer.c.channel == i.channel, newer.c.seq > i.seq)
        old = and_(
            i.state.in_(ENDED_EVENT_STATES), i.done_at < before, i.lane == ERASED, ~is_newest
        )
        return self._delete(t.inbox, i.seq, old)

    def _delete_messages(self, now: datetime) -> int:
        o = t.outbox.c
        ended = or_(
            and_(o.state == "sent", o.sent_at < now - self.periods.messages),
            and_(o.state == "dropped", o.created_at < now - self.periods.messages),
            and_(o.state == "dead", o.created_at < now - self.periods.failures),
        )
        return self._delete(t.outbox, o.seq, ended)

    def _drop_files(self, now: datetime) -> int:
        with write_transaction(self.engine) as connection:
            return drop_sent_files(connection, now)

    def _forget_memory(self, before: datetime) -> int:
        c = t.conversations.c
        old = and_(c.updated_at < before, _is_free())

        def forget(connection: Connection, keys: Sequence[Any]) -> int:
            count = 0
            same = select(c.key, c.memory).where(c.key.in_(keys), old)
            for talk in connection.execute(same).all():
                memory = {**talk.memory, **LAPSED_MEMORY}
                if memory != {**LAPSED_MEMORY, **talk.memory}:
                    values = {"memory": memory, "version": c.version + 1}
                    changed = update(t.conversations).where(c.key == talk.key, old)
                    count += connection.execute(changed.values(values)).rowcount
            return count

        return self._change(c.key, old, forget)

    def _empty_cases(self, now: datetime) -> int:
        """Also those of a person who was erased, for what staff wrote after that. A sealed case goes
        after the shorter of both times."""
        periods = self.periods
        k, line = t.cases.c, t.case_lines.c
        is_owed = exists().where(
            t.outbox.c.case_number == k.number, t.outbox.c.state.in_((*UNSENT_STATES, "later"))
        )
        has_words = exists().where(line.case_number == k.number, line.text != ERASED_TEXT)
        old = and_(
            k.state.not_in(t.OPEN_CASE_STATES),
            or_(
                k.ended_at < now - periods.cases,
                and_(k.sealed, k.ended_at < now - min(periods.sealed, periods.cases)),
            ),
            or_(k.conversation != ERASED, has_words), ~is_owed,
        )  # fmt: skip

        def empty(connection: Connection, keys: Sequence[Any]) -> int:
            numbers = list(
                connection.execute(select(k.number).where(k.number.in_(keys), old)).scalars()
            )
            empty_cases(connection, numbers)
            return len(numbers)

        return self._change(k.number, old, empty)

    def _delete_choices(self, now: datetime) -> int:
        """None outlives its conversation, by which an erasure finds it."""
        c, periods = t.offer_choices.c, self.periods
        before = now - min(periods.choices, periods.conversations)
        return self._delete(t.offer_choices, c.pk, c.at < before)

    def _delete_answers(self, now: datetime) -> int:
        """None outlives its conversation either."""
        a, periods = t.answers.c, self.periods
        before = now - min(periods.choices, periods.conversations)
        return self._delete(t.answers, a.number, a.at < before)

    def _delete_conversations(self, before: datetime) -> int:
        """Conversations that nothing refers to any more: no case, no event and no message."""
        c = t.conversations.c
        has_case = exists().where(t.cases.c.conversation == c.key)
        awaits = exists().where(
            or_(t.inbox.c.lane == c.key, t.inbox.c.lane == "clock:" + c.key),
            t.inbox.c.state.not_in(ENDED_EVENT_STATES),
        )
        is_owed = exists().where(
            t.outbox.c.lane == c.key, t.outbox.c.state.in_((*UNSENT_STATES, "later"))
        )
        old = and_(c.updated_at < before, _is_free(), ~has_case, ~awaits, ~is_owed)
        return self._delete(t.conversations, c.key, old)

    def _sweep_accounts(self, now: datetime) -> int:
        with write_transaction(self.engine) as connection:
            return sweep_accounts(connection, now)

    def _delete_numbers(self, before: datetime) -> int:
        """The last number stays: a restored copy of the table counts on from it."""
        n = t.case_numbers.c
        last = select(func.max(n.number)).scalar_subquery()
        return self._delete(t.case_numbers, n.number, and_(n.reserved_at < before, n.number < last))

    def _delete_holds(self, before: datetime) -> int:
        """Places that refused long ago and for which nothing waits."""
        h, o = t.holds.c, t.outbox.c
        waits = exists().where(o.channel == h.channel, o.chat == h.chat, o.state == "waiting")
        with write_transaction(self.engine) as connection:
            gone = delete(t.holds).where(h.kind != "rate", h.until < before, ~waits)
            return connection.execute(gone).rowcount

    def _delete(self, table: Table, key: ColumnElement[Any], old: ColumnElement[bool]) -> int:
        def drop(connection: Connection, keys: Sequence[Any]) -> int:
            return connection.execute(delete(table).where(key.in_(keys), old)).rowcount

        return self._change(key, old, drop)

    def _change(
        self,
        key: ColumnElement[Any],
        old: ColumnElement[bool],
        change: Callable[[Connection, Sequence[Any]], int],
    ) -> int:
        """Change the rows that are `old`, in the order of `key`, a batch in a transaction each;
        returns how many. `change` gets the keys of a batch, and looks again at what it changes."""
        count, last = 0, None
        while True:
            query = select(key).where(old).order_by(key).limit(SWEEP_BATCH_ROWS)
            if last is not None:
                query = query.where(key > last)
            with self.engine.connect() as connection:
                keys = list(connection.execute(query).scalars())
            if not keys:
                return count
            with write_transaction(self.engine) as connection:
                count += change(connection, keys)
            last = keys[-1]


def _is_free() -> ColumnElement[bool]:
    """Whether a conversation is in no open case."""
    c, k = t.conversations.c, t.cases.c
    in_case = or_(k.number == c.case_number, k.conversation == c.key)
    return ~exists().where(in_case, k.state.in_(t.OPEN_CASE_STATES))
