"""Sources on a schedule: what is due is read, ingested, and written down with its trouble."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from ingest.errors import IngestError, NotFetched
from ingest.pipeline import Ingest
from ingest.sources.page_store import FEED, Keeper
from ingest.types import Listed, Root, Skipped
from ingest.web.feeds import Entry, entries
from knowledge.catalogue import PageRow, Read
from knowledge.errors import KnowledgeError, LibraryChanged

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)  # after a failure, or sooner where a source is read more often
TRIES = 3  # of an ingest, when others end theirs meanwhile
LONGEST = 1_800.0  # seconds the pages of a feed may take: less than the source's lease
SHOWN = 3  # sentences of a problem

Known = Mapping[str, PageRow]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Reads sources into the library. `owner` names this process."""

    ingest: Ingest
    keeper: Keeper
    owner: str
    now: Callable[[], datetime]

    def refresh(self, sources: Sequence[Listed], *, due: bool = True) -> list[str]:
        """Read the sources whose time has come, or all of them; the names of those that were.

        One that fails keeps its last good version; why is written down and owed to the admins.
        The others go on.
        """
        readings = self.ingest.catalogue.readings
        rows, read = readings.sources(), list[str]()
        for source in sources:
            row = rows.get(source.name)
            if due and row and row.next_at and row.next_at > self.now():
                continue  # looked at every minute: no write lock for nothing
            if readings.claim(source.name, self.owner, self.now(), due=due):
                readings.finish(self._read(source), self.now())
                read.append(source.name)
        return read

    def _read(self, source: Listed) -> Read:
        """One read of a source, well or not."""
        began = self.now()
        known = self.ingest.catalogue.readings.pages(source.name)
        try:
            pages, problems = self._bring(source, known, began)
            skipped = self._take(source)
        except (IngestError, KnowledgeError, OSError) as error:
            return self._failed(source, known, error)
        problems += [f"{one.file}: {one.why}" for one in skipped]
        return Read(
            name=source.name,
            origin=source.origin,
            max_age=source.max_age,
            read_at=None if skipped and source.kind == "url" else began,
            next_at=self.now() + source.every,
            problem=_sentence(problems),
            pages=tuple(_taken(page, known, skipped) for page in pages),
        )

    def _failed(self, source: Listed, known: Known, error: Exception) -> Read:
        log.warning("the source %s was not read: %s", source.name, error)
        asked = timedelta(seconds=error.wait if isinstance(error, NotFetched) else 0)
        return Read(
            name=source.name,
            origin=source.origin,
            max_age=source.max_age,
            read_at=None,
            next_at=self.now() + max(min(AGAIN, source.every), asked),
            problem=_sentence([str(error)]),
            pages=tuple(known.values()),
        )

    def _bring(
        self, source: Listed, known: Known, now: datetime
    ) -> tuple[list[PageRow], list[str]]:
        """Bring a source's files up to date: its pages, and what went wrong with some of them.

        Raises NotFetched where nothing can be had.
        """
        if source.kind == "folder":
            return [], []
        if source.kind == "url":
            entry = Entry(source.place, "", None)
            page = self.keeper.document(source.name, entry, known.get(entry.url), now)
            pages, problems, here = [page], list[str](), {entry.url}
        else:
            pages, problems, here = self._feed(source, known, now)
        pages += self.keeper.still(source, known, here, now)
        self.keeper.tidy(source.name, pages)
        return pages, problems

    def _feed(
        self, source: Listed, known: Known, now: datetime
    ) -> tuple[list[PageRow], list[str], set[str]]:
        """The pages of a feed that could be read, why others could not, and all it lists."""
        ends = time.monotonic() + LONGEST
        feed = self.keeper.page(source.name, source.place, FEED, known.get(source.place), now)
        listed = entries(self.keeper.body(source.name, feed), source.place)
        pages, problems = [feed], list[str]()
        for entry in listed:
            before = known.get(entry.url)
            try:
                if time.monotonic() > ends:
                    raise NotFetched("must_wait", at=entry.url)
                pages.append(self.keeper.document(source.name, entry, before, now))
            except NotFetched as error:
                problems.append(str(error))
                pages += [before] if before else []
        return pages, problems, {entry.url for entry in listed}

    def _take(self, source: Listed) -> Sequence[Skipped]:
        """Ingest what a source brought; the files that could not be taken."""
        for _ in range(TRIES - 1):
            with suppress(LibraryChanged):
                return self._ingest(source)
        return self._ingest(source)

    def _ingest(self, source: Listed) -> Sequence[Skipped]:
        here = source.kind == "folder"
        folder = Path(source.place) if here else self.keeper.folder(source.name)
        plan = self.ingest.plan([Root(folder, source.origin, source.language)])
        self.ingest.apply(plan, note=source.name, now=self.now())
        return plan.skipped


def _taken(page: PageRow, known: Known, skipped: Sequence[Skipped]) -> PageRow:
    """A page as it is remembered: one that could not be taken was not read well, and is asked
    for whole the next time."""
    if not any(one.file == page.file or one.file.startswith(f"{page.file}/") for one in skipped):
        return page
    before = known.get(page.url)
    return replace(page, etag="", modified="", read_at=before.read_at if before else None)


def _sentence(problems: Sequence[str]) -> str:
    """What went wrong, the first of it in words and the rest as a number."""
    more = len(problems) - SHOWN
    shown = [*problems[:SHOWN], *([f"And {more} more."] if more > 0 else [])]
    return " ".join(shown)
