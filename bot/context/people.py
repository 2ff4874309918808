"""What a decision may look up of what is kept of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.types import Block, Consent


class PersonReader(Protocol):
    """Looks up a person, "channel:user"."""

    def list_consents(self, account: str) -> Sequence[Consent]:
        """What they said to each item, the oldest first."""

    def find_block(self, account: str) -> Block | None:
        """Why they are blocked; None if they are not."""

    def list_records(self, account: str) -> Mapping[str, Any]:
        """All that is kept of them, as JSON has it."""

    def count_erasure(self, account: str) -> Mapping[str, int]:
        """How many records of each kind their erasure would take."""


class NoPersons:
    """Stands in where nothing is kept of anyone."""

    def list_consents(self, _account: str) -> Sequence[Consent]:
        """Nothing was said."""
        return ()

    def find_block(self, _account: str) -> Block | None:
        """They are not blocked."""
        return None

    def list_records(self, _account: str) -> Mapping[str, Any]:
        """Nothing is kept."""
        return {}

    def count_erasure(self, _account: str) -> Mapping[str, int]:
        """Nothing goes."""
        return {}
