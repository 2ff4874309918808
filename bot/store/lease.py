"""Holding on to events whose work takes longer than a lease."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from bot.store.inbox import Inbox, InboxRow

log = logging.getLogger(__name__)


@contextmanager
def hold_lease(
    inbox: Inbox, rows: Sequence[InboxRow], owner: str, now: Callable[[], datetime]
) -> Iterator[None]:
    """Renew the lease of `rows` every `inbox.renewal` until the block ends.

    A renewal that fails is logged and not raised: the next one may still be in time.
    """
    done = threading.Event()

    def renew() -> None:
        while not done.wait(inbox.renewal.total_seconds()):
            try:
                inbox.renew(rows, owner, now())
            except Exception as error:  # the database's, of whatever kind
                log.warning("a lease was not renewed: %s", type(error).__name__)

    holder = threading.Thread(target=renew, name="lease", daemon=True)
    holder.start()
    try:
        yield
    finally:
        done.set()
        holder.join()
