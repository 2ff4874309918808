"""Meetings and resolutions of the bodies, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, and_, insert, or_, select, update

from bot.errors import Conflict
from bot.messages import Outgoing
from bot.store import outbox_rows
from bot.store import tables as t
from bot.store.serialisation import dump_record, load_record
from bot.types import Meeting, Minutes, Resolution
from knowledge.database.engine import write_transaction


class MeetingStore:
    """The tables of meetings and resolutions. Every method is one transaction; what a change has to
    tell is owed in the same one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, meeting: Meeting, notices: Sequence[Outgoing], now: datetime) -> None:
        """Store a new meeting and owe its invitation. Raises Conflict if the body has a meeting
        that is not over."""
        with write_transaction(self._engine) as connection:
            m = t.meetings.c
            ahead = select(m.uid).where(
                m.mission == meeting.mission, m.withdrawn_at.is_(None), m.starts_at > now
            )
            if connection.execute(ahead).first():
                raise Conflict(f"{meeting.mission} has a meeting already")
            connection.execute(insert(t.meetings).values(dump_record(meeting)))
            self._owe(connection, meeting, notices, now)

    def change(self, meeting: Meeting, notices: Sequence[Outgoing], now: datetime) -> None:
        """Store a meeting that was moved or withdrawn, with its raised sequence, and owe the
        `notices` of it. Raises Conflict if somebody else changed it first."""
        m = t.meetings.c
        same = (m.uid == meeting.uid) & (m.sequence == meeting.sequence - 1)
        with write_transaction(self._engine) as connection:
            changed = update(t.meetings).where(same).values(dump_record(meeting))
            if connection.execute(changed).rowcount != 1:
                raise Conflict(f"the meeting of {meeting.mission} was changed by somebody else")
            self._owe(connection, meeting, notices, now)

    def send_agenda(self, meeting: Meeting, papers: Sequence[Outgoing], now: datetime) -> bool:
        """Owe the agenda of a meeting once; whether this call did it."""
        m = t.meetings.c
        unsent = and_(
            m.uid == meeting.uid, m.sequence == meeting.sequence,
            m.agenda_sent_at.is_(None), m.withdrawn_at.is_(None),
        )  # fmt: skip
        with write_transaction(self._engine) as connection:
            sent = update(t.meetings).where(unsent).values(agenda_sent_at=now)
            if connection.execute(sent).rowcount != 1:
                return False
            key = f"agenda:{meeting.uid}:{meeting.sequence}"
            outbox_rows.add_decided(connection, key, papers, now)
        return True

    def find_next(self, mission: str, now: datetime) -> Meeting | None:
        """The body's meeting that has not begun; None where none is planned."""
        ahead = [one for one in self.list_ahead(now) if one.mission == mission]
        return ahead[0] if ahead else None

    def list_ahead(self, now: datetime) -> list[Meeting]:
        """The meetings of all bodies that have not begun, the first to begin first."""
        m = t.meetings.c
        query = select(t.meetings).where(m.withdrawn_at.is_(None), m.starts_at > now)
        return self._load(query.order_by(m.starts_at, m.uid))

    def find_last(self, mission: str, now: datetime) -> Meeting | None:
        """The body's last meeting that has begun; None where there was none."""
        m = t.meetings.c
        query = select(t.meetings).where(
            m.mission == mission, m.withdrawn_at.is_(None), m.starts_at <= now
        )
        found = self._load(query.order_by(m.starts_at.desc()).limit(1))
        return found[0] if found else None

    def list_resolutions(
        self, mission: str, settled_since: datetime | None = None
    ) -> list[Resolution]:
        """A body's resolutions in their order: those that are open, and those that were settled
        since a moment (None: no others)."""
        r = t.resolutions.c
        wanted = r.state == "open"
        if settled_since is not None:
            wanted = or_(wanted, r.settled_at >= settled_since)
        query = select(t.resolutions).where(r.mission == mission, wanted).order_by(r.number)
        with self._engine.connect() as connection:
            return [load_record(Resolution, row._asdict()) for row in connection.execute(query)]

    def _owe(
        self, connection: Connection, meeting: Meeting, notices: Sequence[Outgoing], now: datetime
    ) -> None:
        key = f"meeting:{meeting.uid}:{meeting.sequence}"
        outbox_rows.add_decided(connection, key, notices, now)

    def _load(self, query: object) -> list[Meeting]:
        with self._engine.connect() as connection:
            rows = connection.execute(query)  # type: ignore[call-overload]
            return [load_record(Meeting, row._asdict()) for row in rows]


def write_minutes(connection: Connection, minutes: Minutes, now: datetime) -> None:
    """Write new resolutions, and settle those named. Raises Conflict for a number that is no open
    resolution of the body: somebody else settled it."""
    for one in minutes.new:
        values = dump_record(one)
        del values["number"]
        connection.execute(insert(t.resolutions).values(values))
    r = t.resolutions.c
    for number, state in minutes.settled:
        same = and_(r.number == number, r.mission == minutes.mission, r.state == "open")
        settled = update(t.resolutions).where(same).values(state=state, settled_at=now)
        if connection.execute(settled).rowcount != 1:
            raise Conflict(f"resolution {number} of {minutes.mission} is not open")
