"""What answers a draft's question already: sections of the library, and other drafts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.admin.faq.publication import name_document
from bot.types import FaqDraft
from knowledge.retrieval.neighbours import GramIndex, count_grams
from knowledge.types import Answer, Question

# Cosine of the letters of two questions, 0 to 1  # tuned: see docs/parameters.md
DRAFT_MIN_SIMILARITY = 0.15
DUPLICATES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A section that a question finds. `is_answer`: the library says it as the answer; else it would
    only be offered. `draft` is the number of another draft, 0 for a section of the library."""

    title: str
    heading: str
    is_answer: bool = False
    draft: int = 0


def find_duplicates(
    draft: FaqDraft, ask: Callable[[Question], Answer], others: Sequence[FaqDraft], now: datetime
) -> tuple[Duplicate, ...]:
    """What answers the question of a draft, or may, the library's first; nothing of the draft itself.
    `ask` gives the library's answer; one with the verdict "failed" finds nothing."""
    answer = ask(Question(draft.question, draft.language, now))
    own = name_document(draft.case)
    found = [
        Duplicate(one.title, one.heading[-1], is_answer)
        for sections, is_answer in ((answer.citations, True), (answer.offers, False))
        for one in sections
        if one.document != own
    ]
    return (*dict.fromkeys(found), *_find_drafts(draft, others))[: 2 * DUPLICATES_SHOWN]


def _find_drafts(draft: FaqDraft, others: Sequence[FaqDraft]) -> list[Duplicate]:
    """The drafts with a question that is written like this one's, the likest first."""
    live = [
        one for one in others
        if one.case != draft.case and one.state not in ("refused", "withdrawn")
    ]  # fmt: skip
    if not live:
        return []
    cosines = GramIndex(count_grams([one.question for one in live])).compare(draft.question)
    ranked = sorted(zip(cosines.tolist(), live, strict=True), key=lambda pair: -pair[0])
    near = [one for cosine, one in ranked if cosine >= DRAFT_MIN_SIMILARITY]
    return [Duplicate("", one.question, draft=one.case) for one in near[:DUPLICATES_SHOWN]]
