"""Whom a sealed case is given to read stands in the audit before it is sent, and only then."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from bot.context import Decision
from bot.errors import Conflict
from bot.messages import Address, Content, Outgoing
from bot.store import Store
from bot.store import tables as t
from bot.types import Conversation
from tests.bot.store.sample_records import NOW, make_case

OFFICER = Address("slack", "D77")


def read_audit(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        return [(row.who, row.act) for row in connection.execute(select(t.audit))]


def give(number: int, *chats: Address, parts: int = 2, **values: object) -> Decision:
    content = Content("도면", protect=True)
    outgoing = tuple(
        Outgoing(to, content, case=number, opens_seal=True) for to in chats for _ in range(parts)
    )
    return Decision(outgoing=(*outgoing, Outgoing(OFFICER, Content("다른 말"))), **values)  # type: ignore[arg-type]


def test_each_officer_once_for_each_case_by_their_account(store: Store, engine: Engine) -> None:
    talk = Conversation("slack:D77", "slack", "D77", None, "U77", "ko", private=True)
    store.commit_without_message("a", Decision(conversation=talk), NOW)
    store.commit_without_message("b", give(7, OFFICER, Address("telegram", "88")), NOW)
    assert read_audit(engine) == [
        ("slack:U77", "given to read: sealed case 7"),
        ("telegram:88", "given to read: sealed case 7"),
    ]
    with engine.connect() as connection:
        assert len(connection.execute(select(t.outbox)).all()) == 5


def test_what_is_not_committed_is_not_audited(store: Store, engine: Engine) -> None:
    with pytest.raises(Conflict):
        store.commit_without_message("b", give(7, OFFICER, case=make_case(7)), NOW)
    assert read_audit(engine) == []


def test_other_messages_are_not_readings(store: Store, engine: Engine) -> None:
    store.commit_without_message(
        "c", Decision(outgoing=(Outgoing(OFFICER, Content("말"), case=7),)), NOW
    )
    assert read_audit(engine) == []
