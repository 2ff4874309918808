"""Each part of the health that is wrong is a sentence; a whole one has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.serve.health import (
    DISK_FREE_MIN_MEGABYTES,
    POLL_AGE_LIMITS_SECONDS,
    WORKER_STUCK_SECONDS,
    WorkerWatch,
    find_problems,
    measure_free_megabytes,
)

WELL = {
    "database_failing": False, "library_problem": "", "disk_free_megabytes": 9_000,
    "workers": 4, "workers_stuck": 3, "telegram": "on", "telegram_last_poll_seconds": 20.0,
    "slack": "on", "slack_socket": True,
}  # fmt: skip


def test_nothing_is_wrong_with_a_whole_one() -> None:
    assert find_problems(WELL) == []
    assert find_problems({**WELL, "telegram_last_poll_seconds": None}) == []
    assert find_problems({**WELL, "disk_free_megabytes": None}) == []


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("database_failing", True, "cannot be written"),
        ("library_problem", "The library is empty. Run `naru ingest` first.", "naru ingest"),
        ("disk_free_megabytes", DISK_FREE_MIN_MEGABYTES - 1, "Make room"),
        ("disk_free_megabytes", 0, "Make room"),
        ("workers_stuck", 4, "stuck"),
        ("telegram", "off", "telegram is off"),
        ("telegram", "starting", "not reached yet"),
        ("slack", "off", "slack is off"),
        ("telegram_last_poll_seconds", POLL_AGE_LIMITS_SECONDS["telegram"] + 1, "polled"),
        ("email_last_poll_seconds", POLL_AGE_LIMITS_SECONDS["email"] + 1, "polled"),
        ("slack_socket", False, "socket"),
    ],
)
def test_each_part_that_is_wrong_is_said(part: str, value: Any, said: str) -> None:
    (problem,) = find_problems({**WELL, part: value})
    assert said in problem


def test_a_worker_is_stuck_after_its_lease() -> None:
    now = 0.0
    watch = WorkerWatch(lambda: now)
    watch.begin(1)
    watch.begin(2)
    watch.end(2)
    now = WORKER_STUCK_SECONDS
    assert watch.count_stuck() == 0
    now += 1
    assert watch.count_stuck() == 1
    watch.begin(1)
    assert watch.count_stuck() == 0


def test_a_disk_that_is_not_there_is_not_measured(tmp_path: Path) -> None:
    assert (measure_free_megabytes(tmp_path) or 0) > 0
    assert measure_free_megabytes(tmp_path / "missing") is None
