"""`kill -9` in the middle of relayed conversations, ten times: every message arrives, in order."""

from __future__ import annotations

import pytest

from tests.harness.relay_kill_harness import across
from tests.harness.serve_process import Processes

KILLS = 10


@pytest.mark.timeout(300)
def test_ten_kills_lose_nothing_on_either_messenger_and_double_nothing_on_slack(
    processes: Processes,
) -> None:
    with across(processes) as ordeal:
        outcomes = ordeal.run(KILLS)
    for messenger in ("telegram", "slack"):
        for outcome in outcomes[messenger]:
            assert outcome.wrote > KILLS
            assert outcome.all_in_order
            # Telegram cannot be asked what it posted: a kill may cut off one answer a lane.
            assert outcome.repeats <= (KILLS if messenger == "telegram" else 0)
