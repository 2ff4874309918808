"""What a site's robots.txt lets Naru read, and how slowly."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from protego import Protego

from ingest.errors import NotFetched
from ingest.remarks import Remark

KEPT = 24 * 3600.0  # seconds a robots.txt is remembered (RFC 9309: at most a day)
KEPT_BROKEN = 300.0
LONGEST = 512_000  # characters of a robots.txt that are read
SLOWEST = 30.0  # seconds between two requests that a site may ask for


@dataclass(frozen=True, slots=True)
class Rules:
    """A robots.txt as it was read; `broken` says why it could not be, which shuts the site."""

    parsed: Protego | None
    broken: Remark | None = None
    read_at: float = field(default_factory=time.monotonic)

    def old(self) -> bool:
        """Whether it is time to read it again."""
        return time.monotonic() - self.read_at > (KEPT_BROKEN if self.broken else KEPT)

    def pause_before(self, at: str, agent: str) -> float:
        """The seconds the site wants between requests. Raises NotFetched for what it forbids."""
        if self.broken:
            raise NotFetched("robots_unread", at=at, why=self.broken)
        if self.parsed is None:
            return 0.0
        if not self.parsed.can_fetch(at, agent):
            raise NotFetched("robots_forbid", at=at)
        return min(self.parsed.crawl_delay(agent) or 0.0, SLOWEST)


def read_rules(fetch: Callable[[], str | None]) -> Rules:
    """The rules of a site; `fetch` gives its robots.txt, None where it has none."""
    try:
        text = fetch()
    except NotFetched as error:
        return Rules(None, error.remark)
    return Rules(None if text is None else Protego.parse(text[:LONGEST]))
