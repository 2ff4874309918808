"""The pages of sources as files: as they came, each whole or not at all, with a side-car."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import yaml

from ingest.document.sidecar import SIDECAR_SUFFIX
from ingest.types import Root, SourceConfig
from ingest.web.addresses import normalise_address
from ingest.web.feeds import FeedEntry
from ingest.web.fetch import WebClient
from knowledge.catalogue import PageRow

FEED_FILE_NAME = ".feed"  # hidden: a feed is no document
UNSCHEDULED_SOURCE = ".once"  # no source has this name
DYNAMIC_PAGE_SUFFIXES = frozenset(
    {".do", ".jsp", ".php", ".asp", ".aspx", ".cgi", ".action", ".htm"}
)

_STORED_FILE_NAME = re.compile(r".*-[0-9a-f]{8}(\.[a-z0-9]{1,5})(\.meta\.yaml)?(\.part)?")


@dataclass(frozen=True, slots=True)
class PageStore:
    """Keeps what is fetched, a folder a source. `home` is NARU_DATA/sources."""

    root_folder: Path
    web: WebClient

    def ensure_folder(self, source: str) -> Path:
        """Where the pages of a source lie."""
        folder = self.root_folder / source
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def fetch_page(
        self, source: str, url: str, file: str, before: PageRow | None, now: datetime
    ) -> PageRow:
        """Fetch a page into its file, unless it is there and has not changed. Raises NotFetched."""
        path = self.ensure_folder(source) / file
        known = before if before and path.exists() else PageRow(url, file)
        found = self.web.fetch(url, known.etag, known.modified)
        if found is None:
            return PageRow(url, file, known.etag, known.modified, now)
        write_atomically(path, found.content)
        return PageRow(url, file, found.etag, found.modified, now)

    def fetch_document(
        self, source: str, entry: FeedEntry, before: PageRow | None, now: datetime
    ) -> PageRow:
        """A page that is a document, and beside it what is known of it."""
        page = self.fetch_page(source, entry.url, make_file_name(entry.url), before, now)
        about: dict[str, object] = {"url": entry.url}
        if entry.title:
            about["title"] = entry.title
        if entry.published:  # the feed says so, not the document
            about |= {"published": entry.published, "inferred": ["published"]}
        id = page.file if source == UNSCHEDULED_SOURCE else f"{source}/{page.file}"
        text = yaml.safe_dump({"id": id, **about}, allow_unicode=True, sort_keys=False)
        write_atomically(self.ensure_folder(source) / f"{page.file}{SIDECAR_SUFFIX}", text.encode())
        return page

    def fetch_once(self, url: str, now: datetime) -> Root:
        """A page that is on no schedule, to be ingested as what came from its address.

        Raises NotFetched.
        """
        at = normalise_address(url)
        page = self.fetch_document(UNSCHEDULED_SOURCE, FeedEntry(at, "", None), None, now)
        return Root(self.ensure_folder(UNSCHEDULED_SOURCE) / page.file, at)

    def read_page(self, source: str, page: PageRow) -> bytes:
        """A page as it is kept."""
        return (self.ensure_folder(source) / page.file).read_bytes()

    def find_unlisted_pages(
        self,
        source: SourceConfig,
        known: Mapping[str, PageRow],
        here: Collection[str],
        now: datetime,
    ) -> list[PageRow]:
        """The pages that are listed no more (those listed are `here`) and not yet too old."""
        gone = [
            page for page in known.values() if page.url not in here and page.file != FEED_FILE_NAME
        ]
        return [page for page in gone if page.read_at and page.read_at + source.max_age >= now]

    def delete_stale_files(self, source: str, pages: Collection[PageRow]) -> None:
        """Drop what was kept of pages that are no more, and what a kill left half-written. What
        somebody else put there stays."""
        kept = {page.file for page in pages}
        for path in self.ensure_folder(source).iterdir():
            name = path.name.removesuffix(".part").removesuffix(SIDECAR_SUFFIX)
            half = path.name.endswith(".part")
            if (half or name not in kept) and _STORED_FILE_NAME.fullmatch(path.name):
                path.unlink()


def make_file_name(url: str) -> str:
    """The name of a page's file: what people may know it by, and what only it has."""
    parts = urlsplit(url)
    last = PurePosixPath(unquote(parts.path))
    called = unicodedata.normalize("NFC", last.stem or parts.hostname or "page")
    stem = re.sub(r"\W+", "-", called).strip("-_")[:40] or "page"
    plain = re.fullmatch(r"\.[a-z0-9]{1,5}", last.suffix.lower())
    suffix = (
        last.suffix.lower()
        if plain and last.suffix.lower() not in DYNAMIC_PAGE_SUFFIXES
        else ".html"
    )
    return f"{stem}-{hashlib.sha256(url.encode()).hexdigest()[:8]}{suffix}"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole: whoever reads it meanwhile, or after a kill, finds the old one."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
