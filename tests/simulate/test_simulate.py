"""A short year, and the fault that the checker has to find."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.simulate.chart import draw_chart
from tests.simulate.checking.check import check_year
from tests.simulate.year import Year

pytestmark = pytest.mark.store
START = datetime(2026, 2, 9, tzinfo=UTC)  # the week of 설날


def make_year(folder: Path) -> Year:
    return Year(folder, START, 21, slice(0, 3), 10)


def test_three_weeks_keep_every_promise(tmp_path: Path) -> None:
    year = make_year(tmp_path)
    year.run()
    found = check_year(year)
    assert found.faults == [] and found.forgotten == 0
    assert found.cases >= 10 and found.met and found.slipped and year.restarts == 3
    assert found.told >= 1
    assert f"{found.targets} targets" in draw_chart(found)


def test_a_timer_that_is_lost_is_found(tmp_path: Path) -> None:
    year = make_year(tmp_path)
    year._at(START + timedelta(days=2, hours=12), "drop", None)
    year.run()
    assert year.dropped
    assert any(
        "no word to the" in fault or "no timer" in fault for fault in check_year(year).faults
    )
