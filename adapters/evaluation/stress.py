"""The exam under stress: the differences to the plain run, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from adapters.evaluation.tiers import Judged, estimate_tiers

RESAMPLES = 1_000
RESAMPLING_SEED = 78


def estimate_differences(
    plain: Sequence[Judged], stressed: Sequence[Judged]
) -> dict[str, dict[str, Any]]:
    """How much each measure of the tiers changed from the `plain` answers to the `stressed` ones of
    the same questions in the same order, with the 95 % interval over resampled questions (a question
    is drawn with both its answers); NaN where a measure has no questions."""
    drawn = np.random.default_rng(RESAMPLING_SEED).integers(
        len(plain), size=(RESAMPLES, len(plain))
    )
    samples = [
        _compute_changes([plain[i] for i in row], [stressed[i] for i in row]) for row in drawn
    ]
    return {
        name: {
            "difference": round(change, 3),
            "interval": _find_interval([sample[name] for sample in samples]),
            "n": len(plain),
        }
        for name, change in _compute_changes(plain, stressed).items()
    }


def _compute_changes(plain: Sequence[Judged], stressed: Sequence[Judged]) -> dict[str, float]:
    before, after = estimate_tiers(plain), estimate_tiers(stressed)
    return {name: float(after[name]["share"] - before[name]["share"]) for name in before}


def _find_interval(changes: Sequence[float]) -> list[float]:
    known = [change for change in changes if not np.isnan(change)]
    if not known:
        return [float("nan")] * 2
    return [round(float(edge), 3) for edge in np.percentile(known, (2.5, 97.5))]
