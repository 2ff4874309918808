"""Reading what we remember, and writing what one message led to in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, or_, select, update
from sqlalchemy.exc import OperationalError

from bot.errors import Conflict, UnknownCase
from bot.store import inbox, outbox
from bot.store import tables as t
from bot.store.inbox import Inbox, InboxRow
from bot.store.outbox import Outbox
from bot.store.serialisation import (
    dump_case,
    dump_conversation,
    dump_line,
    dump_record,
    dump_staff_thread,
    load_case,
    load_conversation,
    load_line,
    load_record,
    load_staff_thread,
)
from bot.types import (
    Address,
    Binding,
    Case,
    CaseMessage,
    Content,
    Conversation,
    Decision,
    Outgoing,
    StaffThread,
)
from knowledge.catalogue import insert_new, migrate, write_transaction

MIGRATIONS_FOLDER = Path(__file__).parent.with_name("migrations")
ERASED_TEXT = "(삭제됨 · erased · đã xoá)"
OPEN_CASE_STATES = ("open", "taken")


class Store:
    """The bot's tables. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        migrate(engine, MIGRATIONS_FOLDER, "bot_version")
        self._engine = engine
        self.inbox = Inbox(engine)
        self.outbox = Outbox(engine)

    def find_conversation(self, key: str) -> Conversation | None:
        """What we remember of a conversation; None when nothing."""
        row = self._fetch_first(select(t.conversations).where(t.conversations.c.key == key))
        return load_conversation(row) if row else None

    def get_case(self, number: int) -> Case:
        """One case. Raises NoSuchCase."""
        row = self._fetch_first(select(t.cases).where(t.cases.c.number == number))
        if row is None:
            raise UnknownCase(f"There is no case {number}. `naru cases` lists them.")
        return load_case(row)

    def list_cases(
        self,
        *,
        conversation: str | None = None,
        mission: str | None = None,
        open_only: bool = False,
    ) -> list[Case]:
        """Cases, oldest first."""
        query = select(t.cases).order_by(t.cases.c.number)
        if conversation is not None:
            query = query.where(t.cases.c.conversation == conversation)
        if mission is not None:
            query = query.where(t.cases.c.mission == mission)
        if open_only:
            query = query.where(t.cases.c.state.in_(OPEN_CASE_STATES))
        return [load_case(row) for row in self._fetch_all(query)]

    def list_lines(self, number: int) -> list[CaseMessage]:
        """What was said in a case, in order."""
        query = select(t.case_lines).where(t.case_lines.c.case_number == number)
        return [load_line(row) for row in self._fetch_all(query.order_by(t.case_lines.c.pk))]

    def find_staff_thread(self, channel: str, chat: str, thread: str | None) -> StaffThread | None:
        """The case a message in this place of a staff channel belongs to."""
        if thread is None:
            return None
        s = t.staff_threads.c
        query = select(t.staff_threads).where(
            s.channel == channel, s.chat == chat, s.thread == thread
        )
        row = self._fetch_first(query.order_by(func.length(s.id).desc(), s.id.desc()))
        return load_staff_thread(row) if row else None

    def list_staff_threads(self, case: int) -> list[StaffThread]:
        """Where a case is and was worked on, oldest first."""
        s = t.staff_threads.c
        query = select(t.staff_threads).where(s.case_number == case)
        in_order = query.order_by(func.length(s.id), s.id)  # 17.10 comes after 17.9
        return [load_staff_thread(row) for row in self._fetch_all(in_order)]

    def find_thread_by_id(self, id: str) -> StaffThread | None:
        """A staff thread by its id."""
        row = self._fetch_first(select(t.staff_threads).where(t.staff_threads.c.id == id))
        return load_staff_thread(row) if row else None

    def list_bindings(self) -> list[Binding]:
        """Where every bound body's staff sit, by mission."""
        rows = self._fetch_all(select(t.bindings).order_by(t.bindings.c.mission))
        return [load_record(Binding, row._asdict()) for row in rows]

    def find_role(self, channel: str, chat: str, user: str) -> str:
        """The role a member named for themselves there; "" when none."""
        s = t.seats.c
        row = self._fetch_first(
            select(s.role).where(s.channel == channel, s.chat == chat, s.user == user)
        )
        return str(row.role) if row else ""

    def reserve_case_number(self, now: datetime) -> int:
        """A number no case ever had or will have."""
        with write_transaction(self._engine) as connection:
            row = insert(t.case_numbers).values(reserved_at=now)
            return int(connection.execute(row.returning(t.case_numbers.c.number)).scalar_one())

    def commit(
        self, rows: Sequence[InboxRow], owner: str, decision: Decision, now: datetime
    ) -> None:
        """Write everything `rows` led to and close them: all of it, or nothing.

        Raises Conflict when the conversation, the case or the rows changed hands meanwhile.
        """
        with write_transaction(self._engine) as connection:
            inbox.finish_events(connection, rows, owner, now)
            _write_decision(connection, decision, now)
            if decision.task:
                inbox.queue_library_task(connection, decision.task, rows[0], now)
            for number, outgoing in enumerate(decision.outgoing, 1):
                key = f"{rows[0].channel}:{rows[0].key}:{number}"
                outbox.add_outgoing(connection, key, outgoing, now)

    def bury_event(
        self, row: InboxRow, owner: str, error: str, notices: Sequence[Outgoing], now: datetime
    ) -> None:
        """Close an event that failed too often, and tell those who can act on it."""
        with write_transaction(self._engine) as connection:
            inbox.finish_events(connection, [row], owner, now, state="dead")
            values = {"attempts": row.attempts + 1, "error": error}
            connection.execute(update(t.inbox).where(t.inbox.c.seq == row.seq).values(values))
            for number, notice in enumerate(notices, 1):
                key = f"{row.channel}:{row.key}:dead:{number}"
                outbox.add_outgoing(connection, key, notice, now)

    def commit_without_message(self, key: str, decision: Decision, now: datetime) -> None:
        """Write a decision that no message led to (the command line's)."""
        with write_transaction(self._engine) as connection:
            _write_decision(connection, decision, now)
            for number, outgoing in enumerate(decision.outgoing, 1):
                outbox.add_outgoing(connection, f"{key}:{number}", outgoing, now)

    def list_cases_without_room(self) -> list[Case]:
        """Open cases that no staff can see, for nobody was bound when they came."""
        seen = select(t.staff_threads.c.case_number).where(t.staff_threads.c.current)
        c = t.cases.c
        query = select(t.cases).where(c.state.in_(OPEN_CASE_STATES), c.number.not_in(seen))
        return [load_case(row) for row in self._fetch_all(query.order_by(c.number))]

    def list_active_addresses(self, channel: str, since: datetime | None) -> list[Address]:
        """Where people talk to us in a channel: in open cases, on both sides, and then whoever
        was in touch since a moment."""
        c, s, k = t.conversations.c, t.staff_threads.c, t.cases.c
        open_ones = select(k.number).where(k.state.in_(OPEN_CASE_STATES))
        founders = select(c.chat, c.thread).where(c.channel == channel)
        threads = select(s.chat, s.thread).where(
            s.channel == channel, s.thread.is_not(None), s.case_number.in_(open_ones)
        )
        found = [
            *self._fetch_all(founders.where(c.case_number.in_(open_ones))),
            *self._fetch_all(threads),
        ]
        if since is not None:
            found += self._fetch_all(
                founders.where(c.updated_at > since).order_by(c.updated_at.desc())
            )
        return list(dict.fromkeys(Address(channel, row.chat, row.thread) for row in found))

    def list_conversations(self, founder: str) -> list[Conversation]:
        """Every conversation of a founder: a key (telegram:1001) or `channel:user`."""
        channel, _, user = founder.partition(":")
        c = t.conversations.c
        query = select(t.conversations).where(
            or_(c.key == founder, (c.channel == channel) & (c.user == user))
        )
        return [load_conversation(row) for row in self._fetch_all(query)]

    def count_rows(self) -> dict[str, int]:
        """Rows by table, for `naru doctor`."""
        with self._engine.connect() as connection:
            return {
                table.name: int(
                    connection.execute(select(func.count()).select_from(table)).scalar_one()
                )
                for table in (t.inbox, t.outbox, t.conversations, t.cases, t.bindings)
            }

    def is_writable(self) -> bool:
        """Whether the database can be written now."""
        try:
            with write_transaction(self._engine) as connection:
                connection.execute(select(1))
        except OperationalError:
            return False
        return True

    def _fetch_first(self, query: Any) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(query).first()

    def _fetch_all(self, query: Any) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(query))


