"""Keeping work alive that must not end: what goes wrong is logged, and the work goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from adapters.messaging.messenger import Receiver
from bot.errors import DeliveryRefused

log = logging.getLogger(__name__)

RESTART_DELAY_SECONDS = 1.0
CHANNEL_RETRY_SECONDS = 5.0  # between two tries to reach a messenger at the start


async def run_forever(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` again whenever it ends or fails, until cancelled; `name` is for the log."""
    while True:
        try:
            await work()
        except SQLAlchemyError as error:
            log.warning("%s: the database: %s", name, type(error).__name__)
        except Exception:
            log.exception("%s failed and goes on", name)
        await asyncio.sleep(RESTART_DELAY_SECONDS)


async def retry_start(
    name: str, start: Callable[[], Awaitable[str]], retry_seconds: float = CHANNEL_RETRY_SECONDS
) -> bool:
    """Call `start` until it succeeds, however long the messenger is down, and log what it
    returns. False if the messenger refuses for good (DeliveryRefused)."""
    while True:
        try:
            log.info("%s: %s", name, await start())
        except DeliveryRefused as error:
            log.error("%s is off: %s", name, error)
            return False
        except Exception as error:  # the network's and the libraries' own
            log.warning("%s cannot be reached yet: %s", name, error)
            await asyncio.sleep(retry_seconds)
        else:
            return True


async def watch_receivers(
    receivers: Sequence[Receiver],
    receiving: Sequence[asyncio.Task[None]],
    now: Callable[[], datetime],
) -> str:
    """Wait until no messenger is left, because each refused its token; the sentence for it.
    `receiving` are the tasks that run the receivers."""
    if receiving:
        await asyncio.wait(receiving)
    states = [await one.collect_health(now()) for one in receivers]
    off = [name for state in states for name, value in state.items() if value == "off"]
    if not receivers or len(off) < len(receivers):
        await asyncio.Event().wait()  # webhooks go on without a task
    return (
        f"No messenger is left to serve: {' and '.join(off)} refused the token, as the line before "
        "says. Correct it and start again; `naru doctor` checks it."
    )
