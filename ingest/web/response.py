"""HTTP responses: what a status means, and the decoded body."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.errors import NotFetched

RETRY_AFTER_MAX_SECONDS = 86_400.0  # of the wait that a server asks for


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response as received; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def raise_for_status(url: str, reply: HttpResponse) -> None:
    """Raise NotFetched, with what the status means, for any response but 200."""
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
    """The value of Retry-After in seconds; 0 if it is neither a number nor a date."""
    try:
        seconds = float(retry_after) if retry_after.isdigit() else (
            parsedate_to_datetime(retry_after).astimezone(UTC) - datetime.now(UTC)
        ).total_seconds()  # fmt: skip
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), RETRY_AFTER_MAX_SECONDS)


def decode_content(url: str, reply: HttpResponse, max_bytes: int) -> bytes:
    """The decoded body (Content-Encoding removed), of at most `max_bytes`.

    Raises NotFetched if it is larger, damaged or in another encoding than gzip.
    """
    packed = reply.headers.get("content-encoding", "identity").lower()
    if packed == "identity":
        return reply.content
    if packed not in ("gzip", "x-gzip"):
        raise NotFetched("packed_otherwise", at=url, packed=packed)
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        body = unpack.decompress(reply.content, max_bytes + 1)
    except zlib.error as error:
        raise NotFetched("page_broken", at=url) from error
    if len(body) > max_bytes:
        raise NotFetched("page_unpacks_large", at=url, most=max_bytes // (1024 * 1024) or 1)
    if not unpack.eof:
        raise NotFetched("page_broken", at=url)
    return body
