"""The HTTP side of `naru serve`: webhooks and health."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from adapters.errors import NothingToServe
from adapters.messaging.messenger import RequestHandler
from bot.errors import NotDelivered

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
    log.info("http://%s:%d/health says how Naru is; Ctrl+C or SIGTERM ends it", host, port)
    return runner.cleanup


def _answer_health(collect_health: CollectHealth) -> RequestHandler:
    """200 with what is collected; 503 if there are problems, or no answer of the database."""

    async def answer(_: web.Request) -> web.Response:
        try:
            state = await collect_health()
        except SQLAlchemyError as error:
            failure = f"The database does not answer ({type(error).__name__}). Check its server."
            state = {"problems": [failure]}
        return web.json_response(state, status=503 if state.get("problems") else 200)

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
