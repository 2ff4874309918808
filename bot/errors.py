"""Errors of the bot.

BotError
├── UnknownPlace           a place that neither hints nor gazetteer know
├── UnknownMission         a mission id that is not in missions.yaml
├── MissionsBroken         missions.yaml is invalid
├── Conflict               a concurrent change of the case or the conversation
├── TooEarly               a message in a thread that is not stored yet
├── WorkerLost             workers died or hung over an event, again and again
├── UnknownCase            a case number that does not exist
├── UnreadableRecord       a stored row that does not hold the record it should
└── NotDelivered           a message that did not go out
    ├── RateLimited        the platform asked to wait some seconds
    ├── DeliveryUncertain  network or platform failed; the message may have gone out
    ├── DeliveryRefused    it can never go out this way: blocked, kicked, archived, gone
    ├── MarkupRefused      the platform rejected the markup; the plain text may go
    ├── ThreadDeleted      the staff thread was deleted; a new one may be opened
    └── ChatMoved          the chat has another id now
"""


class BotError(Exception):
    """Base of all errors of the bot; the message is a sentence for the person who can act on it."""


class UnknownPlace(BotError):
    """A place that neither the missions' hints nor the gazetteer know."""


class UnknownMission(BotError):
    """A mission id that is not in missions.yaml."""


class MissionsBroken(BotError):
    """missions.yaml cannot be read, or its entries are wrong or contradict each other."""


class Conflict(BotError):
    """The case or conversation was changed concurrently: reload it and decide again."""


class WorkerLost(BotError):
    """The workers of an event died or hung over it, again and again."""


class TooEarly(BotError):
    """A message in a thread that is not stored yet but soon may be: retry shortly."""


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


class DeliveryRefused(NotDelivered):
    """It can never go out this way: the user blocked us, the channel is archived or gone."""


class MarkupRefused(NotDelivered):
    """The platform rejected the markup; the plain text may go."""


class ThreadDeleted(NotDelivered):
    """The staff thread was deleted on the platform; a new one may be opened."""


class ChatMoved(NotDelivered):
    """The chat now has the id `chat` (a group that became a supergroup)."""

    def __init__(self, chat: str) -> None:
        super().__init__(f"moved to {chat}")
        self.chat = chat
