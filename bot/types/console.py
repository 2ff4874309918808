"""Who is signed in to the console, and what became of what they sent there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from knowledge.types import Language

CONSOLE_CHANNEL = "console"  # of events that come from it, and of accounts without a messenger

NoticeKind = Literal[
    "done", "refused", "newer", "told"
]  # "newer": somebody wrote before, so nothing was sent; "told": Naru writes by itself


@dataclass(frozen=True, slots=True)
class ConsoleSession:
    """A browser in which `account`, "channel:user", is signed in. `id` is the digest of its cookie,
    `agent` what the browser calls itself, `confirmed_at` when the person last proved who they are,
    `letter_keys` whether single letters do something."""

    id: str
    account: str
    agent: str
    language: Language
    created_at: datetime
    seen_at: datetime
    confirmed_at: datetime
    letter_keys: bool = True


@dataclass(frozen=True, slots=True)
class ConsoleNotice:
    """What became of one event that `account` sent from the console, or what Naru tells them there later;
    `case` is None for one about no case."""

    event: str
    account: str
    kind: NoticeKind
    text: str
    case: int | None = None
