"""Questions to try, for somebody who does not know yet what the library has."""

from __future__ import annotations

from datetime import date

from knowledge.retrieval.edition import Edition
from knowledge.types import Language, Offer, Passage

MAX_SAMPLES = 3


def choose_samples(edition: Edition, language: Language, day: date) -> tuple[Offer, ...]:
    """Up to MAX_SAMPLES sections in force on `day` whose heading is a question in `language`: those
    with the most known wordings, each of another document. Their labels are the headings."""
    asking = [
        passage
        for passage in edition.passages
        if passage.document.language == language
        and passage.heading[-1].endswith("?")
        and edition.is_in_force(passage.document, day)
    ]
    chosen: dict[str, Passage] = {}
    for passage in sorted(asking, key=_rank_sample):
        chosen.setdefault(passage.document.id, passage)
    return tuple(
        Offer(one.document.id, one.document.title, one.heading, one.heading[-1], 1.0)
        for one in list(chosen.values())[:MAX_SAMPLES]
    )


def _rank_sample(passage: Passage) -> tuple[int, str, int]:
    """Before others what is asked in more ways; by document and place among equals."""
    return -len(passage.asked), passage.document.id, passage.ord
