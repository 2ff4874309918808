"""Scheduled sources: those that are due are fetched and ingested, and their problems recorded.

See docs/decisions/0030-one-edition-per-changed-source.md.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from ingest.errors import IngestError, NotFetched, NothingToRead
from ingest.pipeline import IngestPipeline
from ingest.plan.approval import HeldChange, hold_changes
from ingest.sources.page_store import FEED_FILE_NAME, PageStore
from ingest.types import Plan, Root, SkippedFile, SourceConfig
from ingest.web.feeds import FeedEntry, parse_feed
from knowledge.catalogue import PageRow, SourceReadResult
from knowledge.errors import KnowledgeError, LibraryChanged

log = logging.getLogger(__name__)

RETRY_INTERVAL = timedelta(hours=1)  # after a failure; less if the source is read more often
INGEST_MAX_TRIES = 3  # while concurrent ingests change the library
FEED_MAX_SECONDS = 1_800.0  # for all pages of a feed: less than the lease of the source
PROBLEM_MAX_SENTENCES = 3

KnownPages = Mapping[str, PageRow]  # by address
_IngestOutcome = tuple[Sequence[SkippedFile], tuple[HeldChange, ...]]


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
        """Read the sources that are due (with `due=False` all of them); the names of those read.

        A source that fails keeps its last good documents; its problem is recorded and owed to
        the admins, and the other sources are still read.
        """
        source_log = self.ingest.catalogue.source_log
        rows, refreshed = source_log.list_sources(), list[str]()
        for source in sources:
            row = rows.get(source.name)
            if due and row and row.next_at and row.next_at > self.now():
                continue  # called every minute: take no write lock in vain
            if source_log.claim_source(source.name, self.owner, self.now(), due=due):
                source_log.finish_reading(self._refresh_source(source), self.now())
                refreshed.append(source.name)
        return refreshed

    def build_root(self, source: SourceConfig) -> Root:
        """The files of a source, with the identity that its entry gives to those fetched."""
        if source.kind == "folder":
            return Root(Path(source.place), source.origin, source.language)
        folder = self.page_store.ensure_folder(source.name)
        return Root(folder, source.origin, source.language, source.fetched)

    def list_held(self, source: SourceConfig) -> tuple[HeldChange, ...]:
        """The changes of a source that wait for an admin, from the files as they were last read."""
        try:
            return self._plan_source(source)[1]
        except NothingToRead:
            return ()

    def approve(self, source: SourceConfig) -> int | None:
        """Publish all changes of a source, also those that wait; the edition, None if there are none.

        Raises NothingToRead if the source has no files, LibraryChanged if another ingest ended
        at the same time.
        """
        plan = self.ingest.plan([self.build_root(source)])
        return self.ingest.apply(plan, note=f"{source.name}: approved", now=self.now())

    def _refresh_source(self, source: SourceConfig) -> SourceReadResult:
        """Fetch and ingest a source; the result tells of success or failure."""
        began = self.now()
        known = self.ingest.catalogue.source_log.load_pages(source.name)
        try:
            pages, problems = self._fetch_source(source, known, began)
            skipped, held = self._ingest_with_retries(source)
        except (IngestError, KnowledgeError, OSError) as error:
            return self._report_failure(source, known, error)
        problems = describe_held(source, held) + problems
        problems += [f"{file.file}: {file.remark}" for file in skipped]
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
        wait = timedelta(seconds=error.wait if isinstance(error, NotFetched) else 0)
        return SourceReadResult(
            name=source.name,
            origin=source.origin,
            max_age=source.max_age,
            read_at=None,
            next_at=self.now() + max(min(RETRY_INTERVAL, source.every), wait),
            problem=_summarise_problems([str(error)]),
            pages=tuple(known.values()),
        )

    def _fetch_source(
        self, source: SourceConfig, known: KnownPages, now: datetime
    ) -> tuple[list[PageRow], list[str]]:
        """Update the files of a source: its pages, and the problems with some of them.

        Raises NotFetched if nothing could be fetched.
        """
        if source.kind == "folder":
            return [], []
        if source.kind == "url":
            entry = FeedEntry(source.place, "", None)
            page = self.page_store.fetch_document(source.name, entry, known.get(entry.url), now)
            pages, problems, listed = [page], list[str](), {entry.url}
        else:
            pages, problems, listed = self._fetch_feed(source, known, now)
        pages += self.page_store.find_unlisted_pages(source, known, listed, now)
        self.page_store.delete_stale_files(source.name, pages)
        return pages, problems

    def _fetch_feed(
        self, source: SourceConfig, known: KnownPages, now: datetime
    ) -> tuple[list[PageRow], list[str], set[str]]:
        """The pages of a feed that were fetched, the problems with others, and all listed addresses.

        Raises NotFetched if the feed itself could not be fetched.
        """
        deadline = time.monotonic() + self.feed_max_seconds
        feed = self.page_store.fetch_page(
            source.name, source.place, FEED_FILE_NAME, known.get(source.place), now
        )
        entries = parse_feed(self.page_store.read_page(source.name, feed), source.place)
        pages, problems = [feed], list[str]()
        for entry in entries:
            before = known.get(entry.url)
            try:
                if time.monotonic() > deadline:
                    raise NotFetched("must_wait", at=entry.url)
                pages.append(self.page_store.fetch_document(source.name, entry, before, now))
            except NotFetched as error:
                problems.append(str(error))
                pages += [before] if before else []
        return pages, problems, {entry.url for entry in entries}

    def _ingest_with_retries(self, source: SourceConfig) -> _IngestOutcome:
        """Ingest the files of a source; those that were skipped, and the changes that wait.

        Raises LibraryChanged if concurrent ingests kept changing the library.
        """
        for _ in range(INGEST_MAX_TRIES - 1):
            with suppress(LibraryChanged):
                return self._ingest_source(source)
        return self._ingest_source(source)

    def _ingest_source(self, source: SourceConfig) -> _IngestOutcome:
        plan, held = self._plan_source(source)
        self.ingest.apply(plan, note=source.name, now=self.now())
        return plan.skipped, held

    def _plan_source(self, source: SourceConfig) -> tuple[Plan, tuple[HeldChange, ...]]:
        """What the source may do by itself, and what waits. Raises NothingToRead."""
        plan = self.ingest.plan([self.build_root(source)])
        versions = self.ingest.catalogue.load_versions(plan.base) if plan.base is not None else []
        return hold_changes(plan, source, versions)


def describe_held(source: SourceConfig, held: Sequence[HeldChange]) -> list[str]:
    """The sentence for the admins about what waits for them; none if nothing does."""
    if not held:
        return []
    names = [_name_held(one) for one in held[:PROBLEM_MAX_SENTENCES]]
    more = " …" if len(held) > PROBLEM_MAX_SENTENCES else ""
    return [
        f"{len(held)} of its documents wait for an admin ({'; '.join(names)}{more}). "
        f"Look at them with `naru sources --pending` or /ingest source:{source.name}, and approve "
        f"them there or with `naru sources --approve {source.name}`."
    ]


def _name_held(held: HeldChange) -> str:
    document = held.change.version.document
    return f"{document.title}, {document.url}" if document.url else document.title


def _forget_skipped_page(
    page: PageRow, known: KnownPages, skipped: Sequence[SkippedFile]
) -> PageRow:
    """The row of a page; one whose file was skipped keeps its last read time and is fetched in
    full the next time."""
    if not any(s.file == page.file or s.file.startswith(f"{page.file}/") for s in skipped):
        return page
    before = known.get(page.url)
    return replace(page, etag="", modified="", read_at=before.read_at if before else None)


def _summarise_problems(problems: Sequence[str]) -> str:
    """The first problems as sentences, and the number of the others."""
    others = len(problems) - PROBLEM_MAX_SENTENCES
    shown = [*problems[:PROBLEM_MAX_SENTENCES], *([f"And {others} more."] if others > 0 else [])]
    return " ".join(shown)
