"""Whom a notice to an admin reaches, and in which language."""

from __future__ import annotations

import pytest

from bot.admin.alerts import find_private_chat, report_source_problem
from bot.types import Conversation

ROOM = Conversation("slack:C1:1.2", "slack", "C1", "1.2", "U1", "ko")
PRIVATE = Conversation("slack:D1", "slack", "D1", None, "U1", "vi", private=True)
PRIVATE_THREAD = Conversation("slack:D1:5.1", "slack", "D1", "5.1", "U1", "ko", private=True)


@pytest.mark.parametrize(
    ("conversations", "expected"),
    [
        ([], None), ([ROOM], None), ([PRIVATE_THREAD], None), ([PRIVATE], PRIVATE),
        ([ROOM, PRIVATE_THREAD, PRIVATE], PRIVATE),
    ],
)  # fmt: skip
def test_only_a_private_chat_outside_of_its_threads_is_written_to(
    conversations: list[Conversation], expected: Conversation | None
) -> None:
    assert find_private_chat(conversations) == expected


def test_each_chat_is_told_in_its_language_where_it_is() -> None:
    english = Conversation("telegram:7", "telegram", "7", None, "7", "en", private=True)
    facts = {"name": "guide", "owner": "김나루", "problem": "it is gone"}
    decision = report_source_problem([PRIVATE, english], **facts, read="")
    assert [outgoing.to.chat for outgoing in decision.outgoing] == ["D1", "7"]
    vietnamese, plain = (outgoing.content.text for outgoing in decision.outgoing)
    assert all(fact in vietnamese and fact in plain for fact in facts.values())
    assert vietnamese != plain and "never" in plain
    dated = report_source_problem([english], **facts, read="2026-11-21").outgoing[0]
    assert "2026-11-21" in dated.content.text
