"""Slots: what a question asks for, each as weighted alternative terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SlotKind = Literal["trade", "place", "plain"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing the question asks for.

    `terms` maps the terms that may stand for it to their probability (0 to 1): {"원산지": 1.0}
    or {"certif": .5, "c/o": .25}; empty where no term of that language is known for it. `weight`
    is the share of a word of the question that the slot stands for. `kind` is whether it is a
    word of the trade, a place name or any other word.
    """

    terms: Mapping[str, float]
    weight: float = 1.0
    kind: SlotKind = "plain"
