"""What a decision about a founder's message sees: the message, the memory, and its tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.missions import Missions
from bot.phrases import say
from bot.types import (
    Binding,
    Body,
    Button,
    Case,
    CaseMessage,
    Conversation,
    Decision,
    Message,
    Outgoing,
    Place,
    StaffThread,
)
from knowledge.text.language import detect
from knowledge.types import Answer, Language, Question


class Places(Protocol):
    """What knows places: the gazetteer."""

    def find(self, text: str) -> Place: ...

    def at(self, lat: float, lon: float) -> Place: ...

    def mentioned(self, text: str) -> Place | None: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a decision may look at and ask. `reserve` gives a case number no case ever had;
    `aloud` asks as `ask` does, shown to the founder while it is written."""

    ask: Callable[[Question], Answer]
    missions: Missions
    places: Places
    now: datetime
    bindings: tuple[Binding, ...]
    reserve: Callable[[], int]
    case: Callable[[int], Case]
    cases_of: Callable[[str], list[Case]]
    lines_of: Callable[[int], list[CaseMessage]]
    threads_of: Callable[[int], list[StaffThread]]
    aloud: Callable[[Question], Answer] | None = None

    def thread_of(self, case: int) -> StaffThread | None:
        """Where the case is worked on now."""
        return next((thread for thread in self.threads_of(case) if thread.current), None)


@dataclass(frozen=True, slots=True)
class Scene:
    """One founder's turn: their message (several quick ones are one thought), and what we
    remember of them."""

    tools: Tools
    talk: Conversation
    message: Message

    def with_talk(self, talk: Conversation) -> Scene:
        return replace(self, talk=talk)

    def say(self, key: str, **values: object) -> Decision:
        """Answer with one of the founder's phrases."""
        return self.answer(Body(say(f"founder.{key}", self.talk.language, **values)))

    def offer(self, key: str, **values: object) -> Decision:
        """Answer with a phrase and the offer of a person."""
        text = say(f"founder.{key}", self.talk.language, **values)
        return self.answer(Body(text, buttons=offers(self.talk.language)))

    def answer(self, body: Body) -> Decision:
        """Say `body`; whoever meets Naru for the first time also learns what it is."""
        talk = self.talk
        out = [Outgoing(talk.address, body, case=talk.case)]
        if not talk.greeted:
            hello = Body(say("founder.greeting", talk.language))
            out.insert(0, Outgoing(talk.address, hello))
            talk = replace(talk, greeted=True)
        return Decision(conversation=talk, outgoing=tuple(out))

    def read_language(self, text: str) -> Language:
        """The language to answer in: the one chosen, else the one written in."""
        written = detect(text)
        if self.talk.fixed_language or (written == "en" and len(text.split()) < 3):
            return self.talk.language
        return written


def offers(language: Language) -> tuple[tuple[Button, ...], ...]:
    return ((Button("human", say("founder.button_human", language)),),)


def short(text: str, limit: int = 60) -> str:
    """`text` on one line, cut where a reader would still know it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
