"""What is kept of people, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.context import Decision
from bot.types import Block, Consent


class KnownPersons:
    """Remembers what was said, as the store does."""

    def __init__(self, *consents: Consent, blocks: Sequence[Block] = (), **records: Any) -> None:
        self.consents = list(consents)
        self.blocks = {block.account: block for block in blocks}
        self.records = records

    def keep(self, decision: Decision) -> Decision:
        self.consents += decision.consents
        return decision

    def list_consents(self, account: str) -> Sequence[Consent]:
        return [one for one in self.consents if one.account == account]

    def find_block(self, account: str) -> Block | None:
        return self.blocks.get(account)

    def list_records(self, _account: str) -> Mapping[str, Any]:
        return self.records

    def count_erasure(self, _account: str) -> Mapping[str, int]:
        return {name: len(rows) for name, rows in self.records.items()}
