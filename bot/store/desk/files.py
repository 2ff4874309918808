"""Files that Naru itself made and sends: invitations, agendas, digests."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, select

from bot.errors import DeliveryRefused
from bot.messages import File
from bot.store import tables as t
from bot.store.outbox_rows import UNSENT_STATES
from knowledge.database.engine import insert_new, write_transaction

DESK_CHANNEL = "desk"  # the `channel` of a file that lies in Naru's own database
OWING_TIME = timedelta(hours=1)  # that a new file has until a message carries it


class DeskFileStore:
    """The table of Naru's own files, by the digest of their content: any process can send them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str, mime: str, data: bytes, now: datetime) -> File:
        """Store a file, once, and return what a message needs to carry it."""
        ref = hashlib.sha256(data).hexdigest()
        with write_transaction(self._engine) as connection:
            connection.execute(delete(t.desk_files).where(t.desk_files.c.ref == ref))
            new = {"ref": ref, "data": data, "made_at": now}
            connection.execute(insert_new(connection, t.desk_files).values(new))
        return File(DESK_CHANNEL, ref, name, mime, len(data))

    def read(self, file: File) -> bytes:
        """The bytes of a file. Raises DeliveryRefused for one that is no longer kept."""
        with self._engine.connect() as connection:
            query = select(t.desk_files.c.data).where(t.desk_files.c.ref == file.ref)
            data: bytes | None = connection.execute(query).scalar()
        if data is None:
            raise DeliveryRefused(f"{file.name} is no longer kept")
        return data


def drop_sent_files(connection: Connection, now: datetime) -> int:
    """Drop the files that no message has still to carry, because an agenda has words of cases;
    returns how many."""
    f, o = t.desk_files.c, t.outbox.c
    unsent = select(o.body).where(o.state.in_((*UNSENT_STATES, "later")))
    owed = {
        file["ref"]
        for body in connection.execute(unsent).scalars()
        for file in body.get("files", ())
        if file["channel"] == DESK_CHANNEL
    }
    old = (f.made_at < now - OWING_TIME) & f.ref.not_in(owed)
    return connection.execute(delete(t.desk_files).where(old)).rowcount
