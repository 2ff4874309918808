"""What a founder keeps with Naru between cases: ratings, linked accounts, subscriptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.messages import Content

Score = Literal["good", "partly", "bad"]
SCORES: tuple[Score, ...] = ("good", "partly", "bad")
TopicKind = Literal["country", "programme"]


@dataclass(frozen=True, slots=True)
class Rating:
    """Whether case `case` helped its founder, who is asked once: without a `score` they were asked and
    have not answered. `words` are what they added."""

    case: int
    score: Score | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class LinkCode:
    """The `digest` of a code that `account` ("channel:user") was shown at `made_at`; a newer one
    replaces it."""

    digest: str
    account: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AccountLink:
    """`account` typed the code of `digest`, which `other` was shown: both are one founder's."""

    digest: str
    account: str
    other: str


@dataclass(frozen=True, slots=True)
class Unlinking:
    """`account` is a founder's alone again."""

    account: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """`account` wants to hear of documents about a country or a programme. `value` is an ISO 3166-1
    alpha-2 code or the words that were typed; `forms` are the words by which a document is told to be
    about it. `consent` names the text that was agreed to, at `since`."""

    account: str
    kind: TopicKind
    value: str
    forms: tuple[str, ...]
    since: datetime
    consent: str


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """`account` wants to hear no more of `value`, None: of anything."""

    account: str
    value: str | None = None


FounderRecord = Rating | LinkCode | AccountLink | Unlinking | Subscription | Unsubscribing


@dataclass(frozen=True, slots=True)
class WebLine:
    """What was said in a conversation on the founders' page, by Naru or by its founder."""

    is_naru: bool
    content: Content
    at: datetime
