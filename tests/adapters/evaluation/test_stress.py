"""What a stressed run changed, question by question."""

from __future__ import annotations

import math

from adapters.evaluation.stress import estimate_differences
from tests.adapters.evaluation.test_tiers import PAPERS, Paper, paper

RIGHT, SILENT = paper(True, said=True, right=True), paper(True)


def test_the_same_answers_have_no_difference() -> None:
    for change in estimate_differences(PAPERS, PAPERS).values():
        assert (change["difference"], change["interval"], change["n"]) == (0, [0, 0], len(PAPERS))


def test_what_is_lost_is_a_difference_below_nothing() -> None:
    plain: list[Paper] = [RIGHT] * 40
    found = estimate_differences(plain, [*[RIGHT] * 30, *[SILENT] * 10])["said_right"]
    low, high = found["interval"]
    assert found["difference"] == -0.25
    assert -0.45 < low < -0.25 < high < 0  # normal: -.25 ± .134


def test_gains_and_losses_on_different_questions_widen_the_interval() -> None:
    plain, stressed = [*[RIGHT] * 20, *[SILENT] * 20], [*[SILENT] * 20, *[RIGHT] * 20]
    found = estimate_differences(plain, stressed)["said_right"]
    low, high = found["interval"]
    assert found["difference"] == 0 and low < -0.2 and high > 0.2


def test_a_measure_without_questions_has_no_difference() -> None:
    found = estimate_differences([RIGHT], [RIGHT])["wrongly_said"]
    assert math.isnan(found["difference"]) and all(map(math.isnan, found["interval"]))
