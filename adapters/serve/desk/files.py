"""Naru's own files, for the messengers that send them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store.desk.files import DESK_CHANNEL

if TYPE_CHECKING:
    from bot.messages import File
    from bot.store import Store


@dataclass(frozen=True, slots=True)
class DeskFiles:
    """The files of the database, by the method that fetches those of a messenger."""

    store: Store

    async def fetch_file(self, file: File) -> bytes:
        """The bytes of a file. Raises DeliveryRefused for one that is no longer kept."""
        return await asyncio.to_thread(self.store.desk_files.read, file)


def own_files(store: Store) -> Mapping[str, DeskFiles]:
    """Where Naru's own files are fetched from, by the channel that they name."""
    return {DESK_CHANNEL: DeskFiles(store)}
