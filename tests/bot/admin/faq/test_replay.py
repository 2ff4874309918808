"""Which past cases the library would have contained, and by what that is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.admin.faq.replay import ReplayedCase, find_right_documents, judge_answer, rate_topics
from bot.types import FaqDraft
from knowledge.phrases.phrase import SectionChoice
from knowledge.types import Answer
from tests.samples.answers import make_offer
from tests.samples.records import NOW, make_case

CASE = replace(make_case(), number=7, question="가마 통관은 얼마나 걸리나요?", conversation="c")
DRAFT = FaqDraft(7, "vn-hanoi", "ko", "가", (), "나", "customs", ("VN",), "a:1", NOW,
                 date(2027, 5, 22), "approved")  # fmt: skip


def find(*drafts: FaqDraft, topic: str = "customs", choice: str = "c") -> dict[str, str]:
    chosen = SectionChoice(choice, "ko", CASE.question, "voucher", ("가",), "staff")
    return dict(find_right_documents(CASE, topic, ("VN",), drafts, [chosen]))


def test_right_are_its_own_faq_one_of_its_cluster_and_what_staff_named() -> None:
    near = replace(DRAFT, case=8)
    everywhere = replace(DRAFT, case=9, countries=())
    elsewhere = replace(DRAFT, case=10, countries=("DE",))
    other = replace(DRAFT, case=11, topic="tax")
    assert find(DRAFT, near, everywhere, elsewhere, other) == {
        "voucher": "staff", "naru-faq-7": "own", "naru-faq-8": "cluster", "naru-faq-9": "cluster",
    }  # fmt: skip


def test_what_is_not_classified_is_no_cluster_and_others_choices_are_not_its() -> None:
    lone = replace(DRAFT, case=8, topic="unclassified")
    assert find(lone, topic="unclassified", choice="another") == {}


@pytest.mark.parametrize(
    ("document", "how"), [("naru-faq-7", "offered"), ("another", "")]
)  # fmt: skip
def test_an_offer_of_a_right_document_contains_a_case(document: str, how: str) -> None:
    answer = Answer("offered", "ko", "", 0.3, 1, offers=(replace(make_offer(), document=document),))
    assert judge_answer(7, "tax", answer, {"naru-faq-7": "own"}).how == how


def test_rates_are_by_topic_those_of_most_cases_first() -> None:
    replayed = [
        ReplayedCase(1, "tax", "offered", "offered"), ReplayedCase(2, "visa", "no_evidence"),
        ReplayedCase(3, "tax", "answered", "said"), ReplayedCase(4, "tax", "no_evidence"),
    ]  # fmt: skip
    tax, visa = rate_topics(replayed)
    assert (tax.topic, tax.said, tax.offered, round(tax.handed_over, 2)) == ("tax", 1, 1, 0.33)
    assert visa.handed_over == 1