def _write_decision(connection: Connection, decision: Decision, now: datetime) -> None:
    if decision.conversation:
        _save_conversation(connection, decision.conversation, now)
    if decision.new_case:
        connection.execute(insert(t.cases).values(dump_case(decision.new_case) | {"version": 1}))
    if decision.case:
        _save_case(connection, decision.case)
    if decision.retired_thread:
        s = t.staff_threads.c
        connection.execute(
            update(t.staff_threads).where(s.id == decision.retired_thread).values(current=False)
        )
    for thread in decision.new_threads:
        connection.execute(insert(t.staff_threads).values(dump_staff_thread(thread)))
    for number, line in decision.new_lines:
        connection.execute(insert(t.case_lines).values(dump_line(number, line)))
    if timer := decision.timer:
        inbox.set_timer(connection, timer, now)
    _write_bindings_and_seats(connection, decision)
    if decision.erase_conversation:
        _erase_founder(connection, decision.erase_conversation)
    if decision.audit:
        who, act = decision.audit
        connection.execute(insert(t.audit).values(at=now, who=who, act=act))


def _write_bindings_and_seats(connection: Connection, decision: Decision) -> None:
    if bind := decision.new_binding:
        connection.execute(delete(t.bindings).where(t.bindings.c.mission == bind.mission))
        connection.execute(insert(t.bindings).values(dump_record(bind)))
    if seat := decision.new_seat:
        s = t.seats.c
        same = (s.channel == seat.channel) & (s.chat == seat.chat) & (s.user == seat.user)
        connection.execute(delete(t.seats).where(same))
        connection.execute(insert(t.seats).values(dump_record(seat)))


