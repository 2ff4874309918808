"""What to do with the best sections: say them, offer them, or hand the question over.

See docs/decisions/0070-thresholds-from-expected-harm.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.decision.confidence import SAME_QUESTION_KNOWN, ScoredHit, Thresholds
from knowledge.decision.intents import asks_own_status
from knowledge.types import Verdict

# A closed notice is meant where it matches better by this than whatever is in force.
EXPIRED_MATCH_MARGIN = 0.1  # tuned: see docs/parameters.md
# Out of scope where no section has more than this share of the question.
OUT_OF_SCOPE_COVERAGE = 0.15  # tuned: see docs/parameters.md
# What is ahead of everything else may still match badly.
SAID_MATCH = 0.5  # tuned: see docs/parameters.md
# A question that documents answer alike ("until when?") is not answered from one of them.
SAID_LEAD = 0.5


def may_be_said(features: Mapping[str, float]) -> bool:
    """Whether a section may be said at all, however sure: see `find_hindrances`."""
    return not find_hindrances(features)


def find_hindrances(features: Mapping[str, float]) -> tuple[str, ...]:
    """The names of the features by which a section may not be said: it must match well itself, its
    document must be likelier than all others together, it must have the names that the question
    names, and nothing may show that it lacks the kind of thing asked for. Of a question that is
    known nearly as it is asked, the library says itself which section answers."""
    states_it = features["kind"] > 0 or features["known"] >= SAME_QUESTION_KNOWN
    holds = {
        "match": features["match"] >= SAID_MATCH,
        "lead": features["lead"] >= SAID_LEAD,
        "names": features["names"] == 1,
        "kind": states_it,
    }
    return tuple(name for name, is_held in holds.items() if not is_held)


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
    if expired and _is_meant(expired[0], current, thresholds):
        return expired, "expired"
    if confidence >= thresholds.say and may_be_said(current[0].features):
        return current, "answered"
    if confidence >= thresholds.offer:
        return current, "offered"
    return best, "no_evidence"


def _is_meant(closed: ScoredHit, current: Sequence[ScoredHit], thresholds: Thresholds) -> bool:
    """Whether a question is clearly about a closed notice: it is sure and matches well, and nothing
    in force would be offered or matches nearly as well."""
    match = closed.features["match"]
    if closed.confidence < thresholds.say or match < SAID_MATCH:
        return False
    if not current or current[0].confidence < thresholds.offer:
        return True
    return match >= current[0].features["match"] + EXPIRED_MATCH_MARGIN
