"""Writing what one message led to, inside the transaction that closes the message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from bot.errors import Conflict
from bot.messages import Content
from bot.store import holds, inbox
from bot.store import tables as t
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

ERASED_TEXT = "(삭제됨 · erased · đã xoá)"


def write_decision(connection: Connection, decision: Decision, now: datetime) -> None:
    """Write all of a decision except its outgoing messages and its library task.

    Raises Conflict if its conversation or case was changed since it was read.
    """
    if decision.conversation:
        _save_conversation(connection, decision.conversation, now)
    _write_case(connection, decision)
    if timer := decision.timer:
        inbox.set_timer(connection, timer, now)
    _write_bindings_and_seats(connection, decision, now)
    if decision.erase_conversation:
        _erase_founder(connection, decision.erase_conversation)
    if decision.choice:
        connection.execute(
            insert(t.offer_choices).values(dump_record(decision.choice) | {"at": now})
        )
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


def _erase_founder(connection: Connection, key: str) -> None:
    """Erase what a founder wrote, in the conversation `key` and in their other ones on its channel
    that are in no case; numbers, dates and missions of their cases stay countable."""
    c = t.conversations.c
    person = connection.execute(select(c.channel, c.user).where(c.key == key)).first()
    keys = {key}
    if person:
        theirs = (c.channel == person.channel) & (c.user == person.user) & c.case_number.is_(None)
        keys |= set(connection.execute(select(c.key).where(theirs)).scalars())
        keys.add(f"{person.channel}:{person.user}")  # the lane of a private chat not yet seen
    for one in sorted(keys):
        _erase_conversation(connection, one)


def _erase_conversation(connection: Connection, key: str) -> None:
    own_case = t.cases.c.conversation == key
    numbers = select(t.cases.c.number).where(own_case)
    lines = update(t.case_lines).where(t.case_lines.c.case_number.in_(numbers))
    connection.execute(lines.values(text=ERASED_TEXT, files=[]))
    connection.execute(delete(t.conversations).where(t.conversations.c.key == key))
    connection.execute(delete(t.offer_choices).where(t.offer_choices.c.conversation == key))
    i, o = t.inbox.c, t.outbox.c
    done = update(t.inbox).where(i.lane == key, i.state.not_in(("waiting", "working")))
    connection.execute(done.values(payload="{}", error=None))
    theirs = or_(o.lane == key, o.case_number.in_(numbers))
    waiting = update(t.outbox).where(o.state.in_(("waiting", "later")), theirs)
    connection.execute(waiting.values(state="dropped", error="erased"))
    ended = update(t.outbox).where(o.state.in_(("sent", "dropped", "dead")), theirs)
    connection.execute(ended.values(body=dump_record(Content(ERASED_TEXT))))
    # Last, because the updates above find the cases by their conversation.
    blank = {"question": ERASED_TEXT, "found": "", "place": None, "conversation": "erased"}
    connection.execute(update(t.cases).where(own_case).values(blank))
