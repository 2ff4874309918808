"""Starts the console with `naru serve`, if it has a port. Imports its pages only then."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.errors import NothingToServe
from adapters.messaging.messenger import CommitEvents

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.serve.monitoring.monitor import Monitor

log = logging.getLogger(__name__)


async def stop_nothing() -> None:
    """Stops what was never started."""


async def start_console(
    app: App, commit: CommitEvents, monitor: Monitor | None = None
) -> Callable[[], Awaitable[None]]:
    """Listen for the console's requests where the settings say; returns what stops it. `monitor` says
    how Naru is. Raises
    NothingToServe if the address cannot be listened on."""
    host, port = app.settings.console_host, app.settings.console_port
    if not port:
        return stop_nothing
    from adapters.console.pages import PAGES
    from adapters.console.pages.desk.health import MONITOR
    from adapters.console.site import build_site

    site = build_site(app, commit, PAGES)
    site[MONITOR] = monitor
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise NothingToServe(
            f"The console cannot listen on {host}:{port} ({error.strerror}). Set NARU_CONSOLE_PORT "
            "to a free port."
        ) from error
    log.info("the staff console is open at %s", app.settings.console_address)
    return runner.cleanup
