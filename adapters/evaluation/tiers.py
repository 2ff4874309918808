"""How well the three tiers work: what is said, what is offered and what is handed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from adapters.evaluation.estimates import Estimate, estimate_mean, estimate_share
from knowledge.evaluation.exam import ExamQuestion, Grade


class Judged(Protocol):
    """An answer to a question of the exam, as far as the tiers need it."""

    @property
    def golden(self) -> ExamQuestion:
        """The question."""

    @property
    def grade(self) -> Grade:
        """The grade of what was said."""

    @property
    def offer_rank(self) -> int | None:
        """The number, from 1, of the first right section among those offered."""

    @property
    def is_offered(self) -> bool:
        """Whether sections were offered."""


def estimate_tiers(papers: Sequence[Judged]) -> dict[str, Estimate]:
    """The measures of the three tiers, by name.

    `said_precision` is the share of what was said that is right. Of the questions that the library
    answers, `said_right` were answered right at once, `said_or_offered_right` then or by a choice
    among the offers, and `taps` is the mean number of choices among those. Of the others,
    `wrongly_said` were answered and `wrongly_offered` got an offer.
    """
    answerable = [p for p in papers if p.golden.answerable]
    unanswerable = [p for p in papers if not p.golden.answerable]
    reached = [p for p in answerable if is_reached(p)]
    return {
        "said_precision": estimate_share(
            [p for p in papers if p.grade.is_answered], lambda p: p.grade.is_right
        ),
        "said_right": estimate_share(answerable, _is_said_right),
        "said_or_offered_right": estimate_share(answerable, is_reached),
        "taps": estimate_mean([0.0 if _is_said_right(p) else 1.0 for p in reached]),
        "wrongly_said": estimate_share(unanswerable, lambda p: p.grade.is_answered),
        "wrongly_offered": estimate_share(unanswerable, lambda p: p.is_offered),
    }


def estimate_tiers_by_language(papers: Sequence[Judged]) -> dict[str, dict[str, Estimate]]:
    """The same for each language; questions that mix languages are a group of their own."""
    groups: dict[str, list[Judged]] = {}
    for paper in papers:
        name = "mixed" if paper.golden.mixed else paper.golden.language
        groups.setdefault(name, []).append(paper)
    return {name: estimate_tiers(groups[name]) for name in sorted(groups)}


def is_reached(paper: Judged) -> bool:
    """Whether the founder gets the right section: said at once, or by choosing it."""
    return _is_said_right(paper) or paper.offer_rank is not None


def _is_said_right(paper: Judged) -> bool:
    return paper.grade.is_answered and paper.grade.is_right
