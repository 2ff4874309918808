"""Telling subscribers of a new edition: once for each edition, however it came to be active."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.founder.following.alerts import build_alerts
from bot.founder.following.changes import find_changes
from bot.store.founders.announcements import Announcements
from knowledge.errors import LibraryMissing
from knowledge.types import find_korean_day

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.messages import Outgoing
    from knowledge.types import Version

log = logging.getLogger(__name__)


def announce_edition(app: App) -> int:
    """Owe the alerts about the active edition, if it was not announced; how many. The first edition
    that a database has is announced to no one: nothing in it is news."""
    store, active = app.store, app.catalogue.get_active_edition()
    announcements = Announcements(app.engine)
    editions = announcements.list_editions()
    if active is None or active in editions:
        return 0
    versions = app.catalogue.load_versions(active)
    alerts: list[Outgoing] = []
    if editions:
        changes = find_changes(
            _load_last(app, editions),
            versions,
            announcements.list_versions(),
            find_korean_day(app.now()),
        )
        services = app.assistant.build_services()
        wanted = [
            one for one in store.founders.list_subscriptions()
            if services.has_consent(one.account, "alerts")
        ]  # fmt: skip
        alerts = build_alerts(changes, wanted, store.founders.find_firm, store.list_conversations)
    marks = [(one.document.id, one.digest) for one in versions]
    if not announcements.announce(active, marks, alerts, app.now()):
        return 0
    if alerts:
        log.info("edition %s: %s subscribers are told", active, len(alerts))
    return len(alerts)


def _load_last(app: App, announced: list[int]) -> list[Version]:
    """The documents of the edition that was announced last and is still stored."""
    for number in announced:
        try:
            app.catalogue.find_edition(number)
        except LibraryMissing:
            continue
        return app.catalogue.load_versions(number)
    return []
