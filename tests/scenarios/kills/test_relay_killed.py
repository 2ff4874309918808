"""`kill -9` in the middle of relayed conversations, three times (`make chaos`: twenty): every message arrives, in order."""

from __future__ import annotations

import pytest

from tests.harness.kills.relay_kill_harness import open_cross_messenger_harness
from tests.harness.serve_process import ServeProcesses

KILLS = 3


@pytest.mark.timeout(300)
def test_kills_lose_nothing_on_either_messenger_and_double_nothing_on_slack(
    processes: ServeProcesses,
) -> None:
    with open_cross_messenger_harness(processes) as ordeal:
        outcomes = ordeal.run(KILLS)
    for messenger in ("telegram", "slack"):
        for outcome in outcomes[messenger]:
            assert outcome.sent_count > KILLS
            assert outcome.is_complete_in_order
            # Telegram cannot be asked what it posted: a kill may cut off one answer a lane.
            assert outcome.repeats <= (KILLS if messenger == "telegram" else 0)
