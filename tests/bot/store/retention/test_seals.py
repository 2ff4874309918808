"""What was made of a case while it was open to its room is gone with the seal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision
from bot.errors import Conflict
from bot.store import Store
from bot.types import Case, DeskAnswer, FaqDraft, Insight
from knowledge.phrases.phrase import SectionChoice
from tests.bot.store.sample_records import NOW, make_case

QUESTION = "물결 도면은\n얼마나 걸리나요? 010-2345-6789"


def keep(store: Store, key: str, **decision: Any) -> None:
    store.commit_without_message(key, Decision(**decision), NOW)


def make_draft(case: int, state: Any = "draft") -> FaqDraft:
    day = NOW.date()
    return FaqDraft(case, "vn-hanoi", "ko", "물결 도면?", (), "물결 답", "law", ("VN",), "a:1", NOW, day,
                    state, settled_by="a:1")  # fmt: skip


@pytest.fixture
def case(store: Store) -> Case:
    """Case 1 with an approved FAQ, case 2 merged into it, and case 3 of somebody else, each with one."""
    for number in (1, 2, 3):
        new = replace(make_case(number), question=QUESTION, state="resolved")
        keep(store, f"open {number}", new_case=new)
    merged = replace(store.get_case(2), merged_into=1, state="closed")
    keep(store, "merge", case=merged)
    for number, state in ((1, "approved"), (2, "submitted"), (3, "draft")):
        keep(store, f"faq {number}", faq=make_draft(number, state))
    return store.get_case(1)


def test_the_seal_takes_the_faq_of_the_case_and_of_those_merged_into_it(
    store: Store, case: Case
) -> None:
    keep(store, "seal", case=replace(case, sealed=True))
    assert [one.case for one in store.faq.list_all()] == [3]


def test_the_seal_takes_what_its_question_taught_the_library(store: Store, case: Case) -> None:
    other = "telegram:2002"
    for talk, asked in (
        (case.conversation, "물결 도면은"), (case.conversation, "얼마나 걸리나요? [전화번호]"),
        (case.conversation, "다른 질문입니다"), (other, "물결 도면은"),
    ):  # fmt: skip
        choice = SectionChoice(talk, "ko", asked, "d", ("가",), "staff")
        keep(store, f"choice {talk} {asked}", choice=choice)
    keep(store, "seal", case=replace(case, sealed=True))
    left = [(one.conversation, one.question) for one in store.list_section_choices()]
    assert (case.conversation, "다른 질문입니다") in left and (other, "물결 도면은") in left
    assert (case.conversation, "물결 도면은") not in left


def test_a_faq_that_is_made_while_the_case_is_sealed_is_decided_again(
    store: Store, case: Case
) -> None:
    seen = store.faq.find(1)
    assert seen
    keep(store, "seal", case=replace(case, sealed=True))
    for late in (make_draft(1), replace(seen, state="withdrawn")):
        with pytest.raises(Conflict):
            keep(store, "late", faq=late)
    assert store.faq.find(1) is None


def test_the_seal_takes_the_insights_that_name_the_case(store: Store, case: Case) -> None:
    for number, evidence in ((1, ("#1", "신문")), (2, ("#11",))):
        keep(store, f"insight {number}", new_insight=make_insight(number, evidence))
        answer = DeskAnswer(0, "본국 답", "a:1", NOW, ("vn-hanoi",), (), number)
        keep(store, f"answer {number}", desk_answer=answer)
    keep(store, "seal", case=replace(case, sealed=True))
    assert [one.number for one in store.insights.list_insights()] == [2]
    assert [one.insight for one in store.insights.list_answers()] == [None, 2]


def make_insight(number: int, evidence: tuple[str, ...]) -> Insight:
    return Insight(number, "vn-hanoi", "환급이 늦습니다", "a:1", NOW, evidence=evidence)
