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
from adapters.slack.inbound import event
from adapters.slack.outbound import TOKEN, blocks, error_of, escaped, reassign_form, said
from bot.delivery.sender import Delivered, Parcel
from bot.errors import Refused, TryAgain
from bot.phrases import say
from bot.store import Event
from bot.types import Address, File, Message

log = logging.getLogger(__name__)

QUIET = logging.getLogger("naru.slack_sdk")  # the SDK writes whole messages at DEBUG
QUIET.setLevel(logging.WARNING)

MARK = "naru_outbox"
FETCH_TIME = aiohttp.ClientTimeout(total=60)
PAGE = 200  # messages that are read of a history at once
PING_SECONDS = 3.0  # how soon a dead socket is noticed
SLACK_HOSTS = (".slack.com", ".slack-gov.com", ".slack-files.com")
REASSIGN = re.compile(r"^reassign:\d+$")
Keep = Callable[[Sequence[Event]], Awaitable[int]]
Fetch = Callable[[File], Awaitable[bytes]]


class Slack:
    """One Slack app. `keep` commits events; `fetch` gets files that lie on another messenger."""

    name = "slack"

    def __init__(
        self, token: str, api_url: str, signing_secret: str, keep: Keep, fetch: Fetch
    ) -> None:
        # The SDK's own retry would post a message again whose answer was lost.
        self.client = AsyncWebClient(
            token=token, base_url=api_url, retry_handlers=[], logger=QUIET, timeout=20
        )
        self.app = AsyncApp(
            client=self.client,
            signing_secret=signing_secret or None,
            request_verification_enabled=bool(signing_secret),
            before_authorize=self._keep_first,
            logger=QUIET,
        )
        self.app.action(REASSIGN)(_open_reassign)
        self._keep = keep
        self._fetch_elsewhere = fetch
        self._socket: AsyncSocketModeHandler | None = None
        self.user = ""  # our own id, known from the start on

    # ---- receiving ---------------------------------------------------------------------

    async def _keep_first(
        self,
        req: AsyncBoltRequest,
        next: Callable[[], Awaitable[None]],
    ) -> BoltResponse | None:
        """Before anything else: commit. Slack hears "got it" only after that."""
        body = dict(req.body)
        if body.get("type") == "url_verification" or _opens_form(body):
            await next()
            return None
        try:
            await self._keep([event(body)])
        except Exception:  # whatever the database says, Slack must send it again
            log.exception("a Slack event could not be kept; it is not acknowledged")
            return BoltResponse(status=503, body="")
        return BoltResponse(status=200, body="")

    async def start(self) -> str:
        """Check the token; returns the bot's name. Raises Refused for a wrong one."""
        try:
            me = await self.client.auth_test()
        except SlackApiError as error:
            if (name := error_of(error)) not in TOKEN:
                raise TryAgain(f"Slack cannot be reached: {name}") from error
            raise Refused(
                f"Slack does not take NARU_SLACK_BOT_TOKEN ({name}). Copy the "
                "Bot User OAuth Token again from the app's page."
            ) from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise TryAgain(f"Slack cannot be reached: {error}") from error
        self.user = str(me["user_id"])
        return str(me["user"])

    async def connect(self, app_token: str) -> str:
        """Open Socket Mode; from then on the SDK keeps it open. Raises Refused for a wrong token."""
        try:
            way = await self.client.apps_connections_open(app_token=app_token)
        except SlackApiError as error:
            if (name := error_of(error)) not in TOKEN:
                raise TryAgain(f"Slack's socket cannot be opened: {name}") from error
            raise Refused(
                f"Slack does not take NARU_SLACK_APP_TOKEN ({name}). Make an app-level token with "
                "connections:write on the app's page."
            ) from error
        self._socket = AsyncSocketModeHandler(
            self.app, app_token, logger=QUIET, web_client=self.client, ping_interval=PING_SECONDS
        )
        client = self._socket.client
        client.wss_uri = str(way["url"])  # it opens one socket, this one
        client.message_listeners.append(self._keep_odd)
        await self._socket.connect_async()  # type: ignore[no-untyped-call]
        return "socket open"

    async def _keep_odd(
        self, client: AsyncBaseSocketModeClient, message: dict[str, Any], _: str | None = None
    ) -> None:
        """An envelope of a kind that Bolt passes over: kept and acknowledged all the same."""
        number = message.get("envelope_id")
        if number is None or isinstance(message.get("payload"), dict):
            return
        await self._keep([event({"type": message.get("type"), "envelope": message})])
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=number))

    async def handle(self, request: web.Request) -> web.Response:
        """The handler of POST /slack/events: signature, age and form are checked by Bolt."""
        response = await self.app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(response)

    async def connected(self) -> bool:
        """Whether the socket is up; true where there is none to be up."""
        return self._socket is None or await self._socket.client.is_connected()

    async def stop(self) -> None:
        if self._socket:
            await self._socket.close_async()  # type: ignore[no-untyped-call]

    # ---- sending -----------------------------------------------------------------------

    async def send(self, parcel: Parcel) -> Delivered:
        if parcel.body.files:
            return await self._send_file(parcel)
        sent = await said(
            self.client.chat_postMessage(
                channel=parcel.address.chat,
                thread_ts=parcel.thread,
                text=escaped(parcel.body.text) or " ",
                blocks=None if parcel.plain else blocks(parcel.body),
                metadata={"event_type": MARK, "event_payload": {"key": parcel.key}},
                unfurl_links=False,
                unfurl_media=False,
            ),
            parcel,
        )
        return _posted(parcel, str(sent["ts"]))

    async def edit_card(self, parcel: Parcel) -> Delivered:
        if parcel.card is None:
            return Delivered(None)
        try:
            await said(
                self.client.chat_update(
                    channel=parcel.address.chat,
                    ts=parcel.card,
                    text=escaped(parcel.body.text),
                    blocks=None if parcel.plain else blocks(parcel.body),
                ),
                parcel,
            )
        except Refused as error:
            log.info("card of %s not edited: %s", parcel.address.staff_thread, error)
        return Delivered(parcel.card)

    async def open_thread(self, address: Address, name: str) -> str | None:  # noqa: ARG002
        return None  # a thread begins with its first message: the card

    async def set_thread(self, parcel: Parcel, *, is_open: bool) -> None:
        """Slack's threads neither close nor open; the card says how the case stands."""

    async def find(self, parcel: Parcel, since: datetime) -> Delivered | None:
        """The message whose mark is this parcel's, posted since it was decided."""
        place = Address(self.name, parcel.address.chat, parcel.thread)
        for message in reversed(await self.history(place, since - timedelta(minutes=1))):
            mark = message.get("metadata") or {}
            if (mark.get("event_payload") or {}).get("key") == parcel.key:
                return _posted(parcel, str(message["ts"]))
            if parcel.body.files and _is_file(message, parcel):
                return Delivered(None)
        return None

    async def history(self, place: Address, since: datetime) -> list[dict[str, Any]]:
        """What was written in a place since then, as Slack keeps it, oldest first."""
        asked: dict[str, Any] = {"channel": place.chat, "oldest": f"{since.timestamp():.6f}"}
        asked |= {"limit": PAGE, "include_all_metadata": True}
        read: Any = self.client.conversations_history
        if place.thread:
            read, asked = self.client.conversations_replies, asked | {"ts": place.thread}
        found: list[dict[str, Any]] = []
        while True:
            page = await said(read(**asked), None)
            found += page.get("messages") or ()
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return sorted(found, key=lambda message: str(message.get("ts")))
            asked |= {"cursor": cursor}

    async def session(self) -> str:
        """Names the socket that is open; "" where there is none."""
        return str(await self._socket.client.session_id()) if self._socket else ""

    async def seen(self, message: Message) -> None:
        """Show a founder that their message was passed on."""
        with contextlib.suppress(SlackClientError, aiohttp.ClientError, TimeoutError):
            await self.client.reactions_add(channel=message.chat, timestamp=message.id, name="eyes")

    async def preview(self, preview: Preview) -> None:
        """Show in a thread that an answer is being written; Slack takes it away when one comes.
        Raises SlackClientError."""
        message = preview.message
        if message.thread:
            await self.client.assistant_threads_setStatus(
                channel_id=message.chat,
                thread_ts=message.thread,
                status=say("founder.writing", preview.language),
            )

    async def fetch(self, file: File) -> bytes:
        """The bytes of a file that lies on Slack; the token is shown to nobody else."""
        if not self._is_slacks(file.ref):
            raise Refused(f"{file.name} does not lie on Slack itself")
        headers = {"Authorization": f"Bearer {self.client.token}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=FETCH_TIME) as session,
                session.get(file.ref, headers=headers) as response,
            ):
                kind = response.headers.get("Content-Type", "")
                if response.status == 200 and not (
                    kind.startswith("text/html") and file.mime != "text/html"
                ):
                    return await response.read()
                raise Refused(f"{file.name}: Slack did not hand it out ({response.status})")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryAgain(f"{file.name}: {error}") from error

    def _is_slacks(self, address: str) -> bool:
        parts, api = urlsplit(address), urlsplit(self.client.base_url)
        host = parts.hostname or ""
        own = (parts.scheme, host, parts.port) == (api.scheme, api.hostname, api.port)
        return own or (parts.scheme == "https" and host.endswith(SLACK_HOSTS))

    async def _send_file(self, parcel: Parcel) -> Delivered:
        file = parcel.body.files[0]
        content = await (self.fetch if file.channel == self.name else self._fetch_elsewhere)(file)
        await said(
            self.client.files_upload_v2(
                channel=parcel.address.chat,
                thread_ts=parcel.thread,
                content=content,
                filename=file.name,
                initial_comment=escaped(parcel.body.text) or None,
            ),
            parcel,
        )
        return Delivered(None)


async def _open_reassign(ack: Callable[[], Awaitable[None]], body: dict[str, Any],
                         client: AsyncWebClient) -> None:  # fmt: skip
    """A form must open within three seconds of the press, so it cannot wait for a worker."""
    await ack()
    view = reassign_form(body.get("container") or {})
    await client.views_open(trigger_id=body["trigger_id"], view=view)


def _opens_form(body: dict[str, Any]) -> bool:
    actions = body.get("actions") or [{}]
    pressed = str(actions[0].get("action_id", ""))
    return body.get("type") == "block_actions" and bool(REASSIGN.match(pressed))


def _posted(parcel: Parcel, ts: str) -> Delivered:
    """A message that stands; the first one of a staff thread is the thread."""
    begins = parcel.address.staff_thread and not parcel.thread
    return Delivered(ts, ts if begins else None)


def _is_file(message: dict[str, Any], parcel: Parcel) -> bool:
    """Whether a message carries a parcel's file, which can bear no mark: by name and size."""
    file, shown = parcel.body.files[0], message.get("files") or []
    same = [(one.get("name"), one.get("size")) for one in shown] == [(file.name, file.size)]
    return bool(message.get("bot_id")) and same
