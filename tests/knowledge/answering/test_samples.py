"""Questions to try are sections in force, in the reader's language, each of another document."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from knowledge.answering.offers import find_section
from knowledge.answering.samples import MAX_SAMPLES, choose_samples
from knowledge.retrieval.edition import Edition
from knowledge.types import LANGUAGES, Language
from tests.samples import small_library

TODAY = small_library.NOW.date()


@pytest.mark.parametrize("language", LANGUAGES)
def test_samples_are_questions_that_the_library_answers(
    edition: Edition, language: Language
) -> None:
    samples = choose_samples(edition, language, TODAY)
    assert len(samples) <= MAX_SAMPLES
    assert len({one.document for one in samples}) == len(samples)
    for one in samples:
        passage = find_section(edition, one.document, one.heading)[0]
        assert passage.document.language == language
        assert one.label == one.heading[-1] and one.label.endswith("?")


def test_there_are_some_in_korean_and_the_best_known_comes_first(edition: Edition) -> None:
    samples = choose_samples(edition, "ko", TODAY)
    assert samples
    wordings = [
        max(len(one.asked) for one in find_section(edition, sample.document, sample.heading))
        for sample in samples
    ]
    assert wordings == sorted(wordings, reverse=True)


def test_what_is_no_longer_in_force_is_no_sample(edition: Edition) -> None:
    long_after = date(TODAY.year + 50, 1, 1) - timedelta(days=1)
    in_force = {one.document.id for one in edition.passages if one.document.expires is None}
    assert {one.document for one in choose_samples(edition, "ko", long_after)} <= in_force
