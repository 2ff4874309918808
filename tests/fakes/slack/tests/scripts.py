"""Scripts that drive the Slack stand-in with slack_sdk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.loopback_server import Json
from tests.fakes.slack.server import SlackServer

DESK = "C0DESK"
Script = Callable[[AsyncWebClient], Awaitable[None]]


def make_client(server: SlackServer, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(token or server.bot_token, server.api_url, retry_handlers=[])


def run_script(server: SlackServer, script: Script) -> None:
    asyncio.run(script(make_client(server)))  # type: ignore[arg-type]


async def expect_error(call: Awaitable[Any], error: str) -> Json:
    with pytest.raises(SlackApiError) as caught:
        await call
    assert caught.value.response["error"] == error
    data: Json = caught.value.response.data
    return data
