"""The rules of a robots.txt: what Naru may fetch, and how slowly.

See docs/decisions/0027-robots-txt-with-protego.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from protego import Protego

from ingest.errors import NotFetched
from ingest.remarks import Remark

ROBOTS_TTL_SECONDS = 24 * 3600.0  # of a cached robots.txt (RFC 9309: at most a day)
BROKEN_ROBOTS_TTL_SECONDS = 300.0
ROBOTS_MAX_CHARACTERS = 512_000  # the rest is ignored
CRAWL_DELAY_MAX_SECONDS = 30.0  # of what a site may ask for between two requests


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """A parsed robots.txt, None if the site has none; a `problem` with reading it forbids all pages."""

    parsed: Protego | None
    problem: Remark | None = None
    read_at: float = field(default_factory=time.monotonic)

    def is_stale(self) -> bool:
        """Whether it must be fetched again."""
        return time.monotonic() - self.read_at > (
            BROKEN_ROBOTS_TTL_SECONDS if self.problem else ROBOTS_TTL_SECONDS
        )

    def check_crawl_delay(self, at: str, agent: str) -> float:
        """The seconds that the site wants between requests. Raises NotFetched if it forbids `at`."""
        if self.problem:
            raise NotFetched("robots_unread", at=at, why=self.problem)
        if self.parsed is None:
            return 0.0
        if not self.parsed.can_fetch(at, agent):
            raise NotFetched("robots_forbid", at=at)
        return min(self.parsed.crawl_delay(agent) or 0.0, CRAWL_DELAY_MAX_SECONDS)


def read_robots(fetch: Callable[[], str | None]) -> RobotsRules:
    """The rules of a site; `fetch` returns its robots.txt, or None if it has none."""
    try:
        text = fetch()
    except NotFetched as error:
        return RobotsRules(None, error.remark)
    return RobotsRules(None if text is None else Protego.parse(text[:ROBOTS_MAX_CHARACTERS]))
