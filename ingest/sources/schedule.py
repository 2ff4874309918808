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
from ingest.pipeline import IngestPipeline
from ingest.sources.page_store import FEED_FILE_NAME, PageStore
from ingest.types import Root, SkippedFile, SourceConfig
from ingest.web.feeds import FeedEntry, parse_feed
from knowledge.catalogue import PageRow, SourceReadResult
from knowledge.errors import KnowledgeError, LibraryChanged

log = logging.getLogger(__name__)

RETRY_INTERVAL = timedelta(hours=1)  # after a failure, or sooner where a source is read more often
INGEST_MAX_TRIES = 3  # of an ingest, when others end theirs meanwhile
FEED_MAX_SECONDS = 1_800.0  # seconds the pages of a feed may take: less than the source's lease
PROBLEM_MAX_SENTENCES = 3  # sentences of a problem

KnownPages = Mapping[str, PageRow]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Reads sources into the library.

    `owner` names this process; `feed_max_seconds` is how long the pages of one feed may take.
    """

    ingest: IngestPipeline
    page_store: PageStore
    owner: str
    now: Callable[[], datetime]
    feed_max_seconds: float = FEED_MAX_SECONDS

    def refresh(self, sources: Sequence[SourceConfig], *, due: bool = True) -> list[str]:
        """Read the sources whose time has come, or all of them; the names of those that were.

        One that fails keeps its last good version; why is written down and owed to the admins.
        The others go on.
        """
        readings = self.ingest.catalogue.source_log
        rows, read = readings.list_sources(), list[str]()
        for source in sources:
            row = rows.get(source.name)
            if due and row and row.next_at and row.next_at > self.now():
                continue  # looked at every minute: no write lock for nothing
            if readings.claim_source(source.name, self.owner, self.now(), due=due):
                readings.finish_reading(self._refresh_source(source), self.now())
                read.append(source.name)
        return read

    def _refresh_source(self, source: SourceConfig) -> SourceReadResult:
        """One read of a source, well or not."""
        began = self.now()
        known = self.ingest.catalogue.source_log.load_pages(source.name)
        try:
            pages, problems = self._fetch_source(source, known, began)
            skipped = self._ingest_with_retries(source)
        except (IngestError, KnowledgeError, OSError) as error:
            return self._report_failure(source, known, error)
        problems += [f"{one.file}: {one.remark}" for one in skipped]
        return SourceReadResult(
            name=source.name,
            origin=source.origin,
            max_age=source.max_age,
            read_at=None if skipped and source.kind == "url" else began,
            next_at=self.now() + source.every,
            problem=_summarise_problems(problems),
            pages=tuple(_forget_skipped_page(page, known, skipped) for page in pages),
        )

    def _report_failure(
        self, source: SourceConfig, known: KnownPages, error: Exception
    ) -> SourceReadResult:
        log.warning("the source %s was not read: %s", source.name, error)
        asked = timedelta(seconds=error.wait if isinstance(error, NotFetched) else 0)
        return SourceReadResult(
            name=source.name,
            origin=source.origin,
            max_age=source.max_age,
            read_at=None,
            next_at=self.now() + max(min(RETRY_INTERVAL, source.every), asked),
            problem=_summarise_problems([str(error)]),
            pages=tuple(known.values()),
        )

    def _fetch_source(
        self, source: SourceConfig, known: KnownPages, now: datetime
    ) -> tuple[list[PageRow], list[str]]:
        """Bring a source's files up to date: its pages, and what went wrong with some of them.

        Raises NotFetched where nothing can be had.
        """
        if source.kind == "folder":
            return [], []
        if source.kind == "url":
            entry = FeedEntry(source.place, "", None)
            page = self.page_store.fetch_document(source.name, entry, known.get(entry.url), now)
            pages, problems, here = [page], list[str](), {entry.url}
        else:
            pages, problems, here = self._fetch_feed(source, known, now)
        pages += self.page_store.find_unlisted_pages(source, known, here, now)
        self.page_store.delete_stale_files(source.name, pages)
        return pages, problems

    def _fetch_feed(
        self, source: SourceConfig, known: KnownPages, now: datetime
    ) -> tuple[list[PageRow], list[str], set[str]]:
        """The pages of a feed that could be read, why others could not, and all it lists."""
        ends = time.monotonic() + self.feed_max_seconds
        feed = self.page_store.fetch_page(
            source.name, source.place, FEED_FILE_NAME, known.get(source.place), now
        )
        listed = parse_feed(self.page_store.read_page(source.name, feed), source.place)
        pages, problems = [feed], list[str]()
        for entry in listed:
            before = known.get(entry.url)
            try:
                if time.monotonic() > ends:
                    raise NotFetched("must_wait", at=entry.url)
                pages.append(self.page_store.fetch_document(source.name, entry, before, now))
            except NotFetched as error:
                problems.append(str(error))
                pages += [before] if before else []
        return pages, problems, {entry.url for entry in listed}

    def _ingest_with_retries(self, source: SourceConfig) -> Sequence[SkippedFile]:
        """Ingest what a source brought; the files that could not be taken."""
        for _ in range(INGEST_MAX_TRIES - 1):
            with suppress(LibraryChanged):
                return self._ingest_source(source)
        return self._ingest_source(source)

    def _ingest_source(self, source: SourceConfig) -> Sequence[SkippedFile]:
        here = source.kind == "folder"
        folder = Path(source.place) if here else self.page_store.ensure_folder(source.name)
        plan = self.ingest.plan([Root(folder, source.origin, source.language)])
        self.ingest.apply(plan, note=source.name, now=self.now())
        return plan.skipped


def _forget_skipped_page(
    page: PageRow, known: KnownPages, skipped: Sequence[SkippedFile]
) -> PageRow:
    """A page as it is remembered: one that could not be taken was not read well, and is asked
    for whole the next time."""
    if not any(one.file == page.file or one.file.startswith(f"{page.file}/") for one in skipped):
        return page
    before = known.get(page.url)
    return replace(page, etag="", modified="", read_at=before.read_at if before else None)


def _summarise_problems(problems: Sequence[str]) -> str:
    """What went wrong, the first of it in words and the rest as a number."""
    more = len(problems) - PROBLEM_MAX_SENTENCES
    shown = [*problems[:PROBLEM_MAX_SENTENCES], *([f"And {more} more."] if more > 0 else [])]
    return " ".join(shown)
