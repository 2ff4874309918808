"""While coverage runs, the lines that a reading child runs are counted, confined as it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.plugins.covered_children import read_notes

ROOT = Path(__file__).parents[3]
PROGRAM = """\
import json, sys
import coverage
from ingest.errors import Unreadable
from ingest.formats import worker
from tests.plugins.covered_children import count_lines_of_children

counted = coverage.Coverage(data_file=None, config_file=False, source=["ingest"])
if sys.argv[1] == "counted":
    counted.start()
with count_lines_of_children():
    for name, data in [("a.csv", b"a,b\\n1,2"), ("a.zip", b"PK")]:
        try:
            worker.read_in_child({"name": name, "columns": {}}, data)
        except Unreadable:
            pass
counted.stop()
data = counted.get_data()
print(json.dumps({name: data.lines(name) for name in data.measured_files() if data.lines(name)}))
"""


def list_lines(file: str, text: str) -> set[int]:
    """The numbers of the lines of a file that hold `text`."""
    lines = (ROOT / file).read_text().splitlines()
    return {number for number, line in enumerate(lines, 1) if text in line}


def run_program(how: str) -> dict[str, set[int]]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    done = subprocess.run([sys.executable, "-c", PROGRAM, how], cwd=ROOT, capture_output=True,
                          text=True, timeout=60, env=kept, check=True)  # fmt: skip
    return {name: set(lines) for name, lines in json.loads(done.stdout).items()}


def test_lines_of_a_killed_child_are_counted() -> None:
    lines = run_program("counted")
    child = lines[f"{ROOT}/ingest/formats/child.py"]
    assert list_lines("ingest/formats/child.py", "confine_process([*packages") <= child
    assert list_lines("ingest/formats/child.py", "except Unreadable as error") <= child
    assert not list_lines("ingest/formats/child.py", "except MemoryError") & child
    assert f"{ROOT}/ingest/formats/text/delimited.py" in lines


def test_without_coverage_a_child_is_started_as_ever() -> None:
    assert run_program("plain") == {}


def test_a_note_that_was_not_finished_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"/a.py:7\n/a.py:12\n/b.py:1" + bytes(9))
    (tmp_path / "two").write_bytes(b"/a.py:8\n" + bytes(9))
    assert read_notes(tmp_path) == {"/a.py": {7, 8, 12}}
