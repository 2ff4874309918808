"""Who is told of a FAQ that ends with the seal of its case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.admin.faq.sealing import withdraw_sealed_faqs
from bot.context import Decision, Services
from bot.types import Case, FaqState
from tests.bot.admin.faq.test_form import DRAFT
from tests.samples.records import make_binding, make_case, make_services, make_thread, texts_of

ROOMS = (make_binding(), make_binding("domestic", "C0DESK"))


def seal(state: FaqState | None, case: Case | None = None, **values: Any) -> Decision:
    """What the seal of case 12 leads to, whose FAQ is in a state."""
    sealed = case or replace(make_case(12), sealed=True)
    services: Services = make_services(threads=[make_thread(12)], bindings=ROOMS)
    drafts = {12: replace(DRAFT, state=state)} if state else {}
    services = replace(services, find_faq=drafts.get, **values)
    return withdraw_sealed_faqs(Decision(case=sealed), services)


def list_chats(decision: Decision) -> list[tuple[str, str | None]]:
    return [(one.to.chat, one.to.staff_thread) for one in decision.outgoing]


def test_of_a_draft_its_thread_is_told_and_of_a_submitted_one_the_desk_as_well() -> None:
    drafted, submitted = seal("draft"), seal("submitted")
    assert list_chats(drafted) == [("C0HANOI", "12.1")] and drafted.task is None
    assert list_chats(submitted) == [("C0HANOI", "12.1"), ("C0DESK", None)]
    assert all("FAQ #12의 초안을 지웠습니다" in text for text in texts_of(submitted.outgoing))
    assert submitted.task is None


def test_an_approved_one_leaves_with_an_edition_of_which_both_rooms_are_told() -> None:
    decision = seal("approved")
    assert all("다음 판에서 빠집니다" in text for text in texts_of(decision.outgoing))
    task = decision.task
    assert task and task.act == "faq" and task.to.chat == "C0DESK"
    assert task.also_to and task.also_to.staff_thread == "12.1"


def test_the_faq_of_a_case_that_was_merged_into_it_ends_too() -> None:
    target = replace(make_case(20), sealed=True)
    decision = seal("approved", target, list_merged=lambda _: [make_case(12)],
                    list_threads=lambda _: [make_thread(20)])  # fmt: skip
    assert decision.task and "FAQ #12" in decision.outgoing[0].content.text


def test_nothing_is_said_without_a_faq_or_without_a_seal() -> None:
    assert not seal(None).outgoing
    assert not seal("approved", make_case(12)).outgoing


def test_of_a_merged_case_that_is_sealed_with_it_people_are_told_once() -> None:
    target, merged = replace(make_case(20), sealed=True), replace(make_case(12), sealed=True)
    services = make_services(threads=[make_thread(20), make_thread(12)], bindings=ROOMS)
    services = replace(services, find_faq={12: DRAFT}.get,
                       list_merged=lambda number: [merged] if number == 20 else [])  # fmt: skip
    decision = withdraw_sealed_faqs(Decision(case=target, more_cases=(merged,)), services)
    assert len(decision.outgoing) == 1
