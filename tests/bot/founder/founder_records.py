"""What founders keep with Naru, in memory, and a stand-in between two languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.context import Services
from bot.messages import Message
from bot.types import Case, Conversation, LinkCode, LogEntry, Rating, Subscription
from knowledge.types import Language
from tests.samples.records import make_conversation, make_services


@dataclass
class KnownFounders:
    """Ratings, codes, subscriptions and sets of linked accounts."""

    ratings: Sequence[Rating] = ()
    codes: Sequence[LinkCode] = ()
    subscriptions: Sequence[Subscription] = ()
    linked: Sequence[frozenset[str]] = ()
    asked: Sequence[tuple[tuple[str, str], datetime]] = ()

    def find_rating(self, case: int) -> Rating | None:
        return next((one for one in self.ratings if one.case == case), None)

    def list_accounts(self, account: str) -> Sequence[str]:
        others = next((one for one in self.linked if account in one), frozenset())
        return [account, *sorted(others - {account})]

    def find_code(self, digest: str) -> LinkCode | None:
        return next((one for one in self.codes if one.digest == digest), None)

    def list_asked_in_room(self, channel: str, chat: str, since: datetime) -> Sequence[datetime]:
        return [
            moment for room, moment in self.asked if room == (channel, chat) and moment >= since
        ]

    def list_subscriptions(self, accounts: Iterable[str] | None = None) -> Sequence[Subscription]:
        wanted = None if accounts is None else set(accounts)
        return [one for one in self.subscriptions if wanted is None or one.account in wanted]


@dataclass
class ScriptedBridge:
    """Says what it was told to, and remembers what it was asked to translate."""

    translation: str | None = None
    terms: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def translate(self, text: str, source: Language, target: Language) -> str | None:
        self.asked.append(text)
        return self.translation

    def find_key_terms(self, text: str, source: Language, target: Language) -> Mapping[str, str]:
        return self.terms

    def list_forms(self, text: str) -> tuple[str, ...]:
        return {"수출바우처": ("수출바우처", "export voucher")}.get(text, ())


SLACK_ACCOUNT = "slack:U0MINA"


def make_slack_conversation(**values: Any) -> Conversation:
    """The same person's private chat on Slack."""
    own = {"key": "slack:D0MINA", "channel": "slack", "chat": "D0MINA", "user": "U0MINA"}
    return replace(make_conversation(), **(own | values))


def make_slack_message(text: str = "", kind: Any = "text", **values: Any) -> Message:
    return Message("slack", "D0MINA", "U0MINA", "s1", kind, text, **values)


def make_founder_services(
    founders: KnownFounders | None = None,
    talks: Sequence[Conversation] = (),
    log: Sequence[LogEntry] = (),
    cases: Sequence[Case] = (),
    **values: Any,
) -> Services:
    """Services that also know a founder's own records and other conversations."""
    services = make_services(known_cases=cases, conversations=talks, **values)
    return replace(
        services,
        founders=founders or KnownFounders(),
        list_conversations=lambda account: [one for one in talks if one.account == account],
        list_log=lambda number: [one for one in log if one.case == number],
        draw_code=lambda: "ABCDEFGHJK",
    )
