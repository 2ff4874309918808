"""A draft of a question with its answer, made from a case, on its way into the library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from knowledge.types import Language

FaqState = Literal["draft", "submitted", "approved", "refused", "withdrawn"]
FaqAct = Literal["edit", "submit", "approve", "refuse", "withdraw"]


@dataclass(frozen=True, slots=True)
class FaqDraft:
    """What the body of `mission` would answer to everybody who asks `question`; `case`, the number of
    the case that it was made of, is its number as well.

    `paraphrases` are other ways to ask it. `topic` is one of bot/admin/desk/topics.yaml, `countries`
    are ISO 3166-1 codes. `owner`, "channel:user", sees to it that it still holds by `review_by`.
    `checked_on` is the day on which an admin approved it, or confirmed that it holds; `settled_by`
    who approved, refused or withdrew it last; `reminded_of` the review date of which the owner was
    reminded."""

    case: int
    mission: str
    language: Language
    question: str
    paraphrases: tuple[str, ...]
    answer: str
    topic: str
    countries: tuple[str, ...]
    owner: str
    made_at: datetime
    review_by: date
    state: FaqState = "draft"
    checked_on: date | None = None
    settled_by: str = ""
    reminded_of: date | None = None
    version: int = 0
