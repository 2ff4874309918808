"""Seats and hours of the bodies, as rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, and_, delete, insert, select

from bot.store import tables as t
from bot.store.serialisation import dump_record, dump_values, load_record
from bot.types import BodyHours, SeatRules, StaffMember


class SeatStore:
    """The tables of seats and hours. Both are written by decisions, see bot/store/decision.py."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_seats(self, mission: str) -> list[tuple[StaffMember, SeatRules]]:
        """A body's members in the order in which they were admitted, each with what is set for
        their seat."""
        s, r = t.staff.c, t.seats.c
        same = and_(r.mission == s.mission, r.channel == s.channel, r.user == s.user)
        members = select(t.staff).where(s.mission == mission, s.removed_at.is_(None))
        rules = select(t.seats).join(t.staff, same).where(r.mission == mission)
        with self._engine.connect() as connection:
            rows = connection.execute(members.order_by(s.admitted_at, s.channel, s.user)).all()
            kept = [load_record(SeatRules, one._asdict()) for one in connection.execute(rules)]
        by_member = {(one.channel, one.user): one for one in kept}
        return [
            (
                load_record(StaffMember, row._asdict()),
                by_member.get((row.channel, row.user), SeatRules(mission, row.channel, row.user)),
            )
            for row in rows
        ]

    def list_hours(self) -> list[BodyHours]:
        """The hours of every body that has set some."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(t.body_hours)).all()
        return [load_record(BodyHours, row._asdict()) for row in rows]


def write_seats(
    connection: Connection, seats: Sequence[SeatRules], hours: BodyHours | None
) -> None:
    """Write the rules of seats and the hours of a body, each in place of what was set before."""
    r, h = t.seats.c, t.body_hours.c
    for one in seats:
        same = and_(r.mission == one.mission, r.channel == one.channel, r.user == one.user)
        connection.execute(delete(t.seats).where(same))
        connection.execute(insert(t.seats).values(dump_record(one)))
    if hours:
        connection.execute(delete(t.body_hours).where(h.mission == hours.mission))
        connection.execute(insert(t.body_hours).values(dump_values(hours)))
