"""What a follow-up is about, and when it asks the same for another place or year."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import cast

import pytest

from knowledge.decision.follow_up import find_topic, reword_for_change
from knowledge.decision.section_fit import Topic
from knowledge.retrieval.edition import Edition
from knowledge.types import Exchange, Question
from tests.samples.answers import make_document

NOW = datetime.fromisoformat("2026-11-21T10:00+09:00")
TOPIC = Topic(frozenset({"freight"}), "물류", frozenset(), "2022년 물류비는 얼마였나요?")


def ask(text: str, *places: str) -> Question:
    return Question(text, "ko", NOW, place_words=places)


@pytest.mark.parametrize(
    ("question", "rest", "reworded"),
    [
        (ask("2021년은요?"), ["2021"], "2021년 물류비는 얼마였나요?"),
        (ask("베트남은요?", "베트남"), [], "베트남 2022년 물류비는 얼마였나요?"),
        (ask("2021년 마감은요?"), ["2021", "마감"], None),
        (ask("베트남 수수료는요?", "베트남"), ["수수료"], None),
        (ask("그럼 얼마까지"), [], None),
    ],
)
def test_only_a_place_or_a_year_alone_asks_again(
    question: Question, rest: list[str], reworded: str | None
) -> None:
    assert reword_for_change(question, TOPIC, rest) == reworded


def test_a_year_is_put_before_a_question_without_one() -> None:
    topic = Topic(frozenset({"freight"}), "물류", frozenset(), "물류비는 얼마인가요?")
    assert reword_for_change(ask("2025년은요?"), topic, ["2025"]) == "2025 물류비는 얼마인가요?"


def test_offered_sections_of_several_documents_are_a_topic_without_a_title() -> None:
    documents = {name: make_document(name) for name in ("loans", "guarantee")}
    edition = cast(Edition, SimpleNamespace(documents=documents))
    asked = Exchange("자금이 필요해요", "…", ("loans", "guarantee"))
    question = Question("얼마까지?", "ko", NOW, (asked,))
    assert find_topic(question, edition) == Topic(
        frozenset(documents), "", frozenset(), "자금이 필요해요"
    )
    one = replace(asked, documents=("loans",))
    assert find_topic(replace(question, history=(one,)), edition).title == "loans"
