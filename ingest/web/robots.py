"""What a site's robots.txt lets Naru read, and how slowly."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from protego import Protego

from ingest.errors import NotFetched
from ingest.remarks import Remark

ROBOTS_TTL_SECONDS = 24 * 3600.0  # seconds a robots.txt is remembered (RFC 9309: at most a day)
BROKEN_ROBOTS_TTL_SECONDS = 300.0
ROBOTS_MAX_CHARACTERS = 512_000  # characters of a robots.txt that are read
CRAWL_DELAY_MAX_SECONDS = 30.0  # seconds between two requests that a site may ask for


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """A robots.txt as it was read; `broken` says why it could not be, which shuts the site."""

    parsed: Protego | None
    problem: Remark | None = None
    read_at: float = field(default_factory=time.monotonic)

    def is_stale(self) -> bool:
        """Whether it is time to read it again."""
        return time.monotonic() - self.read_at > (
            BROKEN_ROBOTS_TTL_SECONDS if self.problem else ROBOTS_TTL_SECONDS
        )

    def check_crawl_delay(self, at: str, agent: str) -> float:
        """The seconds the site wants between requests. Raises NotFetched for what it forbids."""
        if self.problem:
            raise NotFetched("robots_unread", at=at, why=self.problem)
        if self.parsed is None:
            return 0.0
        if not self.parsed.can_fetch(at, agent):
            raise NotFetched("robots_forbid", at=at)
        return min(self.parsed.crawl_delay(agent) or 0.0, CRAWL_DELAY_MAX_SECONDS)


def read_robots(fetch: Callable[[], str | None]) -> RobotsRules:
    """The rules of a site; `fetch` gives its robots.txt, None where it has none."""
    try:
        text = fetch()
    except NotFetched as error:
        return RobotsRules(None, error.remark)
    return RobotsRules(None if text is None else Protego.parse(text[:ROBOTS_MAX_CHARACTERS]))
