"""The entries of RSS and Atom feeds.

See docs/decisions/0028-feeds-with-feedparser.md.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from io import BytesIO

import feedparser

from ingest.errors import NotFetched
from ingest.web.addresses import resolve_link

FEED_MAX_ENTRIES = 100  # the first ones
FEED_MAX_BYTES = 4_000_000  # the parser takes three seconds per million
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A page that a feed lists. `published` is the date in the feed, YYYY-MM-DD, or None."""

    url: str
    title: str
    published: str | None


def parse_feed(body: bytes, url: str) -> list[FeedEntry]:
    """The entries of the feed fetched from `url`, each page once, its address without a fragment.

    Raises NotFetched if `body` is not a feed or too large.
    """
    if len(body) > FEED_MAX_BYTES:
        raise NotFetched("feed_too_large", at=url, most=FEED_MAX_BYTES // 1_000_000)
    feed = feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version"):
        raise NotFetched("no_feed", at=url)
    entries: dict[str, FeedEntry] = {}
    for item in feed.entries:
        try:
            at = resolve_link(url, str(item.get("link") or "").strip())
        except NotFetched:
            continue
        if at != url and item.get("link"):
            entries.setdefault(
                at,
                FeedEntry(at, _clean_title(item.get("title")), _parse_day(item.get("published"))),
            )
    return list(entries.values())[:FEED_MAX_ENTRIES]


def _clean_title(text: str | None) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text or "")).split())


def _parse_day(text: str | None) -> str | None:
    """The date as printed, in the issuer's time zone, YYYY-MM-DD; None if it cannot be parsed."""
    try:
        if iso := _ISO_DAY.match(text or ""):
            return date.fromisoformat(iso.group()).isoformat()
        return parsedate_to_datetime(text or "").date().isoformat()
    except ValueError:
        return None
