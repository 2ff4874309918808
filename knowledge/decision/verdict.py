"""What to do with the best sections: say them, offer them, or hand the question over."""

from __future__ import annotations

from knowledge.decision.confidence import ConfidenceModel, ScoredHit
from knowledge.types import Verdict

# Minimum confidence margin of an expired over a current document to answer from the expired one.
EXPIRED_CONFIDENCE_MARGIN = 0.2  # tuned: see docs/parameters.md
# Do not answer where a larger share of the question occurs nowhere in the library.
MAX_OUT_OF_LIBRARY_SHARE = 0.6  # tuned: see docs/parameters.md
# Out of scope where no passage has more than this share of the question.
OUT_OF_SCOPE_PASSAGE_RECALL = 0.15  # tuned: see docs/parameters.md


def choose_verdict(
    current: list[ScoredHit], expired: list[ScoredHit], model: ConfidenceModel
) -> tuple[list[ScoredHit], Verdict]:
    """The hits that the answer rests on and its verdict; both lists are sorted, best first, and
    one of them may be empty."""
    fallback = current or expired
    if (
        max(one.features["passage_recall"] for one in (*current, *expired))
        <= OUT_OF_SCOPE_PASSAGE_RECALL
    ):
        return fallback, "out_of_scope"
    if fallback[0].features["out_of_library_share"] > MAX_OUT_OF_LIBRARY_SHARE:
        return fallback, "no_evidence"
    margin = expired[0].confidence - current[0].confidence if current and expired else 0.0
    if current and model.is_confident(current[0]) and margin < EXPIRED_CONFIDENCE_MARGIN:
        return current, "answered"
    if expired and model.is_confident(expired[0]):
        return expired, "expired"
    return fallback, "no_evidence"
