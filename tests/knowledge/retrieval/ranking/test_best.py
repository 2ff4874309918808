"""The best scores and the groups' highest are those of sorting everything."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.retrieval.ranking.best import find_best, find_nth_best
from knowledge.retrieval.ranking.groups import Grouping

SIZES = (0, 1, 9, 10, 11, 500)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kinds", [1, 3, 10_000])  # all equal, many ties, hardly any
def test_the_best_are_the_first_of_a_stable_sort(size: int, kinds: int) -> None:
    scores = np.random.default_rng(size).integers(0, kinds, size).astype(np.float32)
    assert find_best(scores, 10).tolist() == np.argsort(-scores, kind="stable")[:10].tolist()
    lowest = np.sort(scores)[-10:][0] if size else 0
    assert find_nth_best(scores, 10) == lowest


@pytest.mark.parametrize("is_sorted", [True, False])
@pytest.mark.parametrize("has_one_each", [True, False])
def test_groups_have_their_rows_and_their_highest_values(
    is_sorted: bool, has_one_each: bool
) -> None:
    draw = np.random.default_rng(7)
    groups = draw.permutation(40)[:30] if has_one_each else draw.integers(0, 40, 60)
    groups = groups[groups != 5]  # a group without rows
    groups = np.sort(groups) if is_sorted else groups
    values = draw.standard_normal(len(groups)).astype(np.float32)
    expected = np.zeros(40, np.float32)
    np.maximum.at(expected, groups, values)
    best = np.zeros(40, np.float32)
    grouping = Grouping(groups, 40)
    grouping.raise_to(best, values)
    assert best.tolist() == expected.tolist()
    rows = [grouping.list_rows(group) for group in range(40)]
    assert rows == [np.flatnonzero(groups == group).tolist() for group in range(40)]


def test_no_rows_raise_nothing() -> None:
    best = np.full(3, -1, np.float32)
    Grouping(np.zeros(0, np.int64), 3).raise_to(best, np.zeros(0, np.float32))
    assert best.tolist() == [-1, -1, -1]
