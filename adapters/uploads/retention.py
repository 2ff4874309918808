"""Which uploads of admins are needed no more, and may go."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from adapters.uploads.upload_store import Shelves
from ingest.pipeline import Ingest
from knowledge.catalogue import EditionRow

KEPT = timedelta(days=7)  # of an upload that nobody applied or discarded


@dataclass(frozen=True, slots=True)
class Pruning:
    """Drops old editions, and uploads that no kept edition, plan or task needs.

    `asked_for` gives the tokens of the uploads that a waiting task is about.
    """

    ingest: Ingest
    shelves: Shelves
    asked_for: Callable[[], Collection[str]]

    def prune(self, keep: int) -> list[EditionRow]:
        """Drop all editions but the active one and the `keep` newest, and the uploads whose
        documents none of these has. Returns the dropped editions."""
        self._note_applied()
        dropped = self.ingest.prune(keep)
        held = set(self._held())
        for who, token in self.shelves.all():
            kept = self.shelves.find(who, token)
            if kept and kept.versions and not held & set(kept.versions):
                self.shelves.drop(who, token)
        self.expire()
        return dropped

    def expire(self) -> None:
        """Drop the uploads that nobody applied for a week, and what a kill left of others."""
        notes = [row.note for row in self.ingest.catalogue.editions()]
        busy = self.asked_for()
        for who, token in self.shelves.all():
            kept = self.shelves.find(who, token)
            applied = bool(kept and kept.versions) or any(f"[{token}." in one for one in notes)
            old = self.shelves.touched(who, token) < time.time() - KEPT.total_seconds()
            if old and not applied and token not in busy:
                self.shelves.drop(who, token)

    def _note_applied(self) -> None:
        """Write beside each upload what it became, while its edition is there to say so."""
        rows = self.ingest.catalogue.editions()
        for who, token in self.shelves.all():
            kept = self.shelves.find(who, token)
            made = next((row for row in rows if f"[{token}." in row.note), None)
            if kept and made and not kept.versions:
                origins = {root.origin for root in kept.roots}
                versions = self.ingest.catalogue.versions(made.id)
                became = tuple((v.origin, v.digest) for v in versions if v.origin in origins)
                self.shelves.listed(who, token, replace(kept, versions=became))

    def _held(self) -> Iterator[tuple[str, str]]:
        """Where each document of a kept edition came from, and its digest."""
        for row in self.ingest.catalogue.editions():
            for version in self.ingest.catalogue.versions(row.id):
                yield version.origin, version.digest
