"""Insights and answers in the database, and linked cases with their erasure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.context import Decision
from bot.errors import Conflict
from bot.store import Store
from bot.types import DeskAnswer, Insight
from tests.samples.records import FOUNDER, NOW, make_case, make_conversation

INSIGHT = Insight(1, "vn-hanoi", "환급이 늦습니다", "slack:U1", NOW, ("VN",), ("tax",), ("#7",))
ANSWER = DeskAnswer(0, "문의했습니다", "slack:U2", NOW, ("vn-hanoi",), ("vn-hcmc",), 1)


def test_an_insight_is_answered_and_drafted(store: Store) -> None:
    assert store.insights.find_next_number() == 1
    store.commit_without_message("a", Decision(new_insight=INSIGHT), NOW)
    with pytest.raises(Conflict):
        store.commit_without_message("b", Decision(new_insight=INSIGHT), NOW)
    store.commit_without_message("c", Decision(desk_answer=ANSWER), NOW)
    assert store.insights.list_insights() == [replace(INSIGHT, state="answered")]
    assert store.insights.list_answers() == [replace(ANSWER, number=1)]
    store.commit_without_message("d", Decision(drafted_insight=1), NOW)
    assert store.insights.list_insights()[0].state == "drafted"
    assert store.insights.find_next_number() == 2


def test_a_linked_case_is_erased_with_its_ended_parent(store: Store) -> None:
    parent = make_case(7, state="closed", ended_at=NOW)
    linked = replace(make_case(8, question="요건", state="closed"), conversation="", parent=7)
    store.commit_without_message("a", Decision(make_conversation(), new_case=parent), NOW)
    store.commit_without_message("b", Decision(new_case=linked), NOW)
    assert [one.number for one in store.list_linked(7)] == [8]
    store.commit_without_message("c", Decision(erase_account=FOUNDER), NOW)
    assert store.get_case(8).question != "요건"
