"""Files that Naru itself made and sends: invitations, agendas, digests."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select

from bot.errors import DeliveryRefused
from bot.messages import File
from bot.store import tables as t
from knowledge.database.engine import insert_new, write_transaction

DESK_CHANNEL = "desk"  # the `channel` of a file that lies in Naru's own database
KEPT = timedelta(days=30)  # a message that its room refuses waits for less


class DeskFileStore:
    """The table of Naru's own files, by the digest of their content: any process can send them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str, mime: str, data: bytes, now: datetime) -> File:
        """Store a file, once, and return what a message needs to carry it. Drops those that are
        older than any message."""
        ref, f = hashlib.sha256(data).hexdigest(), t.desk_files.c
        with write_transaction(self._engine) as connection:
            old = (f.made_at < now - KEPT) & (f.ref != ref)
            connection.execute(delete(t.desk_files).where(old))
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
