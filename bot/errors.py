"""What can go wrong between people.

BotError
├── UnknownPlace      a place nobody knows
├── UnknownMission    a mission id that is not in missions.yaml
├── MissionsBroken    missions.yaml does not hold together
├── Conflict          someone else changed the case or the conversation meanwhile
├── TooEarly          a message in a thread that is not known yet
├── NoSuchCase        a case number that does not exist
└── NotDelivered      a message that did not go out
    ├── TryLater      the platform said when: not before that
    ├── TryAgain      the network or the platform failed; nobody knows whether it went out
    ├── Refused       it can never go out this way: blocked, kicked, archived, gone
    ├── Unformatted   the platform did not take the markup; the plain text may go
    ├── ThreadGone    the staff thread was deleted; a new one may be begun
    └── Moved         the chat has another id now
"""


class BotError(Exception):
    """A sentence for the person who can act on it."""


class UnknownPlace(BotError):
    """A place that neither the missions' hints nor the gazetteer know."""


class UnknownMission(BotError):
    """A mission id that is not in missions.yaml."""


class MissionsBroken(BotError):
    """missions.yaml does not hold together."""


class Conflict(BotError):
    """The case or the conversation was changed by someone else meanwhile: decide again."""


class TooEarly(BotError):
    """A message in a thread that is not known yet, but soon may be: look again shortly."""


class UnknownCase(BotError):
    """There is no case with that number."""


class NotDelivered(BotError):
    """A message that did not go out."""


class RateLimited(NotDelivered):
    """The platform asked to wait `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


class DeliveryUncertain(NotDelivered):
    """The network or the platform failed; the message may or may not have gone out."""


class DeliveryRefused(NotDelivered):
    """It can never go out this way: the user blocked us, the channel is archived or gone."""


class MarkupRefused(NotDelivered):
    """The platform did not take the markup; the plain text may go."""


class ThreadDeleted(NotDelivered):
    """The staff thread was deleted on the platform; a new one may be begun."""


class ChatMoved(NotDelivered):
    """The chat has another id now (a group that became a supergroup)."""

    def __init__(self, chat: str) -> None:
        super().__init__(f"moved to {chat}")
        self.chat = chat
