"""Work that must not end: tried again, unless it is refused for good."""

from __future__ import annotations

import asyncio

import pytest

from adapters.messaging.supervision import retry_start
from bot.errors import DeliveryRefused, DeliveryUncertain


def test_a_messenger_is_tried_until_it_answers(caplog: pytest.LogCaptureFixture) -> None:
    answers: list[str | Exception] = [DeliveryUncertain("down"), OSError("no route"), "naru_bot"]

    async def start() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert asyncio.run(retry_start("Slack", start, 0.0))
    assert answers == [] and "Slack cannot be reached yet: no route" in caplog.text


def test_a_refused_token_is_not_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    async def start() -> str:
        raise DeliveryRefused("copy the token again")

    assert not asyncio.run(retry_start("Slack", start, 0.0))
    assert "Slack is off: copy the token again" in caplog.text
