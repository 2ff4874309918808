"""How long each kind of record is kept. The settings give the days; see docs/privacy.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class RetentionPeriods:
    """How long what is kept; open cases and what is not handled or not sent stay whatever their age.

    `events`: the contents of handled events, and whose they were; `event_keys`: a digest that tells
    a repeat; `failures`: events and messages that were given up; `messages`: sent messages;
    `memory`: what a conversation remembers after its last message; `conversations`: its address and
    language; `cases`: the words of a case after its end; `audit`: who did what; `uploads`: an
    admin's files that were neither applied nor discarded.
    """

    events: timedelta = timedelta(days=1)
    event_keys: timedelta = timedelta(days=30)
    failures: timedelta = timedelta(days=30)
    messages: timedelta = timedelta(days=7)
    memory: timedelta = timedelta(days=30)
    conversations: timedelta = timedelta(days=365)
    cases: timedelta = timedelta(days=365)
    audit: timedelta = timedelta(days=730)
    uploads: timedelta = timedelta(days=7)
