"""A digest attacker: all that is printed, public facts, and an integer search over every cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from bot.admin.desk.anonymity import MIN_FIRMS, OTHER, FirmTable, build_firm_table
from bot.admin.desk.digest import Digest, compare

TOPICS = ("tax", "customs", "visa", "law", "ip")
COUNTRIES = ("VN", "US", "CN", "DE", "JP", "ZZ")
Entry = tuple[str, str, str]


class Attacker:
    """Knows the public lists, a digest's table, how totals are made, and that no cell is below 0."""

    def __init__(self, table: FirmTable, topics: Sequence[str], countries: Sequence[str]) -> None:
        self.cells = [(topic, country) for topic in topics for country in countries]
        rows = {name: name if name in table.rows else OTHER for name in topics}
        columns = {name: name if name in table.columns else OTHER for name in countries}
        lines = [(rows[topic], columns[country]) for topic, country in self.cells]
        sums = [(n, [line == cell for line in lines]) for cell, n in table.cells.items()]
        sums += [(n, [line[0] == row for line in lines]) for row, n in table.row_totals.items()]
        sums += [(n, [line[1] == one for line in lines]) for one, n in table.column_totals.items()]
        if table.total is not None:
            sums.append((table.total, [True for _ in lines]))
        self.matrix = np.array([those for _, those in sums], dtype=float)
        self.values = np.array([value for value, _ in sums], dtype=float)
        self.printed = {
            (topic, country)
            for topic, country in self.cells
            if (rows[topic], columns[country]) in table.cells
            and rows[topic] == topic and columns[country] == country
        }  # fmt: skip

    def bound(self, cell: tuple[str, str], sign: int) -> int:
        """The least (`sign` 1) or the most (-1) that a cell can be, of integers."""
        goal = np.zeros(len(self.cells))
        goal[self.cells.index(cell)] = sign
        limits = Bounds(0, 40)
        rules = (
            [LinearConstraint(self.matrix, self.values, self.values)] if len(self.values) else []
        )
        found = milp(goal, integrality=np.ones(len(self.cells)), bounds=limits, constraints=rules)
        assert found.success, "what is printed contradicts itself"
        return round(sign * float(found.fun))

    def list_narrow(self) -> list[tuple[tuple[str, str], int, int]]:
        """The cells that are not printed and cannot be everything from 0 to MIN_FIRMS - 1."""
        found = [
            (cell, self.bound(cell, 1), self.bound(cell, -1))
            for cell in self.cells
            if cell not in self.printed
        ]
        return [one for one in found if one[1] > 0 or one[2] < MIN_FIRMS - 1]


def make_entries(counts: dict[tuple[str, str], int]) -> list[Entry]:
    """That many firms in each cell, each in no other."""
    return [
        (topic, country, f"{topic}{country}{number}")
        for (topic, country), count in counts.items()
        for number in range(count)
    ]


def attack(entries: Iterable[Entry]) -> FirmTable:
    table = build_firm_table(entries, TOPICS, COUNTRIES)
    assert Attacker(table, TOPICS, COUNTRIES).list_narrow() == []
    return table


def test_the_attacker_can_subtract() -> None:
    """The attack itself works: of a table with one withheld cell it is solved."""
    naive = FirmTable(
        ("tax", OTHER), ("VN", OTHER), {("tax", "VN"): 5}, {"tax": 6, OTHER: 4}, {"VN": 8, OTHER: 2},
        10,
    )  # fmt: skip
    attacker = Attacker(naive, ("tax", "customs"), ("VN", "US"))
    assert (("tax", "US"), 1, 1) in attacker.list_narrow()


@pytest.mark.parametrize("counts", [
    {}, {("tax", "VN"): 2}, {("tax", "VN"): 3}, {("tax", "VN"): 30, ("law", "US"): 1},
    {("tax", "VN"): 5, ("tax", "US"): 1, ("law", "VN"): 4, ("law", "US"): 6},
    {(topic, country): 3 for topic in TOPICS for country in COUNTRIES},
    {(topic, country): 2 for topic in TOPICS for country in COUNTRIES},
    {(topic, country): 9 for topic in TOPICS for country in COUNTRIES} | {("ip", "JP"): 1},
    {(topic, country): 4 for topic in TOPICS[:4] for country in COUNTRIES},
    {(topic, country): 4 for topic in TOPICS for country in COUNTRIES[:5]} | {("ip", "ZZ"): 1},
])  # fmt: skip
def test_hard_cases_stay_closed(counts: dict[tuple[str, str], int]) -> None:
    attack(make_entries(counts))


