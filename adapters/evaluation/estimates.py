"""Shares and means with their 95 % intervals, as the exam prints them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

Estimate = dict[str, Any]
Graded = TypeVar("Graded")  # an answer, or a group of answers


def estimate_share(papers: Sequence[Graded], holds: Callable[[Graded], bool]) -> Estimate:
    """The share of `papers` that holds, with Wilson's 95 % interval; NaN for no papers."""
    n = len(papers)
    if n == 0:
        return {"share": float("nan"), "interval": [float("nan")] * 2, "n": 0}
    p, z = sum(map(holds, papers)) / n, 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low, high = round(max(0.0, middle - reach), 3), round(min(1.0, middle + reach), 3)
    return {"share": round(p, 3), "interval": [low, high], "n": n}


def estimate_mean(values: Sequence[float]) -> Estimate:
    """A mean with its 95 % interval by the normal approximation; NaN for no values."""
    n = len(values)
    if n == 0:
        return estimate_share((), bool)
    middle = float(np.mean(values))
    reach = 1.96 * float(np.std(values, ddof=1 if n > 1 else 0)) / math.sqrt(n)
    low, high = round(max(0.0, middle - reach), 3), round(min(1.0, middle + reach), 3)
    return {"share": round(middle, 3), "interval": [low, high], "n": n}
