"""An admin on Telegram, and one on Slack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.admin_harness import (
    AdminHarness,
    run_slack_admin,
    run_telegram_admin,
)
from tests.harness.running_app import AppFixtures


@pytest.fixture(params=["telegram", "slack"])
def desk(request: Any, tmp_path: Path, furniture: AppFixtures) -> Iterator[AdminHarness]:
    server = request.getfixturevalue(request.param)
    opened = run_telegram_admin if request.param == "telegram" else run_slack_admin
    with opened(tmp_path, furniture, server) as desk:
        yield desk
