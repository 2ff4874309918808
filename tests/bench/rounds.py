"""Rounds of the bench: each system's phases in processes of their own, in turn, so that what disturbs
the machine disturbs all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.corpus import change_corpus, write_corpus

ROOT = Path(__file__).parents[2]
# One thread for numpy, as Naru sets it; nothing is sent to anybody.
SETTINGS = {
    "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False", "NARU_CONSENT": "off",
}  # fmt: skip
# What each phase runs in its process, in order.
PHASES = {"full": "ingest", "unchanged": "again", "query": "query", "first": "first", "changed": "ingest"}  # fmt: skip
Measured = dict[str, Any]
Round = dict[str, dict[str, Measured]]  # by system, then by phase


@dataclass(frozen=True, slots=True)
class Profile:
    """What is measured: the encoder's name, the size of the corpus in passages, how many rounds and
    questions, and after how many seconds a phase is given up."""

    encoder: str
    passages: int
    rounds: int
    questions: int = 200
    limit: float = 600.0


@dataclass
class Results:
    """What the rounds of a profile measured. `given_up` says of a system which phase did not end, or
    failed."""

    profile: Profile
    rounds: list[Round] = field(default_factory=list)
    given_up: dict[str, str] = field(default_factory=dict)


def run_rounds(profile: Profile, pythons: Mapping[str, Path], folder: Path) -> Results:
    """Measure systems by the interpreters of their environments, in `folder`, which is emptied."""
    results = Results(profile)
    for number in range(profile.rounds):
        names = [*pythons][number % len(pythons) :] + [*pythons][: number % len(pythons)]
        results.rounds.append(_run_round(results, names, pythons, folder))
    return results


def _run_round(
    results: Results, names: Sequence[str], pythons: Mapping[str, Path], folder: Path
) -> Round:
    shutil.rmtree(folder, ignore_errors=True)
    corpus = folder / "corpus"
    write_corpus(corpus, results.profile.passages)
    measured: Round = {name: {} for name in names}
    for phase in PHASES:
        if phase == "changed":
            change_corpus(corpus, results.profile.passages)
        for name in names:
            if name in results.given_up:
                continue
            try:
                measured[name][phase] = _run_phase(results.profile, name, phase, pythons[name], folder)  # fmt: skip
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                why = "failed" if isinstance(error, subprocess.CalledProcessError) else f"had not ended after {results.profile.limit:.0f} s"  # fmt: skip
                results.given_up[name] = f"{phase} {why}"
                sys.stderr.write(f"{name}: {error}\n")
    return measured


def _run_phase(profile: Profile, name: str, phase: str, python: Path, folder: Path) -> Measured:
    own = folder / name
    own.mkdir(parents=True, exist_ok=True)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("NARU_")}
    ran = subprocess.run(
        [
            python, "-m", "tests.bench.worker", str(time.monotonic()), name, profile.encoder, own, folder / "corpus",
            str(profile.passages), PHASES[phase], str(profile.questions),
        ],
        env=clean | SETTINGS, cwd=folder, stdout=subprocess.PIPE, check=True, timeout=profile.limit,
    )  # fmt: skip
    measured: Measured = json.loads(ran.stdout.splitlines()[-1])
    measured["disk"] = sum(one.stat().st_size for one in own.rglob("*") if one.is_file()) / 1e6
    wall = measured.get("wall", 0.0)
    sys.stderr.write(
        f"{profile.encoder} {profile.passages} {phase:9} {name:10} {wall:8.2f} s, "
        f"CPU {measured['cpu']:8.3f}, load {os.getloadavg()[0]:.1f}\n"
    )
    return measured
