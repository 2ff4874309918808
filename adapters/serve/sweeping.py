"""What is looked after while Naru serves: what is past its time, papers that are due,
the library, freed memory."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from knowledge.database.peers import PresenceWatch

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.serve.timings import ServeTimings

log = logging.getLogger(__name__)

M_ARENA_MAX = -8  # of glibc's malloc.h


async def sweep_hourly(app: App, timings: ServeTimings) -> None:
    """Cut what is past its time, send the papers that are due and tell subscribers of a new edition, at
    the start and every hour."""
    while True:
        await asyncio.to_thread(sweep_records, app)
        await asyncio.to_thread(send_papers, app)
        await asyncio.to_thread(tell_subscribers, app)
        await asyncio.sleep(timings.sweep)


async def check_library(
    app: App, timings: ServeTimings, wait_until_filled: Callable[[], Awaitable[None]]
) -> None:
    """Look again and again whether the library can be asked, and have it repaired."""
    await wait_until_filled()
    await asyncio.to_thread(app.library_keeper.check, thorough=False)
    await asyncio.sleep(timings.library_first_check)
    while True:
        await asyncio.to_thread(app.library_keeper.check)
        await asyncio.to_thread(release_memory)
        await asyncio.sleep(timings.library_check)


async def recover_work(app: App, timings: ServeTimings) -> None:
    """Again and again, free what workers of any machine held when they were killed, and what was put off
    by a clock that has been set back: it would wait for minutes or hours."""
    presence = PresenceWatch(app.engine)
    while True:
        await asyncio.to_thread(presence.look)
        await asyncio.to_thread(app.recover_abandoned_work, presence.is_gone)
        await asyncio.sleep(timings.recovery)


async def read_sources(
    app: App,
    timings: ServeTimings,
    wait_until_filled: Callable[[], Awaitable[None]],
    wake_sender: Callable[[], None],
) -> None:
    """Read the sources that are due, again and again, in a thread of their own: it may take long."""
    from adapters.serve.scheduled_sources import read_due_sources

    await wait_until_filled()
    loop, pool = asyncio.get_running_loop(), ThreadPoolExecutor(1, "sources")
    try:
        while True:
            await loop.run_in_executor(pool, read_due_sources, app)
            wake_sender()
            await asyncio.sleep(timings.sources_check)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def sweep_records(app: App) -> dict[str, int]:
    """Cut records and uploads that are kept longer than the settings say, and what plans tell of cases
    that were sealed or erased since, and let only the owner read Naru's files; returns how many records
    of each kind were cut. Raises the database's errors."""
    counts = app.store.sweep(app.settings.retention, app.now())
    app.upload_retention.expire_uploads()
    app.upload_retention.cut_plans()
    if cut := ", ".join(f"{name} {count}" for name, count in counts.items() if count):
        log.info("past their time and cut: %s", cut)
    return counts


def send_papers(app: App) -> list[str]:
    """Send the agendas and the digest that are due; the names of those sent now."""
    from adapters.serve.desk.schedule import send_due_papers

    sent = send_due_papers(app)
    if sent:
        log.info("sent: %s", ", ".join(sent))
    return sent


def tell_subscribers(app: App) -> int:
    """Tell subscribers what a new edition changed; how many are told now."""
    from adapters.serve.desk.edition_alerts import announce_edition

    return announce_edition(app)


def release_memory() -> bool:
    """Have the C library give back what it keeps of freed memory: loading the library and the
    models takes more for a moment than they need. Returns whether this system can."""
    if not sys.platform.startswith("linux"):
        return False
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl does not
    return trim is not None and trim(0) in (0, 1)


def share_one_arena() -> None:
    """Have the C library take memory for all threads from one place: each of a dozen threads keeps
    pieces of its own otherwise, 16 MB after forty answers. Python's lock lets one allocate at a time
    anyway."""
    if sys.platform.startswith("linux") and (limit := getattr(ctypes.CDLL(None), "mallopt", None)):
        limit(M_ARENA_MAX, 1)
