"""Writing what one message led to, inside the transaction that closes the message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.context import Decision
from bot.errors import Conflict
from bot.store import holds, inbox
from bot.store import tables as t
from bot.store.console.accounts import close_account
from bot.store.console.answers import write_answers
from bot.store.console.notices import write_notice
from bot.store.desk.faq import write_faq
from bot.store.desk.insights import write_insights
from bot.store.desk.meetings import write_minutes
from bot.store.desk.seats import write_seats
from bot.store.founders.records import write_founder_record
from bot.store.people.consents import end_block, write_block, write_consents
from bot.store.retention.erasure import erase_founder
from bot.store.retention.seals import erase_what_was_made
from bot.store.serialisation import (
    dump_case,
    dump_conversation,
    dump_entry,
    dump_line,
    dump_record,
    dump_staff_thread,
)
from bot.store.tables.lookups import is_in_record
from bot.types import CONSOLE_CHANNEL, Case, Conversation, StaffThread
from knowledge.database.engine import insert_new
from knowledge.text.personal_data import mask_personal_data

# Their values are given when they are run; kept, because building them costs more than that.
_SAVE_CONVERSATION = update(t.conversations).where(
    t.conversations.c.key == bindparam("_key"),
    t.conversations.c.version == bindparam("_version"),
)
_SAVE_CASE = update(t.cases).where(
    t.cases.c.number == bindparam("_number"), t.cases.c.version == bindparam("_version")
)
_ADD_ENTRIES, _ADD_LINES = insert(t.case_log), insert(t.case_lines)


def write_decision(
    connection: Connection, decision: Decision, now: datetime, before: int | None = None
) -> None:
    """Write all of a decision except its outgoing messages and its library task. `before` is the
    number of the event that led to it: an erasure leaves what its person said after that.

    Raises Conflict if its conversation or case was changed since it was read, or if a room that
    it relies on is bound no longer.
    """
    if decision.conversation:
        _save_conversation(connection, decision.conversation, now)
    _write_bindings(connection, decision, now)
    _write_case(connection, decision)
    inbox.drop_timers(connection, decision.overtaken)
    for timer in decision.timers:
        inbox.set_timer(connection, timer, now)
    _write_staff(connection, decision)
    _write_desk(connection, decision, now)
    for record in decision.founder_records:
        write_founder_record(connection, record, now)
    if decision.erase_account:
        erase_founder(connection, decision.erase_account, before)
    write_consents(connection, decision.consents)
    if decision.new_block:
        write_block(connection, decision.new_block)
    if decision.unblock:
        end_block(connection, decision.unblock)
    if decision.choice:
        connection.execute(
            insert(t.offer_choices).values(dump_record(decision.choice) | {"at": now})
        )
    write_answers(connection, decision, now)
    if decision.notice:
        write_notice(connection, decision.notice, now)
    if decision.audit:
        who, act = decision.audit
        connection.execute(insert(t.audit).values(at=now, who=who, act=mask_personal_data(act)))


def _write_case(connection: Connection, decision: Decision) -> None:
    """Write the cases of a decision, with their log, staff threads and lines."""
    for case in filter(None, (decision.new_case, *decision.new_asides)):
        connection.execute(insert(t.cases), dump_case(case) | {"version": 1})
    for case in (*([decision.case] if decision.case else ()), *decision.more_cases):
        _save_case(connection, case)
    cases = (decision.new_case, *decision.new_asides, decision.case, *decision.more_cases)
    for case in filter(None, cases):
        if case.sealed:
            erase_what_was_made(connection, case)
    if decision.log:
        connection.execute(_ADD_ENTRIES, list(map(dump_entry, decision.log)))
    _retire_threads(connection, decision)
    for thread in decision.new_threads:
        _check_bound(connection, thread)
        connection.execute(insert(t.staff_threads), dump_staff_thread(thread))
    if decision.new_lines:
        connection.execute(_ADD_LINES, [dump_line(*one) for one in decision.new_lines])


def _write_desk(connection: Connection, decision: Decision, now: datetime) -> None:
    """Write what the bodies' desk keeps of a decision."""
    write_seats(connection, decision.new_seats, decision.new_hours)
    if decision.minutes:
        write_minutes(connection, decision.minutes, now)
    write_insights(connection, decision)
    if decision.faq:
        write_faq(connection, decision.faq)


