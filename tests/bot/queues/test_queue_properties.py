"""The two queues under any order of deliveries, claims, crashes, lease ends and confirmations: each event
has exactly one effect, and each lane keeps its order.

The model holds what an in-memory SQLite must say after each step.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from bot.context import Decision
from bot.errors import Conflict
from bot.messages import Address, Content, Outgoing
from bot.store import InboxRow, OutboxRow, Store
from bot.store import tables as t
from bot.store.inbox import INBOX_LEASE
from bot.store.outbox import OUTBOX_LEASE
from knowledge.catalogue import open_engine
from tests.bot.store.sample_records import NOW, make_event

LANES = ("telegram:1001", "telegram:1002", "telegram:1003")
DELAYS = st.sampled_from([0.05, 1.0, 30.0, 91.0, 121.0])  # within and beyond each lease


@dataclass
class Event:
    """What the model knows of an event: who holds it until when, and whether it is done."""

    key: str
    lane: str
    ready_at: datetime = NOW
    holder: str = ""
    lease_until: datetime | None = None
    is_done: bool = False


@dataclass
class ModelMessage:
    """What it knows of a message that an event led to."""

    text: str
    lane: str
    lease_until: datetime | None = None
    claims: int = 0
    is_sent: bool = False


@dataclass
class Work:
    """Events that a worker holds, as the store gave them out."""

    owner: str
    rows: list[InboxRow]
    events: list[Event] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        """Whether nobody took them over, and no one closed them."""
        return all(one.holder == self.owner and not one.is_done for one in self.events)


class Queues(RuleBasedStateMachine):
    """Workers and senders that may stop at any moment, and a messenger that tells things twice."""

    store: Store
    works = Bundle("works")
    sends = Bundle("sends")

    @initialize()
    def empty_the_tables(self) -> None:
        with self.store._engine.begin() as connection:
            connection.execute(delete(t.inbox))
            connection.execute(delete(t.outbox))
        self.now, self.owners = NOW, 0
        self.events: list[Event] = []
        self.messages: list[ModelMessage] = []
        self.dead_owners: set[str] = set()

    @rule(number=st.integers(0, 8))
    def deliver(self, number: int) -> None:
        """The messenger tells of an event, for the first time or once more."""
        key, lane = str(number), LANES[number % len(LANES)]
        is_new = key not in {one.key for one in self.events}
        assert self.store.inbox.receive([make_event(key, lane)], self.now) == is_new
        if is_new:
            self.events.append(Event(key, lane, self.now))

    @rule(delay=DELAYS)
    def wait(self, delay: float) -> None:
        """Time passes; leases may end."""
        self.now += timedelta(seconds=delay)

    @rule(target=works)
    def claim(self) -> object:
        """A new worker asks for work: it gets all of a free lane in order, or there is none."""
        self.owners += 1
        owner = f"w{self.owners}"
        rows = self.store.inbox.claim(owner, self.now)
        free = {lane: open_ for lane, open_ in self._list_open().items() if self._is_free(open_[0])}
        if not rows:
            assert free == {}
            return multiple()
        lane = rows[0].lane
        assert [row.key for row in rows] == [one.key for one in free[lane]]
        for one in free[lane]:
            one.holder, one.lease_until = owner, self.now + INBOX_LEASE
        return Work(owner, rows, free[lane])

    @rule(target=works)
    def take_over(self) -> object:
        """All leases end, and a new worker takes what a slow one still believes to hold."""
        self.now += INBOX_LEASE + timedelta(seconds=1)
        return self.claim()

    @rule(work=consumes(works))
    def commit(self, work: Work) -> None:
        """A worker writes what its events led to: all of it, or nothing if they are another's."""
        texts = [f"effect of {one.key}" for one in work.events]
        to = Address(*work.events[0].lane.split(":"))
        decision = Decision(outgoing=tuple(Outgoing(to, Content(text)) for text in texts))
        if not work.is_held:
            with pytest.raises(Conflict):
                self.store.commit(work.rows, work.owner, decision, self.now)
            return
        self.store.commit(work.rows, work.owner, decision, self.now)
        for one in work.events:
            one.is_done = True
        self.messages += [ModelMessage(text, to.lane) for text in texts]

    @rule(work=consumes(works))
    def fail(self, work: Work) -> None:
        """The first event of a worker fails; it is tried again after a moment, and no other jumps it."""
        self.store.inbox.retry(work.rows[0], work.owner, "error", self.now)
        self.store.inbox.release(work.rows[1:], work.owner)
        for one in work.events:
            if one.holder == work.owner and not one.is_done:
                one.holder, one.lease_until = "", None
        if work.events[0].holder == "" and not work.events[0].is_done:
            work.events[0].ready_at = self._read_ready_at(work.events[0].key)

    @rule(work=consumes(works))
    def crash(self, work: Work) -> None:
        """A worker is killed: what it holds stays its own until the lease ends."""
        self.dead_owners.add(work.owner)

    @rule()
    def recover(self) -> None:
        """Another finds that the dead are gone, and frees what they hold."""
        held = [one for one in self.events if one.holder in self.dead_owners and not one.is_done]
        assert self.store.inbox.recover_leases(self.dead_owners.__contains__) == len(held)
        for one in held:
            one.holder, one.lease_until = "", None

    @rule(target=sends, count=st.integers(1, 3))
    def claim_messages(self, count: int) -> object:
        """A sender asks for messages: each is the first of its lane, and doubtful if it was begun."""
        rows = self.store.outbox.claim("s", self.now, ["telegram"], count)
        heads = self._list_heads()
        assert len(rows) == min(count, len(heads))
        for row in rows:
            message = heads[row.lane]
            assert row.content.text == message.text and row.doubtful == (message.claims > 0)
            message.lease_until, message.claims = self.now + OUTBOX_LEASE, message.claims + 1
        return multiple(*rows)

    @rule(row=consumes(sends))
    def send(self, row: OutboxRow) -> None:
        """A message went out, be it by a sender whose lease had ended."""
        self.store.outbox.mark_sent(row, self.now, "m1")
        self._find_message(row).is_sent = True

    @rule(row=consumes(sends))
    def lose(self, row: OutboxRow) -> None:
        """A sender is killed: nobody knows whether the message went out."""

    @invariant()
    def every_event_has_one_effect(self) -> None:
        """What the tables hold is what the model says."""
        o = t.outbox.c
        with self.store._engine.connect() as connection:
            rows = connection.execute(select(o.body, o.state).order_by(o.seq)).all()
        assert [row.body["text"] for row in rows] == [one.text for one in self.messages]
        assert [row.state == "sent" for row in rows] == [one.is_sent for one in self.messages]
        assert len({one.text for one in self.messages}) == len(self.messages)
        assert self.store.inbox.count_events("done") == sum(one.is_done for one in self.events)

    def teardown(self) -> None:
        """When all leases have ended, what is left is worked and sent: nothing is lost or done twice."""
        self.now += INBOX_LEASE + OUTBOX_LEASE
        while isinstance(work := self.claim(), Work):
            self.commit(work)
        assert all(one.is_done for one in self.events)
        while rows := self.store.outbox.claim("s", self.now, ["telegram"], 3):
            for row in rows:
                self.send(row)
        assert all(one.is_sent for one in self.messages)
        assert sorted(one.text for one in self.messages) == sorted(
            f"effect of {one.key}" for one in self.events
        )
        for lane in LANES:  # in the order in which they came in
            keys = [one.key for one in self.events if one.lane == lane]
            said = [one.text for one in self.messages if one.lane == lane]
            assert said == [f"effect of {key}" for key in keys]

    def _list_open(self) -> dict[str, list[Event]]:
        found: dict[str, list[Event]] = defaultdict(list)
        for one in self.events:
            if not one.is_done:
                found[one.lane].append(one)
        return found

    def _is_free(self, head: Event) -> bool:
        if head.holder:
            return head.lease_until is not None and head.lease_until < self.now
        return head.ready_at <= self.now

    def _list_heads(self) -> dict[str, ModelMessage]:
        """The first message of each lane that has not gone out, where no sender is at it."""
        heads: dict[str, ModelMessage] = {}
        for one in self.messages:
            if not one.is_sent:
                heads.setdefault(one.lane, one)
        return {lane: one for lane, one in heads.items()
                if one.lease_until is None or one.lease_until < self.now}  # fmt: skip

    def _find_message(self, row: OutboxRow) -> ModelMessage:
        return next(one for one in self.messages if one.text == row.content.text)

    def _read_ready_at(self, key: str) -> datetime:
        query = select(t.inbox.c.ready_at).where(t.inbox.c.event_key == key)
        with self.store._engine.connect() as connection:
            ready_at: datetime = connection.execute(query).scalar_one()
            return ready_at


@pytest.fixture(scope="module")
def machine() -> type[Queues]:
    """The machine over one database in memory, which each run empties."""
    return type("QueuesInMemory", (Queues,), {"store": Store(open_engine("sqlite://"))})


def test_each_event_has_exactly_one_effect(machine: type[Queues]) -> None:
    # Not made smaller where it fails: that takes minutes, and the steps are printed anyway.
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=30, stateful_step_count=30, deadline=None, phases=phases),
    )
