"""How Naru is, in words: what /readyz and /healthz say, with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from adapters.serve.monitoring.monitor import Monitor

MONITOR: web.AppKey[Monitor | None] = web.AppKey("monitor", object)  # type: ignore[arg-type]

# Of the state of health: what has a sentence of its own on the page, in its order.
FIGURES = (
    "inbox_oldest_seconds", "outbox_oldest_seconds", "outbox_waiting", "inbox_dead", "outbox_dead",
    "places_refusing", "disk_free_megabytes", "workers", "workers_stuck", "database_written_seconds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HealthView:
    """`is_alive` is /healthz, `problems` are those of /readyz in the words of the operator (English),
    `figures` those of FIGURES that are known, `golden` how many golden questions were asked."""

    is_alive: bool
    problems: list[str]
    figures: list[tuple[str, object]]
    golden: object


async def collect_health(monitor: Monitor | None) -> HealthView | None:
    """How Naru is; None where the console does not run within `naru serve`. Raises SQLAlchemyError if
    the database does not answer."""
    if monitor is None:
        return None
    health, ready = await monitor.collect_health(), await monitor.collect_readiness()
    alive, problems = await monitor.collect_liveness(), ready["problems"]
    assert isinstance(problems, list)
    figures = [(name, health[name]) for name in FIGURES if health.get(name) is not None]
    return HealthView(not alive["problems"], problems, figures, ready["golden_questions"])
