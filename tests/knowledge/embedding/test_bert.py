"""The parts of the encoder that numpy does not have."""

from __future__ import annotations

from math import erf

import numpy as np

from knowledge.embedding.bert import _compute_erf


def test_the_error_function_is_right_in_single_precision() -> None:
    x = np.linspace(-6, 6, 4_001, dtype=np.float32)
    right = np.array([erf(float(one)) for one in x])
    assert np.abs(_compute_erf(x.copy()) - right).max() < 5e-7
