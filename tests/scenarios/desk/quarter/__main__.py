"""Plays the quarter and prints the transcript: `python -m tests.scenarios.desk.quarter [FOLDER]`.

FOLDER is a data folder with a library; without one it is the shipped library of the tests.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.samples import shipped_library, small_library
from tests.scenarios.desk.quarter.stage import QuarterStage, set_stage
from tests.scenarios.desk.quarter.story import QuarterPlay


def keep_files(stage: QuarterStage, folder: Path) -> None:
    """Write the papers and invitations that the rooms got into a folder, to look at."""
    folder.mkdir(exist_ok=True)
    for mission, room in stage.rooms.items():
        for number, content in enumerate(room.staff_member().files()):
            kind = "pdf" if content.startswith(b"%PDF") else "ics"
            (folder / f"{mission}-{number}.{kind}").write_bytes(content)


def main(data: Path) -> None:
    """Play it and print it; the files that were sent lie in quarter-files."""
    small_library.warm_up()
    with tempfile.TemporaryDirectory() as folder, set_stage(Path(folder), data) as stage:
        try:
            QuarterPlay(stage).play()
        finally:
            sys.stdout.write(stage.transcript.render())
            keep_files(stage, Path("quarter-files"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else shipped_library.prepare_cached_data())
