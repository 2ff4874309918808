"""What a decision may look up and ask."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Protocol, TypeVar

from bot.context.lookups import (
    NO_BRIDGE,
    NO_FOUNDER_RECORDS,
    FounderLookups,
    LanguageBridge,
    allow_all,
    draw_code,
)
from bot.context.people import NoPersons, PersonReader
from bot.messages import (
    Address,
    ChannelLimits,
    File,
    Message,
)
from bot.missions.missions import Missions
from bot.types import (
    UNCLASSIFIED,
    Binding,
    Case,
    CaseMessage,
    Conversation,
    EmbedText,
    FaqDraft,
    FounderRules,
    Insight,
    LogEntry,
    OptionalItem,
    Place,
    RetentionPeriods,
    SeatRules,
    StaffMember,
    StaffThread,
    TopicName,
)
from knowledge.errors import KnowledgeError
from knowledge.phrases.phrase import SectionName
from knowledge.types import Answer, Language, Offer, Question

log = logging.getLogger(__name__)


class PlaceFinder(Protocol):
    """Finds places by name or position: the gazetteer, or a few known places in tests."""

    def find_place(self, text: str) -> Place:
        """The place that the whole text names. Raises UnknownPlace, with a sentence for the
        person who typed it."""

    def find_place_at(self, lat: float, lon: float) -> Place:
        """The place nearest to a position in degrees. Raises UnknownPlace far from any."""

    def find_mentioned_place(self, text: str) -> Place | None:
        """The place that is mentioned within a text; None if there is none."""


def show_no_section(question: Question, _offer: Offer) -> Answer:
    """Stands in for the library where no section can be chosen: it has none."""
    return Answer("no_evidence", question.language, "", 0.0, None)


def find_no_section(_text: str) -> SectionName | None:
    """Stands in for the library where it cannot be looked up: no text names a section."""
    return None


def find_no_topic(_text: str, _language: Language) -> TopicName:
    """Stands in where texts are not sorted by topic: none is found."""
    return TopicName(UNCLASSIFIED, "-")


def find_no_officers(_mission: str) -> Sequence[Address]:
    """Stands in for the list of officers where there is none: no one may read sealed cases."""
    return ()


def answer_or_fail(question: Question, ask: Callable[[], Answer]) -> Answer:
    """What `ask` gives; an answer with the verdict "failed" while the library cannot be asked."""
    try:
        return ask()
    except KnowledgeError as error:
        log.error("a question could not be looked up: %s", error)
        return Answer("failed", question.language, "", 0.0, None, query=question.text)


def find_or_skip(text: str, find: Callable[[str], SectionName | None]) -> SectionName | None:
    """The section that a reply of staff names; None while the library cannot be asked, because the
    reply goes out all the same."""
    try:
        return find(text)
    except KnowledgeError as error:
        log.error("a section could not be looked up: %s", error)
        return None


BYTES_PER_MEGABYTE = 1024 * 1024
Key = TypeVar("Key")
Item = TypeVar("Item")
ShowPreview = Callable[[str], None]

# Opens a preview for the sender of a message, in a language. While it is open, the function it
# gives shows one more sentence; it may be called from any thread, returns at once and raises
# nothing. Nothing depends on a preview: the answer itself is sent through the outbox.
PreviewStarter = Callable[[Message, Language], AbstractContextManager[ShowPreview]]


@dataclass(frozen=True, slots=True)
class QuestionRate:
    """How many questions of one person are looked up in a minute and in an hour, and how many in a
    minute of all persons in one room; 0: any number."""

    per_minute: int = 0
    per_hour: int = 0
    per_minute_in_room: int = 0


@dataclass(frozen=True, slots=True)
class Services:
    """What a decision may look up and ask, as of `now`.

    `ask` answers a question from the library; `show_section` answers it with the section of an
    offer, whole; `ask_with_preview` also shows the answer to the
    founder while it is written (None where the messenger has no previews). `reserve_case_number`
    gives a number that no case ever had. `get_case` raises UnknownCase for a number without a
    case; `list_merged` lists the cases that were merged into a number, `list_linked`
    those in which the desk was asked for it; `find_faq` gives the one made of it;
    `list_insights` lists what missions told the desk; `find_topic` gives a text's topic. `list_cases` takes a conversation's key, `list_lines`, `list_log` and `list_threads` a case number;
    all list the oldest first. `find_conversation` takes a key, `list_conversations` an
    account, "channel:user". `find_duty_officers` takes a mission's id and gives the private chats
    of those who may read its sealed cases, `find_leads` those of its body's leads,
    `find_private_chats` those of members who can be reached in private; `list_seats` takes a mission's id
    too, `list_joined` a case number and gives who else is in it;
    `emergency_route` is the chat that the desk has set for critical cases. `list_current_threads` lists the staff threads in use
    with their cases, `list_open_cases` every case that is not ended,
    `list_sealed_cases` every sealed one, ended ones too. `retention` is how long what
    is kept. `find_linked_section` gives the section of the library that a text cites or links,
    `list_samples` sections whose labels are questions to try, in a language. `embed_text` gives
    the vector of a short message, None where it cannot be had. `rules` is what the operator has
    set for founders, `people` what is kept of them. `keep_file` stores a file that Naru made (name,
    type, bytes), once for the same bytes. `has_consent` says whether an account ("channel:user")
    agreed to something optional; `draw_code` gives a new secret.
    """

    ask: Callable[[Question], Answer]
    missions: Missions
    places: PlaceFinder
    now: datetime
    bindings: tuple[Binding, ...]
    reserve_case_number: Callable[[], int]
    get_case: Callable[[int], Case]
    list_cases: Callable[[str], list[Case]]
    list_lines: Callable[[int], list[CaseMessage]]
    list_threads: Callable[[int], list[StaffThread]]
    find_leads: Callable[[str], Sequence[Address]] = find_no_officers
    find_private_chats: Callable[[Iterable[StaffMember]], Sequence[Address]] = lambda _: ()
    list_seats: Callable[[str], list[tuple[StaffMember, SeatRules]]] = lambda _: []
    list_joined: Callable[[int], list[Conversation]] = lambda _: []
    emergency_route: Address | None = None
    list_merged: Callable[[int], list[Case]] = lambda _: []
    list_linked: Callable[[int], list[Case]] = lambda _: []
    find_faq: Callable[[int], FaqDraft | None] = lambda _: None
    list_insights: Callable[[], list[Insight]] = list
    find_topic: Callable[[str, Language], TopicName] = find_no_topic
    list_log: Callable[[int], list[LogEntry]] = lambda _: []
    ask_with_preview: Callable[[Question], Answer] | None = None
    limits: Mapping[str, ChannelLimits] = field(default_factory=dict)
    find_duty_officers: Callable[[str], Sequence[Address]] = find_no_officers
    list_conversations: Callable[[str], Sequence[Conversation]] = lambda _: ()
    find_conversation: Callable[[str], Conversation | None] = lambda key: None  # noqa: ARG005
    list_current_threads: Callable[[], list[tuple[Case, StaffThread]]] = list
    list_open_cases: Callable[[], list[Case]] = list
    list_sealed_cases: Callable[[], list[Case]] = list
    retention: RetentionPeriods = field(default_factory=RetentionPeriods)
    question_rate: QuestionRate = QuestionRate()
    show_section: Callable[[Question, Offer], Answer] = show_no_section
    find_linked_section: Callable[[str], SectionName | None] = find_no_section
    list_samples: Callable[[Language], Sequence[Offer]] = lambda _: ()
    embed_text: EmbedText | None = None
    rules: FounderRules = field(default_factory=FounderRules)
    people: PersonReader = field(default_factory=NoPersons)
    keep_file: Callable[[str, str, bytes], File] | None = None
    founders: FounderLookups = NO_FOUNDER_RECORDS
    languages: LanguageBridge = NO_BRIDGE
    has_consent: Callable[[str, OptionalItem], bool] = allow_all
    draw_code: Callable[[], str] = draw_code

    def read_once(self) -> Services:
        """These services for one decision: what it read once it is given again, so that all of it rests
        on one state, and a case that six steps look at is one row read. A commit notices where somebody
        has changed the case or the conversation since."""
        return replace(
            self,
            get_case=cache(self.get_case),
            find_conversation=cache(self.find_conversation),
            list_conversations=_list_once(self.list_conversations),
            list_cases=_list_once(self.list_cases),
            list_lines=_list_once(self.list_lines),
            list_log=_list_once(self.list_log),
            list_threads=_list_once(self.list_threads),
            list_joined=_list_once(self.list_joined),
            list_seats=_list_once(self.list_seats),
        )

    def find_today(self, mission: str) -> date:
        """The day by the clock of a mission, by its id."""
        return self.missions.get(mission).find_day(self.now)

    def find_current_thread(self, case: int) -> StaffThread | None:
        """The thread in which case number `case` is worked on now; None before it has one."""
        return next((thread for thread in self.list_threads(case) if thread.current), None)

    def list_own_conversations(self, message: Message) -> list[Conversation]:
        """The conversations of the sender of a message on its channel, and of no other person."""
        return [
            one
            for one in self.list_conversations(message.account)
            if (one.channel, one.user) == (message.channel, message.user)
        ]

    def list_firm_conversations(self, message: Message) -> list[Conversation]:
        """The conversations of the sender of a message, also on messengers linked to theirs."""
        accounts = self.founders.list_accounts(message.account)
        return [
            one
            for account in accounts
            for one in self.list_conversations(account)
            if one.account == account
        ]

    def find_private_conversation(self, message: Message) -> Conversation | None:
        """The sender's private conversation: the one in a case, else the private chat itself; None
        if they never wrote to Naru there, so that Naru may not write first."""
        own = [one for one in self.list_own_conversations(message) if one.private]
        return min(own, key=lambda one: (one.case is None, one.thread or ""), default=None)

    def can_show_to_one(self, channel: str) -> bool:
        """Whether a channel can show a message to one person among others."""
        return channel in self.limits and self.limits[channel].only_to

    def find_file_limit_megabytes(
        self, files: Sequence[File], sender: str, receiver: str | None
    ) -> int | None:
        """The size in megabytes that one of `files` exceeds, of what the sender's and the
        receiver's channel both carry; None if every file can be passed on. If the
        receiver is not known yet (`receiver` is None), it may be on any channel, so the smallest
        limit counts of those that take files at all."""
        channels = self.limits if receiver is None else {sender, receiver}
        known = [self.limits[name].file_bytes for name in channels if name in self.limits]
        limit = min((size for size in known if size or receiver), default=None)
        if limit is None or all(file.size <= limit for file in files):
            return None
        return limit // BYTES_PER_MEGABYTE


def _list_once(read: Callable[[Key], Iterable[Item]]) -> Callable[[Key], list[Item]]:
    """`read`, asked once for each key; each caller has a list of its own."""
    once = cache(lambda key: tuple(read(key)))
    return lambda key: list(once(key))
