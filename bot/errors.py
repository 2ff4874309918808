"""What can go wrong between people.

BotError
├── UnknownPlace      a place nobody knows
├── UnknownMission    a mission id that is not in missions.yaml
├── MissionsBroken    missions.yaml does not hold together
├── StoreDown         the database cannot be opened, read or written
├── Conflict          someone else changed the case or the conversation meanwhile
└── NoSuchCase        a case number that does not exist
"""


class BotError(Exception):
    """A sentence for the person who can act on it."""


class UnknownPlace(BotError):
    """A place that neither the missions' hints nor the gazetteer know."""


class UnknownMission(BotError):
    """A mission id that is not in missions.yaml."""


class MissionsBroken(BotError):
    """missions.yaml does not hold together."""


class StoreDown(BotError):
    """The database cannot be opened, read or written."""


class Conflict(BotError):
    """The case or the conversation was changed by someone else meanwhile: decide again."""


class NoSuchCase(BotError):
    """There is no case with that number."""
