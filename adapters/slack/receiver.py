"""Slack's payloads, by Socket Mode or over HTTP: committed before they are acknowledged."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.messenger import (
    MESSAGE_SETTLE_TIME,
    CommitEvents,
    ReceiverState,
    RequestHandler,
)
from adapters.messaging.relevance import ODD_SHAPE_ERRORS
from adapters.messaging.request_body import read_body
from adapters.messaging.supervision import CHANNEL_RETRY_SECONDS, retry_start, run_forever
from adapters.slack.channel import SDK_LOGGER, SlackChannel
from adapters.slack.errors import TOKEN_ERRORS, get_error_code
from adapters.slack.event_keys import find_channel
from adapters.slack.history import SlackBackfill
from adapters.slack.inbound import build_event, parse_message
from adapters.slack.outbound import build_reassign_form
from adapters.slack.reading.requests import (
    REASSIGN_ACTION,
    is_for_bolt,
    is_signed,
    read_payload,
)
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.store import InboxEvent

log = logging.getLogger(__name__)

# Of the three seconds that Slack waits for an answer: for all names in an event, and for what was
# said before it where something may be missing.
LOOK_UP_TIMEOUT_SECONDS, CATCH_UP_TIMEOUT_SECONDS = 0.8, 1.5
SOCKET_PING_SECONDS = 3.0  # how soon a dead socket is noticed
EVENTS_PATH = "/slack/events"


class SlackReceiver:
    """Receives for one Slack app: by Socket Mode if there is an `app_token`, else over HTTP,
    where requests are checked with `signing_secret`.

    `backfill` reads what was missed. `settle_time` is how long a message waits for the next one;
    `retry_seconds` pass between two tries to reach Slack at the start; an event waits
    `catch_up_seconds` at most for what was said before it.
    """

    def __init__(
        self,
        channel: SlackChannel,
        commit: CommitEvents,
        backfill: SlackBackfill,
        *,
        signing_secret: str = "",
        app_token: str = "",
        settle_time: timedelta = MESSAGE_SETTLE_TIME,
        retry_seconds: float = CHANNEL_RETRY_SECONDS,
        catch_up_seconds: float = CATCH_UP_TIMEOUT_SECONDS,
    ) -> None:
        self._channel = channel
        self._commit = commit
        self._backfill = backfill
        self._app_token = app_token
        self._signing_secret = signing_secret
        self._settle_time = settle_time
        self._retry_seconds = retry_seconds
        self._catch_up_seconds = catch_up_seconds
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._socket: AsyncSocketModeHandler | None = None
        self._state: ReceiverState = "starting"
        self._app = AsyncApp(
            client=channel.client,
            signing_secret=signing_secret or None,
            request_verification_enabled=bool(signing_secret),
            before_authorize=self._commit_before_dispatch,
            logger=SDK_LOGGER,
        )
        self._app.action(REASSIGN_ACTION)(_open_reassign_form)

    async def run(self) -> None:
        """Start, read the open cases' histories, then receive until cancelled. Returns if Slack
        refuses a token."""
        if not await self._retry("Slack", self._channel.start):
            self._state = "off"
            return
        await self._retry("Slack's open cases", self._backfill.backfill_open_cases)
        if self._app_token and not await self._retry("Slack's socket", self.open_socket):
            self._state = "off"
            return
        self._state = "on"
        await run_forever(
            "Slack's histories", lambda: self._backfill.run_forever(self._read_session_id)
        )

    async def stop(self) -> None:
        """Close the socket."""
        if self._socket:
            await self._socket.close_async()  # type: ignore[no-untyped-call]

    def list_routes(self) -> Mapping[str, RequestHandler]:
        """The path of Slack's events, unless they come by Socket Mode."""
        return {} if self._app_token else {EVENTS_PATH: self._handle_request}

    async def collect_health(self, now: datetime) -> dict[str, object]:  # noqa: ARG002
        """Its state, and whether the socket is up; true where there is none."""
        connected = self._socket is None or await self._socket.client.is_connected()
        return {"slack": self._state, "slack_socket": connected}

    async def open_socket(self) -> str:
        """Open Socket Mode; from then on the SDK keeps it open. Returns a word for the log. Raises
        DeliveryRefused for a wrong token, else DeliveryUncertain or the library's errors."""
        url = await self._request_socket_url()
        self._socket = AsyncSocketModeHandler(
            self._app,
            self._app_token,
            logger=SDK_LOGGER,
            web_client=self._channel.client,
            ping_interval=SOCKET_PING_SECONDS,
        )
        client = self._socket.client
        client.wss_uri = url  # it opens one socket, this one
        client.message_listeners += [self._notice_new_socket, self._commit_unknown_envelope]
        await self._socket.connect_async()  # type: ignore[no-untyped-call]
        return "socket open"

    async def _request_socket_url(self) -> str:
        try:
            answer = await self._channel.client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            if (name := get_error_code(error)) not in TOKEN_ERRORS:
                raise DeliveryUncertain(f"Slack's socket cannot be opened: {name}") from error
            raise DeliveryRefused(
                f"Slack does not take NARU_SLACK_APP_TOKEN ({name}). Make an app-level token with "
                "connections:write on the app's page."
            ) from error
        return str(answer["url"])

    async def _retry(self, name: str, start: Callable[[], Awaitable[str]]) -> bool:
        return await retry_start(name, start, self._retry_seconds)

    async def _read_session_id(self) -> str:
        """Names the socket that is open; "" where there is none."""
        return str(await self._socket.client.session_id()) if self._socket else ""

    async def _commit_before_dispatch(
        self,
        req: AsyncBoltRequest,
        next: Callable[[], Awaitable[None]],
    ) -> BoltResponse | None:
        """Commit before anything else; only then Slack gets 200."""
        body = dict(req.body)
        if is_for_bolt(body):
            await next()
            return None
        return BoltResponse(status=await self._keep_payload(body), body="")

    async def _keep_payload(self, payload: dict[str, Any]) -> int:
        """Commit an event; the status that tells Slack whether it has to send it again."""
        try:
            await self._commit_payload(payload)
        except Exception:  # whatever the database says, Slack must send it again
            log.exception("a Slack event could not be kept; it is not acknowledged")
            self._backfill.suspect_gap()
            return 503
        return 200

    async def _commit_payload(self, payload: dict[str, Any]) -> None:
        """Commit an event with the names that it refers to. Those of one channel wait for each other,
        so that neither a look-up nor a gap before them changes their order."""
        turn = self._turns.setdefault(find_channel(payload), asyncio.Lock())
        async with turn:
            found = await self._channel.look_ups.complete_payload(payload, LOOK_UP_TIMEOUT_SECONDS)
            event = build_event(found, self._settle_time)
            await self._catch_up(payload)
            if await self._commit([event]):
                self._show_status(event)

    async def _catch_up(self, payload: dict[str, Any]) -> None:
        """Receive what was said before an event where something may be missing; whatever goes wrong
        with that, the event is kept."""
        try:
            async with asyncio.timeout(self._catch_up_seconds):
                await self._backfill.catch_up(payload)
        except TimeoutError:
            log.warning("what was said before an event is read later")
        except Exception:  # of the database, or a history of a shape that Slack never had
            log.exception("what was said before an event is read later")

    def _show_status(self, event: InboxEvent) -> None:
        """Show below a question to Naru that it is being read."""
        message = None
        with contextlib.suppress(*ODD_SHAPE_ERRORS):
            message = parse_message(event.payload)
        if message and message.kind == "text" and message.addressed:
            self._channel.status.start(message)

    async def _notice_new_socket(
        self, _: AsyncBaseSocketModeClient, message: dict[str, Any], __: str | None = None
    ) -> None:
        """Slack greets on each new socket before it sends events: those of the one before may be lost."""
        if message.get("type") == "hello":
            self._backfill.suspect_gap()

    async def _commit_unknown_envelope(
        self, client: AsyncBaseSocketModeClient, message: dict[str, Any], _: str | None = None
    ) -> None:
        """Commit and acknowledge an envelope of a kind that Bolt passes over."""
        number = message.get("envelope_id")
        if number is None or isinstance(message.get("payload"), dict):
            return
        await self._commit([build_event({"type": message.get("type"), "envelope": message})])
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=number))

    async def _handle_request(self, request: web.Request) -> web.Response:
        """401 without a signature of these minutes, 400 for what Slack does not send."""
        try:
            body = (await read_body(request)).decode()
            # Before Bolt, which parses first.
            if not is_signed(body, request.headers, self._signing_secret):
                return web.Response(status=401)
            payload = read_payload(body, request.headers)
        except ValueError as error:
            log.warning("a request to %s is refused: %s", EVENTS_PATH, error)
            return web.Response(status=400)
        bolt_request = None
        if is_for_bolt(payload):
            with contextlib.suppress(*ODD_SHAPE_ERRORS):  # it reads few shapes of a team and a user
                bolt_request = AsyncBoltRequest(
                    body=body, query=request.query_string, headers=dict(request.headers)
                )
        if bolt_request is None:
            return web.Response(status=await self._keep_payload(payload))
        return await to_aiohttp_response(await self._app.async_dispatch(bolt_request))


async def _open_reassign_form(ack: Callable[[], Awaitable[None]], body: dict[str, Any],
                         client: AsyncWebClient) -> None:  # fmt: skip
    """A form must open within three seconds of the press, so it cannot wait for a worker."""
    await ack()
    view = build_reassign_form(body["container"])
    try:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as error:
        log.warning("the form to reassign a case did not open: %s", get_error_code(error))
