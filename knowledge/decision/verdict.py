"""What to do with the best sections: say them, offer them, or hand the question over.

See docs/decisions/0070-thresholds-from-expected-harm.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.decision.confidence import ScoredHit, Thresholds
from knowledge.decision.intents import asks_own_status
from knowledge.types import Verdict

# Minimum confidence margin of a closed over a current document to name the closed one.
EXPIRED_CONFIDENCE_MARGIN = 0.2  # tuned: see docs/parameters.md
# Out of scope where no section has more than this share of the question.
OUT_OF_SCOPE_COVERAGE = 0.15  # tuned: see docs/parameters.md


def may_be_said(features: Mapping[str, float]) -> bool:
    """Whether a section may be said at all, however well it matches: only if it has the names that
    the question names and nothing shows that it lacks the kind of thing asked for."""
    return features["names"] == 1 and features["kind"] > 0


def choose_verdict(
    question: str,
    current: Sequence[ScoredHit],
    expired: Sequence[ScoredHit],
    thresholds: Thresholds,
) -> tuple[Sequence[ScoredHit], Verdict]:
    """The hits that the answer rests on and its verdict; both lists are sorted, best first, and
    one of them may be empty.

    A closed notice is named only where it is clearly surer than whatever is in force.
    """
    best = current or expired
    if max(one.features["coverage"] for one in (*current, *expired)) <= OUT_OF_SCOPE_COVERAGE:
        return best, "out_of_scope"
    if asks_own_status(question):
        return best, "no_evidence"
    confidence = current[0].confidence if current else 0.0
    closed = expired[0].confidence if expired else 0.0
    if closed >= max(thresholds.say, confidence + EXPIRED_CONFIDENCE_MARGIN):
        return expired, "expired"
    if confidence >= thresholds.say and may_be_said(current[0].features):
        return current, "answered"
    if confidence >= thresholds.offer:
        return current, "offered"
    if closed >= thresholds.say:
        return expired, "expired"
    return best, "no_evidence"
