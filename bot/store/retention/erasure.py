"""Erasing a person: all that is kept of what they wrote and of who they are.

See docs/privacy.md and docs/decisions/0062-erase-by-person-and-keep-by-kind.md
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, delete, func, or_, select, update

from bot.messages import join_key
from bot.store import tables as t
from bot.store.console.answers import erase_answers
from bot.store.desk.files import DESK_CHANNEL
from bot.store.founders.records import erase_account_records, list_linked
from bot.store.founders.web_lines import erase_web_lines
from bot.store.outbox_rows import UNSENT_STATES
from bot.store.retention.console_sweep import erase_console_rows
from bot.store.retention.remains import (
    ENDED_EVENT_STATES,
    ENDED_MESSAGE_STATES,
    ERASED_BODY,
    FORGOTTEN_MEMORY,
    empty_cases,
    strip_events,
)
from bot.types import CONSOLE_CHANNEL, ERASED

CLOCK_LANE_PREFIX, LIBRARY_LANE_PREFIX = "clock:", "library-"
HELD_KEY_PREFIX = "held:"  # of notices about a chat that refuses; the chat follows
_THREAD_ACTS = ("close", "reopen")  # they carry no words


@dataclass(frozen=True, slots=True)
class Traces:
    """Where a person is found. `lanes` are their conversations', `kept_lanes` those of them in an
    open case; `open_cases` and `ended_cases` are numbers; `chats` are their private chats."""

    channel: str
    user: str
    lanes: frozenset[str]
    kept_lanes: frozenset[str]
    open_cases: tuple[int, ...]
    ended_cases: tuple[int, ...]
    chats: frozenset[str]

    @property
    def account(self) -> str:
        """The person as "channel:user"."""
        return f"{self.channel}:{self.user}"

    @property
    def erased_lanes(self) -> frozenset[str]:
        """The lanes of which nothing stays."""
        return self.lanes - self.kept_lanes

    def names(self, text: str) -> bool:
        """Whether a text names the person or one of their conversations."""
        return any(
            re.search(rf"(?<!\w){re.escape(one)}(?![\w.])", text)
            for one in (self.account, *self.erased_lanes)
        )


def erase_founder(connection: Connection, account: str, before: int | None = None) -> None:
    """Erase what is kept of a person ("channel:user") and of the accounts linked to theirs, in all
    conversations.

    An open case stays whole with its conversation, and numbers, missions and dates of ended cases
    stay countable. Events that wait and came in after number `before` are the person's next words
    and stay as well.
    """
    for one in list_linked(connection, account):
        _erase_account(connection, one, before)


def _erase_account(connection: Connection, account: str, before: int | None) -> None:
    traces = find_traces(connection, account)
    erase_account_records(connection, account, (*traces.open_cases, *traces.ended_cases))
    erase_web_lines(connection, account)
    _erase_events(connection, traces, before)
    _erase_quotes(connection, traces)
    _erase_messages(connection, traces)
    _erase_mentions(connection, traces)
    h, c = t.holds.c, t.conversations.c
    if not traces.kept_lanes:
        connection.execute(
            delete(t.holds).where(h.channel == traces.channel, h.chat.in_(traces.chats))
        )
    connection.execute(
        delete(t.holds).where(h.channel == traces.channel, h.lane.in_(traces.erased_lanes))
    )
    empty_cases(connection, traces.ended_cases)
    connection.execute(
        delete(t.offer_choices).where(t.offer_choices.c.conversation.in_(traces.lanes))
    )
    erase_answers(connection, traces.lanes)
    connection.execute(delete(t.conversations).where(c.key.in_(traces.erased_lanes)))
    _forget_memory(connection, traces.kept_lanes)
    _erase_audit(connection, traces)
    _erase_consents(connection, traces)
    erase_console_rows(connection, account)
    u = t.unadmitted.c  # what they are as staff is the body's record and stays
    own = (u.channel == traces.channel) & (u.user == traces.user)
    connection.execute(delete(t.unadmitted).where(own))


def find_traces(connection: Connection, account: str) -> Traces:
    """Where a person ("channel:user") is found now."""
    channel, _, user = account.partition(":")
    c, k = t.conversations.c, t.cases.c
    own = select(c.key, c.chat, c.case_number, c.memory).where(c.channel == channel, c.user == user)
    talks = connection.execute(own).all()
    keys = [talk.key for talk in talks]
    theirs = k.conversation.in_([*keys, account])
    cases = connection.execute(select(k.number, k.conversation).where(theirs)).all()
    # A case that was merged into an open one is part of that case's record.
    target = t.cases.alias()
    open_targets = select(target.c.number).where(target.c.state.in_(t.OPEN_CASE_STATES))
    is_open = or_(k.state.in_(t.OPEN_CASE_STATES), k.merged_into.in_(open_targets))
    open_cases = set(connection.execute(select(k.number).where(theirs, is_open)).scalars())
    ended_cases = [case.number for case in cases if case.number not in open_cases]
    linked = select(k.number).where(
        k.parent.in_(ended_cases), k.state.not_in(t.OPEN_CASE_STATES)
    )  # fmt: skip
    ended_cases += connection.execute(linked).scalars()
    kept = {case.conversation for case in cases if case.number in open_cases}
    kept |= {talk.key for talk in talks if talk.case_number in open_cases}
    return Traces(
        channel, user,
        lanes=frozenset({*keys, account}),  # also of a private chat that was never stored
        kept_lanes=frozenset(kept),
        open_cases=tuple(open_cases),
        ended_cases=tuple(ended_cases),
        chats=frozenset({user, *(talk.chat for talk in talks if talk.memory.get("private"))}),
    )  # fmt: skip


def _erase_events(connection: Connection, traces: Traces, before: int | None) -> None:
    """Erase the person's events and timers: those that are handled, and those that wait and would
    begin again what is erased."""
    i = t.inbox.c
    timers = [f"{CLOCK_LANE_PREFIX}{lane}" for lane in traces.lanes]
    tasks = [f"{LIBRARY_LANE_PREFIX}{traces.account}"]
    theirs = or_(i.sender == traces.account, i.lane.in_([*traces.lanes, *timers, *tasks]))
    ended = select(t.inbox).where(theirs, i.state.in_(ENDED_EVENT_STATES))
    strip_events(connection, connection.execute(ended).all())
    kept = [*traces.kept_lanes, *(f"{CLOCK_LANE_PREFIX}{lane}" for lane in traces.kept_lanes)]
    waiting = select(t.inbox).where(
        theirs, i.state.not_in(ENDED_EVENT_STATES), i.lane.not_in([*kept, *tasks])
    )
    if before is not None:  # timers have numbers of their own
        waiting = waiting.where(or_(i.seq < before, i.lane.in_(timers)))
    strip_events(
        connection, connection.execute(waiting).all(), state="ignored", lease_until=None, owner=None
    )


def _erase_quotes(connection: Connection, traces: Traces) -> None:
    """Erase the handled events of the threads in which staff worked on the ended cases: what they
    wrote, with what they quoted, and the cards on which they pressed buttons."""
    s, i = t.staff_threads.c, t.inbox.c
    query = select(t.staff_threads).where(s.case_number.in_(traces.ended_cases))
    for thread in connection.execute(query.where(s.thread.is_not(None))).all():
        place = join_key(thread.channel, thread.chat, thread.thread, None)
        here = or_(i.lane == place, i.lane.startswith(f"{place}:", autoescape=True))
        handled = select(t.inbox).where(here, i.state.in_(ENDED_EVENT_STATES))
        strip_events(connection, connection.execute(handled).all())
    acts = select(t.inbox).where(
        i.channel == CONSOLE_CHANNEL, i.state.in_(ENDED_EVENT_STATES), i.lane != ERASED
    )
    own = [row for row in connection.execute(acts).all()
           if json.loads(row.payload).get("case") in traces.ended_cases]  # fmt: skip
    strip_events(connection, own)


def _erase_messages(connection: Connection, traces: Traces) -> None:
    """Delete messages to the person, and those about their ended cases. What staff are still owed of
    such a case goes out without its words, so that they see that it has ended."""
    o = t.outbox.c
    columns = (o.seq, o.lane, o.act, o.state, o.address, o.case_number, o.body)
    of_case = o.case_number.in_(traces.ended_cases)
    either = or_(is_addressed_to(traces), of_case)
    for row in connection.execute(select(*columns).where(either)).all():
        if row.case_number not in traces.ended_cases and not _is_sent_to(row, traces):
            continue
        same = o.seq == row.seq
        is_unsent = row.state in UNSENT_STATES
        if is_unsent and (row.lane in traces.kept_lanes or row.case_number in traces.open_cases):
            continue
        if row.case_number in traces.open_cases and row.state == "later":
            continue
        if row.address.get("staff_thread") and row.state in ("owed", "sending"):
            if row.act not in _THREAD_ACTS:
                connection.execute(update(t.outbox).where(same).values(body=ERASED_BODY))
            continue
        connection.execute(delete(t.outbox).where(same))
        _delete_own_files(connection, row.body)


def is_addressed_to(traces: Traces) -> ColumnElement[bool]:
    """Whether a row of the outbox stands in a lane of the person's, or may name them among others."""
    o = t.outbox.c
    tail = o.lane.endswith(f":{traces.user}", autoescape=True)
    return or_(o.lane.in_(traces.lanes), (o.channel == traces.channel) & tail)


