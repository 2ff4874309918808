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
from bot.store.tables.console import (
    console_accounts,
    console_links,
    console_notices,
    console_presence,
    console_sessions,
    recovery_codes,
)
from bot.store.tables.desk import (
    desk_answers,
    desk_files,
    digests,
    insights,
    meetings,
    resolutions,
)
from bot.store.tables.faq import faq_drafts
from bot.store.tables.founders import (
    announced_editions,
    announced_versions,
    link_codes,
    linked_accounts,
    ratings,
    subscriptions,
    web_lines,
)
from bot.store.tables.people import (
    bindings,
    body_hours,
    conversations,
    offer_choices,
    seats,
    staff,
    unadmitted,
)
from bot.store.tables.privacy import blocks, consents
from bot.store.tables.queues import holds, inbox, outbox
from bot.store.tables.records import answers, audit, heartbeats

__all__ = [
    "OPEN_CASE_STATES",
    "BigKey",
    "announced_editions",
    "announced_versions",
    "answers",
    "audit",
    "bindings",
    "blocks",
    "body_hours",
    "case_lines",
    "case_log",
    "case_numbers",
    "cases",
    "consents",
    "console_accounts",
    "console_links",
    "console_notices",
    "console_presence",
    "console_sessions",
    "conversations",
    "desk_answers",
    "desk_files",
    "digests",
    "faq_drafts",
    "heartbeats",
    "holds",
    "inbox",
    "insights",
    "link_codes",
    "linked_accounts",
    "meetings",
    "metadata",
    "offer_choices",
    "outbox",
    "ratings",
    "recovery_codes",
    "resolutions",
    "seats",
    "staff",
    "staff_threads",
    "subscriptions",
    "unadmitted",
    "web_lines",
]
