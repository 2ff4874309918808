"""Holding on to events whose work takes longer than a lease."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from bot.store.inbox import INBOX_LEASE, Inbox, InboxRow

log = logging.getLogger(__name__)

LEASE_RENEWAL_SECONDS = INBOX_LEASE.total_seconds() / 4  # seconds


@contextmanager
def hold_lease(
    inbox: Inbox, rows: Sequence[InboxRow], owner: str, now: Callable[[], datetime]
) -> Iterator[None]:
    """Renew the lease of `rows` again and again, so that nobody else takes them meanwhile."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(LEASE_RENEWAL_SECONDS):
            try:
                inbox.renew(rows, owner, now())
            except Exception as error:  # the database's; the next renewal may come in time
                log.warning("a lease was not renewed: %s", type(error).__name__)

    holder = threading.Thread(target=renew, name="lease", daemon=True)
    holder.start()
    try:
        yield
    finally:
        done.set()
        holder.join()
