"""Questions that are not sure enough, a model that chooses for them, and what is then offered."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from knowledge.decision.confidence import Coefficients, Thresholds, load_coefficients
from knowledge.types import LANGUAGES, Answer
from tests.fakes.loopback_server import Json
from tests.knowledge.answering.model_answers import KEPT

ASKED = "물류비는 얼마까지 지원하나요?"  # confidence .97, and it could be said but for that
UNSURE = "우리 회사도 물류비 받을 수 있나"  # offered with three sections
WHO = "누가 신청할 수 있나요?"
HOW_MUCH = "물류비는 얼마까지 지원하나요?"
# The odds of .94 are 16: above half of those of .96, below half of those of .98.
BARELY_OUT_OF_REACH, BARELY_WITHIN_REACH = 0.98, 0.96

AskChoice = Callable[..., Answer]


def read_material(messages: list[Json]) -> Json:
    """The JSON that a model is shown."""
    material: Json = json.loads(messages[-1]["content"])
    return material


def choosing(*headings: str, wording: str = "") -> Callable[[list[Json]], str]:
    """A model that chooses the sections of these headings, and says nothing else about them."""

    def answer(messages: list[Json]) -> str:
        if not messages[-1]["content"].startswith("{"):
            return KEPT  # it words the answer
        sections = read_material(messages)["sections"]
        by_heading = {one["heading"].split(" > ")[-1]: one["number"] for one in sections}
        chosen = [by_heading[one] for one in headings]
        return json.dumps({"sections": chosen, "question": wording}, ensure_ascii=False)

    return answer


def with_say(say: float) -> Coefficients:
    """The shipped coefficients, with a confidence from which a section is said."""
    shipped = load_coefficients()
    return replace(
        shipped,
        thresholds={one: Thresholds(say, shipped.thresholds[one].offer) for one in LANGUAGES},
    )


def labels_of(answer: Answer) -> list[str]:
    return [offer.label for offer in answer.offers]
