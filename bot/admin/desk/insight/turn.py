"""One message about insights in a body's room, and how to reply to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.cases.rooms import find_staff_language
from bot.context import Decision, Services
from bot.messages import Address, Content, File, Message, Outgoing
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Case, DeskAnswer, Insight
from knowledge.types import Language

KeepFile = Callable[[str, str, bytes], File]


@dataclass(frozen=True, slots=True)
class InsightTurn:
    """A command or a button about insights in the room of the bodies of `missions`, by staff of the
    room or not. `case` is that of the thread it was written in, None outside of threads.
    `next_number` is for a new insight; `keep_file` (name, MIME type, bytes) keeps a file of Naru's own
    until it is sent."""

    services: Services
    message: Message
    is_staff: bool
    missions: tuple[str, ...]
    case: Case | None
    insights: Sequence[Insight]
    answers: Sequence[DeskAnswer]
    next_number: int
    keep_file: KeepFile

    @property
    def is_desk(self) -> bool:
        """Whether the room is the domestic desk's."""
        return DOMESTIC in self.missions

    @property
    def language(self) -> Language:
        """The language in which the sender is answered."""
        return find_staff_language(self.message)

    def find(self, number: int) -> Insight | None:
        """The insight of that number; None if there is none."""
        return next((one for one in self.insights if one.number == number), None)

    def reply(self, content: Content) -> Outgoing:
        """A message where this one was written; only to its sender if no one else saw it."""
        message = self.message
        seen_by = message.user if message.unseen else None
        here = Address(message.channel, message.chat, message.thread, only_to=seen_by)
        return Outgoing(here, content)

    def say(self, key: str, **values: object) -> Decision:
        """Only the phrase `desk.KEY`."""
        text = render_phrase(f"desk.{key}", self.language, **values)
        return Decision(outgoing=(self.reply(Content(text)),))
