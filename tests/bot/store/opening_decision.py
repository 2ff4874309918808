"""A decision that opens a case and writes to every table."""

from __future__ import annotations

from dataclasses import replace

from bot.context import Decision
from bot.messages import Address, Outgoing, Timer
from bot.store import InboxRow, Store
from bot.types import CaseMessage, Place, StaffThread
from tests.bot.store.sample_records import (
    FOUNDER,
    NOW,
    PHOTO,
    make_case,
    make_conversation,
    make_rich_content,
    receive_events,
    seconds_later,
)

DA_NANG = Place("다낭", "VN", 16.05, 108.2, "VN-DN", "Da Nang")
STAFF = Address("slack", "C1", staff_thread="1.1")
WORDS = "다낭에서 세관이 컨테이너를 안 내줘요"


def claim_event(store: Store, key: str = "1") -> list[InboxRow]:
    receive_events(store, key)
    return store.inbox.claim("a", NOW)


def make_opening_decision() -> Decision:
    """A message that opens a case: every table at once."""
    return Decision(
        conversation=make_conversation(case=1),
        new_case=replace(make_case(1), place=DA_NANG, found="아무것도"),
        new_lines=((1, CaseMessage("founder", WORDS, NOW, files=(PHOTO,))),),
        new_threads=(StaffThread("1.1", 1, "vn-hanoi", "slack", "C1"),),
        outgoing=(
            Outgoing(FOUNDER, make_rich_content(), case=1),
            Outgoing(STAFF, make_rich_content(), "card", case=1),
        ),
        timers=(Timer("late:1", "telegram:1001", seconds_later(60)),),
        audit=("telegram:1001", "opened 1"),
    )
