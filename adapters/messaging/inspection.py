"""What the configured messengers themselves say, for `naru doctor`: tokens, webhook, rooms, clock."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.error import HTTPError

from adapters.messaging.messenger import Finding
from bot.errors import DeliveryRefused

if TYPE_CHECKING:
    from adapters.settings import Settings
    from bot.messages import File
    from bot.types import Binding

CLOCK_TIMEOUT_SECONDS = 5.0


def inspect_messengers(settings: Settings, rooms: Sequence[Binding]) -> list[Finding]:
    """Ask each messenger with a token who Naru is there, and about each of the bound `rooms`.
    Nothing is sent, and nothing changed."""

    async def inspect() -> list[Finding]:
        findings: list[Finding] = []
        if token := settings.telegram_token.get_secret_value():
            from adapters.telegram.channel import TelegramChannel
            from adapters.telegram.inspection import inspect_telegram

            telegram = TelegramChannel(token, settings.telegram_api_url, _refuse_file)
            own = [room for room in rooms if room.channel == "telegram"]
            findings += await inspect_telegram(telegram, settings.telegram_webhook_url, own)
        if token := settings.slack_bot_token.get_secret_value():
            from adapters.slack.channel import SlackChannel
            from adapters.slack.inspection import inspect_slack

            slack = SlackChannel(token, settings.slack_api_url, _refuse_file)
            own = [room for room in rooms if room.channel == "slack"]
            app_token = settings.slack_app_token.get_secret_value()
            findings += await inspect_slack(slack, app_token, own)
        return findings

    return asyncio.run(inspect())


def measure_clock_skew(settings: Settings, now: datetime) -> float | None:
    """By how many seconds `now` is ahead of a messenger's clock, from the date of an answer of its
    server; None if no messenger is configured or none tells."""
    addresses = []
    if settings.telegram_token.get_secret_value():
        addresses.append(settings.telegram_api_url)
    if settings.slack_bot_token.get_secret_value():
        addresses.append(settings.slack_api_url)
    dates = [date for address in addresses if (date := _read_date(address))]
    return (now - dates[0]).total_seconds() if dates else None


def _read_date(address: str) -> datetime | None:
    try:
        with urllib.request.urlopen(address, timeout=CLOCK_TIMEOUT_SECONDS) as answer:  # noqa: S310
            header = answer.headers.get("Date")
    except HTTPError as error:  # an address without a page has a date all the same
        with error:
            header = error.headers.get("Date")
    except (OSError, ValueError):
        return None
    try:
        return parsedate_to_datetime(header).astimezone(UTC) if header else None
    except ValueError:
        return None


async def _refuse_file(file: File) -> bytes:
    raise DeliveryRefused(f"{file.name} is not fetched by a check")
