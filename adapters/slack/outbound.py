"""Parcels as Slack's messages, and Slack's errors as ours."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.delivery.sender import Parcel
from bot.delivery.splitting import pieces
from bot.errors import Refused, ThreadGone, TryAgain, TryLater, Unformatted
from bot.phrases import say
from bot.types import Body

TEXT_LIMIT = 3_000  # characters of one text object
_REFUSED = frozenset(
    [
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "user_not_found",
        "user_disabled",
        "cannot_dm_bot",
        "messages_tab_disabled",
        "restricted_action",
        "ekm_access_denied",
        "msg_too_long",
        "no_text",
        "thread_not_found",
    ]
)
_FORMAT = frozenset(["invalid_blocks", "invalid_blocks_format", "invalid_attachments"])
TOKEN = frozenset(["invalid_auth", "not_authed", "account_inactive", "token_revoked"])


def blocks(body: Body) -> list[dict[str, Any]]:
    """Block Kit: the words, the sources in small print, the buttons."""
    made: list[dict[str, Any]] = []
    made += [{"type": "section", "text": text} for text in _texts(body.text)]
    made += [{"type": "context", "elements": [text]} for text in _texts(body.details)]
    made += [
        {"type": "actions", "elements": [_button(one.key, one.label) for one in row]}
        for row in body.buttons
    ]
    return made


def _texts(text: str, limit: int = TEXT_LIMIT) -> list[dict[str, Any]]:
    """Text objects; more than one only where escaping made a text too long for one."""
    made: list[dict[str, Any]] = []
    for piece in pieces(text, limit):
        marked = escaped(piece)
        if len(marked) > TEXT_LIMIT:
            made += _texts(piece, limit // 2)
        else:
            made.append({"type": "mrkdwn", "text": marked})
    return made


def _button(key: str, label: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": label[:75]}
    return {"type": "button", "action_id": key, "value": key, "text": text}


def escaped(text: str) -> str:
    """Words as they are: `<!channel>` and `<@U…>` in relayed text call nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def reassign_form(container: dict[str, Any]) -> dict[str, Any]:
    """Where to? The form remembers the thread it was opened in."""
    where = {
        "channel": container.get("channel_id"),
        "thread": container.get("thread_ts") or container.get("message_ts"),
    }
    label = {"type": "plain_text", "text": say("staff.button_reassign", "ko")}
    field = {
        "type": "input",
        "block_id": "where",
        "label": {"type": "plain_text", "text": say("staff.reassign_form", "ko")},
        "element": {"type": "plain_text_input", "action_id": "to"},
    }
    return {
        "type": "modal",
        "callback_id": "reassign",
        "private_metadata": json.dumps(where),
        "title": label,
        "submit": label,
        "blocks": [field],
    }


async def said(call: Awaitable[Any], parcel: Parcel | None) -> Any:
    """Await a call of the SDK; its errors become ours."""
    try:
        return await call
    except SlackApiError as error:
        raise _ours(error, parcel) from error
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise TryAgain(f"{type(error).__name__}: {error}") from error


def _ours(error: SlackApiError, parcel: Parcel | None) -> Exception:
    response, name = error.response, error_of(error)
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    if status == 429:
        return TryLater(float(response.headers.get("Retry-After", 1)))
    if name in _FORMAT:
        return Unformatted(name)
    if name == "thread_not_found" and parcel and parcel.address.staff_thread:
        return ThreadGone(name)
    unreadable = parcel is None and name == "missing_scope"
    if name in _REFUSED or unreadable:
        return Refused(name)
    if name in TOKEN:
        return TryAgain(f"{name}: check NARU_SLACK_BOT_TOKEN")
    return TryAgain(name or f"HTTP {status}")


def error_of(error: SlackApiError) -> str:
    """Slack's name for what went wrong; "" where it did not answer in its own words."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""
