"""Cutting what is past its time, while Naru serves and on the command line, and giving back memory."""

from __future__ import annotations

import ctypes
import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.bootstrap import App

log = logging.getLogger(__name__)


def sweep_records(app: App) -> dict[str, int]:
    """Cut records and uploads that are kept longer than the settings say, and let only the owner
    read Naru's files; returns how many records of each kind were cut. Raises the database's
    errors."""
    counts = app.store.sweep(app.settings.retention, app.now())
    app.upload_retention.expire_uploads()
    if cut := ", ".join(f"{name} {count}" for name, count in counts.items() if count):
        log.info("past their time and cut: %s", cut)
    return counts


def release_memory() -> bool:
    """Have the C library give back what it keeps of freed memory: loading the library and the
    models takes more for a moment than they need. Returns whether this system can."""
    if not sys.platform.startswith("linux"):
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl does not
    return trim is not None and trim(0) in (0, 1)
