"""`make fuzz`: damages files by the thousand and prints what came of them. Exit 1 for any trouble."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzz.mutations import damage_file
from tests.fuzz.seeds import make_seeds
from tests.fuzz.targets import try_file

DEFAULT_SEED, DEFAULT_SECONDS = 20_261_202, 600


def say(line: str) -> None:
    """A line for the person who runs it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Damage files of every kind for as long as is given, the same ones for the same seed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--seconds", type=float, default=DEFAULT_SECONDS, help="in all")
    parser.add_argument("--kinds", default="", help="some only: pdf,docx")
    parser.add_argument("--files", type=Path, help="a folder of further files to damage")
    parser.add_argument("--keep", type=Path, help="a folder for the files that gave trouble")
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        seeds = make_seeds(Path(folder), chosen.files)
    kinds = [kind for kind in chosen.kinds.split(",") if kind] or list(seeds)
    say(f"seed {chosen.seed}, {chosen.seconds / len(kinds):.0f} s for each of {len(kinds)} kinds")
    troubles = 0
    for kind in kinds:
        until = time.monotonic() + chosen.seconds / len(kinds)
        troubles += _damage_kind(kind, seeds[kind], chosen.seed, until, chosen.keep)
    return 1 if troubles else 0


def _damage_kind(kind: str, seeds: list[bytes], seed: int, until: float, keep: Path | None) -> int:
    """The number of files of one kind that gave trouble until a moment; each trouble is said once."""
    results, troubles, slowest, number = Counter[str](), Counter[str](), 0.0, 0
    while time.monotonic() < until:
        number += 1
        random = Random(f"{seed} {kind} {number}")
        data = damage_file(random.choice(seeds), random)
        result, wrong, seconds = try_file(kind, data)
        results[result] += 1
        slowest = max(slowest, seconds)
        if wrong and not troubles[wrong]:
            say(f"  {kind} {number}, {len(data):,} bytes, {seconds:.1f} s: {wrong}")
            if keep:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{number}.{kind}").write_bytes(data)
        troubles[wrong] += bool(wrong)
    said = ", ".join(f"{result} {count}" for result, count in results.most_common())
    say(f"{kind}: {number} files, slowest {slowest:.1f} s, {troubles.total()} troubles; {said}")
    return troubles.total()


if __name__ == "__main__":
    sys.exit(main())
