"""The text of a draft: shown, changed, sent back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.admin.faq.duplicates import find_duplicates
from bot.admin.faq.faq_turn import FaqTurn, decide_faq
from bot.admin.faq.form import BadForm, read_form, split_head, write_form
from bot.admin.faq.states import STEPS, list_acts, may_be_published, settle
from bot.cases.states import may_become_faq
from bot.context import Decision
from bot.types import ERASED, FaqAct, FaqDraft
from knowledge.types import Answer
from tests.samples.answers import make_offer
from tests.samples.records import (
    NOW,
    make_case,
    make_services,
    make_staff_message,
    make_thread,
)

TODAY = date(2026, 11, 23)
DRAFT = FaqDraft(
    12, "vn-hanoi", "ko", "가마 통관은 얼마나 걸리나요?", ("가마는 며칠 걸려요?",), "사흘입니다.\n서류: 원본",
    "customs", ("VN",), "telegram:9", NOW, date(2027, 5, 22),
)  # fmt: skip


def test_what_is_shown_is_read_back_the_same() -> None:
    assert read_form(split_head(write_form(DRAFT)) or "", DRAFT, TODAY) == DRAFT


def test_what_is_named_changes_and_the_rest_stays() -> None:
    text = (
        "주제: 세무·부가세\n국가: vn, ID\n검토일: 2027-01-31\n답변:\n질문: 에 답합니다.\n\n둘째 줄"
    )
    changed = read_form(text, DRAFT, TODAY)
    assert changed == replace(
        DRAFT, topic="tax", countries=("VN", "ID"), review_by=date(2027, 1, 31),
        answer="질문: 에 답합니다.\n\n둘째 줄",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("아무 말", "empty"),
        ("질문:", "question"),
        ("질문: " + "가" * 201, "question"),
        ("답변:\n ", "answer"),
        ("주제: 날씨", "topic"),
        ("국가: 베트남", "countries"),
        ("검토일: 내일", "review"),
        ("검토일: 2026-11-23", "review"),
    ],
)
def test_what_is_wrong_is_named(text: str, problem: str) -> None:
    with pytest.raises(BadForm) as error:
        read_form(text, DRAFT, TODAY)
    assert error.value.problem == problem


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("FAQ 초안 #12\n질문: 가", "질문: 가"),
        ("faq\n답변: 나", "답변: 나"),
        ("FAQ", ""),
        ("FAQ에 있는 내용입니다\n보세요", None),
        ("FAQ를 보십시오", None),
    ],
)
def test_only_the_head_alone_on_its_line_makes_a_text_a_draft(text: str, rest: str | None) -> None:
    assert split_head(text) == rest


def test_the_table_says_what_may_be_done() -> None:
    state_of: dict[tuple[str, str], str] = {key: value for key, value in STEPS.items()}  # noqa: C416
    acts: tuple[FaqAct, ...] = ("edit", "submit", "approve", "refuse", "withdraw")
    for act in acts:
        after = settle(DRAFT, act, "a:1", TODAY)
        assert (after.state if after else None) == state_of.get(("draft", act))
    assert list_acts(DRAFT) == ("edit", "submit")


def test_an_approval_is_dated_and_a_confirmation_moves_the_review_on() -> None:
    submitted = settle(DRAFT, "submit", "a:1", TODAY)
    approved = submitted and settle(submitted, "approve", "a:2", TODAY)
    assert approved and (approved.checked_on, approved.settled_by) == (TODAY, "a:2")
    assert approved.review_by == DRAFT.review_by
    later = date(2027, 6, 1)
    confirmed = settle(approved, "approve", "a:3", later)
    assert confirmed and confirmed.checked_on == later and confirmed.review_by > later


def test_only_admins_approve_and_it_is_noted_who_tried() -> None:
    case = replace(make_case(12), state="resolved")
    services = replace(make_services(), get_case=lambda _: case)
    message = make_staff_message("faq:approve:12", "button")
    submitted = replace(DRAFT, state="submitted", version=1)

    def press(*, is_admin: bool) -> Decision:
        return decide_faq(FaqTurn(services, message, make_thread(12), True, is_admin,
                                  lambda _: submitted, lambda: [submitted]))  # fmt: skip

    refused, approved = press(is_admin=False), press(is_admin=True)
    assert refused.faq is None and refused.task is None
    assert refused.audit and "refused, no admin" in refused.audit[1]
    assert approved.faq and approved.faq.state == "approved"
    assert approved.task and approved.task.act == "faq"


def test_duplicates_name_the_section_that_answers_and_the_draft_that_is_like_it() -> None:
    offer = replace(make_offer(), document="voucher", title="바우처", heading=("바우처", "통관"))
    own = replace(offer, document="naru-faq-12")
    answer = Answer("offered", "ko", "", 0.3, 1, offers=(offer, own))
    like = replace(DRAFT, case=13, question="가마 통관은 얼마나 걸립니까?")
    other = replace(DRAFT, case=14, question="비자는 어디서 받나요?")
    gone = replace(like, case=15, state="withdrawn")
    found = find_duplicates(DRAFT, lambda _: answer, [DRAFT, like, other, gone], NOW)
    assert [(one.title, one.heading, one.draft) for one in found] == [
        ("바우처", "통관", 0), ("", "가마 통관은 얼마나 걸립니까?", 13),
    ]  # fmt: skip


def test_what_is_erased_becomes_no_faq_but_an_approved_one_may_still_be_confirmed() -> None:
    erased = replace(make_case(12), state="resolved", conversation=ERASED)
    assert not may_become_faq(erased)
    assert may_be_published(replace(DRAFT, state="approved"), erased)
    assert not may_be_published(replace(DRAFT, state="submitted"), erased)
    sealed = replace(erased, conversation="telegram:1", sealed=True)
    assert not may_be_published(replace(DRAFT, state="approved"), sealed)
