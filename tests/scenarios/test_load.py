"""A small load, so that what `make load` measures is known to be measured."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.harness.load.crowd import FIRST_FOUNDER, CountingTelegram, Crowd
from tests.harness.load.gauge import MemorySample, ProcessGauge, compute_slope
from tests.harness.load.trial import LoadPlan, LoadTrial, find_quantile, render_table
from tests.harness.running_app import AppFixtures, run_app

FOUNDERS = 4
QUESTIONS = ("물류비 지원은 얼마까지 되나요?", "수출 계약서 검토를 어디에 맡기나요?")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("webhook", [True, False])
def test_each_message_is_confirmed_and_answered(
    furniture: AppFixtures, tmp_path: Path, webhook: bool
) -> None:
    shutil.copytree(furniture.data, tmp_path / "data")
    with CountingTelegram() as telegram, run_app(
        tmp_path / "data", furniture, telegram=telegram, webhook=webhook
    ) as house, ProcessGauge(os.getpid()) as gauge:  # fmt: skip
        crowd = Crowd(telegram, FOUNDERS, QUESTIONS)
        figures = LoadTrial(crowd, gauge, house.url).run(LoadPlan(4.0, 2.2))
    assert (figures.written + figures.unsaid, figures.answered) == (9, figures.written)
    assert 0 < figures.asked_of_library <= figures.written  # quick messages are one question
    assert 0 < figures.ack_p50 <= figures.ack_p99 and figures.answer_p95 <= figures.answer_max
    assert figures.at_once == figures.at_once_answered == FOUNDERS
    assert figures.megabytes_ready > 10 and figures.cpu_per_message > 0
    assert f"| {figures.written}, {figures.answered}, {figures.unsaid} |" in render_table(
        {"x": figures}
    )


def test_who_waits_asks_nothing() -> None:
    with CountingTelegram() as telegram:
        crowd = Crowd(telegram, 1, QUESTIONS)
        telegram.free.append(FIRST_FOUNDER)
        assert crowd.ask_one(0.0) and crowd.ask_one(0.0) is None
        assert (len(crowd.asked), crowd.unsaid) == (1, 1)
        assert not crowd.wait_until_answered(0.01)


def test_quantile_and_slope() -> None:
    assert [find_quantile([3.0, 1.0, 2.0, 4.0], share) for share in (0.5, 0.95, 1.0)] == [2, 4, 4]
    assert find_quantile([], 0.5) == float("inf")
    rising = [MemorySample(60.0 * minute, 400 + 2.5 * minute) for minute in range(4)]
    assert compute_slope(rising) == pytest.approx(2.5) and compute_slope(rising[:1]) == 0
