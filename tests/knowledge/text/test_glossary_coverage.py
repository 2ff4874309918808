"""The glossary is not fitted to the exam: it knows about as many words of other questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from ingest.passages.phrases import LIBRARY_LISTS
from ingest.plan.files import SHIPPED_LIBRARY
from knowledge.evaluation.exam import list_exam_files, read_exam
from knowledge.phrases.section_file import read_sections
from knowledge.text.glossary import Glossary
from knowledge.text.language import detect_language
from knowledge.types import LANGUAGES, Language

# A larger share of the exam's words than of other questions' would mean rows written for the exam.
MAX_EXAM_SHARE_LEAD = 0.08


def count_known_words(
    glossary: Glossary, questions: Iterable[str], language: Language
) -> tuple[int, int]:
    """How many words of `questions`, and how many of them a row of the glossary has."""
    words = known = 0
    for text in questions:
        terms = glossary.analyser.tokenise(text, language)
        for span in glossary.find_spans([t for t in terms if not t[0].isdigit()], language):
            words += len(span.terms)
            known += len(span.terms) if span.concepts else 0
    return words, known


def list_unanswerable_questions() -> list[str]:
    """Questions that no document answers: Korean and English rows were written without them,
    Vietnamese forms with a part of them in view."""
    files = sorted((SHIPPED_LIBRARY / "phrases").glob("*.ko.yaml"))
    sections = (one for path in files for one in read_sections(path, LIBRARY_LISTS)[1])
    return [question for one in sections for question in one.get("unanswered", ())]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_knows_no_larger_share_of_the_exams_words_than_of_others(
    glossary: Glossary, language: Language, record_property: Callable[[str, object], None]
) -> None:
    exam = [one.question for one in read_exam(list_exam_files("open")) if one.language == language]
    others = [text for text in list_unanswerable_questions() if detect_language(text) == language]
    shares = {}
    for name, questions in {"exam": exam, "others": others}.items():
        words, known = count_known_words(glossary, questions, language)
        shares[name] = known / words
        record_property(name, f"{known} of {words} words")
        print(f"{language}: the glossary has {known} of {words} words of {name}")  # noqa: T201
    assert shares["others"] > 0.5
    assert shares["exam"] < shares["others"] + MAX_EXAM_SHARE_LEAD
