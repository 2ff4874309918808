"""PDFs of several programs as readers see them: lines in order, rows whole, nothing unseen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.document.convert import convert_bytes
from tests.ingest import formats
from tests.samples.pdf.sources import FAULTS, FOLDER, SOURCES, PdfSource, list_lines, list_rows

FAULTS_FOLDER = Path(formats.__file__).with_name("faults")
LINES_MIN_SIMILARITY = 0.98  # edit distance to the source, as a share of the longer text
ROWS_MIN_SHARE = 0.95
SAMPLES = {
    **{name: (FOLDER / f"{name}.pdf", source) for name, source in SOURCES.items()},
    **{name: (FAULTS_FOLDER / f"{name}.pdf", source) for name, source in FAULTS.items()},
}


def convert_sample(name: str) -> tuple[str, PdfSource]:
    path, source = SAMPLES[name]
    return convert_bytes(path.read_bytes(), path.name).markdown, source


def normalise(text: str) -> str:
    """Text without the signs of Markdown, leaders of any length alike."""
    text = re.sub(r"<!--.*?-->|^\|( --- \|)+$|^#+ ", "", text, flags=re.MULTILINE)
    text = re.sub(r"[.·]{4,}", "....", text.replace("|", " ").replace("\\", ""))
    return " ".join(text.split())


def measure_distance(one: str, other: str) -> int:
    """The number of letters to insert, delete or replace to make one text of the other."""
    costs = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        corner, costs[0] = costs[0], row
        for column, another in enumerate(other, 1):
            change = corner + (letter != another)
            corner = costs[column]
            costs[column] = min(corner + 1, costs[column - 1] + 1, change)
    return costs[-1]


@pytest.mark.parametrize("name", SAMPLES)
def test_lines_stand_in_the_order_in_which_they_are_read(name: str) -> None:
    markdown, source = convert_sample(name)
    found, wanted = normalise(markdown), normalise("\n".join(list_lines(source)))
    distance = measure_distance(found, wanted)
    assert 1 - distance / max(len(found), len(wanted)) >= LINES_MIN_SIMILARITY, found


def test_rows_of_tables_are_kept_whole() -> None:
    lost = []
    count = 0
    for name in SAMPLES:
        markdown, source = convert_sample(name)
        rows = list_rows(source)
        count += len(rows)
        lines = markdown.splitlines()
        lost += [(name, row) for row in rows if f"| {' | '.join(row)} |" not in lines]
    assert count > 20 and len(lost) <= (1 - ROWS_MIN_SHARE) * count, lost


@pytest.mark.parametrize("name", [name for name, (_, source) in SAMPLES.items() if source.unseen])
def test_nothing_is_said_that_is_not_seen_and_addresses_are(name: str) -> None:
    markdown, source = convert_sample(name)
    assert [words for words in source.unseen if words in markdown] == []
    assert [address for address in source.addresses if address not in markdown] == []
