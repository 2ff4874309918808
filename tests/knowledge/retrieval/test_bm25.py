"""BM25 over slots."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.retrieval.bm25 import Bm25Index, QuestionIndex, count_terms
from knowledge.text.slots import Slot

PASSAGES = [["freight", "voucher", "freight"], ["voucher", "own", "share"], ["visa"]]


@pytest.fixture
def index() -> Bm25Index:
    return Bm25Index(count_terms(PASSAGES))


def test_a_passage_without_the_word_scores_nothing(index: Bm25Index) -> None:
    scores = index.score_slot(Slot({"freight": 1.0})).scores
    assert scores[0] > 0 and scores[1] == scores[2] == 0


def test_a_rare_word_is_worth_more_than_a_common_one(index: Bm25Index) -> None:
    assert (
        index.score_slot(Slot({"visa": 1.0})).max_score
        > index.score_slot(Slot({"voucher": 1.0})).max_score
    )


def test_a_repeated_word_and_a_short_passage_score_higher() -> None:
    index = Bm25Index(
        count_terms([["a", "a", "b"], ["a", "b", "b"], ["a", "b", "c", "d", "e", "f"]])
    )
    scores = index.score_slot(Slot({"a": 1.0})).scores
    assert scores[0] > scores[1] > scores[2] > 0


def test_the_other_forms_of_a_slot_count_by_their_weight(index: Bm25Index) -> None:
    both = index.score_slot(Slot({"freight": 0.5, "visa": 0.5})).scores
    assert both[0] > 0 and both[2] > 0
    leaning = index.score_slot(Slot({"freight": 1.0, "visa": 0.1})).scores
    assert leaning[0] > leaning[2] > 0


def test_the_weight_of_a_slot_scales_its_scores(index: Bm25Index) -> None:
    whole, half = (index.score_slot(Slot({"freight": 1.0}, weight)) for weight in (1.0, 0.5))
    assert np.allclose(half.scores * 2, whole.scores)
    assert half.max_score * 2 == pytest.approx(whole.max_score)


def test_no_passage_beats_a_perfect_match(index: Bm25Index) -> None:
    flood = Bm25Index(count_terms([["freight"] * 500, ["visa"] * 500])).score_slot(
        Slot({"freight": 1.0})
    )
    assert flood.scores.max() < flood.max_score * 2


def test_it_knows_which_words_no_passage_has(index: Bm25Index) -> None:
    assert index.has_slot_terms(Slot({"visa": 1.0, "aurora": 0.5}))
    assert not index.has_slot_terms(Slot({"aurora": 1.0}))
    assert not index.has_slot_terms(Slot({}))
    assert index.score_slot(Slot({})).scores.sum() == 0


def test_an_empty_index_scores_nothing() -> None:
    assert Bm25Index(count_terms([])).score_slot(Slot({"a": 1.0})).scores.shape == (0,)


class TestKnownQuestions:
    """Short questions are compared both ways."""

    KNOWN = (
        ["freight", "support", "amount"],
        ["freight", "support", "amount", "vietnam"],
        ["visa"],
    )

    def match(self, *terms: str) -> tuple[list[float], list[float]]:
        found = QuestionIndex(count_terms(self.KNOWN)).match_slots(
            [Slot({term: 1.0}) for term in terms]
        )
        return [float(x) for x in found.recall], [float(x) for x in found.precision]

    def test_the_same_question_matches_completely(self) -> None:
        recall, precision = self.match("freight", "support", "amount")
        assert recall[0] == precision[0] == pytest.approx(1.0)

    def test_a_known_question_about_more_matches_less(self) -> None:
        recall, precision = self.match("freight", "support", "amount")
        assert recall[1] == pytest.approx(1.0) and precision[1] < 1

    def test_a_term_of_no_known_question_lowers_the_recall_of_all(self) -> None:
        recall, _ = self.match("freight", "support", "amount", "aurora")
        assert 0 < recall[0] < 1

    def test_another_question_does_not_match(self) -> None:
        recall, precision = self.match("visa")
        assert recall[0] == precision[0] == 0 and recall[2] == pytest.approx(1.0)

    def test_no_slots_match_nothing(self) -> None:
        assert self.match() == ([0, 0, 0], [0, 0, 0])
