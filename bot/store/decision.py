"""Writing what one message led to, inside the transaction that closes the message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, update

from bot.errors import Conflict
from bot.store import holds, inbox
from bot.store import tables as t
from bot.store.retention.erasure import erase_founder
from bot.store.serialisation import (
    dump_case,
    dump_conversation,
    dump_line,
    dump_record,
    dump_staff_thread,
)
from bot.types import Case, Conversation, Decision
from knowledge.database.engine import insert_new
from knowledge.text.personal_data import mask_personal_data


def write_decision(
    connection: Connection, decision: Decision, now: datetime, before: int | None = None
) -> None:
    """Write all of a decision except its outgoing messages and its library task. `before` is the
    number of the event that led to it: an erasure leaves what its person said after that.

    Raises Conflict if its conversation or case was changed since it was read.
    """
    if decision.conversation:
        _save_conversation(connection, decision.conversation, now)
    _write_case(connection, decision)
    if timer := decision.timer:
        inbox.set_timer(connection, timer, now)
    _write_bindings_and_seats(connection, decision, now)
    if decision.erase_account:
        erase_founder(connection, decision.erase_account, before)
    if decision.audit:
        who, act = decision.audit
        connection.execute(insert(t.audit).values(at=now, who=who, act=mask_personal_data(act)))


def _write_case(connection: Connection, decision: Decision) -> None:
    """Write the case of a decision, with its staff threads and lines."""
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


def _write_bindings_and_seats(connection: Connection, decision: Decision, now: datetime) -> None:
    """A body has one binding, a member one seat per chat: the new one replaces it."""
    if binding := decision.new_binding:
        connection.execute(delete(t.bindings).where(t.bindings.c.mission == binding.mission))
        connection.execute(insert(t.bindings).values(dump_record(binding)))
        holds.release_place(connection, binding.channel, binding.chat, now)
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
            raise Conflict(f"{conversation.key} was begun by another worker")
        return
    c = t.conversations.c
    same = (c.key == conversation.key) & (c.version == conversation.version)
    if connection.execute(update(t.conversations).where(same).values(values)).rowcount != 1:
        raise Conflict(f"{conversation.key} was changed by another worker")


def _save_case(connection: Connection, case: Case) -> None:
    c = t.cases.c
    same = (c.number == case.number) & (c.version == case.version)
    values = dump_case(case) | {"version": case.version + 1}
    if connection.execute(update(t.cases).where(same).values(values)).rowcount != 1:
        raise Conflict(f"case {case.number} was changed by another worker")
