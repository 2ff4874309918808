"""What /why shows."""

from __future__ import annotations

from dataclasses import replace

from knowledge.decision.confidence import CONFIDENCE_FEATURES, MATCH_FEATURES
from tests.bot.founder.test_question import Founder
from tests.samples.answers import make_answer, make_finding
from tests.samples.records import QUESTION


def test_why_says_what_speaks_for_the_best_passage() -> None:
    features = dict.fromkeys((*MATCH_FEATURES, *CONFIDENCE_FEATURES), 0.5) | {"words": 0.914}
    finding = replace(make_finding(), features=features)
    kept = (
        Founder(make_answer(findings=(finding, make_finding("다른 것"))))
        .asks(QUESTION)
        .conversation
    )
    assert kept and "같은 낱말 91, 아는 질문 50" in kept.why.splitlines()[-2]
