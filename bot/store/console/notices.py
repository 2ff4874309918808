"""What became of events from the console, and who has which case open there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from bot.store import tables as t
from bot.store.serialisation import load_line
from bot.store.tables.lookups import is_in_record
from bot.types import CaseMessage, ConsoleNotice
from knowledge.database.engine import insert_new, open_reader, write_transaction

PRESENCE_LIFE = timedelta(seconds=60)  # since a tab last said that it is open
RECENT = 32  # numbers, more than transactions that write cases at the same time


def write_notice(connection: Connection, notice: ConsoleNotice, now: datetime) -> None:
    """Keep what became of an event, in the transaction that closes the event."""
    row = {
        "event": notice.event, "account": notice.account, "kind": notice.kind,
        "case_number": notice.case, "text": notice.text, "at": now,
    }  # fmt: skip
    connection.execute(insert(t.console_notices).values(row))


class ConsoleNotices:
    """The notices of the console, and the presence of people at cases."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._reader = engine, open_reader(engine)

    def tell(self, event: str, account: str, text: str, now: datetime) -> None:
        """Keep a message to `account`, once for its key `event`."""
        row = {"event": event, "account": account, "kind": "told", "text": text, "at": now}
        with write_transaction(self._engine) as connection:
            connection.execute(insert_new(connection, t.console_notices).values(row))

    def find(self, event: str) -> ConsoleNotice | None:
        """What became of an event; None while it is not worked on."""
        n = t.console_notices.c
        query = select(n.event, n.account, n.kind, n.text, n.case_number).where(n.event == event)
        with self._reader.connect() as connection:
            row = connection.execute(query).first()
        return ConsoleNotice(*row) if row else None

    def take_unseen(self, account: str, now: datetime) -> list[ConsoleNotice]:
        """The notices that `account` has not seen yet, the oldest first; they count as seen now."""
        n = t.console_notices.c
        unseen = (
            update(t.console_notices)
            .where(n.account == account, n.seen_at.is_(None))
            .values(seen_at=now)
            .returning(n.pk, n.event, n.account, n.kind, n.text, n.case_number)
        )
        with write_transaction(self._engine) as connection:
            rows = sorted(connection.execute(unseen).all())
        return [ConsoleNotice(*row[1:]) for row in rows]

    def stay(self, account: str, name: str, case: int, tab: str, now: datetime) -> None:
        """Keep that `account` has a case open in a tab now."""
        p = t.console_presence.c
        own = (p.account == account) & (p.case_number == case) & (p.tab == tab)
        row = {"account": account, "case_number": case, "tab": tab, "name": name, "seen_at": now}
        with write_transaction(self._engine) as connection:
            connection.execute(delete(t.console_presence).where(own))
            connection.execute(insert(t.console_presence).values(row))

    def list_present(self, case: int, but: str, now: datetime) -> list[str]:
        """The names of those who have a case open, without the account `but`."""
        p = t.console_presence.c
        query = select(p.name).where(
            p.case_number == case, p.account != but, p.seen_at > now - PRESENCE_LIFE
        )
        with self._reader.connect() as connection:
            return sorted(set(connection.execute(query).scalars()))

    def list_record(self, case: int, after: int = 0) -> list[tuple[int, CaseMessage]]:
        """The lines of a case's record by their numbers, in order, from the number `after` on."""
        c = t.case_lines.c
        query = select(t.case_lines).where(is_in_record(case), c.pk > after)
        with self._reader.connect() as connection:
            rows = connection.execute(query.order_by(c.at, c.pk)).all()
        return [(row.pk, load_line(row)) for row in rows]

    def count_record(self, case: int) -> int:
        """How many lines the record of a case has."""
        query = select(func.count()).select_from(t.case_lines).where(is_in_record(case))
        with self._reader.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def list_log_marks(self) -> dict[int, int]:
        """The number of the last entry in the log of each open case."""
        log, k = t.case_log.c, t.cases.c
        query = (
            select(log.case_number, func.max(log.pk))
            .join(t.cases, k.number == log.case_number)
            .where(k.state.in_(t.OPEN_CASE_STATES))
            .group_by(log.case_number)
        )
        with self._reader.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def describe_changes(self) -> str:
        """A text that is another one after anything was said or done in a case. The last numbers stand
        in it, not only the highest: what is committed late may have a lower one."""
        with self._reader.connect() as connection:
            return ";".join(
                ",".join(map(str, connection.scalars(select(pk).order_by(pk.desc()).limit(RECENT))))
                for pk in (t.case_log.c.pk, t.case_lines.c.pk)
            )
