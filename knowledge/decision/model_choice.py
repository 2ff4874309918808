"""What a language model's choice among sections may change, and what it may not.

See docs/decisions/0077-a-language-model-chooses-within-bounds.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.decision.confidence import ScoredHit, Thresholds
from knowledge.decision.intents import asks_own_status
from knowledge.decision.verdict import may_be_said
from knowledge.types import Verdict

MAX_SHOWN_SECTIONS = 8  # that a model chooses among
# A choice counts as at most this factor on the odds, whatever the model and however sure it is.
MODEL_CHOICE_ODDS = 2.0  # tuned: see docs/parameters.md


def compute_floor(threshold: float) -> float:
    """The confidence from which a chosen section reaches `threshold` (both 0 to 1)."""
    odds = threshold / (1 - threshold) / MODEL_CHOICE_ODDS
    return odds / (1 + odds)


def list_choosable(
    question: str, verdict: Verdict, in_force: Sequence[ScoredHit], thresholds: Thresholds
) -> list[ScoredHit]:
    """The sections that a model may choose among, at most MAX_SHOWN_SECTIONS; none where nothing
    is to be chosen: what is sure, closed, outside the library or only in the asker's own file."""
    if verdict not in ("offered", "no_evidence") or asks_own_status(question):
        return []
    floor = compute_floor(thresholds.offer)
    return [one for one in in_force if one.confidence >= floor][:MAX_SHOWN_SECTIONS]


def judge_choice(chosen: Sequence[ScoredHit], thresholds: Thresholds) -> Verdict:
    """The verdict: "answered" where the first of the chosen sections (at least one, all choosable) may be said:
    all chosen are of one document, and it could be said but for its confidence, which is above the
    floor. Else "offered".
    """
    first = chosen[0]
    is_one_document = len({one.hit.passage.document.base_id for one in chosen}) == 1
    is_sure = first.confidence >= compute_floor(thresholds.say)
    return "answered" if is_one_document and is_sure and may_be_said(first.features) else "offered"


def put_first(in_force: Sequence[ScoredHit], chosen: ScoredHit) -> list[ScoredHit]:
    """The chosen section, then the others in their order."""
    return [chosen, *(one for one in in_force if one is not chosen)]


def list_offered(
    in_force: Sequence[ScoredHit], chosen: Sequence[ScoredHit], thresholds: Thresholds
) -> list[ScoredHit]:
    """What to offer: the first of the chosen sections, and then what would be offered without it,
    so that no model takes the place of what the retrieval has first. Where nothing would be
    offered, the chosen ones alone."""
    is_offered_anyway = in_force[0].confidence >= thresholds.offer
    return put_first(in_force, chosen[0]) if is_offered_anyway else list(chosen)


def match_wording(
    reworded: Sequence[ScoredHit], choosable: Sequence[ScoredHit], thresholds: Thresholds
) -> list[ScoredHit]:
    """The choosable sections that the question in a model's words finds too and is sure enough of to offer
    them, its best first. Nothing is found by a model's words alone."""
    own = {one.hit.passage: one for one in choosable}
    sure = [one.hit.passage for one in reworded if one.confidence >= thresholds.offer]
    return [own[passage] for passage in sure if passage in own]
