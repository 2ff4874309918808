"""A client of the web that does not wait between two pages; with limits that are short where a test
is about them."""

from __future__ import annotations

from ingest.web.fetch import FetchLimits, WebClient

QUICK_LIMITS = FetchLimits(step_seconds=0.4, total_seconds=1.2, pause_seconds=0.0)
PATIENT_LIMITS = FetchLimits(step_seconds=20, total_seconds=60, pause_seconds=0.0)
OK_STATUS_LINE = b"HTTP/1.1 200 OK\r\n"


def make_web(limits: FetchLimits = PATIENT_LIMITS, **more: object) -> WebClient:
    """A Web that may go to loopback."""
    return WebClient(allowed=lambda _: True, limits=limits, **more)  # type: ignore[arg-type]
