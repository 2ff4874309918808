"""What a decision sees: the message, what is remembered, and the services it may ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from bot.buttons import PERSON_KEY
from bot.missions import Missions
from bot.phrases import render_phrase
from bot.types import (
    Binding,
    Button,
    Case,
    CaseMessage,
    ChannelLimits,
    Content,
    Conversation,
    Decision,
    File,
    Message,
    Outgoing,
    Place,
    StaffThread,
)
from knowledge.text.language import detect_language
from knowledge.types import Answer, Language, Question

BYTES_PER_MEGABYTE = 1024 * 1024


class PlaceFinder(Protocol):
    """Finds places by name or position: the gazetteer, or a few known places in tests."""

    def find_place(self, text: str) -> Place:
        """The place that the whole text names. Raises UnknownPlace, with a sentence for the
        person who typed it."""

    def find_place_at(self, lat: float, lon: float) -> Place:
        """The place nearest to a position in degrees. Raises UnknownPlace far from any."""

    def find_mentioned_place(self, text: str) -> Place | None:
        """The place that is mentioned within a text; None if there is none."""


ShowPreview = Callable[[str], None]
# Opens a preview for the sender of a message, in a language. While it is open, the function it
# gives shows one more sentence; it may be called from any thread, returns at once and raises
# nothing. Nothing depends on a preview: the answer itself is sent through the outbox.
PreviewStarter = Callable[[Message, Language], AbstractContextManager[ShowPreview]]


@dataclass(frozen=True, slots=True)
class Services:
    """What a decision may look up and ask, as of `now`.

    `ask` answers a question from the library; `ask_with_preview` also shows the answer to the
    founder while it is written (None where the messenger has no previews). `reserve_case_number`
    gives a number that no case ever had. `get_case` raises UnknownCase for a number without a
    case. `list_cases` takes a conversation's key, `list_lines` and `list_threads` a case number;
    all three list the oldest first. `find_conversation` takes a key; `list_current_threads` lists
    the staff threads in use with their cases.
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
    find_conversation: Callable[[str], Conversation | None] = lambda key: None  # noqa: ARG005
    list_current_threads: Callable[[], list[tuple[Case, StaffThread]]] = list

    def find_current_thread(self, case: int) -> StaffThread | None:
        """The thread in which case number `case` is worked on now; None before it has one."""
        return next((thread for thread in self.list_threads(case) if thread.current), None)

    def find_file_limit_megabytes(
        self, files: Sequence[File], sender: str, receiver: str | None
    ) -> int | None:
        """The size in megabytes that one of `files` exceeds, of what the sender's and the
        receiver's channel both carry; None if every file can be passed on. Where nobody receives
        them yet (`receiver` is None), it may be any channel, so the smallest limit counts."""
        channels = self.limits if receiver is None else {sender, receiver}
        known = [self.limits[name].file_bytes for name in channels if name in self.limits]
        limit = min(known, default=None)
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
        return self.reply_content(
            Content(text, buttons=build_person_buttons(self.conversation.language))
        )

    def reply_content(self, content: Content) -> Decision:
        """Send `content` to the founder, after a greeting when they are new."""
        conversation = self.conversation
        outgoing = [Outgoing(conversation.address, content, case=conversation.case)]
        if not conversation.greeted:
            greeting = Content(render_phrase("founder.greeting", conversation.language))
            outgoing.insert(0, Outgoing(conversation.address, greeting))
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
    return ((Button(PERSON_KEY, render_phrase("founder.button_human", language)),),)


def shorten_text(text: str, limit: int = 60) -> str:
    """`text` on one line of at most `limit` characters; a cut is marked with "…"."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
