"""How long what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class RetentionPeriods:
    """How long what is kept: see docs/privacy.md. Open cases, and what is not handled or not sent,
    stay whatever their age."""

    events: timedelta = timedelta(days=1)
    event_keys: timedelta = timedelta(days=30)
    failures: timedelta = timedelta(days=30)
    messages: timedelta = timedelta(days=7)
    memory: timedelta = timedelta(days=30)
    conversations: timedelta = timedelta(days=365)
    cases: timedelta = timedelta(days=365)
    sealed: timedelta = timedelta(days=90)
    choices: timedelta = timedelta(days=365)
    audit: timedelta = timedelta(days=730)
    uploads: timedelta = timedelta(days=7)