def _delete_own_files(connection: Connection, body: dict[str, Any]) -> None:
    """Delete the files that Naru made for a message: what the person asked for a copy of."""
    refs = [file["ref"] for file in body.get("files", ()) if file["channel"] == DESK_CHANNEL]
    connection.execute(delete(t.desk_files).where(t.desk_files.c.ref.in_(refs)))


def _is_sent_to(row: Any, traces: Traces) -> bool:
    """Whether a message goes to the person: in a private chat of theirs, or to them among others."""
    named = traces.user in (row.address.get("person"), row.address.get("only_to"))
    return row.lane in traces.lanes or named


def _erase_mentions(connection: Connection, traces: Traces) -> None:
    """Erase notices, to the desk or to admins, that name the person or a conversation of theirs."""
    o = t.outbox.c
    found: list[ColumnElement[bool]] = []
    for name in (traces.account, *traces.erased_lanes):
        found += [cast(o.body, Text).contains(name, autoescape=True),
                  o.dedup_key.startswith(f"{HELD_KEY_PREFIX}{name}:", autoescape=True)]  # fmt: skip
    rows = select(o.seq, o.state, o.body, o.dedup_key).where(o.case_number.is_(None), or_(*found))
    for row in connection.execute(rows).all():
        is_about_hold = row.dedup_key.startswith(HELD_KEY_PREFIX)
        if not (is_about_hold or traces.names(json.dumps(row.body, ensure_ascii=False))):
            continue
        same = o.seq == row.seq
        if row.state in ENDED_MESSAGE_STATES:
            connection.execute(delete(t.outbox).where(same))
        elif row.state in UNSENT_STATES:
            connection.execute(update(t.outbox).where(same).values(body=ERASED_BODY))


