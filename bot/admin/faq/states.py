"""What may be done with a draft. Pure: nothing is written.

draft ──submit──▶ submitted ──approve──▶ approved ──withdraw──▶ withdrawn
submitted ──refuse──▶ refused
draft, submitted, refused, withdrawn ──edit──▶ draft
approved ──approve──▶ approved (an admin confirms that it still holds)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.cases.states import may_become_faq
from bot.types import Case, FaqAct, FaqDraft, FaqState

REVIEW_PERIOD = timedelta(days=180)  # as sources: `max_age` in sources.yaml
STEPS: dict[tuple[FaqState, FaqAct], FaqState] = {
    ("draft", "edit"): "draft",
    ("draft", "submit"): "submitted",
    ("submitted", "edit"): "draft",
    ("submitted", "approve"): "approved",
    ("submitted", "refuse"): "refused",
    ("refused", "edit"): "draft",
    ("approved", "approve"): "approved",
    ("approved", "withdraw"): "withdrawn",
    ("withdrawn", "edit"): "draft",
}
ADMIN_ACTS: frozenset[FaqAct] = frozenset({"approve", "refuse", "withdraw"})


def may_be_published(draft: FaqDraft, case: Case) -> bool:
    """Whether a draft may be submitted or approved now. What was approved still may be confirmed once
    the words of its case are gone: it is the body's text."""
    return may_become_faq(case) or (draft.state == "approved" and case.is_erased)


def list_acts(draft: FaqDraft) -> tuple[FaqAct, ...]:
    """What may be done with a draft now."""
    return tuple(act for state, act in STEPS if state == draft.state)


def settle(draft: FaqDraft, act: FaqAct, who: str, today: date) -> FaqDraft | None:
    """The draft after an act by `who`; None for an act that its state does not allow. Approved, it is
    reviewed REVIEW_PERIOD from `today` on, unless a later day is set already."""
    after = STEPS.get((draft.state, act))
    if after is None:
        return None
    settled = replace(draft, state=after, settled_by=who if act in ADMIN_ACTS else "")
    if act != "approve":
        return settled
    review_by = draft.review_by if draft.review_by > today else today + REVIEW_PERIOD
    return replace(settled, checked_on=today, review_by=review_by)
