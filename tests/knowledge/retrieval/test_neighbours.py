"""Known questions by their letters."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.retrieval.known_questions import KnownQuestion
from knowledge.retrieval.neighbours import GramIndex, LetterIndex, count_grams
from knowledge.text.language import normalise_letters

QUESTIONS = [
    KnownQuestion(0, "물류비는 얼마까지 지원하나요?", "ko"),
    KnownQuestion(0, "Chi phí vận chuyển được hỗ trợ bao nhiêu?", "vi"),
    KnownQuestion(1, "누가 신청할 수 있나요?", "ko"),
    KnownQuestion(1, "담당자 직통번호 좀 알려주세요", "ko", is_answered=False),
]


def make_index(*questions: KnownQuestion) -> LetterIndex:
    return LetterIndex(
        count_grams([one.text for one in questions]),
        np.array([one.position for one in questions], np.int32),
        np.array([one.is_answered for one in questions], bool),
        np.array([0, 1], np.int64),
        ["freight", "freight"],
    )


INDEX = make_index(*QUESTIONS)


def test_the_same_text_is_at_one_and_another_script_at_zero() -> None:
    index = GramIndex(count_grams([one.text for one in QUESTIONS]))
    for row, one in enumerate(QUESTIONS):
        cosines = index.compare(one.text)
        assert cosines[row] == pytest.approx(1.0, abs=1e-5) and int(cosines.argmax()) == row
    assert not GramIndex(count_grams(["물류비"])).compare("wholly latin").any()


@pytest.mark.parametrize(
    "typed",
    ["chi phi van chuyen duoc ho tro bao nhieu", "CHI PHÍ vận chuyển, được hỗ trợ bao nhiêu ạ"],
)
def test_accents_case_and_marks_do_not_count(typed: str) -> None:
    similarity = INDEX.score_text(typed).similarity
    assert similarity[0] > 0.8 > 0.2 > similarity[1]


def test_a_slip_of_the_keyboard_costs_little() -> None:
    similarity = INDEX.score_text("물류비 얼마 까지 지원 하나여").similarity
    assert similarity[0] > 0.3 > 5 * similarity[1]


def test_neighbours_tell_answered_from_denied() -> None:
    answered = INDEX.score_text("누가 신청할 수 있나요?")
    denied = INDEX.score_text("담당자 직통번호 좀 알려주세요")
    assert answered.answered_share > 0.8 and answered.denied_similarity < 0.2
    assert denied.answered_share < 0.3 and denied.denied_similarity > 0.99
    assert denied.similarity.max() < 0.2  # a denied question is no way to its section
    assert answered.document_shares["freight"] == pytest.approx(answered.answered_share)


@pytest.mark.parametrize("text", ["", "?", "a"])
def test_a_text_without_letters_is_like_none(text: str) -> None:
    scores = INDEX.score_text(text)
    assert scores.similarity.max() < 0.5 and scores.answered_share >= 0


def test_an_edition_without_known_questions_says_nothing() -> None:
    scores = make_index().score_text("누가 신청하나요")
    assert scores.similarity.tolist() == [0.0, 0.0]
    assert (scores.denied_similarity, scores.answered_share) == (0.0, 0.0)


def test_words_keep_their_edges() -> None:
    assert normalise_letters("Đà Nẵng, 2026!") == " da nang 2026 "