def _forget_memory(connection: Connection, keys: frozenset[str]) -> None:
    """Forget what was said in conversations that stay because of an open case, before it."""
    c = t.conversations.c
    for talk in connection.execute(select(c.key, c.memory).where(c.key.in_(keys))).all():
        values = {"memory": {**talk.memory, **FORGOTTEN_MEMORY}, "version": c.version + 1}
        connection.execute(update(t.conversations).where(c.key == talk.key).values(values))


def _erase_consents(connection: Connection, traces: Traces) -> None:
    """Take the person out of what they agreed to: that somebody did, to which text, and when, stays.
    While a case of theirs is open, it stays whole. A block stays, or erasing would end it."""
    if traces.open_cases:
        return
    c = t.consents.c
    same = update(t.consents).where(c.account == traces.account)
    connection.execute(same.values(account=ERASED))


def _erase_audit(connection: Connection, traces: Traces) -> None:
    """Take the person out of the audit log; what was done, and when, stays."""
    a = t.audit.c
    connection.execute(update(t.audit).where(a.who == traces.account).values(who=ERASED))
    for name in (traces.account, *traces.erased_lanes):
        rows = select(a.pk, a.act).where(a.act.contains(name, autoescape=True))
        for row in connection.execute(rows).all():
            if traces.names(row.act):
                act = func.replace(a.act, name, ERASED)
                connection.execute(update(t.audit).where(a.pk == row.pk).values(act=act))
