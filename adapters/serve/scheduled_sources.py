"""The sources of this Naru: reading those that are due, and telling who keeps them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from adapters.bootstrap import App
from bot.admin.alerts import chat_with, source_problem
from ingest.errors import BadSources
from ingest.sources.config import read_sources
from ingest.types import Listed
from knowledge.catalogue import SourceRow

log = logging.getLogger(__name__)


def sources_file(app: App) -> Path:
    """Where the sources are listed, unless another file is named."""
    return app.settings.data / "sources.yaml"


def read_due(app: App) -> list[str]:
    """Read the sources whose time has come, and owe the admins a message for each new problem;
    the names of the sources that were read."""
    try:
        listed = read_sources(sources_file(app))
    except BadSources as error:
        log.error("no source is read: %s", error)
        return []
    read = app.schedule.refresh(listed) if listed else []
    tell(app, listed)
    return read


def tell(app: App, listed: Sequence[Listed]) -> None:
    """Owe the admins a message for each problem they do not know of, once."""
    owners = {source.name: source.owner for source in listed}
    for row in app.catalogue.readings.untold():
        _tell(app, row, owners.get(row.name, "?"))
        app.catalogue.readings.told(row)


def _tell(app: App, row: SourceRow, owner: str) -> None:
    chats = []
    for admin in sorted(app.settings.admin_ids):
        chat = chat_with(app.store.conversations_of(admin))
        if chat is None:
            log.warning("%s is not told of the source %s: no chat with them is known",
                        admin, row.name)  # fmt: skip
        else:
            chats.append(chat)
    log.warning("the source %s has a problem: %s", row.name, row.problem)
    decision = source_problem(
        chats, name=row.name, owner=owner, problem=row.problem,
        read=f"{row.read_at:%Y-%m-%d}" if row.read_at else "",
    )  # fmt: skip
    assert row.failed_at
    key = f"source:{row.name}:{row.failed_at.isoformat()}"
    app.store.act(key, decision, app.now())
