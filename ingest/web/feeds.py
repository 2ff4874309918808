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
from typing import Any

import feedparser

from ingest.errors import NotFetched, Unreadable
from ingest.formats.text import encoding
from ingest.web.addresses import resolve_link

FEED_MAX_ENTRIES = 100  # the first ones
FEED_MAX_BYTES = 4_000_000  # the parser takes three seconds per million
# 2026-03-02, 2026.03.02, 2026. 3. 2., 2026년 3월 2일, and 20260302 with or without a time.
_DAY = re.compile(r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})(?!\d)")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(?!\d)|\d{4}(?:\d\d)?(?!\d))")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


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
    try:
        feed = feedparser.parse(
            BytesIO(_recode(body)), sanitize_html=False, resolve_relative_uris=False
        )
    except ValueError as error:  # of the name of an encoding that is no text
        raise NotFetched("no_feed", at=url) from error
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
                FeedEntry(at, _clean_title(item.get("title")), _read_day(item, feed.version)),
            )
    return list(entries.values())[:FEED_MAX_ENTRIES]


def _clean_title(text: str | None) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text or "")).split())


def _recode(body: bytes) -> bytes:
    """A feed as UTF-8, whatever it declares: Korean ones declare UTF-8 and are CP949, or inversely.

    A feed in another encoding stays as it is.
    """
    try:
        text = encoding.decode_text(body)
    except Unreadable:
        return body
    return ('<?xml version="1.0" encoding="utf-8"?>' + _DECLARATION.sub("", text, count=1)).encode()


def _read_day(item: Any, version: str) -> str | None:
    """The date of an entry; in RSS also that of `dc:date`, which the parser calls updated."""
    day = _parse_day(item.get("published"))
    return day or (_parse_day(dict.get(item, "updated")) if version.startswith("rss") else None)


def _parse_day(text: str | None) -> str | None:
    """The date as printed, in the issuer's time zone, YYYY-MM-DD; None if it cannot be parsed."""
    text = (text or "").strip()
    try:
        if day := _DAY.match(text) or _DIGITS.match(text):
            year, month, number = map(int, day.groups())
            return date(year, month, number).isoformat()
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, OverflowError):  # a year or a time zone of many digits
        return None