def test_a_full_table_is_printed_whole() -> None:
    table = attack(make_entries({(row, one): 4 for row in TOPICS for one in COUNTRIES}))
    assert (table.rows, table.columns) == (TOPICS, COUNTRIES)
    assert len(table.cells) == 30 and table.total == 120


def test_one_small_cell_takes_others_with_it_but_not_the_table() -> None:
    counts = {(row, one): 4 for row in TOPICS for one in COUNTRIES} | {("ip", "JP"): 1}
    table = attack(make_entries(counts))
    assert ("ip", "JP") not in table.cells and 20 <= len(table.cells) < 30
    assert table.row_totals["ip"] == 21


def test_many_cases_of_one_firm_are_one_firm() -> None:
    """Counted by cases this would be printed."""
    same = [("tax", country, "one firm") for country in COUNTRIES for _ in range(9)]
    assert attack(same) == FirmTable()
    table = attack([*same, *make_entries({("law", one): 5 for one in COUNTRIES})])
    assert "tax" not in table.rows


def test_fewer_than_three_are_merged_to_other_and_never_alone() -> None:
    counts = {(row, one): 5 for row in TOPICS[:4] for one in COUNTRIES} | {("ip", "VN"): 2}
    table = attack(make_entries(counts))
    assert table.rows[-1] == OTHER and "ip" not in table.rows
    assert len(table.rows) == 4  # another topic went with it, so that the rest is not its total


CELLS = st.tuples(st.sampled_from(TOPICS), st.sampled_from(COUNTRIES))
ONCE = st.dictionaries(CELLS, st.integers(0, 7), max_size=24).map(make_entries)
OFTEN = st.lists(
    st.tuples(CELLS, st.integers(1, 9)).map(lambda x: (*x[0], f"f{x[1]}")), max_size=60
)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.one_of(ONCE, OFTEN))
def test_no_quarter_narrows_a_cell(entries: list[Entry]) -> None:
    table = attack(entries)
    distinct = {cell: {firm for *at, firm in entries if tuple(at) == cell} for cell in table.cells}
    for cell in table.cells:
        if OTHER not in cell:
            assert len(distinct[cell]) == table.cells[cell] >= MIN_FIRMS


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(ONCE, OFTEN))
def test_what_is_printed_adds_up_and_has_three_firms_behind_it(entries: list[Entry]) -> None:
    table = build_firm_table(entries, TOPICS, COUNTRIES)
    firms_of = {
        row: {
            firm for topic, _, firm in entries if (topic if topic in table.rows else OTHER) == row
        }
        for row in table.rows
    }
    assert all(len(those) >= MIN_FIRMS for those in firms_of.values())
    assert sum(table.row_totals.values()) == sum(table.column_totals.values()) == (table.total or 0)
    assert all(count >= MIN_FIRMS for count in table.cells.values())


@settings(max_examples=5, deadline=None, derandomize=True)
@given(ONCE, ONCE)
def test_two_quarters_and_their_trend_tell_no_more_than_each_does(
    entries: list[Entry], later: list[Entry]
) -> None:
    """Quarters do not overlap, so their cells are apart; what joins them is the trend, which is the
    difference of two printed totals, and therefore known to the attacker already."""
    before, after = (Digest(name, attack(those)) for name, those in
                     (("2026-Q2", entries), ("2026-Q3", later)))  # fmt: skip
    for trend in compare(after, before):
        assert trend.now == after.table.row_totals.get(trend.topic)
        assert trend.before == before.table.row_totals.get(trend.topic)
        assert (trend.change is None) == (trend.now is None or trend.before is None)
    assert OTHER not in {trend.topic for trend in compare(after, before)}
