"""How far this machine's clock is from a messenger's, by the date of an answer of its server."""

from __future__ import annotations

import urllib.request
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.error import HTTPError

if TYPE_CHECKING:
    from adapters.settings import Settings

CLOCK_TIMEOUT_SECONDS = 5.0


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
