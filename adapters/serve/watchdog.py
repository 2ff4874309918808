"""Noticing a database that stays unwritable: a process that cannot write must not go on."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError


async def watch_database(
    is_writable: Callable[[], bool], outage_limit: float, check_interval: float
) -> str:
    """Wait until the database could not be written for `outage_limit` seconds, and return the
    sentence to give up with. `is_writable` runs in a thread every `check_interval` seconds."""
    last_write = time.monotonic()
    while time.monotonic() - last_write < outage_limit:
        await asyncio.sleep(min(check_interval, outage_limit))
        remaining = outage_limit - (time.monotonic() - last_write)
        with contextlib.suppress(SQLAlchemyError, TimeoutError):
            async with asyncio.timeout(max(remaining, check_interval)):
                if await asyncio.to_thread(is_writable):
                    last_write = time.monotonic()
    return (
        f"The database could not be written for {outage_limit:.0f} s. Check its disk or server, "
        "then start `naru serve` again: nothing confirmed is lost."
    )
