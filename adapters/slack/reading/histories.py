"""Reading what was said: the histories of channels and threads, and which conversations there are."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import translate_errors
from bot.delivery.channel import PlatformMessage
from bot.errors import DeliveryRefused
from bot.messages import Address

log = logging.getLogger(__name__)

HISTORY_PAGE_SIZE = 200  # messages or conversations that are read at once; Slack advises no more
# By type, because each needs a scope of its own, which an older installation may lack.
CONVERSATION_TYPES = ("im", "mpim", "private_channel", "public_channel")


@dataclass(frozen=True, slots=True)
class SlackHistories:
    """The messages that an app may read, as Slack stores them, oldest first."""

    client: AsyncWebClient

    async def fetch_messages(
        self, place: Address, since: datetime, parcel: PlatformMessage | None = None
    ) -> list[dict[str, Any]]:
        """The messages in a channel or thread since `since`; of a thread also its first one. Raises
        NotDelivered, as a refusal of the place that `parcel` goes to."""
        request: dict[str, Any] = {"channel": place.chat, "oldest": _write_ts(since)}
        request |= {"limit": HISTORY_PAGE_SIZE, "include_all_metadata": True}
        read_page: Any = self.client.conversations_history
        if place.thread:
            read_page, request = self.client.conversations_replies, request | {"ts": place.thread}
        messages = await _fetch_pages(read_page, request, "messages", parcel)
        return sorted(messages, key=lambda message: str(message.get("ts")))

    async def fetch_last_before(
        self, chat: str, until: datetime, since: datetime
    ) -> list[dict[str, Any]]:
        """The last messages of a channel from `since` to `until`, a page at most. Raises
        NotDelivered."""
        page = await translate_errors(
            self.client.conversations_history(
                channel=chat,
                oldest=_write_ts(since),
                latest=_write_ts(until),
                limit=HISTORY_PAGE_SIZE,
            ),
            None,
        )
        return list(page.get("messages") or ())

    async def list_conversations(self) -> list[str]:
        """The ids of every conversation that the app is in: direct messages, group messages, private
        and public channels. A type that the app has no scope for is left out. Raises NotDelivered."""
        found: list[str] = []
        for kind in CONVERSATION_TYPES:
            request = {"types": kind, "exclude_archived": True, "limit": HISTORY_PAGE_SIZE}
            try:
                channels = await _fetch_pages(
                    self.client.users_conversations, request, "channels", None
                )
            except DeliveryRefused as error:  # missing_scope
                log.warning("Slack does not list conversations of the type %s: %s", kind, error)
                continue
            found += [str(channel["id"]) for channel in channels if channel.get("id")]
        return list(dict.fromkeys(found))


async def _fetch_pages(
    read_page: Any, request: dict[str, Any], key: str, parcel: PlatformMessage | None
) -> list[dict[str, Any]]:
    """What all pages have under `key`."""
    found: list[dict[str, Any]] = []
    while True:
        page = await translate_errors(read_page(**request), parcel)
        found += page.get(key) or ()
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return found
        request = request | {"cursor": cursor}


def _write_ts(moment: datetime) -> str:
    return f"{moment.timestamp():.6f}"
