"""What a server's reply means, and its body as it was before it was packed for the way."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.errors import NotFetched

LONGEST_WAIT = 86_400.0  # seconds: of what a server asks in Retry-After


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it came; the names of its headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def refuse(url: str, reply: Reply) -> None:
    """Raises NotFetched with what a reply without a page means."""
    status = reply.status
    if status == 200:
        return
    if status in (404, 410):
        raise NotFetched(
            f"{url} is not there any more ({status}). Correct the address where it is listed."
        )
    if status in (401, 402, 403, 407, 451):
        raise NotFetched(f"{url} does not let Naru in ({status}). Ask its owner, or download the "
                         "file and ingest that.")  # fmt: skip
    if status in (429, 503):
        wait = _wait(reply.headers.get("retry-after", ""))
        raise NotFetched(f"{url} asks to come back later ({status}). It is tried again.", wait)
    raise NotFetched(f"{url} gave no page ({status}). It is tried again later.")


def _wait(retry_after: str) -> float:
    """Retry-After in seconds: it is a number of them, or a moment."""
    try:
        seconds = float(retry_after) if retry_after.isdigit() else (
            parsedate_to_datetime(retry_after).astimezone(UTC) - datetime.now(UTC)
        ).total_seconds()  # fmt: skip
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), LONGEST_WAIT)


def unpacked(url: str, reply: Reply, most: int) -> bytes:
    """The body as it was before it was packed for the way, within the same bound: at most `most`
    bytes. Raises NotFetched."""
    packed = reply.headers.get("content-encoding", "identity").lower()
    if packed == "identity":
        return reply.body
    if packed not in ("gzip", "x-gzip"):
        raise NotFetched(f"{url} comes packed as {packed}, which Naru cannot unpack.")
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        body = unpack.decompress(reply.body, most + 1)
    except zlib.error as error:
        raise NotFetched(f"{url} came broken. It is tried again later.") from error
    if len(body) > most:
        raise NotFetched(f"{url} unpacks to more than {most // (1024 * 1024) or 1} MB. It is "
                         "refused.")  # fmt: skip
    if not unpack.eof:
        raise NotFetched(f"{url} came broken off. It is tried again later.")
    return body
