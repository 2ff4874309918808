"""The bot's store in memory that also writes: what one message led to is there for the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.cases.states import is_open
from bot.context import Decision
from bot.messages import Outgoing, Timer
from bot.store import InboxEvent, InboxRow
from bot.types import Case, CaseMessage, Conversation, StaffThread
from tests.fakes.in_memory_store import InMemoryStore


class LivingStore(InMemoryStore):
    """Decisions are applied as the database applies them; staff threads are there at once."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: dict[int, Case] = {}
        self.threads: list[StaffThread] = []
        self.lines: dict[int, list[CaseMessage]] = {}
        self.timers: list[Timer] = []
        self.sent: list[Outgoing] = []
        self.kept_payloads: dict[int, tuple[str, str]] = {}  # (lane, payload) by event
        self.numbers = 0

    def receive(self, event: InboxEvent, now: datetime) -> InboxRow:
        """Keep an event as the only one that waits."""
        number = len(self.kept_payloads) + 1
        row = InboxRow(number, event.channel, str(number), event.lane, event.payload, 0, now)
        self.inbox.rows = [row]
        self.kept_payloads[number] = event.lane, event.payload
        return row

    def commit(
        self, rows: Sequence[InboxRow], owner: str, decision: Decision, now: datetime
    ) -> None:
        self.written.append(([row.key for row in rows], decision))
        self.sent += decision.outgoing
        if talk := decision.conversation:
            self.conversations[talk.key] = replace(talk, version=talk.version + 1)
        for case in (decision.new_case, *decision.new_asides, decision.case, *decision.more_cases):
            if case:
                self.cases[case.number] = replace(case, version=case.version + 1)
        self.threads += [replace(t, thread=f"900.{len(self.threads)}", card="1")
                         for t in decision.new_threads]  # fmt: skip
        for number, line in decision.new_lines:
            self.lines.setdefault(number, []).append(line)
        self.timers += decision.timers
        if decision.forget_message:
            for row in rows:
                self.kept_payloads[row.seq] = row.lane, "{}"
        if decision.erase_account:
            self._erase(decision.erase_account)

    def _erase(self, account: str) -> None:
        for one in list(self.list_conversations(account)):
            if one.case is None or not is_open(self.cases[one.case]):
                del self.conversations[one.key]
                self._erase_cases_of(one)

    def _erase_cases_of(self, talk: Conversation) -> None:
        for case in self.list_cases(talk.key):
            blank = {"question": "", "found": "", "place": None, "conversation": "erased"}
            self.cases[case.number] = replace(case, **blank)  # type: ignore[arg-type]
            self.lines[case.number] = []
        for number, (lane, _) in list(self.kept_payloads.items()):
            if lane == talk.key:
                self.kept_payloads[number] = lane, "{}"

    def list_lines(self, number: int) -> list[CaseMessage]:
        return self.lines.get(number, [])

    def reserve_case_number(self, now: datetime) -> int:
        self.numbers += 1
        return self.numbers
