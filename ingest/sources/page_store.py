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

from ingest.types import Listed, Root
from ingest.web.addresses import web_address
from ingest.web.feeds import Entry
from ingest.web.fetch import Web
from knowledge.catalogue import PageRow

FEED = ".feed"  # hidden: a feed is no document
SIDECAR = ".meta.yaml"  # says more of the file it is named after
ONCE = ".once"  # no source has this name
DYNAMIC = frozenset({".do", ".jsp", ".php", ".asp", ".aspx", ".cgi", ".action", ".htm"})

_OURS = re.compile(r".*-[0-9a-f]{8}(\.[a-z0-9]{1,5})(\.meta\.yaml)?(\.part)?")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps what is fetched, a folder a source. `home` is NARU_DATA/sources."""

    home: Path
    web: Web

    def folder(self, source: str) -> Path:
        """Where the pages of a source lie."""
        folder = self.home / source
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def page(
        self, source: str, url: str, file: str, before: PageRow | None, now: datetime
    ) -> PageRow:
        """Fetch a page into its file, unless it is there and has not changed. Raises NotFetched."""
        path = self.folder(source) / file
        known = before if before and path.exists() else PageRow(url, file)
        found = self.web.fetch(url, known.etag, known.modified)
        if found is None:
            return PageRow(url, file, known.etag, known.modified, now)
        write(path, found.body)
        return PageRow(url, file, found.etag, found.modified, now)

    def document(self, source: str, entry: Entry, before: PageRow | None, now: datetime) -> PageRow:
        """A page that is a document, and beside it what is known of it."""
        page = self.page(source, entry.url, file_name(entry.url), before, now)
        about: dict[str, object] = {"url": entry.url}
        if entry.title:
            about["title"] = entry.title
        if entry.published:  # the feed says so, not the document
            about |= {"published": entry.published, "inferred": ["published"]}
        id = page.file if source == ONCE else f"{source}/{page.file}"
        text = yaml.safe_dump({"id": id, **about}, allow_unicode=True, sort_keys=False)
        write(self.folder(source) / f"{page.file}{SIDECAR}", text.encode())
        return page

    def once(self, url: str, now: datetime) -> Root:
        """A page that is on no schedule, to be ingested as what came from its address.

        Raises NotFetched.
        """
        at = web_address(url)
        page = self.document(ONCE, Entry(at, "", None), None, now)
        return Root(self.folder(ONCE) / page.file, at)

    def body(self, source: str, page: PageRow) -> bytes:
        """A page as it is kept."""
        return (self.folder(source) / page.file).read_bytes()

    def still(
        self, source: Listed, known: Mapping[str, PageRow], here: Collection[str], now: datetime
    ) -> list[PageRow]:
        """The pages that are listed no more (those listed are `here`) and not yet too old."""
        gone = [page for page in known.values() if page.url not in here and page.file != FEED]
        return [page for page in gone if page.read_at and page.read_at + source.max_age >= now]

    def tidy(self, source: str, pages: Collection[PageRow]) -> None:
        """Drop what was kept of pages that are no more, and what a kill left half-written. What
        somebody else put there stays."""
        kept = {page.file for page in pages}
        for path in self.folder(source).iterdir():
            name = path.name.removesuffix(".part").removesuffix(SIDECAR)
            half = path.name.endswith(".part")
            if (half or name not in kept) and _OURS.fullmatch(path.name):
                path.unlink()


def file_name(url: str) -> str:
    """The name of a page's file: what people may know it by, and what only it has."""
    parts = urlsplit(url)
    last = PurePosixPath(unquote(parts.path))
    called = unicodedata.normalize("NFC", last.stem or parts.hostname or "page")
    stem = re.sub(r"\W+", "-", called).strip("-_")[:40] or "page"
    plain = re.fullmatch(r"\.[a-z0-9]{1,5}", last.suffix.lower())
    suffix = last.suffix.lower() if plain and last.suffix.lower() not in DYNAMIC else ".html"
    return f"{stem}-{hashlib.sha256(url.encode()).hexdigest()[:8]}{suffix}"


def write(path: Path, content: bytes) -> None:
    """Write a file whole: whoever reads it meanwhile, or after a kill, finds the old one."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
