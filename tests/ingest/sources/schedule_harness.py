"""A schedule over a site on loopback, with a clock that a test moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from ingest.pipeline import IngestPipeline
from ingest.sources.page_store import PageStore
from ingest.sources.schedule import FEED_MAX_SECONDS, Schedule
from ingest.types import SourceConfig
from ingest.web.fetch import FetchLimits, WebClient
from knowledge.catalogue import SourceRow
from tests.fakes.website import Website
from tests.harness.ingest_harness import (
    NOW,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass
class ScheduleHarness:
    """A schedule with its clock, its site, and short ways to look at what came of it."""

    ingest: IngestPipeline
    site: Website
    home: Path
    now: datetime = NOW
    owner: str = "me"
    feed_max_seconds: float = FEED_MAX_SECONDS
    sources: list[SourceConfig] = field(default_factory=list)

    @property
    def schedule(self) -> Schedule:
        web = WebClient(
            allowed=lambda _: True,
            limits=FetchLimits(step_seconds=20, total_seconds=60, pause_seconds=0),
        )
        return Schedule(
            self.ingest,
            PageStore(self.home, web),
            self.owner,
            lambda: self.now,
            self.feed_max_seconds,
        )

    def make_url_source(self, name: str, path: str) -> SourceConfig:
        return SourceConfig(name, "desk", "url", self.site.url(path), DAY, 30 * DAY)

    def make_rss_source(self, name: str, path: str) -> SourceConfig:
        return replace(self.make_url_source(name, path), kind="rss")

    def make_folder_source(self, name: str, folder: Path) -> SourceConfig:
        return replace(self.make_url_source(name, ""), kind="folder", place=str(folder))

    def refresh_after(self, *sources: SourceConfig, after: timedelta = timedelta()) -> list[str]:
        """Time goes by, and the sources (the same as before) are read if they are due."""
        self.now += after
        self.sources = list(sources) or self.sources
        return self.schedule.refresh(self.sources)

    def find_source_row(self, name: str) -> SourceRow:
        return self.ingest.catalogue.source_log.list_sources()[name]

    def list_unchecked(self, after: timedelta = timedelta()) -> dict[str, object]:
        number = self.ingest.catalogue.get_active_edition() or 0
        return dict(
            self.ingest.catalogue.source_log.find_unchecked_documents(number, self.now + after)
        )

    def count_editions(self) -> int:
        return len(self.ingest.catalogue.list_editions())


def make_feed(site: Website, *paths: str) -> bytes:
    items = "".join(
        f"<item><title>Notice {path}</title><link>{site.url(path)}</link>"
        "<pubDate>Thu, 05 Mar 2026 00:30:00 +0900</pubDate></item>"
        for path in paths
    )
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
