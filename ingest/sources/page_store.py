"""The fetched pages of sources as files, written atomically, each with a side-car."""

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

from ingest.document.sidecar import parse_sidecar
from ingest.formats.sidecar_names import SIDECAR_SUFFIX
from ingest.types import FetchedIdentity, Root, SourceConfig
from ingest.web.addresses import normalise_address
from ingest.web.feeds import FeedEntry
from ingest.web.fetch import WebClient
from ingest.web.page_names import is_stored_page
from knowledge.catalogue import PageRow

FEED_FILE_NAME = ".feed"  # hidden, so that it is not read as a document
UNSCHEDULED_SOURCE = ".once"  # not a valid name of a source
DYNAMIC_PAGE_SUFFIXES = frozenset(
    {".do", ".jsp", ".php", ".asp", ".aspx", ".cgi", ".action", ".htm"}
)


@dataclass(frozen=True, slots=True)
class PageStore:
    """Stores fetched pages, one folder for each source. `root_folder` is NARU_DATA/sources."""

    root_folder: Path
    web: WebClient

    def ensure_folder(self, source: str) -> Path:
        """The folder with the pages of a source, created if it is missing."""
        folder = self.root_folder / source
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def fetch_page(
        self, source: str, url: str, file: str, before: PageRow | None, now: datetime
    ) -> PageRow:
        """Fetch a page into its file, unless the file exists and the page has not changed.

        `before` is the row of the last fetch, None for the first one. Raises NotFetched.
        """
        return self._fetch_into_file(source, url, file, before, now)[0]

    def _fetch_into_file(
        self, source: str, url: str, file: str, before: PageRow | None, now: datetime
    ) -> tuple[PageRow, str | None]:
        """The row of the page and the address that sent it, None if it has not changed."""
        path = self.ensure_folder(source) / file
        known = before if before and path.exists() else PageRow(url, file)
        fetched = self.web.fetch(url, known.etag, known.modified)
        if fetched is None:
            return PageRow(url, file, known.etag, known.modified, now), None
        write_atomically(path, fetched.content)
        return PageRow(url, file, fetched.etag, fetched.modified, now), fetched.sender or url

    def fetch_document(
        self, source: str, entry: FeedEntry, before: PageRow | None, now: datetime
    ) -> PageRow:
        """Fetch a page and write its side-car with what the feed says about it. Raises NotFetched.

        A page that another host sent, after a redirect, has the address of that host.
        """
        page, sender = self._fetch_into_file(
            source, entry.url, make_file_name(entry.url), before, now
        )
        if sender is None:
            sender = self._read_stored_url(source, page)
        about: dict[str, object] = {"url": sender or entry.url}
        if entry.title:
            about["title"] = entry.title
        if entry.published:  # from the feed, not declared by the document
            about |= {"published": entry.published, "inferred": ["published"]}
        id = page.file if source == UNSCHEDULED_SOURCE else f"{source}/{page.file}"
        text = yaml.safe_dump({"id": id, **about}, allow_unicode=True, sort_keys=False)
        write_atomically(self.ensure_folder(source) / f"{page.file}{SIDECAR_SUFFIX}", text.encode())
        return page

    def _read_stored_url(self, source: str, page: PageRow) -> str | None:
        """The address in the side-car of a page that was fetched before; None without one."""
        path = self.ensure_folder(source) / f"{page.file}{SIDECAR_SUFFIX}"
        if not path.exists():
            return None
        return str(parse_sidecar(path.read_bytes(), path.name).get("url") or "") or None

    def fetch_once(self, url: str, now: datetime) -> Root:
        """Fetch a page that is not on a schedule; the root to ingest, with its address as origin.

        Raises NotFetched.
        """
        address = normalise_address(url)
        page = self.fetch_document(UNSCHEDULED_SOURCE, FeedEntry(address, "", None), None, now)
        identity = FetchedIdentity(urlsplit(address).hostname or UNSCHEDULED_SOURCE)
        return Root(self.ensure_folder(UNSCHEDULED_SOURCE) / page.file, address, fetched=identity)

    def read_page(self, source: str, page: PageRow) -> bytes:
        """The stored content of a page. Raises OSError if its file is gone."""
        return (self.ensure_folder(source) / page.file).read_bytes()

    def find_unlisted_pages(
        self,
        source: SourceConfig,
        known: Mapping[str, PageRow],
        listed: Collection[str],
        now: datetime,
    ) -> list[PageRow]:
        """The known pages that are no longer `listed` (addresses) and younger than `max_age`.

        See docs/decisions/0031-keep-removed-entries-until-they-expire-or-are-dropped.md.
        """
        gone = [
            page
            for page in known.values()
            if page.url not in listed and page.file != FEED_FILE_NAME
        ]
        return [page for page in gone if page.read_at and page.read_at + source.max_age >= now]

    def delete_stale_files(self, source: str, pages: Collection[PageRow]) -> None:
        """Delete the files of pages other than `pages`, and partial files left by a kill.

        Files that are not named by this store are left alone.
        """
        kept = {page.file for page in pages}
        for path in self.ensure_folder(source).iterdir():
            name = path.name.removesuffix(".part").removesuffix(SIDECAR_SUFFIX)
            is_partial = path.name.endswith(".part")
            if (is_partial or name not in kept) and is_stored_page(path.name):
                path.unlink()


def make_file_name(url: str) -> str:
    """The file name of a page: a readable part of its address and a digest that makes it unique."""
    parts = urlsplit(url)
    path = PurePosixPath(unquote(parts.path))
    title = unicodedata.normalize("NFC", path.stem or parts.hostname or "page")
    stem = re.sub(r"\W+", "-", title).strip("-_")[:40] or "page"
    suffix = path.suffix.lower()
    if suffix in DYNAMIC_PAGE_SUFFIXES or not re.fullmatch(r"\.[a-z0-9]{1,5}", suffix):
        suffix = ".html"
    return f"{stem}-{hashlib.sha256(url.encode()).hexdigest()[:8]}{suffix}"


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file in one step: a concurrent reader, or one after a kill, finds the old content."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
