"""`make bench`: measure the systems and write tables, a chart and the raw numbers.

`python -m tests.bench [--systems floor naru …] [--folder build/bench] [ENCODER:PASSAGES:ROUNDS …]`
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench.environments import ensure_python
from tests.bench.report import TITLES, render_chart, render_table
from tests.bench.rounds import Profile, run_rounds

# Half an hour on two idle cores. 100,000 passages take most of another: null:100000:1.
PROFILES = ("null:1000:3", "real:1000:1", "null:10000:3", "mixed:10000:1")


def main(arguments: Sequence[str]) -> None:
    """Measure each profile, print its table, and write it, its chart and its numbers to the folder."""
    parser = argparse.ArgumentParser(prog="tests.bench", description="Compare Naru with its peers.")
    parser.add_argument("profiles", nargs="*", default=PROFILES, metavar="ENCODER:PASSAGES:ROUNDS")
    parser.add_argument("--systems", nargs="+", default=[*TITLES], choices=[*TITLES])
    parser.add_argument("--folder", type=Path, default=Path("build/bench"))
    parser.add_argument("--limit", type=float, default=600.0, help="seconds for a phase")
    parser.add_argument("--questions", type=int, default=200)
    given = parser.parse_args(arguments)
    pythons = {name: ensure_python(name) for name in dict.fromkeys(["floor", *given.systems])}
    given.folder.mkdir(parents=True, exist_ok=True)
    for text in given.profiles:
        encoder, passages, rounds = text.split(":")
        profile = Profile(encoder, int(passages), int(rounds), given.questions, given.limit)
        work = given.folder.resolve() / "work"
        results = run_rounds(profile, pythons, work)
        table = render_table(results)
        path = given.folder / f"{encoder}-{passages}"
        path.with_suffix(".md").write_text(table, encoding="utf-8")
        path.with_suffix(".svg").write_text(render_chart(results), encoding="utf-8")
        path.with_suffix(".json").write_text(json.dumps(asdict(results)), encoding="utf-8")
        sys.stdout.write(f"{table}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
