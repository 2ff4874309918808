"""Which rows of a table a question names."""

from __future__ import annotations

import pytest

from knowledge.answering.quoting.rows import find_unasked_rows
from knowledge.answering.quoting.units import split_units

PRICES = """| Stand | Early | Regular |
| --- | --- | --- |
| Row stand 3x3 | 270 | 315 |
| Corner stand 3x3 | 310 | 360 |
| Island stand 6x6 | 980 | 1,120 |

Prices are net."""


def list_rows_left(question: str, text: str = PRICES) -> list[str]:
    """The first cells of the rows that are left."""
    words = question.lower().split()

    def share(line: str) -> float:
        return sum(word in line.lower() for word in words) / len(words)

    units = split_units(text)
    unasked = find_unasked_rows(text, units, question, share)
    rows = [unit for n, unit in enumerate(units) if unit.kind == "row" and n not in unasked]
    return [text[unit.start : unit.end].split("|")[1].strip() for unit in rows]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("corner stand", ["Corner stand 3x3"]),
        ("the 3x3", ["Row stand 3x3", "Corner stand 3x3"]),
        ("a 3×3 corner", ["Corner stand 3x3"]),
        ("the 6x6 row", ["Island stand 6x6"]),  # a size counts before words
        ("stand", ["Row stand 3x3", "Corner stand 3x3", "Island stand 6x6"]),
        ("net prices", ["Row stand 3x3", "Corner stand 3x3", "Island stand 6x6"]),
    ],
)
def test_a_row_is_named_by_the_figures_of_its_head_and_then_by_words(
    question: str, rows: list[str]
) -> None:
    assert list_rows_left(question) == rows


def test_a_table_of_which_no_row_is_named_stays_whole_beside_one_with_a_named_row() -> None:
    text = f"{PRICES}\n\n| Extra | Price |\n| --- | --- |\n| Freezer | 85 |\n| Plate | 30 |"
    assert list_rows_left("freezer", text) == [
        "Row stand 3x3", "Corner stand 3x3", "Island stand 6x6", "Freezer",
    ]  # fmt: skip
