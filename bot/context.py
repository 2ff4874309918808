"""What a decision sees (the message, what is remembered, the services it may ask), and the Decision
itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from bot.buttons import PERSON_KEY
from bot.messages import (
    Address,
    Button,
    ChannelLimits,
    Content,
    File,
    LibraryTask,
    Message,
    Outgoing,
    Timer,
)
from bot.missions.missions import Missions
from bot.phrases import render_phrase
from bot.types import (
    Awaited,
    Binding,
    Case,
    CaseMessage,
    Conversation,
    EmbedText,
    Place,
    RetentionPeriods,
    StaffMember,
    StaffThread,
    UnadmittedWriter,
)
from knowledge.phrases.phrase import SectionChoice, SectionName
from knowledge.text.language import detect_language
from knowledge.types import Answer, Language, Offer, Question

BYTES_PER_MEGABYTE = 1024 * 1024
QUOTE_MARK = "│ "  # before the lines of somebody's words that could look like another's


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


def find_no_officers(_mission: str) -> Sequence[Address]:
    """Stands in for the list of officers where there is none: no one may read sealed cases."""
    return ()


ShowPreview = Callable[[str], None]
# Opens a preview for the sender of a message, in a language. While it is open, the function it
# gives shows one more sentence; it may be called from any thread, returns at once and raises
# nothing. Nothing depends on a preview: the answer itself is sent through the outbox.
PreviewStarter = Callable[[Message, Language], AbstractContextManager[ShowPreview]]


@dataclass(frozen=True, slots=True)
class QuestionRate:
    """How many questions of one person are looked up in a minute and in an hour; 0: any number."""

    per_minute: int = 0
    per_hour: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that one message leads to, committed in one transaction or not at all. That fails
    with Conflict if the case or conversation in it has a newer `version` in the store, or if a
    record has another length than in `lines_seen` (case number, lines). `to_acknowledge` is a
    message to mark as passed on (by a reaction); `audit` is who did what; `new_lines` are (case
    number, line). `forget_message`: it was not for Naru, so nothing of it is kept. Nothing that is
    still owed to `retired_threads` is sent. `removed_bindings` are missions. `erase_account` is
    whose records are erased, "channel:user". `choice` is kept for the review of phrases. `answer` is
    the library's where the reply is made of it; nothing of it is committed."""

    conversation: Conversation | None = None
    new_case: Case | None = None
    case: Case | None = None
    new_lines: tuple[tuple[int, CaseMessage], ...] = ()
    new_threads: tuple[StaffThread, ...] = ()
    retired_threads: tuple[str, ...] = ()
    lines_seen: tuple[tuple[int, int], ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    timer: Timer | None = None
    task: LibraryTask | None = None
    new_binding: Binding | None = None
    removed_bindings: tuple[str, ...] = ()
    new_staff: tuple[StaffMember, ...] = ()
    new_unadmitted: UnadmittedWriter | None = None
    erase_account: str | None = None
    audit: tuple[str, str] | None = None
    choice: SectionChoice | None = None
    answer: Answer | None = None
    to_acknowledge: Message | None = None
    forget_message: bool = False


@dataclass(frozen=True, slots=True)
class Services:
    """What a decision may look up and ask, as of `now`.

    `ask` answers a question from the library; `show_section` answers it with the section of an
    offer, whole; `ask_with_preview` also shows the answer to the
    founder while it is written (None where the messenger has no previews). `reserve_case_number`
    gives a number that no case ever had. `get_case` raises UnknownCase for a number without a
    case. `list_cases` takes a conversation's key, `list_lines` and `list_threads` a case number;
    all three list the oldest first. `find_conversation` takes a key, `list_conversations` an
    account, "channel:user". `find_duty_officers` takes a mission's id and gives the private chats
    of those who may read its sealed cases. `list_current_threads` lists the staff threads in use
    with their cases, `list_open_cases` every case that is not ended. `retention` is how long what
    is kept. `find_linked_section` gives the section of the library that a text cites or links,
    `list_samples` sections whose labels are questions to try, in a language. `embed_text` gives
    the vector of a short message, None where it cannot be had.
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
    ask_with_preview: Callable[[Question], Answer] | None = None
    limits: Mapping[str, ChannelLimits] = field(default_factory=dict)
    find_duty_officers: Callable[[str], Sequence[Address]] = find_no_officers
    list_conversations: Callable[[str], Sequence[Conversation]] = lambda _: ()
    find_conversation: Callable[[str], Conversation | None] = lambda key: None  # noqa: ARG005
    list_current_threads: Callable[[], list[tuple[Case, StaffThread]]] = list
    list_open_cases: Callable[[], list[Case]] = list
    retention: RetentionPeriods = field(default_factory=RetentionPeriods)
    question_rate: QuestionRate = QuestionRate()
    show_section: Callable[[Question, Offer], Answer] = show_no_section
    find_linked_section: Callable[[str], SectionName | None] = find_no_section
    list_samples: Callable[[Language], Sequence[Offer]] = lambda _: ()
    embed_text: EmbedText | None = None

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


@dataclass(frozen=True, slots=True)
class Turn:
    """One founder's turn: their message (several quick ones are joined into one) and what is
    remembered of them."""

    services: Services
    conversation: Conversation
    message: Message

    @property
    def address(self) -> Address:
        """Where replies go: where the message was written, but only to its sender if no one else
        saw it there or if it belongs to a case."""
        conversation = self.conversation
        hidden = self.message.unseen or conversation.case is not None
        return conversation.personal_address if hidden else conversation.address

    def with_conversation(self, conversation: Conversation) -> Turn:
        """The same turn with another memory."""
        return replace(self, conversation=conversation)

    def reply_phrase(self, key: str, **values: object) -> Decision:
        """Reply with the phrase `founder.KEY`, filled in with `values`."""
        return self.reply_content(
            Content(render_phrase(f"founder.{key}", self.conversation.language, **values))
        )

    def offer_person(self, key: str, **values: object) -> Decision:
        """Reply with the phrase `founder.KEY` and a button that asks for a person."""
        text = render_phrase(f"founder.{key}", self.conversation.language, **values)
        return self.offer_person_below(Content(text))

    def offer_person_below(self, content: Content) -> Decision:
        """Reply with `content`, and ask with a button below whether a person shall take over."""
        buttons = build_person_buttons(self.conversation.language)
        return self.reply_content(replace(content, buttons=buttons), awaited="person")

    def reply_content(self, content: Content, awaited: Awaited = "") -> Decision:
        """Send `content` to the founder, after a greeting when they are new. `awaited` is what it
        asks for."""
        conversation, to = replace(self.conversation, awaited=awaited), self.address
        outgoing = [Outgoing(to, content, case=conversation.case)]
        if not conversation.greeted:
            greeting = Content(render_phrase("founder.greeting", conversation.language))
            outgoing.insert(0, Outgoing(to, greeting))
            conversation = replace(conversation, greeted=True)
        return Decision(conversation=conversation, outgoing=tuple(outgoing))

    def choose_language(self, text: str) -> Language:
        """The language to reply in: the one set or, unless `text` is a word or two of Latin
        letters, the one it is written in."""
        written = detect_language(text)
        if self.conversation.fixed_language or (written == "en" and len(text.split()) < 3):
            return self.conversation.language
        return written


def build_person_buttons(language: Language) -> tuple[tuple[Button, ...], ...]:
    """The rows of buttons below a reply that offers a person: one button."""
    label = render_phrase("founder.button_human", language)
    return ((Button(PERSON_KEY, label, style="primary"),),)


def quote_lines(text: str) -> str:
    """`text` with every line after its first marked, so that no line of it can look like the
    beginning of another author's words."""
    return f"\n{QUOTE_MARK}".join(text.splitlines())


def mark_lines(text: str, head: str = "") -> str:
    """A staff member's `text` as founders read it below the line that names its author: of several
    lines each is marked, so that none can look like such a line. `head` stands above or before it."""
    lines = text.splitlines()
    if len(lines) < 2:
        return f"{head}{text}"
    marked = "\n".join(f"{QUOTE_MARK}{line}".rstrip() for line in lines)
    return f"{head.rstrip()}\n{marked}" if head else marked


def shorten_text(text: str, limit: int = 60) -> str:
    """`text` on one line of at most `limit` characters; a cut, after a word, is marked with "…"."""
    flat = " ".join(text.split())
    words = flat[: limit - 1].rpartition(" ")[0].rstrip(" ,;:·–—-")
    cut = f"{words} …" if len(words) >= limit // 2 else flat[: limit - 1] + "…"  # one long word
    return flat if len(flat) <= limit else cut


def start_conversation(message: Message) -> Conversation:
    """The conversation of somebody who writes for the first time."""
    return Conversation(
        key=message.conversation,
        channel=message.channel,
        chat=message.chat,
        thread=message.thread,
        user=message.user,
        language=message.locale or "ko",
        private=message.private,
    )
