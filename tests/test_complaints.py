"""Each complaint of docs/complaints.md is a test that is there, and each such test is on the page."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs/complaints.md").read_text("utf-8")
ROW = re.compile(r"^\| [^|]+ \| ([^|]+) \| `(test_\w+)` \|$", re.MULTILINE)
DEFINED = re.compile(r"^ *def (test_\w+)\(", re.MULTILINE)


def list_tests() -> set[str]:
    """The names of all tests."""
    texts = (path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    return {name for text in texts for name in DEFINED.findall(text)}


def test_every_complaint_is_a_test_whose_name_says_which() -> None:
    rows = ROW.findall(PAGE)
    assert len(rows) == PAGE.count("\n|") - 2
    names = [name for _, name in rows]
    assert set(names) <= list_tests() and len(set(names)) == len(names)
    for told, name in rows:
        project, number = re.match(r"([a-z-]+) (\d+)", told).groups()  # type: ignore[union-attr]
        assert f"{project.replace('-', '_')}_" in name and re.search(rf"_{number}(_|$)", name), name


def test_every_test_with_the_number_of_a_complaint_is_on_the_page() -> None:
    projects = {told.rpartition(" ")[0].split(" ")[0] for told, _ in ROW.findall(PAGE)}
    numbered = re.compile(rf"_(?:{'|'.join(projects).replace('-', '_')})_\d+(_\d+)*$")
    assert {name for name in list_tests() if numbered.search(name)} == {
        name for _, name in ROW.findall(PAGE)
    }
