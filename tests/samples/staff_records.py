"""Members of staff, and what the messengers tell of people and rooms, for unit tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.errors import DeliveryUncertain
from bot.messages import Account
from bot.types import StaffMember
from tests.samples.records import NOW


class KnownAccounts:
    """What the messengers tell: names and outsiders by "channel:user", and public rooms. One that
    is `down` cannot be asked."""

    def __init__(
        self, accounts: Iterable[Account] = (), public: Iterable[str] = (), down: bool = False
    ) -> None:
        self.accounts = {account.user: account for account in accounts}
        self.public = set(public)
        self.down = down

    def find_person(self, channel: str, user: str) -> Account:
        self._answer()
        return self.accounts.get(user, Account(user))

    def is_public_room(self, channel: str, chat: str) -> bool:
        self._answer()
        return chat in self.public

    def _answer(self) -> None:
        if self.down:
            raise DeliveryUncertain("no answer")


def make_member(user: str = "U0STAFF", mission: str = "vn-hanoi", **values: Any) -> StaffMember:
    """An agency officer on Slack."""
    values = {"channel": "slack", "name": "김영사", "role": "agency", **values}
    return StaffMember(
        mission=mission, user=user, admitted_by="slack:U0LEAD", admitted_at=NOW, **values
    )
