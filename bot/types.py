"""The records of the bot: Place, Mission, Route, Case, Conversation, Decision. See docs/how-it-works.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from bot.messages import Address, File
from knowledge.types import AnsweredQuestion, Exchange, Language, Offer

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BodyStatus = Literal["confirmed", "probable", "announced", "unconfirmed"]
Via = Literal["consular_area", "same_country", "domestic"]
# Why a mission is competent: a verified area, one announced in 2019, general knowledge, a border
# that no source draws, a country without a city, the embassy for the rest of its country, a
# country without a mission, Korea, no place, or a choice by staff.
Basis = Literal["area", "area_2019", "general", "line", "country", "rest",
                "unlisted", "home", "nowhere", "staff"]  # fmt: skip

DOMESTIC = "domestic"
EmbedText = Callable[
    [str], "npt.NDArray[np.float32] | None"
]  # the vector of a short text, if it can be had


@dataclass(frozen=True, slots=True)
class Place:
    """Where a founder's matter is. `country` is ISO 3166-1 alpha-2, `region` ISO 3166-2, `lat` and
    `lon` are degrees; `city` is None where only the country is known. `hint` is the id of the
    mission whose own list of place names matched, which wins over the gazetteer."""

    name: str
    country: str
    lat: float | None = None
    lon: float | None = None
    region: str | None = None
    city: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Mission:
    """An embassy or consulate, its consular area and its consultative body's status.
    `regions` are ISO 3166-2 codes named by a source, `unverified_regions` those from general knowledge;
    `city_vi` is "" where Vietnamese writes the city as English does."""

    id: str
    name_ko: str
    name_en: str
    kind: str
    city: str
    city_ko: str
    country: str
    lat: float
    lon: float
    timezone: str
    area: str
    area_status: str
    regions: tuple[str, ...]
    unverified_regions: tuple[str, ...]
    place_names: tuple[str, ...]
    body: BodyStatus
    city_vi: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Who is competent, who takes the case, and by which rule; `route_text` puts it into words.
    `competent` and `mission` (who takes the case) are mission ids; `body` is the taking body's
    status, None for the domestic desk. `opens_at` is the next moment the taking mission is open
    (its own zone, assumed hours)."""

    place: Place | None
    competent: str
    mission: str
    via: Via
    body: BodyStatus | None
    basis: Basis
    opens_at: datetime


CaseState = Literal["open", "taken", "resolved", "closed"]
Urgency = Literal["low", "normal", "high", "critical"]
URGENCIES: tuple[Urgency, ...] = ("low", "normal", "high", "critical")  # the least first
URGENT: tuple[Urgency, ...] = ("high", "critical")  # life, liberty, money or goods are at stake
Author = Literal["founder", "staff", "note", "bot"]
# What the bot's last message asked for: nothing, a place, whether a person shall take over, or which
# of the sections that it offered.
Awaited = Literal["", "place", "person", "choice"]


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


@dataclass(frozen=True, slots=True)
class Binding:
    """The room of a body's staff: a Slack channel, a Telegram forum group or a terminal."""

    mission: str
    channel: str
    chat: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person whom a body's lead or an admin admitted to the staff of `mission`. `role` is shown to
    founders: one of bot/admin/staffing.py's STAFF_ROLES. `admitted_by` is "channel:user" or names
    what did it. An admin let a member with `reads_sealed` do so; leads may always."""

    mission: str
    channel: str
    user: str
    name: str
    role: str
    admitted_by: str
    admitted_at: datetime
    is_lead: bool = False
    reads_sealed: bool = False
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnadmittedWriter:
    """Somebody who wrote in a staff thread without being staff, and was told so there."""

    thread: str
    channel: str
    chat: str
    user: str
    name: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class PendingQuestion:
    """A founder's matter before it is a case; `found` tells staff what the library had.

    `question`, its latest text, and `files` came in at `at`; `earlier` are the texts it began with,
    in order. `before` is what else was sent and is in no exchange, the oldest first; `left_out`
    counts what no longer fitted. `question` is "" where only files came so far. `urgency` and
    `sealed` are those of the gravest text so far."""

    question: str
    language: Language
    found: str = ""
    urgency: Urgency = "normal"
    sealed: bool = False
    files: tuple[File, ...] = ()
    before: tuple[CaseMessage, ...] = ()
    left_out: int = 0
    at: datetime | None = None
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferedSections:
    """Sections that were offered for the question `asked`; buttons name them by `token`. `chosen` are
    the numbers (from 0) of those shown already; `own_words` of the founder asked, "" for another's."""

    token: str
    asked: PendingQuestion
    offers: tuple[Offer, ...]
    chosen: tuple[int, ...] = ()
    own_words: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """Files that an admin sends for the library under `token`, those of one `album` one by one."""

    token: str
    files: tuple[File, ...] = ()
    album: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is remembered of one person in one chat or thread between two messages.

    `private` says that they are alone with the bot there; `why` is the text for `/why`, `read_as`
    the act that their last message was read as; `offered` has the latest offers, `answered` the
    latest answers that were not confirmed yet, the oldest first;
    `asked_at` is when questions were looked up, `slowed_at` when the person was last asked to wait.
    A place is `place_fixed` if they named or shared it on purpose; a case waits for one while
    `asking_place`.
    """

    key: str
    channel: str
    chat: str
    thread: str | None
    user: str
    language: Language
    fixed_language: bool = False
    greeted: bool = False
    place: Place | None = None
    asking_place: bool = False
    pending: PendingQuestion | None = None
    case: int | None = None
    turns: tuple[Exchange, ...] = ()
    why: str = ""
    upload: Upload | None = None
    offered: tuple[OfferedSections, ...] = ()
    answered: tuple[AnsweredQuestion, ...] = ()
    private: bool = False
    asked_at: tuple[datetime, ...] = ()
    slowed_at: datetime | None = None
    place_fixed: bool = False
    awaited: Awaited = ""
    read_as: str = ""
    version: int = 0

    @property
    def address(self) -> Address:
        """Where replies go; in a place with others they are read by all."""
        person = None if self.private else self.user
        return Address(self.channel, self.chat, self.thread, person=person)

    @property
    def personal_address(self) -> Address:
        """Where a message goes that no one else may read."""
        if self.private:
            return self.address
        return Address(self.channel, self.chat, self.thread, only_to=self.user)


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
    choices: timedelta = timedelta(days=365)
    audit: timedelta = timedelta(days=730)
    uploads: timedelta = timedelta(days=7)
