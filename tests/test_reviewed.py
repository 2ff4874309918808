"""Each line of the review in docs/reviewed.md is held by tests that are there; so is each risk of SECURITY.md."""

from __future__ import annotations

import re

import pytest

from tests.source_tree import ROOT
from tests.test_complaints import list_tests

LINES_OF_THE_REVIEW = 29
RISKS = [f"LLM{number:02}:2026" for number in range(1, 11)]
NAMED_TEST = re.compile(r"`(test_\w+)`")


def read_rows(page: str, first: str) -> dict[str, list[str]]:
    """The tests that each row of a page's tables names, by what `first` matches in its first cell."""
    row = re.compile(rf"^\| ({first})[^|]*\|(.*)\|$", re.MULTILINE)
    text = (ROOT / page).read_text("utf-8")
    return {found[1]: NAMED_TEST.findall(found[2]) for found in row.finditer(text)}


def test_every_line_of_the_review_is_there_and_has_its_tests() -> None:
    rows = read_rows("docs/reviewed.md", r"\d+")
    assert list(rows) == [str(number) for number in range(1, LINES_OF_THE_REVIEW + 1)]
    assert [number for number, tests in rows.items() if len(tests) < 2] == []


def test_every_risk_of_owasps_list_is_there_and_has_its_tests() -> None:
    rows = read_rows("SECURITY.md", r"LLM\d\d:2026")
    assert list(rows) == RISKS
    assert [risk for risk, tests in rows.items() if not tests] == []


@pytest.mark.parametrize("page", ["docs/reviewed.md", "SECURITY.md"])
def test_every_test_that_is_named_exists(page: str) -> None:
    named = NAMED_TEST.findall((ROOT / page).read_text("utf-8"))
    assert sorted(set(named) - list_tests()) == []
