"""What a server's reply means, and its body as it was before it was packed for the way."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.errors import NotFetched

RETRY_AFTER_MAX_SECONDS = 86_400.0  # seconds: of what a server asks in Retry-After


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A reply as it came; the names of its headers in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def raise_for_status(url: str, reply: HttpResponse) -> None:
    """Raises NotFetched with what a reply without a page means."""
    status = reply.status
    if status == 200:
        return
    if status in (404, 410):
        raise NotFetched("gone", at=url, status=status)
    if status in (401, 402, 403, 407, 451):
        raise NotFetched("not_let_in", at=url, status=status)
    if status in (429, 503):
        wait = _parse_retry_after(reply.headers.get("retry-after", ""))
        raise NotFetched("come_later", at=url, status=status, wait=wait)
    raise NotFetched("no_page", at=url, status=status)


def _parse_retry_after(retry_after: str) -> float:
    """Retry-After in seconds: it is a number of them, or a moment."""
    try:
        seconds = float(retry_after) if retry_after.isdigit() else (
            parsedate_to_datetime(retry_after).astimezone(UTC) - datetime.now(UTC)
        ).total_seconds()  # fmt: skip
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), RETRY_AFTER_MAX_SECONDS)


def decode_content(url: str, reply: HttpResponse, most: int) -> bytes:
    """The body as it was before it was packed for the way, within the same bound: at most `most`
    bytes. Raises NotFetched."""
    packed = reply.headers.get("content-encoding", "identity").lower()
    if packed == "identity":
        return reply.content
    if packed not in ("gzip", "x-gzip"):
        raise NotFetched("packed_otherwise", at=url, packed=packed)
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        body = unpack.decompress(reply.content, most + 1)
    except zlib.error as error:
        raise NotFetched("page_broken", at=url) from error
    if len(body) > most:
        raise NotFetched("page_unpacks_large", at=url, most=most // (1024 * 1024) or 1)
    if not unpack.eof:
        raise NotFetched("page_broken", at=url)
    return body
