"""The fit of the map from questions to sections, on points that can be seen at a glance."""

from __future__ import annotations

import numpy as np

from ingest.question_map import AnsweredQuestions, fit_question_map, pair_sections
from knowledge.embedding.question_map import move_questions
from knowledge.types import Document, Language, Passage

EAST, NORTH = (1.0, 0.0), (0.0, 1.0)


def test_questions_are_moved_to_the_sections_that_answer_them() -> None:
    """Asked in the east, answered in the north, and the other way round."""
    questions = np.array([EAST, NORTH], np.float32)
    sections = np.array([EAST, NORTH], np.float32)
    pairs = [AnsweredQuestions(sections, np.array([0, 1]), np.array([1, 0]))]
    moved = move_questions(questions, fit_question_map(questions, pairs, penalty=0.001))
    assert (moved @ sections.T).argmax(axis=1).tolist() == [1, 0]


def test_a_high_penalty_leaves_questions_where_they_are() -> None:
    questions = np.array([EAST], np.float32)
    pairs = [AnsweredQuestions(np.array([EAST, NORTH], np.float32), np.array([0]), np.array([1]))]
    moved = move_questions(questions, fit_question_map(questions, pairs, penalty=1e6))
    assert np.allclose(moved, questions, atol=1e-3)


def test_each_question_is_paired_with_its_section_in_every_language_that_has_it() -> None:
    def make_section(ord: int, language: Language, original: str = "") -> Passage:
        name = f"{original or 'rule'}-{language}" if original else "rule"
        document = Document(name, "t", "i", language, "", translation_of=original or None)
        return Passage(document, ord, ("t", "h"), "x", f"{name}{ord}")

    passages = [make_section(0, "ko"), make_section(1, "ko"), make_section(1, "en", "rule")]
    centred = np.eye(3, dtype=np.float32)
    pairs = pair_sections(passages, centred, np.array([0, 1, 2]))
    assert [(pair.rows.tolist(), pair.right.tolist()) for pair in pairs] == [
        ([0, 1, 2], [0, 1, 1]),
        ([1, 2], [0, 0]),
    ]
