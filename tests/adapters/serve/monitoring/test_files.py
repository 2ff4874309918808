"""The dashboard, the alert rules and the unit of docs/monitoring name what there is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.serve.monitoring.metrics import CHANNEL_LABELS, FAILED, OUTCOMES, SENT, Metrics
from bot.context import Step
from knowledge.types import LANGUAGES, Answer
from tests.adapters.serve.monitoring.reading import Samples, read_samples
from tests.samples.records import NOW

ROOT = Path(__file__).parents[4]
FOLDER = ROOT / "docs" / "monitoring"
STEPS: tuple[Step, ...] = ("receive", "decide", "retrieve", "commit", "send")
PROMETHEUS_OWN = {"up"}  # made by the scrape itself
# What PromQL has besides metrics and labels.
WORDS = {
    "by",
    "sum",
    "min",
    "max",
    "le",
    "rate",
    "increase",
    "delta",
    "histogram_quantile",
    "absent",
}


def expose_all() -> Samples:
    """Every metric with every label that a running Naru can give it."""
    metrics = Metrics(lambda: NOW)
    for channel in CHANNEL_LABELS:
        for step in STEPS:
            with metrics.watch(step, channel, NOW):
                pass
    metrics.count_answer(Answer("answered", LANGUAGES[0], "", 0.5, 1))
    both = {f"{name}_last_poll_seconds": 1.0 for name in ("telegram", "email")}
    metrics.show({"telegram": "on", "slack": "on", "kakao": "on", "email": "on", **both})
    return read_samples(metrics)


EXPOSED = expose_all()
LABELS = {key for _, labels in EXPOSED.values for key, _ in labels}
RULES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))["groups"][
    0
]["rules"]
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "grafana.json").read_text("utf-8"))
SHOWN = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
EXPRESSIONS = [*SHOWN, *(rule["expr"] for rule in RULES)]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_and_label_that_is_named_is_exposed(expression: str) -> None:
    bare = re.sub(r'"[^"]*"', '""', expression)
    bare = re.sub(r"\[[^]]*\]", "", bare)
    names = set(re.findall(r"\b[a-z_]{2,}\b", bare)) - WORDS
    assert {one for one in names if one.startswith(("naru_", "process_"))} or "up" in names
    assert names <= EXPOSED.names | PROMETHEUS_OWN | LABELS | {"job"}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_value_of_a_label_that_is_named_can_be(expression: str) -> None:
    known: dict[str, set[str]] = {
        "channel": set(CHANNEL_LABELS), "step": set(STEPS), "job": {"naru"},
        "outcome": {SENT, FAILED, *(name for _, name in OUTCOMES)},
    }  # fmt: skip
    for label, values in re.findall(r'(\w+)=~?"([^"]*)"', expression):
        assert set(values.split("|")) <= known[label]


def test_what_the_issue_asks_for_is_shown_and_alerted() -> None:
    shown, alerted = " ".join(SHOWN), " ".join(rule["expr"] for rule in RULES)
    for name in ("naru_queue_oldest_seconds", "naru_dead_letters", "naru_decision_delay_seconds",
                 "naru_answers_total", "naru_edition_age_seconds", "naru_sends_total"):  # fmt: skip
        assert name in shown, name
    for name in ("naru_ready", "naru_golden_questions_changed", "naru_queue_oldest_seconds",
                 "naru_dead_letters"):  # fmt: skip
        assert name in alerted, name


def test_each_gauge_is_shown_alerted_or_described() -> None:
    page = (ROOT / "docs/run-it.md").read_text("utf-8")
    used = " ".join(EXPRESSIONS) + page
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in EXPOSED.names}
    assert [one for one in sorted(families) if one.startswith("naru_") and one not in used] == []


def test_the_rules_are_whole() -> None:
    names = [rule["alert"] for rule in RULES]
    assert len(set(names)) == len(names) >= 10
    for rule in RULES:
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert rule["annotations"]["summary"].endswith(".")


def test_the_dashboard_asks_for_its_data_source_and_its_panels_do_not_overlap() -> None:
    (variable,) = DASHBOARD["templating"]["list"]
    assert variable["type"] == "datasource"
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        assert panel["datasource"]["uid"] == f"${{{variable['name']}}}"
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not taken & cells, panel["title"]
        taken |= cells
    numbers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(numbers)) == len(numbers)


def test_the_unit_starts_the_command_and_gives_it_little() -> None:
    text = (FOLDER / "naru.service").read_text("utf-8")
    said = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and line[0] != "#")
    assert said["ExecStart"].endswith("/naru serve") and said["Restart"] == "always"
    assert said["ProtectSystem"] == "strict" and said["UMask"] == "0077"
    assert said["NoNewPrivileges"] == "true" and said["CapabilityBoundingSet"] == ""
    from adapters.serve.timings import FORCED_EXIT_SECONDS

    assert float(said["TimeoutStopSec"]) > FORCED_EXIT_SECONDS


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    text = (FOLDER / "naru.service").read_text("utf-8")
    here = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)
    unit = tmp_path / "naru.service"
    unit.write_text(re.sub(r"^User=.*$", "User=root", here, flags=re.MULTILINE), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
    assert done.returncode == 0 and "naru.service" not in done.stderr, done.stderr
