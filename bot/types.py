"""The nouns of people: Place, Mission, Route, Message, Case, Outgoing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from knowledge.types import Exchange, Language

BodyStatus = Literal["confirmed", "probable", "announced", "unconfirmed"]
Via = Literal["consular_area", "same_country", "domestic"]

DOMESTIC = "domestic"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a founder's matter is. `country` is ISO 3166-1 alpha-2, `region` ISO 3166-2.

    `hint` is the mission whose own list of place names matched, which wins over the gazetteer.
    `city` is empty where only the country is known.
    """

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

    `regions` are ISO 3166-2 codes a source names, `unverified_regions` those of general
    knowledge; `city_vi` is empty where Vietnamese writes the city as English does.
    """

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
    """Who is competent, who takes the case, by which rule, and the sentence that says why.

    `reason` is in the founder's language; `opens_at` is the next moment the taking mission is
    open (its own zone), assumed hours.
    """

    place: Place | None
    competent: str
    mission: str
    via: Via
    body: BodyStatus | None
    reason: str
    opens_at: datetime


MessageKind = Literal["text", "command", "button", "location", "edit", "deleted", "other"]


@dataclass(frozen=True, slots=True)
class File:
    """A file where its platform keeps it; `ref` is what that platform fetches it by."""

    channel: str
    ref: str
    name: str
    mime: str
    size: int
    kind: str = "document"


@dataclass(frozen=True, slots=True)
class ChannelLimits:
    """What one message of a messenger carries: text and a file's caption in UTF-16 code units,
    one file in bytes."""

    text_utf16: int
    caption_utf16: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class Message:
    """What one person did in one messenger, read from the platform's raw event.

    `chat` and `thread` say where, in the platform's ids; `addressed` whether it was said to Naru
    (always in a private chat, which is one person's with the bot); `has_threads` whether each case
    can have a thread of its own there; `text` holds a command's arguments, a button's key, a caption.
    `order` sorts messages of one conversation where their platform may deliver them out of order;
    `album` names what was sent together where each file is a message of its own.
    """

    channel: str
    chat: str
    user: str
    id: str
    kind: MessageKind
    text: str = ""
    command: str = ""
    thread: str | None = None
    private: bool = True
    addressed: bool = True
    has_threads: bool = True
    files: tuple[File, ...] = ()
    location: tuple[float, float] | None = None
    quoted: str = ""
    locale: Language | None = None
    order: str = ""
    album: str = ""

    @property
    def conversation(self) -> str:
        """The lane: one person's private chat, or one thread of a channel."""
        return f"{self.channel}:{self.chat}" + (f":{self.thread}" if self.thread else "")

    def token(self, *more: str) -> str:
        """A short name for what comes of it: the same when it is worked twice."""
        said = ":".join((self.conversation, self.id, *more))
        return hashlib.sha256(said.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a message. `key` comes back when it is pressed; at most 64 bytes."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says, for any messenger: plain text, and sources that can be folded away.

    `protect` asks the messenger to forbid forwarding; `ask_location` is the label of an offer to
    share one's location.
    """

    text: str
    details: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[File, ...] = ()
    protect: bool = False
    ask_location: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a conversation's own place, a case's staff thread, or a chat."""

    channel: str
    chat: str
    thread: str | None = None
    staff_thread: str | None = None

    @property
    def lane(self) -> str:
        """Messages of one lane go out in order, lanes side by side."""
        if self.staff_thread is not None:
            return f"staff:{self.staff_thread}"
        return f"{self.channel}:{self.chat}" + (f":{self.thread}" if self.thread else "")


OutgoingAct = Literal["send", "card", "recard", "close", "reopen"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message we owe. `unless_taken` is the case whose taking by staff makes it void.

    `act` is "card" for the first message of a staff thread, "recard" for its edit, "close" and
    "reopen" for the thread itself.
    """

    to: Address
    content: Content
    act: OutgoingAct = "send"
    case: int | None = None
    unless_taken: int | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to look at again at `at`, kept as a row like a message, so a restart keeps it."""

    key: str
    conversation: str
    at: datetime


CaseState = Literal["open", "taken", "resolved", "closed"]
Urgency = Literal["low", "normal", "high", "critical"]
Author = Literal["founder", "staff", "note", "bot"]


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """One line of a case's record: what was said, by whom, as it was relayed."""

    author: Author
    text: str
    at: datetime
    role: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A question that people must answer. `state` moves as drawn in cases.py."""

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
    sealed: bool = False
    place: Place | None = None
    found: str = ""
    state: CaseState = "open"
    taken_by: str | None = None
    taken_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class StaffThread:
    """Where one case is worked on; `thread` is None until its card has gone out.

    `id` is the case's number and a count: "17.2" after one reassignment.
    """

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
    """Where a body's staff sit: a Slack channel, a Telegram forum group, a terminal."""

    mission: str
    channel: str
    chat: str


@dataclass(frozen=True, slots=True)
class Seat:
    """What one member is in a body: the role a founder reads beside a reply."""

    channel: str
    chat: str
    user: str
    role: str


@dataclass(frozen=True, slots=True)
class PendingQuestion:
    """A question that may become a case: what was asked and what was found."""

    question: str
    language: Language
    found: str = ""
    urgency: Urgency = "normal"
    sealed: bool = False
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question that several documents may be meant by; buttons name it by `token`. The numbers
    in `chosen` are of titles, from 0, that were answered for."""

    token: str
    question: str
    titles: tuple[str, ...]
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """Files that an admin sends for the library, kept under `token`; while there are none, they
    are waited for. Those of one `album` come one by one."""

    token: str
    files: tuple[File, ...] = ()
    album: str = ""


LibraryTaskAct = Literal["plan", "apply", "discard", "rollback"]


@dataclass(frozen=True, slots=True)
class LibraryTask:
    """What an admin asked of the library, kept as a row like a message: it takes its time.

    `who` is "channel:user"; `mark` names the plan that was shown, `edition` the one to answer
    from, `base` the one that answered when it was asked for; it begins after `wait` seconds.
    """

    act: LibraryTaskAct
    who: str
    to: Address
    language: Language
    token: str = ""
    files: tuple[File, ...] = ()
    url: str = ""
    mark: str = ""
    edition: int = 0
    base: int = 0
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Conversation:
    """What we remember of one person in one channel between two messages. `private` is whether
    they are alone with the bot there."""

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
    asked_back: tuple[Clarification, ...] = ()
    private: bool = False
    version: int = 0

    @property
    def address(self) -> Address:
        return Address(self.channel, self.chat, self.thread)


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything one message leads to, to be written in one transaction, or not at all.

    A case or conversation in it whose `version` has moved on meanwhile voids the decision.
    `seen` is a message its sender should see was passed on, by a mark, not by words.
    """

    conversation: Conversation | None = None
    new_case: Case | None = None
    case: Case | None = None
    new_lines: tuple[tuple[int, CaseMessage], ...] = ()
    new_threads: tuple[StaffThread, ...] = ()
    retired_thread: str | None = None
    outgoing: tuple[Outgoing, ...] = ()
    timer: Timer | None = None
    task: LibraryTask | None = None
    new_binding: Binding | None = None
    new_seat: Seat | None = None
    erase_conversation: str | None = None
    audit: tuple[str, str] | None = None
    to_acknowledge: Message | None = None
