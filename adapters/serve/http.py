"""The HTTP side of `naru serve`: webhooks and health."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from adapters.errors import NothingToServe
from adapters.messaging.messenger import RequestHandler
from bot.errors import NotDelivered
from bot.store import Store

log = logging.getLogger(__name__)

CollectHealth = Callable[[], Awaitable[dict[str, object]]]


async def start_http(
    host: str, port: int, routes: Mapping[str, RequestHandler], collect_health: CollectHealth
) -> Callable[[], Awaitable[None]]:
    """Listen for POST requests to `routes` and for `GET /health`; returns what stops it. Raises
    NothingToServe if the address cannot be listened on."""
    site = web.Application()
    site.router.add_get("/health", _answer_health(collect_health))
    for path, handle in routes.items():
        site.router.add_post(path, _reject_uncommitted(handle))
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise NothingToServe(
            f"{host}:{port} cannot be listened on "
            f"({error.strerror}). Set NARU_HTTP_PORT to a free port."
        ) from error
    return runner.cleanup


async def measure_queues(store: Store, now: datetime) -> dict[str, object]:
    """The age in seconds of the oldest open row of each queue, how many rows were given up
    and how many wait for a room or a person that refuses.
    Raises SQLAlchemyError if the database does not answer."""

    def measure() -> dict[str, object]:
        return {
            "inbox_oldest_seconds": _age_seconds(store.inbox.find_oldest_open(), now),
            "outbox_oldest_seconds": _age_seconds(store.outbox.find_oldest_open(), now),
            "inbox_dead": store.inbox.count_events("dead"),
            "outbox_dead": store.outbox.count_messages("dead"),
            "outbox_waiting": store.outbox.count_messages("waiting"),
            "places_refusing": len(store.outbox.list_refusals()),
        }

    return await asyncio.to_thread(measure)


def _age_seconds(moment: datetime | None, now: datetime) -> float:
    return round((now - moment).total_seconds(), 1) if moment else 0.0


def _answer_health(collect_health: CollectHealth) -> RequestHandler:
    """200 with what is collected; 503 if the database does not answer."""

    async def answer(_: web.Request) -> web.Response:
        try:
            return web.json_response(await collect_health())
        except SQLAlchemyError as error:
            return web.json_response({"database": type(error).__name__}, status=503)

    return answer


def _reject_uncommitted(handle: RequestHandler) -> RequestHandler:
    """503 for an event that could not be committed: the platform sends it again."""

    async def answer(request: web.Request) -> web.Response:
        try:
            return await handle(request)
        except (SQLAlchemyError, NotDelivered):
            log.exception("an event could not be kept")
            return web.Response(status=503)

    return answer
