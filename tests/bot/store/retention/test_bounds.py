"""Every table has a stated bound, and what cuts it exists. docs/bounds.md is the data."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.settings import Settings
from bot.store import Store
from bot.store import tables as bot_tables
from bot.store.retention.sweep import NUMBERS_KEPT
from bot.types import RetentionPeriods
from knowledge.catalogue import tables as library_tables
from tests.bot.store.sample_records import NOW

PAGE = (Path(__file__).parents[4] / "docs/bounds.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
TABLES = [*bot_tables.metadata.tables, *library_tables.metadata.tables]
CUT_BY = re.compile(r"sweep `(\w+)`|prune|work|–")


def test_each_table_has_one_row() -> None:
    assert len(TABLES) >= 40
    assert sorted(name for name, *_ in ROWS) == sorted(TABLES)


@pytest.mark.parametrize(("name", "_each", "cut_by", "bound"), ROWS)
def test_each_row_names_what_cuts_it_and_a_bound(
    name: str, _each: str, cut_by: str, bound: str
) -> None:
    assert CUT_BY.fullmatch(cut_by), name
    assert len(bound) >= 5
    if cut_by.startswith("sweep"):
        assert re.search(r"NARU_KEEP_\w+_DAYS|\bday\b|as long as", bound), name


def test_each_sweep_that_is_named_is_one_and_no_other_deletes_whole_rows(store: Store) -> None:
    counts = store.sweep(RetentionPeriods(), NOW)
    named = {found for _, _, cut_by, _ in ROWS for found in re.findall(r"sweep `(\w+)`", cut_by)}
    assert named <= counts.keys()
    # What else is counted empties rows of a table that another one deletes.
    assert counts.keys() - named == {"events", "memory", "cases"}


def test_each_setting_that_is_named_is_one() -> None:
    known = {Settings.name_variable(name) for name in Settings.model_fields}
    assert set(re.findall(r"NARU_\w+", PAGE)) <= known


def test_numbers_that_were_given_go_but_for_the_last_and_none_is_given_twice(store: Store) -> None:
    given = [store.reserve_case_number(NOW) for _ in range(3)]
    fresh = NOW + NUMBERS_KEPT
    assert store.sweep(RetentionPeriods(), fresh)["numbers"] == 0
    assert store.sweep(RetentionPeriods(), fresh + timedelta(seconds=1))["numbers"] == 2
    with store.inbox._engine.connect() as connection:
        left = list(connection.execute(select(bot_tables.case_numbers.c.number)).scalars())
    assert left == given[-1:]
    assert store.reserve_case_number(fresh) == given[-1] + 1
