"""Links to sign in with, and the sessions they begin. Of tokens only digests are kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Engine, and_, func, insert, select, update

from bot.store import tables as t
from bot.store.serialisation import load_record
from bot.types import ConsoleSession
from knowledge.database.engine import open_reader, write_transaction
from knowledge.types import Language

TOKEN_BYTES = 32
LINK_LIFE = timedelta(minutes=10)
IDLE_LIMIT = timedelta(hours=8)
SESSION_LIMIT = timedelta(hours=24)
SEEN_STEP = timedelta(minutes=1)  # how exactly it is kept when a session was last used
CLOCK_TOLERANCE = timedelta(minutes=5)  # between the machines of one Naru
AGENT_LIMIT_CHARACTERS = 200


def is_within(column: Column[datetime], life: timedelta, now: datetime) -> ColumnElement[bool]:
    """Whether a moment is less than `life` ago. One that is still to come was written by a clock that
    was set back since, and would otherwise be good until then."""
    return and_(column > now - life, column <= now + CLOCK_TOLERANCE)


def compute_digest(token: str) -> str:
    """What is kept of a token: 64 hex digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


class ConsoleSessions:
    """Who is signed in to the console."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._reader = engine, open_reader(engine)

    def make_link(self, account: str, now: datetime) -> str:
        """The token of a link that signs `account` in once, within LINK_LIFE."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {"digest": compute_digest(token), "account": account, "made_at": now}
        with write_transaction(self._engine) as connection:
            connection.execute(insert(t.console_links).values(row))
        return token

    def find_link(self, token: str, now: datetime) -> str | None:
        """Whom a link would sign in; None for one that is spent, too old or unknown."""
        k = t.console_links.c
        query = select(k.account).where(
            k.digest == compute_digest(token), k.spent_at.is_(None),
            is_within(k.made_at, LINK_LIFE, now),
        )  # fmt: skip
        with self._reader.connect() as connection:
            account: str | None = connection.execute(query).scalar()
        return account

    def spend_link(self, token: str, now: datetime) -> str | None:
        """Spend a link; whom it signs in, None as `find_link`. Of two who try at once one gets it."""
        k = t.console_links.c
        spend = (
            update(t.console_links)
            .where(
                k.digest == compute_digest(token),
                k.spent_at.is_(None),
                is_within(k.made_at, LINK_LIFE, now),
            )
            .values(spent_at=now)
            .returning(k.account)
        )
        with write_transaction(self._engine) as connection:
            account: str | None = connection.execute(spend).scalar()
        return account

    def begin(self, account: str, agent: str, language: Language, now: datetime) -> str:
        """Begin a session of `account` and return its cookie."""
        cookie = secrets.token_urlsafe(TOKEN_BYTES)
        row = {
            "id": compute_digest(cookie), "account": account, "agent": agent[:AGENT_LIMIT_CHARACTERS],
            "language": language, "created_at": now, "seen_at": now, "confirmed_at": now,
        }  # fmt: skip
        with write_transaction(self._engine) as connection:
            connection.execute(insert(t.console_sessions).values(row))
        return cookie

    def find(self, cookie: str, now: datetime, *, is_use: bool = True) -> ConsoleSession | None:
        """The session of a cookie; None for one that is over. It counts as used now, unless a page
        asks by itself."""
        s = t.console_sessions.c
        query = select(t.console_sessions).where(
            s.id == compute_digest(cookie), s.revoked_at.is_(None),
            is_within(s.seen_at, IDLE_LIMIT, now), is_within(s.created_at, SESSION_LIMIT, now),
        )  # fmt: skip
        with self._reader.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        if is_use and row.seen_at < now - SEEN_STEP:
            self._change(row.id, seen_at=now)
        return load_record(ConsoleSession, row._asdict())

    def confirm(self, id: str, now: datetime) -> None:
        """Keep that the person of a session proved now who they are."""
        self._change(id, confirmed_at=now)

    def count_links(self, account: str, now: datetime) -> int:
        """How many links for `account` were made within LINK_LIFE."""
        k = t.console_links.c
        query = select(func.count()).where(k.account == account, k.made_at > now - LINK_LIFE)
        with self._reader.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def set_language(self, id: str, language: Language) -> None:
        """Show a session's pages in another language."""
        self._change(id, language=language)

    def set_letter_keys(self, id: str, *, are_on: bool) -> None:
        """Whether single letters are keys in a session."""
        self._change(id, letter_keys=are_on)

    def list_open(self, account: str, now: datetime) -> list[ConsoleSession]:
        """The sessions of `account` that are not over, the newest first."""
        s = t.console_sessions.c
        query = select(t.console_sessions).where(
            s.account == account, s.revoked_at.is_(None),
            is_within(s.seen_at, IDLE_LIMIT, now), is_within(s.created_at, SESSION_LIMIT, now),
        )  # fmt: skip
        with self._reader.connect() as connection:
            rows = connection.execute(query.order_by(s.created_at.desc())).all()
        return [load_record(ConsoleSession, row._asdict()) for row in rows]

    def revoke(self, account: str, now: datetime, id: str | None = None) -> int:
        """End the session `id` of `account` (None: all of them, and links not yet spent); returns
        how many sessions."""
        s, k = t.console_sessions.c, t.console_links.c
        over = update(t.console_sessions).where(s.account == account, s.revoked_at.is_(None))
        with write_transaction(self._engine) as connection:
            if id is not None:
                over = over.where(s.id == id)
            else:
                unspent = update(t.console_links).where(k.account == account, k.spent_at.is_(None))
                connection.execute(unspent.values(spent_at=now))
            return connection.execute(over.values(revoked_at=now)).rowcount

    def _change(self, id: str, **values: object) -> None:
        with write_transaction(self._engine) as connection:
            own = t.console_sessions.c.id == id
            connection.execute(update(t.console_sessions).where(own).values(**values))
