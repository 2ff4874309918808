"""The bot's tables: queues (inbox, outbox) and records, a module for each kind."""

from bot.store.tables.base import BigKey, metadata
from bot.store.tables.cases import (
    OPEN_CASE_STATES,
    case_lines,
    case_log,
    case_numbers,
    cases,
    staff_threads,
)
from bot.store.tables.desk import desk_files, digests, meetings, resolutions
from bot.store.tables.people import (
    bindings,
    body_hours,
    conversations,
    offer_choices,
    seats,
    staff,
    unadmitted,
)
from bot.store.tables.queues import holds, inbox, outbox
from bot.store.tables.records import audit, heartbeats

__all__ = [
    "OPEN_CASE_STATES",
    "BigKey",
    "audit",
    "bindings",
    "body_hours",
    "case_lines",
    "case_log",
    "case_numbers",
    "cases",
    "conversations",
    "desk_files",
    "digests",
    "heartbeats",
    "holds",
    "inbox",
    "meetings",
    "metadata",
    "offer_choices",
    "outbox",
    "resolutions",
    "seats",
    "staff",
    "staff_threads",
    "unadmitted",
]
