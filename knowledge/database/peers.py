"""The processes over one PostgreSQL: signals that something was written, and the lock of the leader.

A signal only saves a wait: it goes out with the commit, is not kept for a process that is away, and
every queue is looked at without it as well. SQLite knows neither: its one process leads.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any, Literal

from sqlalchemy import Connection, Engine, text

from knowledge.database.engine import describe_cause

log = logging.getLogger(__name__)

Topic = Literal["inbox", "outbox"]

SIGNAL_CHANNEL = "naru"
LEADER_LOCK_KEY = 0x6E617275  # with the schema: two Narus of one database have a leader each
ROUND_SECONDS = 1.0  # between two proofs that the connection, and with it the lock, is alive
RECONNECT_SECONDS = 1.0
# After so long without such a proof a process no longer takes itself for the leader. The server
# drops the connection of a machine that is gone later than that, so that two never lead at once.
LEAD_SECONDS = 10.0
SERVER_SILENCE_SECONDS = 30


def send_signal(connection: Connection, topic: Topic) -> None:
    """Tell the other processes, with the commit of this transaction, that a queue has something new."""
    if connection.dialect.name == "postgresql":
        sent = text("SELECT pg_notify(:channel, :topic)")
        connection.execute(sent, {"channel": SIGNAL_CHANNEL, "topic": topic})


def has_peers(engine: Engine) -> bool:
    """Whether other processes can be heard over this database."""
    return engine.dialect.name == "postgresql"


class PeerLine:
    """A connection of its own over which signals come and the leader's lock is held.

    `hear` is called with the topic of each signal, and for every topic after a new connection, as
    signals may have been missed. `lead` is called every round with whether this process leads. Both
    are called from the thread that runs `watch`.
    """

    def __init__(
        self, engine: Engine, hear: Callable[[Topic], None], lead: Callable[[bool], None]
    ) -> None:
        self._engine = engine
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
        leads = False
        while not stop.is_set():
            if leads:
                connection.execute(text("SELECT 1"))
            else:
                take = text("SELECT pg_try_advisory_lock(:key, hashtext(current_schema()))")
                leads = bool(connection.execute(take, {"key": LEADER_LOCK_KEY}).scalar_one())
            self._lead(leads)
            for notice in driver.notifies(timeout=ROUND_SECONDS, stop_after=1):
                if notice.payload in topics:
                    self._hear(notice.payload)
