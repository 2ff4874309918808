"""The store: reads what is remembered; writes all that one message led to in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, insert, or_, select

from bot.context import Decision
from bot.errors import UnknownCase
from bot.messages import Address, Outgoing
from bot.store import inbox, outbox_rows
from bot.store import tables as t
from bot.store.console import ConsoleStore
from bot.store.decision import write_decision
from bot.store.desk import (
    DeskFileStore,
    DigestStore,
    FaqStore,
    InsightStore,
    MeetingStore,
    SeatStore,
)
from bot.store.founders.records import FounderRecords
from bot.store.founders.web_lines import WebLines
from bot.store.inbox import Inbox, InboxRow
from bot.store.outbox import Outbox
from bot.store.people.records import PersonRecords
from bot.store.readers.dead_letters import DeadLetters
from bot.store.readers.heartbeat import can_write
from bot.store.readers.waiting_rows import Readers
from bot.store.retention.sweep import Sweeper
from bot.store.serialisation import (
    load_case,
    load_conversation,
    load_entry,
    load_line,
    load_record,
    load_staff_thread,
)
from bot.store.staff import StaffRoster
from bot.store.tables import lookups
from bot.store.tables.lookups import is_in_record
from bot.types import (
    Binding,
    Case,
    CaseMessage,
    Conversation,
    LogEntry,
    RetentionPeriods,
    StaffThread,
)
from knowledge.database.engine import migrate, open_reader, write_transaction
from knowledge.database.scrubbing import scrub_files
from knowledge.phrases.phrase import SectionChoice

log = logging.getLogger(__name__)

MIGRATIONS_FOLDER = Path(__file__).parent.with_name("migrations")


class Store:
    """The bot's tables. Every method is one transaction.

    Opening it upgrades the tables. Raises StoreUnavailable if they cannot be upgraded. Methods
    that return records raise UnreadableRecord if a row does not hold one.
    """

    def __init__(self, engine: Engine) -> None:
        migrate(engine, MIGRATIONS_FOLDER, "bot_version")
        self._engine, self._reader = engine, open_reader(engine)
        self.inbox = Inbox(engine)
        self.outbox = Outbox(engine)
        self.readers = Readers(engine)
        self.dead_letters = DeadLetters(engine)
        self.staff = StaffRoster(engine)
        self.meetings = MeetingStore(engine)
        self.digests = DigestStore(engine)
        self.insights = InsightStore(engine)
        self.desk_files = DeskFileStore(engine)
        self.seats = SeatStore(engine)
        self.faq = FaqStore(engine)
        self.people = PersonRecords(engine)
        self.founders = FounderRecords(engine)
        self.web_lines = WebLines(engine)
        self.console = ConsoleStore(engine)

    def find_conversation(self, key: str) -> Conversation | None:
        """What we remember of a conversation; None if it is unknown."""
        row = self._fetch_first(lookups.CONVERSATION, key=key)
        return load_conversation(row) if row else None

    def get_case(self, number: int) -> Case:
        """One case. Raises UnknownCase if there is none with that number."""
        row = self._fetch_first(lookups.CASE, number=number)
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
        """Cases, oldest first, of a conversation and of a mission where they are given."""
        query = lookups.OPEN_CASES if open_only else lookups.ALL_CASES
        if conversation is not None:
            query = query.where(t.cases.c.conversation == conversation)
        if mission is not None:
            query = query.where(t.cases.c.mission == mission)
        return [load_case(row) for row in self._fetch_all(query)]

    def list_lines(self, number: int) -> list[CaseMessage]:
        """What was said in a case and in those that were merged into it, in order."""
        c = t.case_lines.c
        query = select(t.case_lines).where(is_in_record(number)).order_by(c.at, c.pk)
        return [load_line(row) for row in self._fetch_all(query)]

    def list_merged(self, number: int) -> list[Case]:
        """The cases that were merged into a case, oldest first."""
        return [load_case(row) for row in self._fetch_all(lookups.MERGED, number=number)]

    def list_linked(self, number: int) -> list[Case]:
        """The cases in which the desk was asked for a case, oldest first."""
        return [load_case(row) for row in self._fetch_all(lookups.LINKED, number=number)]

    def list_joined(self, number: int) -> list[Conversation]:
        """The conversations of other people than its founder that are in a case."""
        founder = self._fetch_first(lookups.FOUNDER_OF_CASE, number=number)
        own = {":".join(founder)} if founder else set[str]()
        rows = self._fetch_all(lookups.IN_CASE, number=number)
        others = [one for one in map(load_conversation, rows) if one.account not in own]
        linked = self.founders.list_accounts(*own) if own and others else []
        return [one for one in others if one.account not in linked]

    def list_log(self, number: int) -> list[LogEntry]:
        """What was done with a case, in order."""
        return [load_entry(row) for row in self._fetch_all(lookups.LOG, number=number)]

    def find_staff_thread(self, channel: str, chat: str, thread: str | None) -> StaffThread | None:
        """The newest staff thread at this place of a channel; None if no case is worked on there,
        or if the message is in no thread."""
        if thread is None:
            return None
        row = self._fetch_first(lookups.THREAD_AT, channel=channel, chat=chat, thread=thread)
        return load_staff_thread(row) if row else None

    def list_staff_threads(self, case: int) -> list[StaffThread]:
        """Where a case is or was worked on, oldest first."""
        return [
            load_staff_thread(row) for row in self._fetch_all(lookups.THREADS_OF_CASE, case=case)
        ]

    def find_thread_by_id(self, id: str) -> StaffThread | None:
        """A staff thread by its id; None if there is none."""
        row = self._fetch_first(select(t.staff_threads).where(t.staff_threads.c.id == id))
        return load_staff_thread(row) if row else None

    def list_bindings(self) -> list[Binding]:
        """Every binding, ordered by mission."""
        return list(_load_bindings(tuple(map(tuple, self._fetch_all(lookups.BINDINGS)))))

    def reserve_case_number(self, now: datetime) -> int:
        """A new case number, given once even if no case is opened with it."""
        with write_transaction(self._engine) as connection:
            row = insert(t.case_numbers).values(reserved_at=now)
            return int(connection.execute(row.returning(t.case_numbers.c.number)).scalar_one())

    def commit(
        self, rows: Sequence[InboxRow], owner: str, decision: Decision, now: datetime
    ) -> None:
        """Write everything that `rows` led to and close them, or nothing.

        Raises Conflict if the conversation or the case was changed since it was read, or if
        another worker has the rows.
        """
        with write_transaction(self._engine) as connection:
            self.inbox.finish(connection, rows, owner, now, forget=decision.forget_message)
            write_decision(connection, decision, now, before=rows[0].seq)
            if decision.task:
                inbox.queue_library_task(connection, decision.task, rows[0], now)
            prefix = f"{rows[0].channel}:{rows[0].key}"
            moved = bool(decision.retired_threads)
            outbox_rows.add_decided(connection, prefix, decision.outgoing, now, moved=moved)
        self._scrub_after(decision)

    def bury_event(
        self, row: InboxRow, owner: str, error: str, notices: Sequence[Outgoing], now: datetime
    ) -> None:
        """Close an event that failed too often, and owe the `notices` about it.

        Raises Conflict if another worker has the row.
        """
        with write_transaction(self._engine) as connection:
            self.inbox.bury(connection, row, owner, error, now)
            for number, notice in enumerate(notices, 1):
                key = f"{row.channel}:{row.key}:dead:{number}"
                outbox_rows.add_outgoing(connection, key, notice, now)

    def commit_without_message(self, key: str, decision: Decision, now: datetime) -> None:
        """Write a decision of the command line. `key` names it: its messages are owed once.

        Raises Conflict like `commit`.
        """
        with write_transaction(self._engine) as connection:
            write_decision(connection, decision, now)
            moved = bool(decision.retired_threads)
            outbox_rows.add_decided(connection, key, decision.outgoing, now, moved=moved)
        self._scrub_after(decision)

    def list_cases_without_room(self) -> list[Case]:
        """Open cases that no room shows: nothing was bound when they were opened, or their card was
        given up."""
        return [load_case(row) for row in self._fetch_all(lookups.WITHOUT_ROOM)]

    def list_current_threads(self) -> list[tuple[Case, StaffThread]]:
        """Every staff thread in use with its case, ended cases too."""
        query = select(t.staff_threads).where(t.staff_threads.c.current)
        threads = [load_staff_thread(row) for row in self._fetch_all(query)]
        cases = {case.number: case for case in self.list_cases()} if threads else {}
        return [(cases[thread.case], thread) for thread in threads]

    def list_active_addresses(self, channel: str, since: datetime | None) -> list[Address]:
        """Where people talk to us in a channel: founders and staff of open cases first, then, if
        `since` is given, other founders seen after it, newest first."""
        c, s, k = t.conversations.c, t.staff_threads.c, t.cases.c
        open_cases = select(k.number).where(k.state.in_(t.OPEN_CASE_STATES))
        # Where others write as well, only threads are read: of a whole channel nothing is ours.
        own = or_(c.thread.is_not(None), c.key == c.channel + ":" + c.chat)
        founders = select(c.chat, c.thread).where(c.channel == channel, own)
        threads = select(s.chat, s.thread).where(
            s.channel == channel, s.thread.is_not(None), s.case_number.in_(open_cases)
        )
        queries = [founders.where(c.case_number.in_(open_cases)), threads]
        if since is not None:
            queries.append(founders.where(c.updated_at > since).order_by(c.updated_at.desc()))
        rows = [row for query in queries for row in self._fetch_all(query)]
        return list(dict.fromkeys(Address(channel, row.chat, row.thread) for row in rows))

    def list_conversations(self, founder: str) -> list[Conversation]:
        """The conversations of a founder, given by a conversation's key (telegram:1001:7) or by
        "channel:user"."""
        channel, _, user = founder.partition(":")
        c = t.conversations.c
        query = select(t.conversations).where(
            or_(c.key == founder, (c.channel == channel) & (c.user == user))
        )
        return [load_conversation(row) for row in self._fetch_all(query)]

    def sweep(self, periods: RetentionPeriods, now: datetime) -> dict[str, int]:
        """Cut what is kept longer than `periods`; returns how many records of each kind."""
        return Sweeper(self._engine, periods).sweep(now)

    def list_section_choices(self) -> list[SectionChoice]:
        """Which section answers which question, as people showed, the oldest first."""
        rows = self._fetch_all(select(t.offer_choices).order_by(t.offer_choices.c.pk))
        return [load_record(SectionChoice, row._asdict()) for row in rows]

    def count_rows(self) -> dict[str, int]:
        """Numbers of rows by table, for `naru doctor`."""
        with self._engine.connect() as connection:
            return {
                table.name: int(
                    connection.execute(select(func.count()).select_from(table)).scalar_one()
                )
                for table in (t.inbox, t.outbox, t.conversations, t.cases, t.bindings)
            }

    def is_writable(self) -> bool:
        """Whether the database takes a row now."""
        return can_write(self._engine)

    def _scrub_after(self, decision: Decision) -> None:
        """Take what was erased out of the database's files as well. Where that is not possible now,
        the next sweep does it."""
        if decision.erase_account and not scrub_files(self._engine):
            log.warning("what was erased leaves the database's files with the next sweep")

    def _fetch_first(self, query: Any, **values: Any) -> Any:
        with self._reader.connect() as connection:
            return connection.execute(query, values).first()

    def _fetch_all(self, query: Any, **values: Any) -> list[Any]:
        with self._reader.connect() as connection:
            return list(connection.execute(query, values))


@lru_cache(maxsize=4)  # every message reads all of them, and they hardly ever change
def _load_bindings(rows: tuple[tuple[str, ...], ...]) -> tuple[Binding, ...]:
    names = t.bindings.c.keys()
    return tuple(load_record(Binding, dict(zip(names, row, strict=True))) for row in rows)
