"""What a decision may look up of a founder's own records, and between two languages."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.types import LinkCode, OptionalItem, Rating, Subscription
from knowledge.types import Language


class FounderLookups(Protocol):
    """Ratings, linked accounts and subscriptions; accounts are "channel:user"."""

    def find_rating(self, case: int) -> Rating | None:
        """The rating of a case; None if its founder was never asked."""

    def list_accounts(self, account: str) -> Sequence[str]:
        """The accounts of one founder: this one, and those linked to it."""

    def find_code(self, digest: str) -> LinkCode | None:
        """The code of a digest; None for one that no one was shown."""

    def list_subscriptions(self, accounts: Iterable[str] | None = None) -> Sequence[Subscription]:
        """The subscriptions of some accounts (None: of all), the oldest first."""

    def list_asked_in_room(self, channel: str, chat: str, since: datetime) -> Sequence[datetime]:
        """When questions were looked up in a chat since a moment, by any person, the oldest first."""


class NoFounderRecords:
    """Stands in for the founders' records where there are none."""

    def find_rating(self, case: int) -> Rating | None:  # noqa: ARG002
        """None: no one was asked."""
        return None

    def list_accounts(self, account: str) -> Sequence[str]:
        """The account alone."""
        return (account,)

    def find_code(self, digest: str) -> LinkCode | None:  # noqa: ARG002
        """None: no code was shown."""
        return None

    def list_subscriptions(
        self,
        accounts: Iterable[str] | None = None,  # noqa: ARG002
    ) -> Sequence[Subscription]:
        """Nothing is subscribed to."""
        return ()

    def list_asked_in_room(
        self,
        channel: str,  # noqa: ARG002
        chat: str,  # noqa: ARG002
        since: datetime,  # noqa: ARG002
    ) -> Sequence[datetime]:
        """Nothing was asked."""
        return ()


class LanguageBridge(Protocol):
    """What helps two people who write in different languages."""

    def translate(self, text: str, source: Language, target: Language) -> str | None:
        """A machine translation that keeps every figure, link and name; None where there is none."""

    def find_key_terms(self, text: str, source: Language, target: Language) -> Mapping[str, str]:
        """The words of the trade in a text, as written there → in `target`."""

    def list_forms(self, text: str) -> tuple[str, ...]:
        """The other words, in all languages, for what the whole text names; () for what is unknown."""


class NoLanguageBridge:
    """Stands in for the glossary and the model where there are none."""

    def translate(self, text: str, source: Language, target: Language) -> str | None:  # noqa: ARG002
        """None: there is no model."""
        return None

    def find_key_terms(
        self,
        text: str,  # noqa: ARG002
        source: Language,  # noqa: ARG002
        target: Language,  # noqa: ARG002
    ) -> Mapping[str, str]:
        """Nothing: there is no glossary."""
        return {}

    def list_forms(self, text: str) -> tuple[str, ...]:  # noqa: ARG002
        """Nothing: there is no glossary."""
        return ()


NO_FOUNDER_RECORDS = NoFounderRecords()
NO_BRIDGE = NoLanguageBridge()


def allow_all(_account: str, _item: OptionalItem) -> bool:
    """Stands in for the optional consents: nothing was refused."""
    return True


CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
CODE_LENGTH = 10  # 50 bits, for ten minutes and five tries an hour


def draw_code() -> str:
    """A new code by which a founder joins two messengers."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
