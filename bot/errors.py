"""Errors of the bot.

BotError
├── UnknownPlace           a place that neither hints nor gazetteer know
│   └── AmbiguousPlace     a name of a country and of another's province
├── UnknownMission         a mission id that is not in missions.yaml
├── MissionsBroken         missions.yaml is invalid
├── NoWorkingTime          a calendar with no working time in it
├── Conflict               a concurrent change of the case or the conversation
├── TooEarly               a message in a thread that is not stored yet
├── WorkerLost             workers died or hung over an event, again and again
├── ActNotAllowed          an act that the state of a case does not allow to a role
├── UnknownCase            a case number that does not exist
├── UnreadableRecord       a stored row that does not hold the record it should
└── NotDelivered           a message that did not go out
    ├── RateLimited        the platform asked to wait some seconds
    ├── DeliveryUncertain  network or platform failed; the message may have gone out
    ├── DeliveryUnknown    an error that no table names: a few tries, then this message is given up
    ├── DeliveryRefused    this message can never go out: too long, cannot be edited, file gone
    ├── PlaceRefused       nothing can go there now; what is owed is kept until it can
    │   ├── RoomRefused    a whole room: archived, left, not allowed to write
    │   ├── ThreadRefused  one thread of a room, or a new one: closed, locked, no right to open one
    │   └── PersonRefused  a person: blocked the bot, was deactivated, left
    ├── MarkupRefused      the platform rejected the markup; the plain text may go
    ├── ThreadDeleted      the staff thread was deleted; a new one may be opened
    └── ChatMoved          the chat has another id now
"""


class BotError(Exception):
    """Base of all errors of the bot; the message is a sentence for the person who can act on it."""


class UnknownPlace(BotError):
    """A place that neither the missions' hints nor the gazetteer know."""


class AmbiguousPlace(UnknownPlace):
    """A name of two places far apart; `choices` are names that tell them apart."""

    def __init__(self, name: str, choices: tuple[str, ...]) -> None:
        super().__init__(f'"{name}" may be {" or ".join(choices)}; write which of them')
        self.choices = choices


class UnknownMission(BotError):
    """A mission id that is not in missions.yaml."""


class MissionsBroken(BotError):
    """missions.yaml cannot be read, or its entries are wrong or contradict each other."""


class NoWorkingTime(BotError):
    """A calendar without working time: no slots, or holidays on all days that were looked at."""


class Conflict(BotError):
    """The case or conversation was changed concurrently: reload it and decide again."""


class WorkerLost(BotError):
    """The workers of an event died or hung over it, again and again."""


class TooEarly(BotError):
    """A message in a thread that is not stored yet but soon may be: retry shortly."""


class ActNotAllowed(BotError):
    """An act that the state of a case does not allow to somebody's role; the sentence for them is the
    phrase `staff.refused_ACT`, or `staff.not_open` where there is none."""

    def __init__(self, act: str, state: str, role: str) -> None:
        super().__init__(f"A case that is {state} cannot be changed by “{act}” of {role}.")
        self.act, self.state, self.role = act, state, role


class UnknownCase(BotError):
    """There is no case with that number."""


class UnreadableRecord(BotError):
    """A stored row does not hold the record it should; names the field, never its value."""


class NotDelivered(BotError):
    """Base of the reasons why a message did not go out."""


class RateLimited(NotDelivered):
    """The platform asked to wait `seconds` before the next message."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


class DeliveryUncertain(NotDelivered):
    """The network or the platform failed; the message may or may not have gone out."""


class DeliveryUnknown(NotDelivered):
    """The platform answered with an error that is in no table: it may pass, so a few more tries."""


class DeliveryRefused(NotDelivered):
    """This message can never go out: it is too long, cannot be edited, its file is gone."""


class PlaceRefused(NotDelivered):
    """Nothing can go to this place now. What is owed to it is kept until it can."""


class RoomRefused(PlaceRefused):
    """A whole room refuses: it is archived, the bot was removed or may not write there."""


class ThreadRefused(PlaceRefused):
    """One thread of a room refuses, or a new one cannot be opened; other threads go on."""


class PersonRefused(PlaceRefused):
    """A person cannot be written to: they blocked the bot, were deactivated or left."""


class MarkupRefused(NotDelivered):
    """The platform rejected the markup; the plain text may go."""


class ThreadDeleted(NotDelivered):
    """The staff thread was deleted on the platform; a new one may be opened."""


class ChatMoved(NotDelivered):
    """The chat now has the id `chat` (a group that became a supergroup)."""

    def __init__(self, chat: str) -> None:
        super().__init__(f"moved to {chat}")
        self.chat = chat


def narrow_refusal(kind: type[NotDelivered], *, private: bool, staff: bool) -> type[NotDelivered]:
    """The class of a refusal at the place it came from: only a staff thread (`staff`) can be begun
    again, and in a private chat (`private`) what a room refuses is a person's doing."""
    if kind is ThreadDeleted and not staff:
        return DeliveryRefused
    if private and issubclass(kind, (RoomRefused, ThreadRefused)):
        return PersonRefused
    return kind
