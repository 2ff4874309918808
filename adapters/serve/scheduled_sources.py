"""Scheduled sources: reading those that are due, and telling the admins of problems."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from adapters.bootstrap import App
from bot.admin.alerts import find_private_chat, report_source_problem
from ingest.errors import BadSources
from ingest.sources.config import read_sources
from ingest.types import SourceConfig
from knowledge.catalogue import SourceRow
from knowledge.types import find_korean_day

log = logging.getLogger(__name__)


def sources_file(app: App) -> Path:
    """The file that lists the sources, unless another one is named."""
    return app.settings.data / "sources.yaml"


def read_due_sources(app: App) -> list[str]:
    """Read the sources that are due, and notify the admins of each new problem. Returns the names
    of the sources that were read; none if the list of sources is broken, which is logged."""
    try:
        listed = read_sources(sources_file(app))
    except BadSources as error:
        log.error("no source is read: %s", error)
        return []
    read = app.source_schedule.refresh(listed) if listed else []
    notify_admins(app, listed)
    return read


def notify_admins(app: App, listed: Sequence[SourceConfig]) -> None:
    """Put a message to the admins into the outbox for each problem they were not told of yet."""
    owners = {source.name: source.owner for source in listed}
    for row in app.catalogue.source_log.list_untold_problems():
        _notify_of_problem(app, row, owners.get(row.name, "?"))
        app.catalogue.source_log.mark_told(row)


def _notify_of_problem(app: App, row: SourceRow, owner: str) -> None:
    chats = []
    for admin in sorted(app.settings.admin_ids):
        chat = find_private_chat(app.store.list_conversations(admin))
        if chat is None:
            log.warning("%s is not told of the source %s: no chat with them is known",
                        admin, row.name)  # fmt: skip
        else:
            chats.append(chat)
    log.warning("the source %s has a problem: %s", row.name, row.problem)
    decision = report_source_problem(
        chats, name=row.name, owner=owner, problem=row.problem,
        read=find_korean_day(row.read_at).isoformat() if row.read_at else "",
    )  # fmt: skip
    assert row.failed_at
    key = f"source:{row.name}:{row.failed_at.isoformat()}"
    app.store.commit_without_message(key, decision, app.now())
