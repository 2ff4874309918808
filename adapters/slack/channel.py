"""Slack: payloads kept before they are acknowledged, messages sent as they were decided."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.previews import Preview
from adapters.slack.inbound import build_event
from adapters.slack.limits import SLACK_LIMITS
from adapters.slack.outbound import (
    TOKEN_ERRORS,
    build_reassign_form,
    escape_text,
    get_error_code,
    render_blocks,
    translate_errors,
)
from bot.delivery.sender import PlatformMessage, SentMessage
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.phrases import render_phrase
from bot.store import InboxEvent
from bot.types import Address, File, Message

log = logging.getLogger(__name__)

SDK_LOGGER = logging.getLogger("naru.slack_sdk")  # the SDK writes whole messages at DEBUG
SDK_LOGGER.setLevel(logging.WARNING)

OUTBOX_EVENT_TYPE = "naru_outbox"
FILE_FETCH_TIMEOUT = aiohttp.ClientTimeout(total=60)
HISTORY_PAGE_SIZE = 200  # messages that are read of a history at once
SOCKET_PING_SECONDS = 3.0  # how soon a dead socket is noticed
SLACK_HOST_SUFFIXES = (".slack.com", ".slack-gov.com", ".slack-files.com")
REASSIGN_ACTION = re.compile(r"^reassign:\d+$")
CommitEvents = Callable[[Sequence[InboxEvent]], Awaitable[int]]
FetchFile = Callable[[File], Awaitable[bytes]]


class SlackChannel:
    """One Slack app. `keep` commits events; `fetch` gets files that lie on another messenger."""

    name = "slack"
    limits = SLACK_LIMITS

    def __init__(
        self, token: str, api_url: str, signing_secret: str, keep: CommitEvents, fetch: FetchFile
    ) -> None:
        # The SDK's own retry would post a message again whose answer was lost.
        self.client = AsyncWebClient(
            token=token, base_url=api_url, retry_handlers=[], logger=SDK_LOGGER, timeout=20
        )
        self.app = AsyncApp(
            client=self.client,
            signing_secret=signing_secret or None,
            request_verification_enabled=bool(signing_secret),
            before_authorize=self._commit_before_dispatch,
            logger=SDK_LOGGER,
        )
        self.app.action(REASSIGN_ACTION)(_open_reassign_form)
        self._keep = keep
        self._fetch_elsewhere = fetch
        self._socket: AsyncSocketModeHandler | None = None
        self.user = ""  # our own id, known from the start on

    # ---- receiving ---------------------------------------------------------------------

    async def _commit_before_dispatch(
        self,
        req: AsyncBoltRequest,
        next: Callable[[], Awaitable[None]],
    ) -> BoltResponse | None:
        """Before anything else: commit. Slack hears "got it" only after that."""
        body = dict(req.body)
        if body.get("type") == "url_verification" or _is_reassign_action(body):
            await next()
            return None
        try:
            await self._keep([build_event(body)])
        except Exception:  # whatever the database says, Slack must send it again
            log.exception("a Slack event could not be kept; it is not acknowledged")
            return BoltResponse(status=503, body="")
        return BoltResponse(status=200, body="")

    async def start(self) -> str:
        """Check the token; returns the bot's name. Raises Refused for a wrong one."""
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
        self.user = str(me["user_id"])
        return str(me["user"])

    async def open_socket(self, app_token: str) -> str:
        """Open Socket Mode; from then on the SDK keeps it open. Raises Refused for a wrong token."""
        try:
            way = await self.client.apps_connections_open(app_token=app_token)
        except SlackApiError as error:
            if (name := get_error_code(error)) not in TOKEN_ERRORS:
                raise DeliveryUncertain(f"Slack's socket cannot be opened: {name}") from error
            raise DeliveryRefused(
                f"Slack does not take NARU_SLACK_APP_TOKEN ({name}). Make an app-level token with "
                "connections:write on the app's page."
            ) from error
        self._socket = AsyncSocketModeHandler(
            self.app,
            app_token,
            logger=SDK_LOGGER,
            web_client=self.client,
            ping_interval=SOCKET_PING_SECONDS,
        )
        client = self._socket.client
        client.wss_uri = str(way["url"])  # it opens one socket, this one
        client.message_listeners.append(self._commit_unknown_envelope)
        await self._socket.connect_async()  # type: ignore[no-untyped-call]
        return "socket open"

    async def _commit_unknown_envelope(
        self, client: AsyncBaseSocketModeClient, message: dict[str, Any], _: str | None = None
    ) -> None:
        """An envelope of a kind that Bolt passes over: kept and acknowledged all the same."""
        number = message.get("envelope_id")
        if number is None or isinstance(message.get("payload"), dict):
            return
        await self._keep([build_event({"type": message.get("type"), "envelope": message})])
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=number))

    async def handle_request(self, request: web.Request) -> web.Response:
        """The handler of POST /slack/events: signature, age and form are checked by Bolt."""
        response = await self.app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(response)

    async def is_connected(self) -> bool:
        """Whether the socket is up; true where there is none to be up."""
        return self._socket is None or await self._socket.client.is_connected()

    async def stop(self) -> None:
        if self._socket:
            await self._socket.close_async()  # type: ignore[no-untyped-call]

    # ---- sending -----------------------------------------------------------------------

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        if parcel.content.files:
            return await self._send_file(parcel)
        sent = await translate_errors(
            self.client.chat_postMessage(
                channel=parcel.address.chat,
                thread_ts=parcel.thread,
                text=escape_text(parcel.content.text) or " ",
                blocks=None if parcel.plain else render_blocks(parcel.content),
                metadata={"event_type": OUTBOX_EVENT_TYPE, "event_payload": {"key": parcel.key}},
                unfurl_links=False,
                unfurl_media=False,
            ),
            parcel,
        )
        return _describe_delivery(parcel, str(sent["ts"]))

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        if parcel.card is None:
            return SentMessage(None)
        try:
            await translate_errors(
                self.client.chat_update(
                    channel=parcel.address.chat,
                    ts=parcel.card,
                    text=escape_text(parcel.content.text),
                    blocks=None if parcel.plain else render_blocks(parcel.content),
                ),
                parcel,
            )
        except DeliveryRefused as error:
            log.info("card of %s not edited: %s", parcel.address.staff_thread, error)
        return SentMessage(parcel.card)

    async def open_thread(self, address: Address, name: str) -> str | None:  # noqa: ARG002
        return None  # a thread begins with its first message: the card

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        """Slack's threads neither close nor open; the card says how the case stands."""

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:
        """The message whose mark is this parcel's, posted since it was decided."""
        place = Address(self.name, parcel.address.chat, parcel.thread)
        for message in reversed(await self.fetch_history(place, since - timedelta(minutes=1))):
            mark = message.get("metadata") or {}
            if (mark.get("event_payload") or {}).get("key") == parcel.key:
                return _describe_delivery(parcel, str(message["ts"]))
            if parcel.content.files and _has_parcel_file(message, parcel):
                return SentMessage(None)
        return None

    async def fetch_history(self, place: Address, since: datetime) -> list[dict[str, Any]]:
        """What was written in a place since then, as Slack keeps it, oldest first."""
        asked: dict[str, Any] = {"channel": place.chat, "oldest": f"{since.timestamp():.6f}"}
        asked |= {"limit": HISTORY_PAGE_SIZE, "include_all_metadata": True}
        read: Any = self.client.conversations_history
        if place.thread:
            read, asked = self.client.conversations_replies, asked | {"ts": place.thread}
        found: list[dict[str, Any]] = []
        while True:
            page = await translate_errors(read(**asked), None)
            found += page.get("messages") or ()
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return sorted(found, key=lambda message: str(message.get("ts")))
            asked |= {"cursor": cursor}

    async def read_session_id(self) -> str:
        """Names the socket that is open; "" where there is none."""
        return str(await self._socket.client.session_id()) if self._socket else ""

    async def mark_seen(self, message: Message) -> None:
        """Show a founder that their message was passed on."""
        with contextlib.suppress(SlackClientError, aiohttp.ClientError, TimeoutError):
            await self.client.reactions_add(channel=message.chat, timestamp=message.id, name="eyes")

    async def show_preview(self, preview: Preview) -> None:
        """Show in a thread that an answer is being written; Slack takes it away when one comes.
        Raises SlackClientError."""
        message = preview.message
        if message.thread:
            await self.client.assistant_threads_setStatus(
                channel_id=message.chat,
                thread_ts=message.thread,
                status=render_phrase("founder.writing", preview.language),
            )

    async def fetch_file(self, file: File) -> bytes:
        """The bytes of a file that lies on Slack; the token is shown to nobody else."""
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
                channel=parcel.address.chat,
                thread_ts=parcel.thread,
                content=content,
                filename=file.name,
                initial_comment=escape_text(parcel.content.text) or None,
            ),
            parcel,
        )
        return SentMessage(None)


async def _open_reassign_form(ack: Callable[[], Awaitable[None]], body: dict[str, Any],
                         client: AsyncWebClient) -> None:  # fmt: skip
    """A form must open within three seconds of the press, so it cannot wait for a worker."""
    await ack()
    view = build_reassign_form(body.get("container") or {})
    await client.views_open(trigger_id=body["trigger_id"], view=view)


def _is_reassign_action(body: dict[str, Any]) -> bool:
    actions = body.get("actions") or [{}]
    pressed = str(actions[0].get("action_id", ""))
    return body.get("type") == "block_actions" and bool(REASSIGN_ACTION.match(pressed))


def _describe_delivery(parcel: PlatformMessage, ts: str) -> SentMessage:
    """A message that stands; the first one of a staff thread is the thread."""
    begins = parcel.address.staff_thread and not parcel.thread
    return SentMessage(ts, ts if begins else None)


def _has_parcel_file(message: dict[str, Any], parcel: PlatformMessage) -> bool:
    """Whether a message carries a parcel's file, which can bear no mark: by name and size."""
    file, shown = parcel.content.files[0], message.get("files") or []
    same = [(one.get("name"), one.get("size")) for one in shown] == [(file.name, file.size)]
    return bool(message.get("bot_id")) and same
