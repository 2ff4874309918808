"""Nouns for the store tests, with everything filled in that a test does not care about."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.context import Decision
from bot.messages import Address, Button, Content, File, Outgoing
from bot.store import InboxEvent, OutboxRow, Store
from bot.types import Case, CaseMessage, Conversation

NOW = datetime.fromisoformat("2026-11-21T10:00:00+09:00")
CHANNELS = ["telegram", "slack"]
FOUNDER = Address("telegram", "1001")
PHOTO = File("telegram", "AgAC", "invoice.jpg", "image/jpeg", 1024, "photo")


def seconds_later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def make_event(key: str, lane: str = "telegram:1001", natural_key: str | None = None) -> InboxEvent:
    return InboxEvent("telegram", key, lane, f'{{"update_id": "{key}"}}', natural_key)


def receive_events(store: Store, *keys: str, lane: str = "telegram:1001") -> None:
    store.inbox.receive([make_event(key, lane) for key in keys], NOW)


def make_outgoing(text: str, to: Address = FOUNDER, case: int | None = None) -> Outgoing:
    return Outgoing(to, Content(text), case=case)


def make_rich_content() -> Content:
    """A body that uses every field."""
    yes, no = Button("done", "해결됐어요"), Button("human", "사람에게 물어볼게요")
    return Content("수출바우처는 …", "출처: 1", ((yes, no),), (PHOTO,), True, "위치 보내기")


def make_conversation(version: int = 0, case: int | None = None, why: str = "") -> Conversation:
    return Conversation(
        "telegram:1001", "telegram", "1001", None, "1001", "ko", case=case, why=why,
        version=version,
    )  # fmt: skip


def make_case(number: int, mission: str = "vn-hanoi", version: int = 0) -> Case:
    return Case(
        number=number, conversation="telegram:1001", language="ko",
        question="다낭에서 세관이 컨테이너를 안 내줘요", competent="vn-da-nang", mission=mission,
        via="same_country", body="confirmed", reason="다낭은 …", urgency="high", opened_at=NOW,
        version=version,
    )  # fmt: skip


def make_line() -> CaseMessage:
    return CaseMessage("staff", "보고 있어요", NOW, "lawyer", (PHOTO,))


def enqueue_texts(store: Store, *texts: str, to: Address = FOUNDER) -> None:
    for text in texts:
        store.commit_without_message(
            f"test:{to.lane}:{text}", Decision(outgoing=(make_outgoing(text, to),)), NOW
        )


def claim(store: Store, seconds: float = 0, owner: str = "a", count: int = 10) -> list[OutboxRow]:
    return store.outbox.claim(owner, seconds_later(seconds), CHANNELS, count)
