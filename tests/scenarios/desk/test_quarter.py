"""A quarter of the bodies' desk, from the first question to the digest, as its people read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.desk.quarter.stage import set_stage
from tests.scenarios.desk.quarter.story import QuarterPlay

REPEATED = (
    "한동안 움직임이 없습니다",
    "나루는 정책 문서의 원문과",
)  # a reminder; a greeting in each chat


@pytest.mark.long
@pytest.mark.timeout(400)  # 30 messages wait for each other, on a loaded machine long
def test_a_quarter_is_played(tmp_path: Path, shipped_data: Path) -> None:
    with set_stage(tmp_path, shipped_data) as stage:
        QuarterPlay(stage).play()
        doubles = [line.text for line in stage.transcript.find_doubles()]
        assert [text for text in doubles if not text.split(": ")[-1].startswith(REPEATED)] == []
        shown = stage.transcript.render()
    assert "○○" not in shown  # no name was in it, so none was hidden
    assert "1011" not in shown and "telegram:10" not in shown  # no founder's account is shown
