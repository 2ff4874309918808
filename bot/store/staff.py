"""Who is staff: the members of each body, and who wrote in its threads without being one."""

from __future__ import annotations

from sqlalchemy import Engine, select

from bot.store import tables as t
from bot.store.serialisation import load_record
from bot.store.tables import lookups
from bot.types import StaffMember, UnadmittedWriter
from knowledge.database.engine import open_reader


class StaffRoster:
    """The staff table. Members are written by decisions, see bot/store/decision.py."""

    def __init__(self, engine: Engine) -> None:
        self._reader = open_reader(engine)

    def list_members(self, mission: str) -> list[StaffMember]:
        """The members of a mission's body, in the order in which they were admitted."""
        with self._reader.connect() as connection:
            rows = connection.execute(lookups.MEMBERS, {"mission": mission}).all()
        return [load_record(StaffMember, row._asdict()) for row in rows]

    def find_members(self, channel: str, chat: str, user: str) -> list[StaffMember]:
        """What an account is in the bodies that are bound to a chat, by mission; [] for somebody
        who is not staff there."""
        here = {"channel": channel, "chat": chat, "user": user}
        with self._reader.connect() as connection:
            rows = connection.execute(lookups.MEMBERS_HERE, here).all()
        return [load_record(StaffMember, row._asdict()) for row in rows]

    def list_memberships(self, channel: str, user: str) -> list[StaffMember]:
        """What an account is in every body, by mission."""
        s = t.staff.c
        query = select(t.staff).where(
            s.channel == channel, s.user == user, s.removed_at.is_(None)
        )  # fmt: skip
        with self._reader.connect() as connection:
            rows = connection.execute(query.order_by(s.mission)).all()
        return [load_record(StaffMember, row._asdict()) for row in rows]

    def list_ever(self) -> list[StaffMember]:
        """All members of all bodies, those removed since among them and first."""
        s = t.staff.c
        query = select(t.staff).order_by(s.removed_at.is_(None), s.admitted_at, s.mission)
        with self._reader.connect() as connection:
            rows = connection.execute(query).all()
        return [load_record(StaffMember, row._asdict()) for row in rows]

    def list_unadmitted(self, channel: str, chat: str) -> list[UnadmittedWriter]:
        """Who wrote in the staff threads of a chat without being staff, the latest first; one
        person has an entry for each thread."""
        u = t.unadmitted.c
        query = select(t.unadmitted).where(u.channel == channel, u.chat == chat)
        with self._reader.connect() as connection:
            rows = connection.execute(query.order_by(u.told_at.desc(), u.thread)).all()
        return [load_record(UnadmittedWriter, row._asdict()) for row in rows]
