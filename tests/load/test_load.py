"""Twenty messages a second for five minutes, answered by the real process from the real library."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.harness.load.crowd import CountingTelegram, Crowd, read_told_questions
from tests.harness.load.gauge import ProcessGauge
from tests.harness.load.trial import LoadTrial
from tests.harness.running_app import build_telegram_settings, find_free_port, wait_until
from tests.harness.serve_process import ServeProcesses
from tests.load.conftest import LoadRun

FOUNDERS = 200
READY_SECONDS = 180.0
# As an operator has them who sets nothing; other tests switch them off.
USUAL = {"questions_per_minute": 10, "questions_per_hour": 100, "consent": "ask"}
pytestmark = [pytest.mark.load, pytest.mark.timeout(1_800)]


@pytest.mark.parametrize("transport", ["webhook", "polling"])
def test_a_steady_load(
    shipped_data: Path, tmp_path: Path, load_run: LoadRun, transport: str
) -> None:
    shutil.copytree(shipped_data, tmp_path / "data")
    port, processes = find_free_port(), ServeProcesses(tmp_path / "data")
    url = f"http://127.0.0.1:{port}"
    with CountingTelegram() as telegram:
        settings = build_telegram_settings(telegram, port if transport == "webhook" else 0)
        try:
            process = processes.start(settings | USUAL | {"http_port": port})
            wait_until(lambda: _has_asked_golden_questions(url), READY_SECONDS)
            with ProcessGauge(process.pid) as gauge:
                crowd = Crowd(telegram, FOUNDERS, read_told_questions())
                figures = LoadTrial(crowd, gauge, url).run(load_run.plan)
        finally:
            processes.kill_all()
    load_run.figures[transport] = figures
    assert figures.list_misses() == []


def _has_asked_golden_questions(url: str) -> bool:
    """The last thing that a start does."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=10) as answer:
            state = json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            state = json.load(error)
    except OSError:  # it does not listen yet
        return False
    return bool(state.get("golden_questions"))
