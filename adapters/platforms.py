"""What each messenger reads and carries, by its name: its parser of raw events and its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.errors import UnknownChannel
from bot.messages import ChannelLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.store.lane import EventParser


# The console's own store sets no limits; those who have an account only there are told by a mail with a
# link. `only_to`: such a person is told alone, and needs no chat for it that they began.
CONSOLE_LIMITS = ChannelLimits(
    text_utf16=100_000, caption_utf16=100_000, file_bytes=100 * 1024 * 1024, only_to=True
)


def list_limits(*, has_console: bool = False) -> Mapping[str, ChannelLimits]:
    """What one message carries on each messenger that has limits, and on the console where there is
    one: who has an account only there can then be told something."""
    from adapters.email.limits import EMAIL_LIMITS
    from adapters.kakao.limits import KAKAO_LIMITS
    from adapters.slack.limits import SLACK_LIMITS
    from adapters.telegram.limits import TELEGRAM_LIMITS
    from adapters.web.limits import WEB_LIMITS

    console = {"console": CONSOLE_LIMITS} if has_console else {}
    return console | {
        "telegram": TELEGRAM_LIMITS,
        "slack": SLACK_LIMITS,
        "kakao": KAKAO_LIMITS,
        "email": EMAIL_LIMITS,
        "web": WEB_LIMITS,
    }


def select_parser(channel: str) -> EventParser:
    """The parser of a channel's raw events. Raises UnknownChannel if there is none."""
    if channel == "telegram":
        from adapters.telegram.inbound import parse_message as parse_telegram

        return parse_telegram
    if channel == "slack":
        from adapters.slack.inbound import parse_message as parse_slack

        return parse_slack
    if channel == "kakao":
        from adapters.kakao.inbound import parse_message as parse_kakao

        return parse_kakao
    if channel == "email":
        from adapters.email.inbound import parse_message as parse_email

        return parse_email
    if channel == "web":
        from adapters.web.inbound import parse_message as parse_web

        return parse_web
    if channel == "console":
        from bot.admin.console.events import parse_message as parse_console

        return parse_console
    if channel == "slack-history":  # its rows only mark up to when everything had been read
        return lambda _: None
    from adapters.terminal import FOUNDER_CHANNEL, staff_channel
    from adapters.terminal import parse_message as parse_terminal

    if channel == FOUNDER_CHANNEL or channel.startswith(staff_channel("")):
        return parse_terminal
    raise UnknownChannel(f"The channel {channel!r} has no parser.")
