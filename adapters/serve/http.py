"""The HTTP side of `naru serve`: webhooks, health and metrics."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from adapters.errors import NothingToServe
from adapters.messaging.messenger import CommitEvents, RequestHandler
from bot.errors import NotDelivered

if TYPE_CHECKING:
    from adapters.bootstrap import App

log = logging.getLogger(__name__)

# A state, with a sentence under `problems` for each part that needs somebody.
CollectState = Callable[[], Awaitable[dict[str, object]]]
# Metrics in the form that an `Accept` header asks for, and its content type.
WriteMetrics = Callable[[str], Awaitable[tuple[bytes, str]]]


async def start_http(
    host: str, port: int, routes: Mapping[str, RequestHandler],
    states: Mapping[str, CollectState], write_metrics: WriteMetrics | None = None,
    sites: Mapping[str, web.Application] | None = None,
) -> Callable[[], Awaitable[None]]:  # fmt: skip
    """Listen for POST requests to `routes`, and for GET of each path of `states` and of /metrics,
    and serve each of `sites` below its path; returns what stops it. Raises NothingToServe if the address cannot be listened on."""
    site = web.Application()
    for path, collect in states.items():
        site.router.add_get(path, _answer_state(collect))
    if write_metrics:
        site.router.add_get("/metrics", _answer_metrics(write_metrics))
    for path, handle in routes.items():
        site.router.add_post(path, _reject_uncommitted(handle))
    for path, own in (sites or {}).items():
        site.add_subapp(path, own)
    # No messenger packs what it posts: a packed body is not unpacked, and so is malformed.
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=1, auto_decompress=False)
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


def build_sites(
    app: App, commit: CommitEvents, settle_time: timedelta
) -> dict[str, web.Application]:
    """The pages that are served next to the webhooks, by the path that they are below."""
    settings = app.settings
    if not settings.web_ask:
        return {}
    from adapters.web.site import AskSite

    days, frames = settings.keep_memory_days, settings.ask_frames
    return {"/ask": AskSite(app.store, app.now, commit, days, frames, settle_time).build()}


def _answer_state(collect: CollectState) -> RequestHandler:
    """200 with what is collected; 503 if there are problems, or no answer of the database."""

    async def answer(_: web.Request) -> web.Response:
        try:
            state = await collect()
        except SQLAlchemyError as error:
            failure = f"The database does not answer ({type(error).__name__}). Check its server."
            state = {"problems": [failure]}
        return web.json_response(state, status=503 if state.get("problems") else 200)

    return answer


def _answer_metrics(write: WriteMetrics) -> RequestHandler:
    """200 with the metrics."""

    async def answer(request: web.Request) -> web.Response:
        body, content_type = await write(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})

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
