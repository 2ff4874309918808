"""The processes over one PostgreSQL: signals that something was written, the lock of the leader, and a
lock of each process's own that says that it is there.

A signal only saves a wait: it goes out with the commit, is not kept for a process that is away, and
every queue is looked at without it as well. SQLite knows none of these: its one process leads.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, text

from knowledge.database.engine import describe_cause

log = logging.getLogger(__name__)

Topic = Literal["inbox", "outbox"]

SIGNAL_CHANNEL = "naru"
LEADER_LOCK_KEY = 0x6E617275  # with the schema: two Narus of one database have a leader each
PRESENCE_LOCK_KEY = 0x6E617270  # with the owner: held as long as its process has a connection
ROUND_SECONDS = 1.0  # between two proofs that the connection, and with it the lock, is alive
RECONNECT_SECONDS = 1.0
# After so long without such a proof a process no longer takes itself for the leader. The server
# drops the connection of a machine that is gone later than that, so that two never lead at once.
LEAD_SECONDS = 10.0
SERVER_SILENCE_SECONDS = 30

_TAKE_PRESENCE = text("SELECT pg_try_advisory_lock(:key, :own)")


def send_signal(connection: Connection, topic: Topic) -> None:
    """Tell the other processes, with the commit of this transaction, that a queue has something new."""
    if connection.dialect.name == "postgresql":
        sent = text("SELECT pg_notify(:channel, :topic)")
        connection.execute(sent, {"channel": SIGNAL_CHANNEL, "topic": topic})


def has_peers(engine: Engine) -> bool:
    """Whether other processes can be heard over this database."""
    return engine.dialect.name == "postgresql"


@dataclass
class PresenceWatch:
    """Tells which owners of rows are gone: their processes hold no lock of presence, at two looks in a
    row, because a connection that is lost is made again within seconds.

    So it is known of a process on any machine as soon as the server has dropped its connection: at once
    after a kill, after SERVER_SILENCE_SECONDS where its machine is gone.
    """

    engine: Engine
    _seen: frozenset[int] | None = None
    _seen_before: frozenset[int] | None = None

    def look(self) -> None:
        """See which processes are there; without peers, as on SQLite, none is looked for and none is
        gone."""
        if not has_peers(self.engine):
            return
        held = text(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 "
            "AND granted AND classid = :key AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        with self.engine.connect() as connection:
            found = connection.execute(held, {"key": PRESENCE_LOCK_KEY}).scalars()
            self._seen_before, self._seen = self._seen, frozenset(found)

    def sees(self, owner: str) -> bool:
        """Whether `owner` was there at the last look."""
        return self._seen is not None and _number_owner(owner) in self._seen

    def is_gone(self, owner: str) -> bool:
        """Whether `owner` was there at neither of the last two looks; False before the second."""
        if self._seen_before is None:
            return False
        return not self.sees(owner) and _number_owner(owner) not in self._seen_before


def _number_owner(owner: str) -> int:
    """The number of an owner's lock, 31 bits. That two have the same is rare, and hides only that one of
    them is gone."""
    return zlib.crc32(owner.encode()) >> 1


def _name_presence(owner: str) -> dict[str, int]:
    return {"key": PRESENCE_LOCK_KEY, "own": _number_owner(owner)}


@contextlib.contextmanager
def hold_presence(engine: Engine, owner: str) -> Iterator[None]:
    """Say that `owner` is there until the block ends, without a line to the others. Nothing on SQLite."""
    if not has_peers(engine):
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()
        connection.execute(_TAKE_PRESENCE, _name_presence(owner))
        yield


class PeerLine:
    """A connection of its own over which signals come, and over which this process holds its lock of
    presence, as `owner`, and the leader's.

    `hear` is called with the topic of each signal, and for every topic after a new connection, as
    signals may have been missed. `lead` is called every round with whether this process leads. Both
    are called from the thread that runs `watch`.
    """

    def __init__(
        self,
        engine: Engine,
        owner: str,
        hear: Callable[[Topic], None],
        lead: Callable[[bool], None],
    ) -> None:
        self._engine = engine
        self._presence = _name_presence(owner)
        self._hear = hear
        self._lead = lead

    def watch(self, stop: threading.Event) -> None:
        """Listen and try to lead until `stop` is set; a connection that is lost is made again."""
        while not stop.is_set():
            try:
                with self._connect() as connection:
                    self._follow(connection, stop)
            except Exception as error:  # the driver's, not only SQLAlchemy's
                log.warning("the line to the other processes broke: %s", describe_cause(error))
                self._lead(False)
                stop.wait(RECONNECT_SECONDS)
        self._lead(False)

    @contextlib.contextmanager
    def _connect(self) -> Iterator[Connection]:
        """A connection that no pool takes back: with its end the lock is free."""
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        try:
            connection.execute(text(f"SET tcp_keepalives_idle = {SERVER_SILENCE_SECONDS // 2}"))
            connection.execute(text(f"SET tcp_keepalives_interval = {SERVER_SILENCE_SECONDS // 6}"))
            connection.execute(text("SET tcp_keepalives_count = 3"))
            connection.execute(text(f"LISTEN {SIGNAL_CHANNEL}"))
            yield connection
        finally:
            connection.close()

    def _follow(self, connection: Connection, stop: threading.Event) -> None:
        driver: Any = connection.connection.dbapi_connection
        topics: tuple[Topic, ...] = ("inbox", "outbox")
        for topic in topics:
            self._hear(topic)
        is_present = leads = False
        while not stop.is_set():
            if not is_present:  # else the server still has the connection before this one
                is_present = bool(connection.execute(_TAKE_PRESENCE, self._presence).scalar_one())
            if leads:
                connection.execute(text("SELECT 1"))
            else:
                take = text("SELECT pg_try_advisory_lock(:key, hashtext(current_schema()))")
                leads = bool(connection.execute(take, {"key": LEADER_LOCK_KEY}).scalar_one())
            self._lead(leads)
            for notice in driver.notifies(timeout=ROUND_SECONDS, stop_after=1):
                if notice.payload in topics:
                    self._hear(notice.payload)
