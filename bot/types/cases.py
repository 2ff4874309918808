"""A case: its state, its record and its staff threads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.messages import File
from bot.types.places import Basis, BodyStatus, Place, Via
from knowledge.types import Language

CaseState = Literal["open", "taken", "resolved", "closed"]
Urgency = Literal["low", "normal", "high", "critical"]
URGENCIES: tuple[Urgency, ...] = ("low", "normal", "high", "critical")  # the least first
URGENT: tuple[Urgency, ...] = ("high", "critical")  # life, liberty, money or goods are at stake
Author = Literal["founder", "staff", "note", "bot"]


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """One line of a case's record: a message, its author and the staff member's role."""

    author: Author
    text: str
    at: datetime
    role: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A question that people must answer. `state` moves as drawn in bot/cases/case.py.
    `basis` is None for cases stored before routing facts were kept: those have the sentence that the
    founder was told in `reason`, which is "" for all others. Until it is taken `taken_by`, "channel:user",
    is None, like their role ("staff" for one without) and their name, which only staff are shown."""

    number: int
    conversation: str
    language: Language
    question: str
    competent: str
    mission: str
    via: Via
    body: BodyStatus | None
    reason: str
    urgency: Urgency
    opened_at: datetime
    basis: Basis | None = None
    sealed: bool = False
    place: Place | None = None
    found: str = ""
    state: CaseState = "open"
    taken_by: str | None = None
    taken_role: str | None = None
    taken_name: str | None = None
    taken_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class StaffThread:
    """Where staff work on a case; `thread` and `card` are None until the card has been sent. `id`
    is the case's number and a count: "17.2" after one reassignment."""

    id: str
    case: int
    mission: str
    channel: str
    chat: str
    thread: str | None = None
    card: str | None = None
    current: bool = True
