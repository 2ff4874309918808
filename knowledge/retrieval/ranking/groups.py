"""Rows that belong to groups: the rows of a group, and the highest value of each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]


class Grouping:
    """n rows, each of one of g groups, sorted once so that a question need not."""

    def __init__(self, groups: NDArray[np.int64], group_count: int) -> None:
        """`groups` (n,) are the numbers of the rows' groups, below `group_count`."""
        order = np.argsort(groups, kind="stable")
        self._bounds = np.searchsorted(groups[order], np.arange(group_count + 1))
        self._filled = np.flatnonzero(np.diff(self._bounds))
        self._starts = self._bounds[self._filled]
        is_sorted = bool(np.array_equal(order, np.arange(len(order))))
        self._has_one_each = len(self._filled) == len(groups)
        self._order: NDArray[np.int64] | None = None if is_sorted else order

    def list_rows(self, group: int) -> list[int]:
        """The rows of a group, ascending."""
        start, end = (int(bound) for bound in self._bounds[group : group + 2])
        return list(range(start, end)) if self._order is None else self._order[start:end].tolist()

    def raise_to(self, best: Values, values: Values) -> None:
        """Raise each of `best` (g,) to the highest of its rows' `values` (n,)."""
        if not len(self._starts):
            return
        sorted_values = values if self._order is None else values[self._order]
        if self._has_one_each:
            highest = sorted_values
        else:
            highest = np.maximum.reduceat(sorted_values, self._starts)
        best[self._filled] = np.maximum(best[self._filled], highest)
