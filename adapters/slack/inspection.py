"""What `naru doctor` finds out about Slack: both tokens, and Naru's place in each room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.messaging.messenger import MessengerCheck
from adapters.slack.channel import SlackChannel
from adapters.slack.errors import get_error_code
from bot.errors import NotDelivered

if TYPE_CHECKING:
    from bot.types import Binding

# The bot scopes of the manifest in the README; Slack names the granted ones with each answer.
NEEDED_SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "reactions:write",
    "users:read",
]


async def inspect_slack(
    channel: SlackChannel, app_token: str, rooms: Sequence[Binding]
) -> list[MessengerCheck]:
    """Ask Slack who the app is, whether its socket may be opened, and whether it is a member of each
    of `rooms`; nothing is changed there."""
    try:
        name = await channel.start()
    except NotDelivered as error:
        return [MessengerCheck(False, str(error))]
    findings = [MessengerCheck(True, f"Slack: @{name}"), await _check_scopes(channel)]
    if app_token:
        findings.append(await _check_app_token(channel, app_token))
    return findings + [await _check_room(channel, room) for room in rooms]


async def _check_scopes(channel: SlackChannel) -> MessengerCheck:
    try:
        answer = await channel.client.auth_test()
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        return MessengerCheck(False, f"Slack cannot be asked: {error}")
    granted = str(answer.headers.get("x-oauth-scopes") or "")
    missing = [scope for scope in NEEDED_SCOPES if granted and scope not in granted.split(",")]
    if missing:
        return MessengerCheck(False, f"The Slack app lacks the scopes {', '.join(missing)}. Add them under "
                              "OAuth & Permissions and install it again.")  # fmt: skip
    return MessengerCheck(True, "Slack: scopes" if granted else "Slack: scopes are not told")


async def _check_app_token(channel: SlackChannel, app_token: str) -> MessengerCheck:
    try:
        await channel.client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        return MessengerCheck(False, f"Slack does not take NARU_SLACK_APP_TOKEN ({get_error_code(error)}). Make "
                              "an app-level token with connections:write on the app's page.")  # fmt: skip
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        return MessengerCheck(False, f"Slack cannot be asked: {error}")
    return MessengerCheck(True, "Slack: Socket Mode")


async def _check_room(channel: SlackChannel, room: Binding) -> MessengerCheck:
    name = f"Slack room {room.chat} of {room.mission}"
    try:
        info = (await channel.client.conversations_info(channel=room.chat))["channel"]
    except SlackApiError as error:
        return MessengerCheck(False, f"{name} cannot be entered ({get_error_code(error)}). Invite Naru to it, "
                              f"or `naru unbind {room.mission}`.")  # fmt: skip
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        return MessengerCheck(False, f"Slack cannot be asked: {error}")
    if info.get("is_archived"):
        return MessengerCheck(False, f"{name} is archived. Unarchive it, or bind another room.")
    if not info.get("is_member"):
        return MessengerCheck(False, f"{name}: Naru is no member. Write /invite @naru there.")
    if not info.get("is_private"):
        return MessengerCheck(
            False, f"{name} is public: founders' words appear there. Make it private."
        )
    return MessengerCheck(True, f"{name}: member")
