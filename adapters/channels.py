"""What each channel brings without a connection: the parser of its events, and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from adapters.errors import UnknownChannel

if TYPE_CHECKING:
    from bot.messages import ChannelLimits
    from bot.store.lane import EventParser


def read_limits() -> Mapping[str, ChannelLimits]:
    """What one message of each messenger carries, by its name."""
    from adapters.email.limits import EMAIL_LIMITS
    from adapters.slack.limits import SLACK_LIMITS
    from adapters.telegram.limits import TELEGRAM_LIMITS

    return {"telegram": TELEGRAM_LIMITS, "slack": SLACK_LIMITS, "email": EMAIL_LIMITS}


def select_parser(channel: str) -> EventParser:
    """The parser of a channel's raw events. Raises UnknownChannel if there is none."""
    if channel == "telegram":
        from adapters.telegram.inbound import parse_message as parse_telegram

        return parse_telegram
    if channel == "slack":
        from adapters.slack.inbound import parse_message as parse_slack

        return parse_slack
    if channel == "slack-history":  # its rows only mark up to when everything had been read
        return lambda _: None
    if channel == "email":
        from adapters.email.inbound import parse_message as parse_email

        return parse_email
    from adapters.terminal import FOUNDER_CHANNEL, staff_channel
    from adapters.terminal import parse_message as parse_terminal

    if channel == FOUNDER_CHANNEL or channel.startswith(staff_channel("")):
        return parse_terminal
    raise UnknownChannel(f"The channel {channel!r} has no parser.")
