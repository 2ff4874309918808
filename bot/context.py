"""What a decision about a founder's message sees: the message, the memory, and its tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

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
    """What knows places: the gazetteer."""

    def find_place(self, text: str) -> Place: ...

    def find_place_at(self, lat: float, lon: float) -> Place: ...

    def find_mentioned_place(self, text: str) -> Place | None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """What a decision may look at and ask. `reserve` gives a case number no case ever had;
    `aloud` asks as `ask` does, shown to the founder while it is written."""

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

    def find_current_thread(self, case: int) -> StaffThread | None:
        """Where the case is worked on now."""
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
    """One founder's turn: their message (several quick ones are one thought), and what we
    remember of them."""

    services: Services
    conversation: Conversation
    message: Message

    def with_conversation(self, talk: Conversation) -> Turn:
        return replace(self, conversation=talk)

    def reply_phrase(self, key: str, **values: object) -> Decision:
        """Answer with one of the founder's phrases."""
        return self.reply_content(
            Content(render_phrase(f"founder.{key}", self.conversation.language, **values))
        )

    def offer_person(self, key: str, **values: object) -> Decision:
        """Answer with a phrase and the offer of a person."""
        text = render_phrase(f"founder.{key}", self.conversation.language, **values)
        return self.reply_content(
            Content(text, buttons=build_person_buttons(self.conversation.language))
        )

    def reply_content(self, body: Content) -> Decision:
        """Say `body`; whoever meets Naru for the first time also learns what it is."""
        talk = self.conversation
        out = [Outgoing(talk.address, body, case=talk.case)]
        if not talk.greeted:
            hello = Content(render_phrase("founder.greeting", talk.language))
            out.insert(0, Outgoing(talk.address, hello))
            talk = replace(talk, greeted=True)
        return Decision(conversation=talk, outgoing=tuple(out))

    def choose_language(self, text: str) -> Language:
        """The language to answer in: the one chosen, else the one written in."""
        written = detect_language(text)
        if self.conversation.fixed_language or (written == "en" and len(text.split()) < 3):
            return self.conversation.language
        return written


def build_person_buttons(language: Language) -> tuple[tuple[Button, ...], ...]:
    return ((Button("human", render_phrase("founder.button_human", language)),),)


def shorten_text(text: str, limit: int = 60) -> str:
    """`text` on one line, cut where a reader would still know it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
