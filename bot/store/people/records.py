"""What is kept of one person: what they agreed to, whether they are blocked, and all of it for an
export and for the question before an erasure."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, func, or_, select

from bot.store import tables as t
from bot.store.console.answers import is_of
from bot.store.founders.records import list_linked
from bot.store.retention.erasure import Traces, find_traces, is_addressed_to
from bot.store.retention.remains import ENDED_EVENT_STATES
from bot.store.serialisation import load_record
from bot.store.tables import lookups
from bot.types import ERASED, Block, Consent
from knowledge.database.engine import open_reader

SEALED_MARK = "(sealed)"  # in a copy, for the words of a sealed case
# What an export leaves out: leases, keys and states of our own queues, which say nothing of a person.
_INTERNAL = frozenset(
    {
        "pk", "seq", "version", "attempts", "ready_at", "lease_until", "owner", "claimed_at", "error",
        "event_key", "natural_key", "dedup_key", "after_key", "refusals", "lost", "told", "plain",
        "maybe_sent", "forget_sent", "held_at", "unless_taken", "taken_by", "taken_name",
        "asker", "wrong_by",
    }
)  # fmt: skip


class PersonRecords:
    """Reads the tables by person, "channel:user". Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._reader = engine, open_reader(engine)

    def list_consents(self, account: str) -> list[Consent]:
        """What a person said to each item, the oldest first."""
        c = t.consents.c
        query = select(t.consents).where(c.account == account).order_by(c.pk)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [load_record(Consent, row._asdict()) for row in rows]

    def find_block(self, account: str) -> Block | None:
        """Why a person is blocked; None if they are not."""
        with self._reader.connect() as connection:
            row = connection.execute(lookups.BLOCK, {"account": account}).first()
        return load_record(Block, row._asdict()) if row else None

    def list_blocks(self) -> list[Block]:
        """Every block, the oldest first."""
        query = select(t.blocks).order_by(t.blocks.c.at, t.blocks.c.account)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [load_record(Block, row._asdict()) for row in rows]

    def list_records(self, account: str) -> dict[str, Any]:
        """All that is kept of a person, on each messenger they linked, by kind. Notes of staff among themselves, and who of them
        has a case, are theirs and are left out, and so are the words of sealed cases: a file has no
        protection against forwarding."""
        with self._engine.connect() as connection:
            found: dict[str, list[dict[str, Any]]] = {}
            for one in list_linked(connection, account):
                for name, own in _select_own(find_traces(connection, one)).items():
                    found.setdefault(name, []).extend(_read(connection, *own))
        return _withhold_sealed(found)

    def count_erasure(self, account: str) -> dict[str, int]:
        """How many records of each kind an erasure of a person would take. What belongs to an open
        case stays."""
        with self._engine.connect() as connection:
            counts: Counter[str] = Counter()
            for one in list_linked(connection, account):
                wanted = _select_own(find_traces(connection, one), erased=True)
                counts.update({name: _count(connection, *wanted[name]) for name in wanted})
        return dict(counts)


def _select_own(
    traces: Traces, *, erased: bool = False
) -> dict[str, tuple[Table, ColumnElement[bool]]]:
    """Where each kind of a person's records stands; `erased`: only what an erasure would take."""
    c, k, line, i, o = (
        t.conversations.c, t.cases.c, t.case_lines.c, t.inbox.c, t.outbox.c,
    )  # fmt: skip
    lanes = traces.erased_lanes if erased else traces.lanes
    cases = traces.ended_cases if erased else (*traces.ended_cases, *traces.open_cases)
    events = or_(i.sender == traces.account, i.lane.in_(lanes))
    if erased:
        events = events & i.state.in_(ENDED_EVENT_STATES) & i.lane.not_in(traces.kept_lanes)
    messages = is_addressed_to(traces) & o.lane.not_in(traces.kept_lanes if erased else ())
    return {
        "conversations": (t.conversations, c.key.in_(lanes)),
        "cases": (t.cases, k.number.in_(cases)),
        "case_lines": (
            t.case_lines,
            line.case_number.in_(cases) & (line.author != "note"),
        ),
        "events": (t.inbox, events & (i.lane != ERASED)),
        "messages": (t.outbox, messages),
        "choices": (t.offer_choices, t.offer_choices.c.conversation.in_(traces.lanes)),
        "answers": (t.answers, is_of(traces.lanes)),
        "consents": (t.consents, t.consents.c.account == traces.account),
        "audit": (t.audit, t.audit.c.who == traces.account),
        "ratings": (t.ratings, t.ratings.c.case_number.in_(cases)),
        "web_lines": (t.web_lines, t.web_lines.c.chat == traces.user),
        "subscriptions": (t.subscriptions, t.subscriptions.c.account == traces.account),
        "linked_accounts": (t.linked_accounts, t.linked_accounts.c.account == traces.account),
    }


def _withhold_sealed(records: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The records with a mark for the words of sealed cases. Which raw event led to one, and which
    matter waits to become one, is not told apart: of a person with a sealed case all are marked."""
    sealed = {case["number"] for case in records["cases"] if case["sealed"]}
    if not sealed:
        return records
    marks = {
        "cases": ("number", ("question", "found", "place")),
        "case_lines": ("case_number", ("text", "files")),
        "messages": ("case_number", ("body",)),
    }
    for kind, (number, names) in marks.items():
        for record in records[kind]:
            if record[number] in sealed:
                record.update(dict.fromkeys(names, SEALED_MARK))
    for kind, name in (("events", "payload"), ("conversations", "memory")):
        for record in records[kind]:
            record[name] = SEALED_MARK
    return records


def _read(connection: Connection, table: Table, own: ColumnElement[bool]) -> list[dict[str, Any]]:
    order = next(iter(table.primary_key.columns))
    rows = connection.execute(select(table).where(own).order_by(order)).all()
    return [
        {name: value for name, value in row._asdict().items() if name not in _INTERNAL}
        for row in rows
    ]


def _count(connection: Connection, table: Table, own: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table).where(own)
    return int(connection.execute(query).scalar_one())
