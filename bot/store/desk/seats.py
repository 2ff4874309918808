"""Seats and hours of the bodies, as rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, and_, delete, insert

from bot.store import tables as t
from bot.store.serialisation import dump_record, dump_values, load_record
from bot.store.tables import lookups
from bot.types import BodyHours, SeatRules, StaffMember
from knowledge.database.engine import open_reader


class SeatStore:
    """The tables of seats and hours. Both are written by decisions, see bot/store/decision.py."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._reader = engine, open_reader(engine)

    def list_seats(self, mission: str) -> list[tuple[StaffMember, SeatRules]]:
        """A body's members in the order in which they were admitted, each with what is set for
        their seat."""
        wanted = {"mission": mission}
        with self._engine.connect() as connection:
            rows = connection.execute(lookups.MEMBERS, wanted).all()
            rules = connection.execute(lookups.SEATS, wanted)
            kept = [load_record(SeatRules, one._asdict()) for one in rules]
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
        with self._reader.connect() as connection:
            rows = connection.execute(lookups.HOURS).all()
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
