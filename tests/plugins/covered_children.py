"""Lines that the children run which read files, counted too while coverage runs.

A child is confined: it gets no variables, writes no file and is killed at the end, so coverage can save
nothing there. It notes its lines before each reply in memory that was mapped before it was confined.
"""

from __future__ import annotations

import mmap
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import coverage

from ingest.formats import worker

ROOT = Path(__file__).parents[2]
NOTES_MAX_BYTES = 2**22  # some 600,000 lines
SCRIPT_OF_COVERED = """\
import sys
sys.path.insert(0, sys.argv[1])
from tests.plugins.covered_children import note_lines
note_lines({folder!r})
"""


@contextmanager
def count_lines_of_children() -> Iterator[None]:
    """While coverage runs, add the lines of the children started here to this process's lines."""
    counted = coverage.Coverage.current()
    if counted is None:
        yield
        return
    worker.stop_idle_workers()  # those that a library was prepared with
    script = worker._CHILD_SCRIPT
    with tempfile.TemporaryDirectory() as folder:
        worker._CHILD_SCRIPT = SCRIPT_OF_COVERED.format(folder=folder) + script
        try:
            yield
        finally:
            worker._CHILD_SCRIPT = script
            worker.stop_idle_workers()
            counted.get_data().add_lines(read_notes(Path(folder)))


def note_lines(folder: str) -> None:
    """Count the lines that this child runs, and note them in a new file of `folder` before each reply."""
    packages = [f"{ROOT}/{name}/*" for name in ("ingest", "knowledge")]
    counted = coverage.Coverage(data_file=None, config_file=False, include=packages)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.truncate(NOTES_MAX_BYTES)
        notes = mmap.mmap(file.fileno(), NOTES_MAX_BYTES)
    noted: set[tuple[str, int]] = set()
    send_bytes = Connection.send_bytes

    def note_and_send(pipe: Connection, *message: Any) -> None:
        data = counted.get_data()
        run = {(name, line) for name in data.measured_files() for line in data.lines(name) or ()}
        notes.write("".join(f"{name}:{line}\n" for name, line in run - noted).encode())
        noted.update(run)
        send_bytes(pipe, *message)

    Connection.send_bytes = note_and_send  # type: ignore[assignment, method-assign]
    counted.start()


def read_notes(folder: Path) -> dict[str, set[int]]:
    """The lines that children noted, by file; the last one of a child killed over its notes is left out."""
    lines = defaultdict[str, set[int]](set)
    for path in folder.iterdir():
        whole, _, _ = path.read_bytes().rstrip(b"\0").decode().rpartition("\n")
        for note in whole.splitlines():
            name, _, line = note.rpartition(":")
            lines[name].add(int(line))
    return lines
