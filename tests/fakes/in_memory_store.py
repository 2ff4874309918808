"""The part of the bot's store that the assistant works with, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.cases.states import is_open
from bot.context import Decision
from bot.context.lookups import NO_FOUNDER_RECORDS
from bot.context.people import NoPersons
from bot.errors import Conflict, UnknownCase
from bot.messages import Outgoing
from bot.store import InboxRow
from bot.types import (
    Binding,
    BodyHours,
    Case,
    CaseMessage,
    Conversation,
    Insight,
    LogEntry,
    SeatRules,
    StaffMember,
    StaffThread,
    UnadmittedWriter,
)
from tests.samples.staff_records import make_member


class InMemoryInbox:
    """Gives its rows once, and remembers what became of them."""

    def __init__(
        self, rows: Sequence[InboxRow], done: Sequence[str] = (), earlier: str | None = None
    ) -> None:
        self.rows = list(rows)
        self.done = list(done)
        self.earlier = earlier
        self.fates: dict[str, list[str]] = {}
        self.postponed_until: datetime | None = None

    def _note(self, fate: str, rows: Sequence[InboxRow]) -> None:
        self.fates.setdefault(fate, []).extend(row.key for row in rows)

    def claim(self, owner: str, now: datetime, channels: Sequence[str] | None) -> list[InboxRow]:
        return self.rows

    def list_done_payloads(self, channel: str, lane: str, since: datetime) -> list[str]:
        return self.done

    def find_earlier_payload(self, row: InboxRow, natural_prefix: str) -> str | None:
        return self.earlier

    def release(self, rows: Sequence[InboxRow], owner: str) -> None:
        self._note("released", rows)

    def postpone(self, rows: Sequence[InboxRow], owner: str, until: datetime) -> None:
        self._note("postponed", rows)
        self.postponed_until = until

    def ignore(self, row: InboxRow, owner: str, why: str, now: datetime) -> None:
        self._note("ignored", [row])

    def retry(self, row: InboxRow, owner: str, error: str, now: datetime) -> None:
        self._note("retried", [row])
        self._note(error, [])


class NoDrafts:
    """No case was made a FAQ."""

    def find(self, case: int) -> None:
        return None


class NoConsole:
    """A console in which no one has read a record."""

    @property
    def notices(self) -> NoConsole:
        return self

    def list_record(self, number: int) -> list[tuple[int, CaseMessage]]:
        return []


class InMemoryStore:
    """What the assistant reads and writes. The first `conflicts` commits come too late."""

    def __init__(self, rows: Sequence[InboxRow] = (), conflicts: int = 0, **kept: Any) -> None:
        self.inbox = InMemoryInbox(rows, kept.get("done", ()), kept.get("earlier"))
        self.outbox = self.staff = self.seats = self.insights = self
        self.faq = NoDrafts()
        self.console = NoConsole()
        self.people = NoPersons()
        self.founders = NO_FOUNDER_RECORDS
        self.members: Sequence[StaffMember] = kept.get("members", (make_member(),))
        self.unadmitted: Sequence[UnadmittedWriter] = kept.get("unadmitted", ())
        self.conflicts = conflicts
        self.conversations: dict[str, Conversation] = {
            talk.key: talk for talk in kept.get("conversations", ())
        }
        self.cases: Mapping[int, Case] = {case.number: case for case in kept.get("cases", ())}
        self.record: list[CaseMessage] = kept.get("record", [])
        self.threads: Sequence[StaffThread] = kept.get("threads", ())
        self.bindings: Sequence[Binding] = kept.get("bindings", ())
        self.waiting: list[Case] = kept.get("waiting", [])
        self.card_in_flight: bool = kept.get("card_in_flight", False)
        self.attempts = 0
        self.written: list[tuple[list[str], Decision]] = []
        self.buried: list[tuple[str, str, tuple[Outgoing, ...]]] = []

    def commit(
        self, rows: Sequence[InboxRow], owner: str, decision: Decision, now: datetime
    ) -> None:
        self.attempts += 1
        if self.attempts <= self.conflicts:
            raise Conflict("changed by another worker")
        self.written.append(([row.key for row in rows], decision))

    def bury_event(
        self, row: InboxRow, owner: str, error: str, told: tuple[Outgoing, ...], now: datetime
    ) -> None:
        self.buried.append((row.key, error, told))

    def find_conversation(self, key: str) -> Conversation | None:
        return self.conversations.get(key)

    def list_conversations(self, founder: str) -> list[Conversation]:
        talks = self.conversations.values()
        return [one for one in talks if founder in (one.key, f"{one.channel}:{one.user}")]

    def get_case(self, number: int) -> Case:
        if number not in self.cases:
            raise UnknownCase(str(number))
        return self.cases[number]

    def list_cases(self, conversation: str | None = None, *, open_only: bool = False) -> list[Case]:
        found = [case for case in self.cases.values() if conversation in (None, case.conversation)]
        return [case for case in found if not open_only or is_open(case)]

    def list_cases_without_room(self) -> list[Case]:
        return self.waiting

    def list_lines(self, number: int) -> list[CaseMessage]:
        return self.record

    def list_log(self, number: int) -> list[LogEntry]:
        return [one for _, decision in self.written for one in decision.log if one.case == number]

    def list_linked(self, number: int) -> list[Case]:
        return [case for case in self.cases.values() if case.parent == number]

    def list_merged(self, number: int) -> list[Case]:
        return [case for case in self.cases.values() if case.merged_into == number]

    def list_insights(self) -> list[Insight]:
        return []

    def list_joined(self, number: int) -> list[Conversation]:
        return []

    def list_staff_threads(self, case: int) -> list[StaffThread]:
        return [thread for thread in self.threads if thread.case == case]

    def find_staff_thread(self, channel: str, chat: str, thread: str | None) -> StaffThread | None:
        place = channel, chat, thread
        return next((t for t in self.threads if (t.channel, t.chat, t.thread) == place), None)

    def list_bindings(self) -> list[Binding]:
        return list(self.bindings)

    def list_current_threads(self) -> list[tuple[Case, StaffThread]]:
        return [(self.cases[one.case], one) for one in self.threads if one.current]

    def find_members(self, channel: str, chat: str, user: str) -> list[StaffMember]:
        """Who is staff, whichever room is bound."""
        return [one for one in self.members if (one.channel, one.user) == (channel, user)]

    def list_members(self, mission: str) -> list[StaffMember]:
        return [one for one in self.members if one.mission == mission]

    def list_memberships(self, channel: str, user: str) -> list[StaffMember]:
        return self.find_members(channel, "", user)

    def list_unadmitted(self, channel: str, chat: str) -> list[UnadmittedWriter]:
        return list(self.unadmitted)

    def reserve_case_number(self, now: datetime) -> int:
        return 8

    def is_card_in_flight(self, channel: str, chat: str) -> bool:
        return self.card_in_flight

    def list_held_cases(self, channel: str, chat: str) -> list[int]:
        return []

    def list_seats(self, mission: str) -> list[tuple[StaffMember, SeatRules]]:
        own = [one for one in self.members if one.mission == mission]
        return [(one, SeatRules(mission, one.channel, one.user)) for one in own]

    def list_hours(self) -> list[BodyHours]:
        return []
