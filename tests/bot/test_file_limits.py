"""How large a file may be that is passed on: what both messengers carry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack.limits import SLACK_LIMITS
from adapters.telegram.limits import TELEGRAM_LIMITS
from bot.context import Services
from bot.messages import File

LIMITS = {"telegram": TELEGRAM_LIMITS, "slack": SLACK_LIMITS}
MEGABYTE = 1024 * 1024


def make_services() -> Services:
    unused: Any = None
    return Services(
        ask=unused, missions=unused, places=unused, now=datetime(2026, 11, 21, tzinfo=UTC),
        bindings=(), reserve_case_number=unused, get_case=unused, list_cases=unused,
        list_lines=unused, list_threads=unused, limits=LIMITS,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sender", "receiver", "largest"),
    [
        ("telegram", "telegram", 20), ("telegram", "slack", 20), ("slack", "telegram", 20),
        ("slack", "slack", 50),
        ("slack", None, 20), ("telegram", None, 20),  # a room of any messenger may follow
        ("slack", "terminal", 50),
    ],
)  # fmt: skip
def test_the_smaller_limit_of_both_messengers_counts(
    sender: str, receiver: str | None, largest: int
) -> None:
    services = make_services()
    fits = File(sender, "f", "f.mp4", "video/mp4", largest * MEGABYTE)
    large = File(sender, "g", "g.mp4", "video/mp4", largest * MEGABYTE + 1)
    assert services.find_file_limit_megabytes([fits], sender, receiver) is None
    assert services.find_file_limit_megabytes([fits, large], sender, receiver) == largest


def test_without_limits_any_file_fits() -> None:
    huge = File("terminal", "/f", "f.mp4", "video/mp4", 1 << 40)
    assert make_services().find_file_limit_megabytes([huge], "terminal", "terminal-x") is None
