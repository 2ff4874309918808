"""A case: its state, its record and its staff threads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.messages import File
from bot.types.places import Basis, BodyStatus, Place, Via
from bot.types.seats import SeatOffer
from knowledge.types import Language

CaseState = Literal[
    "new", "routed", "claimed", "answered", "waiting_founder", "waiting_authority",
    "resolved", "closed",
]  # fmt: skip
HELD_STATES: tuple[CaseState, ...] = (
    "claimed", "answered", "waiting_founder", "waiting_authority",
)  # fmt: skip
OPEN_STATES: tuple[CaseState, ...] = ("new", "routed", *HELD_STATES)
CaseRole = Literal["founder", "staff", "lead", "desk", "naru"]  # in which somebody acts on a case
CaseAct = Literal[
    "open", "route", "unroute", "claim", "answer", "ask_founder", "wait_authority", "resume", "founder_writes",
    "resolve", "close", "reopen", "reassign", "merge", "receive", "correct", "remind", "offer",
    "hand", "relay", "add", "share", "withdraw", "relink",
]  # fmt: skip
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


ERASED = "erased"  # instead of a lane, a conversation or an account


@dataclass(frozen=True, slots=True)
class Case:
    """A question that people must answer. `state` moves as drawn in
    bot/cases/states.py. `asked_at` is since when its founder waits, None for one stored before that
    was kept; `wait_until` is the day until which a parked case waits, `merged_into` the number of the
    case that took this one over, `offer` which seat it is offered to before all may take it. `parent` is
    the case that a linked case asks the domestic desk for: its mission is the one who asks,
    `conversation` is "", and `found` names the topic.
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
    asked_at: datetime | None = None
    state: CaseState = "new"
    taken_by: str | None = None
    taken_role: str | None = None
    taken_name: str | None = None
    taken_at: datetime | None = None
    ended_at: datetime | None = None
    wait_until: datetime | None = None
    merged_into: int | None = None
    parent: int | None = None
    offer: SeatOffer | None = None
    version: int = 0

    @property
    def is_erased(self) -> bool:
        """Whether its words are gone, by its founder's wish or because their time is over."""
        return self.conversation == ERASED


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts on a case: the account ("channel:user", or "naru") and in which role."""

    account: str
    role: CaseRole


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One act on case `case`, which is never changed: `who` ("channel:user", or "naru") did it in
    `role`; `before` is None for its opening. `detail` has no word of what the case is about."""

    case: int
    at: datetime
    who: str
    role: CaseRole
    act: CaseAct
    before: CaseState | None
    after: CaseState
    detail: str = ""


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