def _retire_threads(connection: Connection, decision: Decision) -> None:
    """Stop both ways of `retired_threads`: what is still owed to them is not sent, and founders'
    turns that were decided with them are decided again."""
    s, o, c = t.staff_threads.c, t.outbox.c, t.conversations.c
    for number, seen in decision.lines_seen:
        count = select(func.count()).where(is_in_record(number)).select_from(t.case_lines)
        if connection.execute(count).scalar_one() != seen:
            raise Conflict(f"the record of case {number} has grown")
    for thread in decision.retired_threads:
        retired = update(t.staff_threads).where(s.id == thread).values(current=False)
        connection.execute(retired)
        owed = (o.lane == f"staff:{thread}") & o.state.in_(("owed", "waiting", "later"))
        dropped = {"state": "dropped", "held_at": None, "error": "its thread is no longer in use"}
        connection.execute(update(t.outbox).where(owed).values(dropped))
        case = select(s.case_number).where(s.id == thread).scalar_subquery()
        founder = update(t.conversations).where(c.case_number == case)
        connection.execute(founder.values(version=c.version + 1))


def _check_bound(connection: Connection, thread: StaffThread) -> None:
    """Raise Conflict if rooms are bound, but no longer the one of a new thread: it was unbound
    after the thread was decided."""
    b = t.bindings.c
    rooms = connection.execute(select(b.channel, b.chat).with_for_update(read=True)).all()
    if rooms and (thread.channel, thread.chat) not in map(tuple, rooms):
        raise Conflict(f"the room of staff thread {thread.id} is no longer bound")


def _write_bindings(connection: Connection, decision: Decision, now: datetime) -> None:
    """A body has one binding: the new one replaces it."""
    new = decision.new_binding
    for mission in (*decision.removed_bindings, *([new.mission] if new else ())):
        connection.execute(delete(t.bindings).where(t.bindings.c.mission == mission))
    if new:
        connection.execute(insert(t.bindings).values(dump_record(new)))
        holds.release_place(connection, new.channel, new.chat, now)


def _write_staff(connection: Connection, decision: Decision) -> None:
    """A person has one row for each body: the new one replaces it. Should they be removed later,
    they are told again why their words stay."""
    s, u = t.staff.c, t.unadmitted.c
    for member in decision.new_staff:
        same = (s.mission == member.mission) & (s.channel == member.channel)
        connection.execute(delete(t.staff).where(same, s.user == member.user))
        connection.execute(insert(t.staff).values(dump_record(member)))
        told = (u.channel == member.channel) & (u.user == member.user)
        connection.execute(delete(t.unadmitted).where(told))
        if member.channel == CONSOLE_CHANNEL and member.removed_at:
            close_account(connection, member.user)
    if writer := decision.new_unadmitted:
        connection.execute(insert_new(connection, t.unadmitted).values(dump_record(writer)))


def _save_conversation(connection: Connection, conversation: Conversation, now: datetime) -> None:
    values = dump_conversation(conversation) | {
        "version": conversation.version + 1,
        "updated_at": now,
    }
    if conversation.version == 0:
        new = insert_new(connection, t.conversations).returning(t.conversations.c.key)
        if connection.execute(new, values).first() is None:
            raise Conflict(f"{conversation.key} was begun by another worker")
        return
    same = {"_key": conversation.key, "_version": conversation.version}
    if connection.execute(_SAVE_CONVERSATION, values | same).rowcount != 1:
        raise Conflict(f"{conversation.key} was changed by another worker")


def _save_case(connection: Connection, case: Case) -> None:
    values = dump_case(case) | {"version": case.version + 1}
    same = {"_number": case.number, "_version": case.version}
    if connection.execute(_SAVE_CASE, values | same).rowcount != 1:
        raise Conflict(f"case {case.number} was changed by another worker")