def _save_conversation(connection: Connection, conversation: Conversation, now: datetime) -> None:
    values = dump_conversation(conversation) | {
        "version": conversation.version + 1,
        "updated_at": now,
    }
    if conversation.version == 0:
        new = insert_new(connection, t.conversations).values(values)
        if connection.execute(new.returning(t.conversations.c.key)).first() is None:
            raise Conflict(f"{conversation.key} was begun by someone else meanwhile")
        return
    c = t.conversations.c
    same = (c.key == conversation.key) & (c.version == conversation.version)
    if connection.execute(update(t.conversations).where(same).values(values)).rowcount != 1:
        raise Conflict(f"{conversation.key} was changed meanwhile")


def _save_case(connection: Connection, case: Case) -> None:
    c = t.cases.c
    same = (c.number == case.number) & (c.version == case.version)
    values = dump_case(case) | {"version": case.version + 1}
    if connection.execute(update(t.cases).where(same).values(values)).rowcount != 1:
        raise Conflict(f"case {case.number} was changed meanwhile")


def _erase_founder(connection: Connection, key: str) -> None:
    """Erase what a founder wrote; numbers, dates and missions of their cases stay countable."""
    numbers = select(t.cases.c.number).where(t.cases.c.conversation == key)
    erased = {"text": ERASED_TEXT, "files": []}
    mine = t.case_lines.c.case_number.in_(numbers)
    connection.execute(update(t.case_lines).where(mine).values(erased))
    blank = {"question": ERASED_TEXT, "found": "", "place": None, "conversation": "erased"}
    connection.execute(delete(t.conversations).where(t.conversations.c.key == key))
    waiting = t.inbox.c.state.in_(("waiting", "working"))
    done = (t.inbox.c.lane == key) & ~waiting
    connection.execute(update(t.inbox).where(done).values(payload="{}", error=None))
    body = dump_record(Content(ERASED_TEXT))
    gone = t.outbox.c.state.in_(("sent", "dropped", "dead"))
    ours = or_(t.outbox.c.lane == key, t.outbox.c.case_number.in_(numbers))
    connection.execute(update(t.outbox).where(gone & ours).values(body=body))
    connection.execute(update(t.cases).where(t.cases.c.conversation == key).values(blank))
