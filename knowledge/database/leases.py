"""Queues in tables: rows that one process works on at a time, until its lease ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from knowledge.database.engine import UtcDateTime, open_reader, write_transaction

SUSPECT_LOSSES = 2  # so often may a process die over a row before it is suspected of killing it
SUSPECT_REST = timedelta(seconds=5)  # after a start, for each further loss
SUSPECT_DISTANCE = timedelta(seconds=0.5)  # between two that rest


@dataclass(frozen=True, slots=True)
class LeaseQueue:
    """A table of work. The rows of one lane are worked in the order of `seq`, by one owner.

    The table has the columns seq, lane, state, ready_at, lease_until and owner. `waiting` and
    `working` are its two open states; a row in any other state is done. A row that is `working`
    is free again when its lease has ended. The column `lost` counts how often the owner of a row
    died or hung over it: only the first open row of a lane was being worked on, so that those
    behind it are not counted. A row in `working` without an owner was given back by it.

    `person` names the column whose values take turns: the lane is worked whose row is due longest,
    counted from when its person was last served (column `claimed_at`), and only one lane of a person
    ("" is no one) at a time: what takes one person's work long leaves other workers to others. Without
    it, the oldest row.
    """

    table: Table
    waiting: str
    working: str
    lease: timedelta
    lost: str
    person: str | None = None

    @property
    def open_states(self) -> tuple[str, str]:
        """The states of rows that are not done."""
        return (self.waiting, self.working)

    def claim(
        self,
        engine: Engine,
        owner: str,
        now: datetime,
        where: ColumnElement[bool],
        *,
        lanes: int = 1,
        batch: int = 1,
    ) -> list[Row[Any]]:
        """Lease rows to `owner`: up to `batch` of each of up to `lanes` lanes, oldest first.

        `where` limits which rows a lane may begin with; a caller that claims often hands over the
        same expression again, for which the statements are kept. Returns the rows as they were before
        this claim ([] when no lane is free), so that a row in `working` is one whose earlier
        lease ended; that it was lost once more is already in the table (see `count_lost`).
        """
        first, fair = _build_claim(self, where, lanes)
        with open_reader(engine).connect() as connection:  # idle workers take no write lock
            if connection.execute(first, {"now": now}).first() is None:
                return []
        with write_transaction(engine) as connection:
            locked = connection.execute(fair, {"now": now}).all()
            rows = [row for head in locked for row in self._list_batch(connection, head, batch)]
            values: dict[str, Any] = {
                "state": self.working,
                "owner": owner,
                "lease_until": now + self.lease,
            }
            if self.person:
                values["claimed_at"] = now
            if keys := [row.seq for row in rows]:  # else another process was quicker
                self._add_lost(connection, [row.seq for row in locked if self._is_lost(row)])
                connection.execute(_build_update(self, "any"), values | {"_keys": keys})
            return rows

    def count_lost(self, row: Row[Any], head: Row[Any]) -> int:
        """How often a claimed row was lost, this time included; `head` is the first of its lane."""
        return int(row._mapping[self.lost]) + (row is head and self._is_lost(row))

    def update_held(
        self,
        connection: Connection,
        keys: Iterable[int],
        values: Mapping[str, Any],
        *,
        owner: str | None = None,
    ) -> bool:
        """Write `values` to the rows `keys` that are being worked on, by `owner` if it is given.

        Returns False when one of them is no longer, for example because its lease ended.
        """
        wanted: dict[str, Any] = {"_keys": list(keys)}
        if owner is not None:
            wanted["_owner"] = owner
        change = _build_update(self, "held" if owner is None else "own")
        changed = connection.execute(change, {**values, **wanted})
        return changed.rowcount == len(wanted["_keys"])

    def recover(
        self, engine: Engine, is_gone: Callable[[str], bool], values: Mapping[str, Any]
    ) -> int:
        """Write `values` to the rows whose owners are gone, and no owner; returns how many. Those
        that were being worked on count as lost. Nothing is locked where none is gone."""
        c = self.table.c
        held = and_(c.state == self.working, c.owner.is_not(None))
        if not (gone := _list_gone(engine, select(c.owner).where(held).distinct(), is_gone)):
            return 0
        with write_transaction(engine) as connection:
            abandoned = and_(held, c.owner.in_(gone))
            heads = select(c.seq).where(abandoned, ~self._is_preceded())
            self._add_lost(connection, list(connection.execute(heads).scalars()))
            freed = update(self.table).where(abandoned)
            return connection.execute(freed.values({**values, "owner": None})).rowcount

    def rest_suspects(self, engine: Engine, now: datetime) -> int:
        """At a start, let what was lost more than once wait, longer each time; returns how many rows.

        A process that dies soon after each start, whatever the reason, would be held against the rows
        that it happened to work on, until they are given up. While those rest it works on others, or
        ends before it takes them. One after the other, as one of them may be the reason."""
        c, rested = self.table.c, 0
        losses = c[self.lost]
        suspects = select(c.seq, losses).where(
            losses >= SUSPECT_LOSSES, c.state.in_(self.open_states), c.owner.is_(None)
        )
        with write_transaction(engine) as connection:
            for number, (seq, lost) in enumerate(connection.execute(suspects.order_by(c.seq))):
                due = now + SUSPECT_REST * (lost - 1) + SUSPECT_DISTANCE * number
                for state, moment in ((self.waiting, "ready_at"), (self.working, "lease_until")):
                    same = update(self.table).where(c.seq == seq, c.state == state, c[moment] < due)
                    rested += connection.execute(same.values({moment: due})).rowcount
        return rested

    def recall(
        self, engine: Engine, now: datetime, longest: timedelta, *where: ColumnElement[bool]
    ) -> int:
        """Let rows be due now that wait for a moment farther off than `longest`, which is more than any
        of them may have to wait: the clock was ahead when that was stored. Returns how many. A row
        that somebody is working on is left to its owner. Nothing is locked where there are none."""
        c, far = self.table.c, now + longest
        waiting = and_(c.state == self.waiting, c.ready_at > far, *where)
        given_back = and_(c.state == self.working, c.owner.is_(None), c.lease_until > far, *where)
        too_far = select(c.seq).where(waiting | given_back).limit(1)
        with open_reader(engine).connect() as connection:
            if connection.execute(too_far).first() is None:
                return 0
        due = {"ready_at": now}
        with write_transaction(engine) as connection:
            recalled = connection.execute(update(self.table).where(waiting).values(due)).rowcount
            freed = update(self.table).where(given_back).values(due | {"lease_until": now})
            return recalled + connection.execute(freed).rowcount

    def find_oldest(self, engine: Engine, column: str, *where: ColumnElement[bool]) -> Any:
        """The least value of `column` among open rows; None when there are none."""
        is_open = self.table.c.state.in_(self.open_states)
        query = select(func.min(self.table.c[column])).where(is_open, *where)
        with engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def count(self, engine: Engine, state: str) -> int:
        """How many rows are in `state`."""
        query = select(func.count()).where(self.table.c.state == state)
        with engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def _is_head(self) -> ColumnElement[bool]:
        """Whether a row is the first open one of its lane, due at the moment that is bound to `now`, and
        held by no living lease."""
        c, now = self.table.c, bindparam("now", type_=UtcDateTime())
        free = or_(
            and_(c.state == self.waiting, c.ready_at <= now),
            and_(c.state == self.working, c.lease_until < now),
        )
        return and_(free, ~self._is_preceded(), *self._is_alone())

    def _is_alone(self) -> list[ColumnElement[bool]]:
        """That nothing else of a row's person is being worked on, where persons take turns. On
        PostgreSQL two claims at the same moment may both find that."""
        if self.person is None:
            return []
        c, others, now = self.table.c, self.table.alias(), bindparam("now", type_=UtcDateTime())
        busy = exists().where(
            others.c[self.person] == c[self.person],
            others.c.state == self.working,
            others.c.lease_until >= now,
        )
        return [or_(c[self.person] == "", ~busy)]

    def _list_turns(self) -> list[ColumnElement[Any]]:
        """The order in which free lanes are taken."""
        c, others = self.table.c, self.table.alias()
        if self.person is None:
            return [c.seq]
        same = others.c[self.person] == c[self.person]
        now = bindparam("now", type_=UtcDateTime())
        past = others.c.claimed_at <= now  # the clock may have been ahead
        served = select(func.max(others.c.claimed_at)).where(same, past).scalar_subquery()
        return [case((served > c.ready_at, served), else_=c.ready_at), c.seq]

    def _is_preceded(self) -> ColumnElement[bool]:
        """Whether another open row of its lane stands before a row."""
        c, earlier = self.table.c, self.table.alias()
        return exists().where(
            earlier.c.lane == c.lane,
            earlier.c.seq < c.seq,
            earlier.c.state.in_(self.open_states),
        )

    def _is_lost(self, row: Row[Any]) -> bool:
        """Whether the owner of a row, as it was before a claim, died or hung over it."""
        return row.state == self.working and row.owner is not None

    def _add_lost(self, connection: Connection, keys: list[int]) -> None:
        if keys:
            lost = self.table.c[self.lost]
            more = update(self.table).where(self.table.c.seq.in_(keys))
            connection.execute(more.values({self.lost: lost + 1}))

    def _list_batch(self, connection: Connection, head: Row[Any], batch: int) -> list[Row[Any]]:
        """`head` and the open rows that follow it in its lane."""
        if batch == 1:
            return [head]
        following = _build_batch(self, batch)
        return list(connection.execute(following, {"lane": head.lane, "seq": head.seq}))


@lru_cache(maxsize=32)
def _build_claim(
    queue: LeaseQueue, where: ColumnElement[bool], lanes: int
) -> tuple[Select[Any], Select[Any]]:
    """The statements that look for a free lane, and that lock up to `lanes` of them: building them
    costs more than running them."""
    heads = select(queue.table).where(where, queue._is_head())
    fair = heads.order_by(*queue._list_turns()).limit(lanes)
    return heads.order_by(queue.table.c.seq).limit(1), fair.with_for_update(skip_locked=True)


@lru_cache(maxsize=32)
def _build_batch(queue: LeaseQueue, batch: int) -> Select[Any]:
    c = queue.table.c
    following = select(queue.table).where(
        c.lane == bindparam("lane"), c.seq >= bindparam("seq"), c.state.in_(queue.open_states)
    )
    return following.order_by(c.seq).limit(batch)


@lru_cache(maxsize=32)
def _build_update(queue: LeaseQueue, whose: Literal["any", "held", "own"]) -> Update:
    """A change of the rows `_keys`: of any, of those worked on, of those that `_owner` works on."""
    c = queue.table.c
    change = update(queue.table).where(c.seq.in_(bindparam("_keys", expanding=True)))
    if whose == "any":
        return change
    change = change.where(c.state == queue.working)
    return change if whose == "held" else change.where(c.owner == bindparam("_owner"))


def recover_leases(
    engine: Engine, table: Table, is_gone: Callable[[str], bool], values: Mapping[str, Any]
) -> int:
    """Write `values` to the rows of `table` whose owner is gone, without waiting for their leases; how many."""
    owner = table.c.owner
    owners = select(owner).where(owner.is_not(None)).distinct()
    if not (gone := _list_gone(engine, owners, is_gone)):
        return 0
    with write_transaction(engine) as connection:
        abandoned = update(table).where(owner.in_(gone))
        return connection.execute(abandoned.values(dict(values))).rowcount


def _list_gone(engine: Engine, owners: Select[Any], is_gone: Callable[[str], bool]) -> list[str]:
    """Those owners that are gone, which come back under another name: no row becomes theirs again."""
    with open_reader(engine).connect() as connection:
        return list(filter(is_gone, connection.execute(owners).scalars()))
