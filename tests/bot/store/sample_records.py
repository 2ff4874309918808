"""Nouns for the store tests, with everything filled in that a test does not care about."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store import Event, Store
from bot.types import Address, Body, Button, Case, Conversation, File, Outgoing

NOW = datetime.fromisoformat("2026-11-21T10:00:00+09:00")
FOUNDER = Address("telegram", "1001")
PHOTO = File("telegram", "AgAC", "invoice.jpg", "image/jpeg", 1024, "photo")


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def event(key: str, lane: str = "telegram:1001", natural_key: str | None = None) -> Event:
    return Event("telegram", key, lane, f'{{"update_id": "{key}"}}', natural_key)


def receive(store: Store, *keys: str, lane: str = "telegram:1001") -> None:
    store.inbox.receive([event(key, lane) for key in keys], NOW)


def message(text: str, to: Address = FOUNDER, case: int | None = None) -> Outgoing:
    return Outgoing(to, Body(text), case=case)


def rich_body() -> Body:
    """A body that uses every field."""
    yes, no = Button("done", "해결됐어요"), Button("human", "사람에게 물어볼게요")
    return Body("수출바우처는 …", "출처: 1", ((yes, no),), (PHOTO,), True, "위치 보내기")


def conversation(version: int = 0, case: int | None = None, why: str = "") -> Conversation:
    return Conversation(
        "telegram:1001", "telegram", "1001", None, "1001", "ko", case=case, why=why,
        version=version,
    )  # fmt: skip


def case(number: int, mission: str = "vn-hanoi", version: int = 0) -> Case:
    return Case(
        number=number, conversation="telegram:1001", language="ko",
        question="다낭에서 세관이 컨테이너를 안 내줘요", competent="vn-da-nang", mission=mission,
        via="same_country", body="confirmed", reason="다낭은 …", urgency="high", opened_at=NOW,
        version=version,
    )  # fmt: skip
