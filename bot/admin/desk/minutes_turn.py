"""`/minutes` in a body's room: its staff enter what a meeting resolved, or see what is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.admin.desk.agenda import is_late
from bot.admin.desk.minutes import BadLine, read_minutes
from bot.cases.linked.asking import copies_sealed
from bot.cases.rooms import find_staff_language
from bot.context import Decision, Services
from bot.messages import Address, Content, Message, Outgoing
from bot.phrases import render_phrase
from bot.phrases.directions import isolate_lines
from bot.types import Resolution
from knowledge.types import Language

MINUTES_COMMAND = "minutes"
ListResolutions = Callable[[str], Sequence[Resolution]]


@dataclass(frozen=True, slots=True)
class MinutesTurn:
    """A `/minutes` in the room of the bodies of `missions`, by staff of the room or not.
    `list_resolutions` gives a mission's open ones."""

    services: Services
    message: Message
    is_staff: bool
    missions: tuple[str, ...]
    list_resolutions: ListResolutions

    @property
    def language(self) -> Language:
        """The language in which the sender is answered."""
        return find_staff_language(self.message)

    def reply(self, text: str) -> Outgoing:
        """A message where this one was written; only to its sender if no one else saw it."""
        seen_by = self.message.user if self.message.unseen else None
        message = self.message
        here = Address(message.channel, message.chat, message.thread, only_to=seen_by)
        return Outgoing(here, Content(text))

    def say(self, key: str, **values: object) -> Decision:
        """Only the phrase `desk.KEY`."""
        text = render_phrase(f"desk.{key}", self.language, **values)
        return Decision(outgoing=(self.reply(text),))


def decide_minutes(turn: MinutesTurn) -> Decision:
    """Keep the minutes that the message holds: all of its lines or none. Without any, list what is
    open and how minutes are written."""
    if not turn.is_staff:
        return turn.say("minutes_staff_only")
    mission, text = split_mission(turn.missions, turn.message.text)
    if not mission:
        return turn.say("minutes_which", mission=turn.missions[0])
    known = turn.list_resolutions(mission)
    today = turn.services.find_today(mission)
    if not text:
        return Decision(outgoing=(turn.reply(render_open(known, today, turn.language)),))
    if copies_sealed(turn.services, text):
        return turn.say("founder_words")
    account = turn.message.account
    try:
        minutes = read_minutes(text, mission, known, today, account)
    except BadLine as error:
        return turn.say(f"minutes_bad_{error.problem}", line=error.line)
    told = render_phrase(
        "desk.minutes_kept", turn.language, new=len(minutes.new), settled=len(minutes.settled)
    )
    still = _apply(known, [number for number, _ in minutes.settled])
    if still:
        told = f"{told}\n{_list_lines(still, today, turn.language)}"
    return Decision(
        minutes=minutes,
        outgoing=(turn.reply(told),),
        audit=(account, f"minutes of {mission}"),
    )


def render_open(known: Sequence[Resolution], today: date, language: Language) -> str:
    """The open resolutions, and how to write minutes."""
    how = render_phrase("desk.minutes_how", language)
    if not known:
        return f"{render_phrase('desk.no_resolutions', language)}\n{how}"
    return f"{_list_lines(known, today, language)}\n{how}"


def _list_lines(known: Sequence[Resolution], today: date, language: Language) -> str:
    head = render_phrase("desk.minutes_open", language)
    lines = [f"{one.number}. {_describe(one, today, language)}" for one in known]
    return "\n".join([f"{head}:", *lines])


def _describe(one: Resolution, today: date, language: Language) -> str:
    owner = isolate_lines(one.owner) or render_phrase("desk.everyone", language)
    due = f"{one.due:%Y-%m-%d}" if one.due else render_phrase("desk.no_date", language)
    late = f" ({render_phrase('desk.state_late', language)})" if is_late(one, today) else ""
    return f"{isolate_lines(one.text)} | {owner} | {due}{late}"


def _apply(known: Sequence[Resolution], settled: Sequence[int]) -> list[Resolution]:
    return [one for one in known if one.number not in settled]


def split_mission(missions: Sequence[str], text: str) -> tuple[str, str]:
    """The mission that a text is about, and the text. In a room of several the text names it
    first; "" where it does not."""
    text = text.strip()
    first, _, rest = text.partition("\n" if "\n" in text.partition(" ")[0] else " ")
    if first in missions:
        return first, rest.strip()
    return (missions[0] if len(missions) == 1 else ""), text
