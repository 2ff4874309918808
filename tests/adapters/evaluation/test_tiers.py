"""What is said, offered and handed over."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.evaluation.tiers import estimate_tiers, estimate_tiers_by_language
from knowledge.evaluation.exam import ExamQuestion, Grade


@dataclass(frozen=True)
class Paper:
    golden: ExamQuestion
    grade: Grade
    offer_rank: int | None = None
    is_offered: bool = False


def paper(
    answerable: bool,
    said: bool = False,
    right: bool = False,
    rank: int | None = None,
    offered: bool = False,
    mixed: bool = False,
) -> Paper:
    golden = ExamQuestion("x", "ko", "?", answerable, mixed=mixed)
    return Paper(golden, Grade(said, right), rank, offered)


PAPERS = [
    paper(True, said=True, right=True),
    paper(True, said=True, right=False),
    paper(True, rank=2, offered=True),
    paper(True, offered=True),
    paper(True, mixed=True),
    paper(False, said=True),
    paper(False, right=True, offered=True),
    paper(False, right=True),
]


def test_the_tiers_are_measured_apart() -> None:
    found = {name: (one["share"], one["n"]) for name, one in estimate_tiers(PAPERS).items()}
    assert found == {
        "said_precision": (0.333, 3),
        "said_right": (0.2, 5),
        "said_or_offered_right": (0.4, 5),
        "taps": (0.5, 2),
        "wrongly_said": (0.333, 3),
        "wrongly_offered": (0.333, 3),
    }


def test_mixed_questions_are_a_group_of_their_own() -> None:
    found = estimate_tiers_by_language(PAPERS)
    assert {name: tiers["said_right"]["n"] for name, tiers in found.items()} == {
        "ko": 4,
        "mixed": 1,
    }
