"""What founders agreed to, who is blocked, how long what is kept, and what the operator says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

# What is agreed to: that a case goes to a mission, and what no service depends on.
OptionalItem = Literal["alerts", "insights", "answers", "model"]
ConsentItem = Literal["handover", "alerts", "insights", "answers", "model"]
OPTIONAL_ITEMS: tuple[OptionalItem, ...] = ("alerts", "insights", "answers", "model")


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person ("channel:user") said to one item, and to which `version` of its text: eight hex
    digits of it. `scope` is the mission of "handover", else "". The latest for an item and scope
    holds; one that was withdrawn has `given` False."""

    account: str
    item: ConsentItem
    version: str
    given: bool
    at: datetime
    scope: str = ""


@dataclass(frozen=True, slots=True)
class FounderLimits:
    """How much one founder may send; 0: any number. Nothing of a critical matter is counted."""

    cases_per_day: int = 0
    files_per_hour: int = 0
    case_messages_per_hour: int = 0


@dataclass(frozen=True, slots=True)
class FounderRules:
    """What the operator has set for founders. `asks`: they are asked before a case opens, and a
    language model sees only the questions of those who agreed. `model` is the provider of the
    language model, "" without one; `contact` and `hosting` are who answers for the data and who runs
    the machine, "" where the operator has not said; `channels` are the messengers that are
    connected, `limits` how much one founder may send."""

    asks: bool = False
    model: str = ""
    contact: str = ""
    hosting: str = ""
    channels: tuple[str, ...] = ()
    limits: FounderLimits = FounderLimits()


@dataclass(frozen=True, slots=True)
class Block:
    """A person ("channel:user") whose messages are not read for now, and who said so."""

    account: str
    by: str
    reason: str
    at: datetime


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
