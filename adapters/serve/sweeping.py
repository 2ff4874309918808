"""Cutting what is past its time, while Naru serves and on the command line."""

from __future__ import annotations

import logging
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
