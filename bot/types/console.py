"""What the console works with: who is signed in, what became of what they sent, logged answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from knowledge.types import Language, Verdict

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


Thumb = Literal["", "confirmed", "chosen", "good", "partly", "bad"]


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """What a founder was answered. `question` and `answer` have no personal data, and are "" where the
    founder did not agree that they are read. `country` is ISO 3166-1 alpha-2, "" where no place is
    known; `mission` would take a case. `thumb` is what the founder showed: a press of "solved", a
    section chosen, or how the case that came of it was rated.

    `conversation` is whose it is: only a digest of it is kept, and as read it is "". Where staff said
    that the answer is wrong, `wrong_by` is who, and `right` what they said would be right."""

    conversation: str
    verdict: Verdict
    language: Language
    question: str
    answer: str
    topic: str
    country: str
    mission: str
    at: datetime
    handed_over: bool = False
    thumb: Thumb = ""
    wrong_by: str = ""
    wrong_at: datetime | None = None
    right: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """That `said_by`, "channel:user", says that a logged answer is wrong, and what would be right."""

    number: int
    said_by: str
    right: str
