"""The best of many scores: of an edition of a hundred thousand passages only few are looked at."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating[Any]]


def find_best(scores: Scores, count: int) -> NDArray[np.int64]:
    """The rows (at most `count`) of the highest of `scores` (n,), highest first, of equal ones the
    first: what a stable sort of all would begin with."""
    last = find_nth_best(scores, count)
    above = np.flatnonzero(scores > last)
    equal = np.flatnonzero(scores == last)[: count - len(above)]
    order = np.argsort(-scores[above], kind="stable")
    return np.concatenate([above[order], equal])


def find_nth_best(scores: Scores, count: int) -> float:
    """The `count`th highest of `scores` (n,), the lowest where there are fewer; 0 for none."""
    if not len(scores):
        return 0.0
    place = max(len(scores) - count, 0)
    return float(np.partition(scores, place)[place])
