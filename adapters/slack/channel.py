"""Slack as a channel: messages out, files, histories, marks and previews."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.messenger import FetchFile
from adapters.messaging.previews import Preview
from adapters.slack.errors import TOKEN_ERRORS, get_error_code, translate_errors
from adapters.slack.limits import SLACK_LIMITS
from adapters.slack.outbound import escape_text, render_blocks, render_caption
from adapters.slack.plain_words import put_in_plain_words
from adapters.slack.reading.clock import SlackClock
from adapters.slack.reading.histories import SlackHistories
from adapters.slack.reading.lookups import SlackLookUps
from adapters.slack.status import SlackStatus
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.errors import DeliveryRefused, DeliveryUncertain, PlaceRefused, ThreadDeleted
from bot.messages import Account, Address, File, Message

log = logging.getLogger(__name__)

SDK_LOGGER = logging.getLogger("naru.slack_sdk")  # the SDK writes whole messages at DEBUG
SDK_LOGGER.setLevel(logging.WARNING)

OUTBOX_EVENT_TYPE = "naru_outbox"
SLACK_TIMEOUT_SECONDS = 20  # of a whole call
FILE_FETCH_TIMEOUT = aiohttp.ClientTimeout(total=60)
USER_ID_PREFIXES = ("U", "W")  # channels begin with C, G or D
CLOCK_ERROR = timedelta(hours=3)  # by which the time that a message was decided at may be wrong
SLACK_HOST_SUFFIXES = (".slack.com", ".slack-gov.com", ".slack-files.com")


class SlackChannel:
    """One Slack app. `fetch` gets files of other messengers; `user` is the app's own user id,
    known after `start`, and `clock` Slack's. `histories` and `look_ups` read what was said and who it
    names; `status` shows that an answer is being written."""

    name = "slack"
    limits = SLACK_LIMITS
    public_address = ""  # a workspace is not open to anybody

    def __init__(self, token: str, api_url: str, fetch: FetchFile) -> None:
        # The SDK's own retry would post a message again whose answer was lost.
        self.client = AsyncWebClient(
            token=token, base_url=api_url, retry_handlers=[], logger=SDK_LOGGER,
            timeout=SLACK_TIMEOUT_SECONDS,
        )  # fmt: skip
        self._fetch_elsewhere = fetch
        self._team = ""
        self.clock = SlackClock()
        self.status = SlackStatus(self.client)
        self.histories = SlackHistories(self.client)
        self.look_ups = SlackLookUps(self.client)
        self.user = ""

    async def start(self) -> str:
        """Check the token; returns the bot's name. Raises DeliveryRefused for a token that Slack
        does not take, DeliveryUncertain if Slack cannot be reached."""
        try:
            me = await self.client.auth_test()
        except SlackApiError as error:
            if (name := get_error_code(error)) not in TOKEN_ERRORS:
                raise DeliveryUncertain(f"Slack cannot be reached: {name}") from error
            raise DeliveryRefused(
                f"Slack does not take NARU_SLACK_BOT_TOKEN ({name}). Copy the "
                "Bot User OAuth Token again from the app's page."
            ) from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise DeliveryUncertain(f"Slack cannot be reached: {error}") from error
        self.clock.read(me.headers.get("Date"))
        self.user, self._team = str(me["user_id"]), str(me.get("team_id") or "")
        return str(me["user"])

    async def stop(self) -> None:
        """End what is shown; each call has a connection of its own."""
        await self.status.close()

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        """Post a message, marked with its key, or upload its file. Raises NotDelivered."""
        sent = await self._send_content(put_in_plain_words(parcel))
        await self.status.end(
            parcel.address.chat, parcel.thread, is_answered=not parcel.address.only_to
        )
        return sent

    async def _send_content(self, parcel: PlatformMessage) -> SentMessage:
        if parcel.address.only_to:
            return await self._send_to_one(parcel, parcel.address.only_to)
        if parcel.content.files:
            return await self._send_file(parcel)
        sent = await translate_errors(
            self.client.chat_postMessage(
                channel=parcel.address.chat,
                thread_ts=parcel.thread,
                text=escape_text(parcel.content.text) or " ",
                blocks=None if parcel.plain else render_blocks(parcel.content),
                metadata={"event_type": OUTBOX_EVENT_TYPE, "event_payload": {"key": parcel.key}},
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            ),
            parcel,
        )
        return _describe_delivery(parcel, str(sent["ts"]))

    async def _send_to_one(self, parcel: PlatformMessage, user: str) -> SentMessage:
        """Show a message to one person among others; where Slack refuses that, because Naru or the
        person is no member there, and for files, it goes to their direct messages."""
        if not parcel.content.files:
            with contextlib.suppress(DeliveryRefused, PlaceRefused):
                await translate_errors(
                    self.client.chat_postEphemeral(
                        channel=parcel.address.chat,
                        user=user,
                        thread_ts=parcel.thread,
                        text=escape_text(parcel.content.text) or " ",
                        blocks=None if parcel.plain else render_blocks(parcel.content),
                        parse="none",
                        link_names=False,
                    ),
                    parcel,
                )
                return SentMessage(None)
        return await self._send_content(
            replace(parcel, address=Address(self.name, user), thread=None)
        )

    async def _find_channel(self, chat: str) -> str:
        """The channel's id; that of the direct messages for a person's. Raises NotDelivered, also
        for an installation without the scope `im:write`."""
        if not chat.startswith(USER_ID_PREFIXES):
            return chat
        opened = await translate_errors(self.client.conversations_open(users=chat), None)
        return str(opened["channel"]["id"])

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        """Edit a case's card; nothing happens if it has none or Slack refuses the edit."""
        parcel = put_in_plain_words(parcel)
        if parcel.card is None:
            return SentMessage(None)
        try:
            await translate_errors(
                self.client.chat_update(
                    channel=parcel.address.chat,
                    ts=parcel.card,
                    text=escape_text(parcel.content.text),
                    blocks=None if parcel.plain else render_blocks(parcel.content),
                    parse="none",  # "client" unless it says otherwise, other than a new message
                    link_names=False,
                ),
                parcel,
            )
        except (DeliveryRefused, ThreadDeleted) as error:
            log.warning("card of %s not edited: %s", parcel.address.staff_thread, error)
        return SentMessage(parcel.card)

    async def open_thread(self, address: Address, name: str) -> str | None:  # noqa: ARG002
        """Always None: a thread begins with its first message, the card."""
        return None

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        """Nothing: Slack's threads neither close nor open; the card shows the case's state."""

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:
        """The message marked with this parcel's key, posted since `since` by any clock that is not more
        than CLOCK_ERROR wrong; None if there is none. Raises NotDelivered if the history cannot be read.

        What only one person sees is in no history. A doubtful one is sent again: that person alone
        may then see it twice, and no one would notice its loss."""
        if parcel.address.only_to:
            return None
        place = Address(self.name, await self._find_channel(parcel.address.chat), parcel.thread)
        since = min(since, self.clock()) - CLOCK_ERROR
        for message in reversed(await self.histories.fetch_messages(place, since, parcel)):
            mark = message.get("metadata") or {}
            if (mark.get("event_payload") or {}).get("key") == parcel.key:
                return _describe_delivery(parcel, str(message["ts"]))
            if parcel.content.files and _has_parcel_file(message, parcel):
                return SentMessage(None)
        return None

    async def mark_seen(self, message: Message) -> None:
        """Show a founder that their message was passed on, so no answer is being written."""
        await self.status.end(message.chat, message.thread, is_answered=False)
        with contextlib.suppress(SlackClientError, aiohttp.ClientError, TimeoutError):
            await self.client.reactions_add(channel=message.chat, timestamp=message.id, name="eyes")

    async def show_preview(self, preview: Preview) -> None:
        """Nothing: `status` shows since the question that an answer is being written, and is no
        place for text."""

    async def fetch_file(self, file: File) -> bytes:
        """The bytes of a file on Slack; the token is sent to no other host. Raises
        DeliveryRefused if it is elsewhere or not handed out, DeliveryUncertain if Slack cannot be
        reached."""
        if not self._is_slack_address(file.ref):
            raise DeliveryRefused(f"{file.name} does not lie on Slack itself")
        headers = {"Authorization": f"Bearer {self.client.token}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=FILE_FETCH_TIMEOUT) as session,
                session.get(file.ref, headers=headers) as response,
            ):
                kind = response.headers.get("Content-Type", "")
                if response.status == 200 and not (
                    kind.startswith("text/html") and file.mime != "text/html"
                ):
                    return await response.read()
                raise DeliveryRefused(f"{file.name}: Slack did not hand it out ({response.status})")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DeliveryUncertain(f"{file.name}: {error}") from error

    async def find_person(self, user: str) -> Account:
        """An account of the workspace or of one it shares a channel with. Raises NotDelivered."""
        answer = await translate_errors(self.client.users_info(user=user), None)
        found = answer["user"]
        profile = found.get("profile") or {}
        names = (profile.get("display_name"), profile.get("real_name"), found.get("name"))
        kinds = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot")
        elsewhere = bool(self._team) and found.get("team_id", self._team) != self._team
        is_outsider = elsewhere or any(found.get(kind) for kind in kinds)
        return Account(user, next((str(name) for name in names if name), ""), is_outsider)

    async def is_public_room(self, chat: str) -> bool:
        """Whether a channel is not private. Raises NotDelivered."""
        answer = await translate_errors(self.client.conversations_info(channel=chat), None)
        return not answer["channel"].get("is_private", False)

    def _is_slack_address(self, address: str) -> bool:
        parts, api = urlsplit(address), urlsplit(self.client.base_url)
        host = parts.hostname or ""
        own = (parts.scheme, host, parts.port) == (api.scheme, api.hostname, api.port)
        return own or (parts.scheme == "https" and host.endswith(SLACK_HOST_SUFFIXES))

    async def _send_file(self, parcel: PlatformMessage) -> SentMessage:
        file = parcel.content.files[0]
        content = await (self.fetch_file if file.channel == self.name else self._fetch_elsewhere)(
            file
        )
        await translate_errors(
            self.client.files_upload_v2(
                channel=await self._find_channel(parcel.address.chat),
                thread_ts=parcel.thread,
                content=content,
                filename=file.name,
                initial_comment=render_caption(parcel.content.text) or None,
            ),
            parcel,
        )
        return SentMessage(None)


def _describe_delivery(parcel: PlatformMessage, ts: str) -> SentMessage:
    """A message that was posted; the first one of a staff thread begins the thread."""
    begins = parcel.address.staff_thread and not parcel.thread
    return SentMessage(ts, ts if begins else None)


def _has_parcel_file(message: dict[str, Any], parcel: PlatformMessage) -> bool:
    """Whether a message carries a parcel's file, by name and size: files have no metadata."""
    file, shown = parcel.content.files[0], message.get("files") or []
    same = [(one.get("name"), one.get("size")) for one in shown] == [(file.name, file.size)]
    return bool(message.get("bot_id")) and same
