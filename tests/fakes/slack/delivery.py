"""How Slack gets an event to the app: over any open socket, or signed over HTTP, with retries."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.fakes.loopback_server import Call
from tests.fakes.slack.user_actions import SlackUserActions
from tests.fakes.slack.workspace import APP, VERIFICATION, Ack, Envelope

SIGNING_SECRET = "0123456789abcdef-naru-test"
MAX_SOCKETS = 10
DISCONNECT_GRACE_SECONDS = 1.0
ANSWERABLE = {"interactive", "slash_commands"}


class SlackDelivery(SlackUserActions):
    """Owes envelopes to the app until it acks them or the retries are spent.

    `answer_time` is Slack's three seconds; `retries` are the pauses before each retry (Slack: at
    once, a minute, five minutes). Only events are retried, as with Slack.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        http_target: str = "",
        signing_secret: str = SIGNING_SECRET,
        retries: tuple[float, ...] = (0.0, 1.0, 5.0),
        answer_time: float = 3.0,
    ) -> None:
        super().__init__(port)
        self.http_target = http_target
        self.signing_secret = signing_secret
        self.retries = retries
        self.answer_time = answer_time
        self._acks: list[Ack] = []
        self._sockets: dict[web.WebSocketResponse, asyncio.Transport | None] = {}
        self._turn = count()

    # scripting and looking

    @property
    def acks(self) -> list[Ack]:
        with self.changed:
            return list(self._acks)

    @property
    def unacked(self) -> list[Envelope]:
        """What is owed and not acked, whether still tried or given up."""
        with self.changed:
            return [each for each in self.work.envelopes if each.state != "acked"]

    @property
    def given_up(self) -> list[Envelope]:
        """What Slack has given up on."""
        return [each for each in self.unacked if each.state == "gone"]

    @property
    def sockets(self) -> int:
        """How many sockets are open."""
        return len(self._sockets)

    def redeliver(self, event_id: str = "") -> int:
        """Send every unacked event again, or one event even though it was acked; how many."""
        with self.change():
            chosen = [e for e in self.work.envelopes if self._reset_envelope(e, event_id)]
            for envelope in chosen:
                envelope.attempt += 1
                envelope.run += 1
                envelope.state = "new"
            return len(chosen)

    @staticmethod
    def _reset_envelope(envelope: Envelope, event_id: str) -> bool:
        if event_id:
            return envelope.event_id == event_id
        return envelope.type == "events_api" and envelope.state != "acked"

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every socket to go: warning, refresh_requested or link_disabled."""
        asyncio.run_coroutine_threadsafe(self._send_disconnect(reason), self.running.loop).result(5)

    def drop_sockets(self) -> None:
        """Cut every socket without a word."""
        self.running.loop.call_soon_threadsafe(_abort, list(self._sockets.values()))

    def verify_url(self) -> bool:
        """Slack's question when the URL is set: does the app echo the challenge?"""
        body = {"token": VERIFICATION, "challenge": uuid.uuid4().hex, "type": "url_verification"}
        status, text = self.post_signed(json.dumps(body))
        return status == 200 and body["challenge"] in text

    def sign(self, body: str, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        """The two headers that prove a request is Slack's."""
        stamp = str(int(time.time() if at is None else at))
        key = (self.signing_secret if secret is None else secret).encode()
        digest = hmac.new(key, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    def post_signed(
        self, body: str, headers: dict[str, str] | None = None, mime: str = "application/json"
    ) -> tuple[int, str]:
        """Post to the app by hand, signed unless `headers` are given; its status and answer."""
        sent = self._post(body, headers if headers is not None else self.sign(body), mime)
        return asyncio.run_coroutine_threadsafe(sent, self.running.loop).result(10)

    # sockets

    async def serve_socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=10)
        await socket.prepare(request)
        if len(self._sockets) >= MAX_SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        hello = {"type": "hello", "num_connections": len(self._sockets) + 1}
        link = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}
        await socket.send_json({**hello, "debug_info": link, "connection_info": {"app_id": APP}})
        with self.change():
            self._sockets[socket] = request.transport
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._handle_ack(message.data)
        finally:
            with self.change():
                self._sockets.pop(socket, None)
        return socket

    def _handle_ack(self, text: str) -> None:
        answer = json.loads(text)
        number = str(answer.get("envelope_id"))
        for envelope in self.work.envelopes:
            if number in envelope.ids:
                self._record_ack(envelope, number, answer.get("payload"))

    def _record_ack(self, envelope: Envelope, number: str, payload: Any) -> None:
        now = time.time()
        ack = Ack(
            number,
            envelope.type,
            envelope.event_id,
            now,
            now - envelope.sent_at,
            envelope.attempt,
            payload,
        )
        with self.change():
            envelope.state = "acked"
            self._acks.append(ack)

    async def _send_disconnect(self, reason: str) -> None:
        leaving = dict(self._sockets)
        for socket in leaving:
            debug = {"host": "applink-1"}
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": debug})
        if reason != "warning":
            self.running.loop.call_later(DISCONNECT_GRACE_SECONDS, _abort, leaving.values())
            with self.change():
                self._sockets = {s: t for s, t in self._sockets.items() if s not in leaving}

    # deliveries

    async def run_background(self) -> None:
        self.work.root = self.url
        async with asyncio.TaskGroup() as tasks:
            while True:
                bell = self.running.bell
                with self.changed:
                    fresh = [each for each in self.work.envelopes if each.state == "new"]
                    for envelope in fresh:
                        envelope.state = "on its way"
                for envelope in fresh:
                    tasks.create_task(self._deliver(envelope))
                await bell.wait()

    async def _deliver(self, envelope: Envelope) -> None:
        first, run = envelope.attempt, envelope.run
        pauses = self.retries if envelope.type == "events_api" else ()
        for number, pause in enumerate((0.0, *pauses)):
            await asyncio.sleep(pause)
            if not _is_current_run(envelope, run):
                return
            envelope.attempt = first + number
            if await self._attempt(envelope):
                return
        with self.change():
            if _is_current_run(envelope, run):
                envelope.state = "gone"

    async def _attempt(self, envelope: Envelope) -> bool:
        if self.http_target:
            return await self._attempt_http(envelope)
        return await self._attempt_socket(envelope)

    async def _attempt_socket(self, envelope: Envelope) -> bool:
        end = time.monotonic() + self.answer_time
        socket = await self._open_socket(end)
        if socket is None:
            return False
        number = str(uuid.uuid4())
        body = {
            "envelope_id": number,
            "payload": envelope.payload,
            "type": envelope.type,
            "accepts_response_payload": envelope.type in ANSWERABLE,
        }
        if envelope.type == "events_api":
            reason = "timeout" if envelope.attempt else ""
            body |= {"retry_attempt": envelope.attempt, "retry_reason": reason}
        with self.changed:
            envelope.ids.append(number)
            envelope.sent_at = time.time()
        with suppress(ConnectionError):
            await socket.send_json(body)
        return await self._wait_for_ack(envelope, socket, time.monotonic() + self.answer_time)

    async def _open_socket(self, end: float) -> web.WebSocketResponse | None:
        while not self._sockets and time.monotonic() < end:
            await self.wait_for_change(self.running.bell, end - time.monotonic())
        open_ones = list(self._sockets)
        return open_ones[next(self._turn) % len(open_ones)] if open_ones else None

    async def _wait_for_ack(
        self, envelope: Envelope, socket: web.WebSocketResponse, end: float
    ) -> bool:
        """False as soon as the socket dies, too. True as well when somebody else took over."""
        run = envelope.run
        while _is_current_run(envelope, run) and time.monotonic() < end and not socket.closed:
            await self.wait_for_change(self.running.bell, end - time.monotonic())
        return not _is_current_run(envelope, run)

    # HTTP

    async def _attempt_http(self, envelope: Envelope) -> bool:
        body, mime = _encode_http(envelope)
        headers = self.sign(body)
        if envelope.attempt:
            headers |= {"X-Slack-Retry-Num": str(envelope.attempt)}
            headers |= {"X-Slack-Retry-Reason": "http_timeout"}
        number = str(uuid.uuid4())
        envelope.ids.append(number)
        envelope.sent_at = started = time.time()
        status, text = await self._post(body, headers, mime)
        self.record(Call("http", envelope.payload, started, status, text))
        if 200 <= status < 300:
            self._record_ack(envelope, number, text)
        return 200 <= status < 300

    async def _post(self, body: str, headers: dict[str, str], mime: str) -> tuple[int, str]:
        timeout = aiohttp.ClientTimeout(total=self.answer_time)
        kept = {**headers, "Content-Type": mime, "User-Agent": "Slackbot 1.0"}
        try:
            async with self.running.session.post(
                self.http_target, data=body.encode(), headers=kept, timeout=timeout
            ) as response:
                return response.status, await response.text()
        except TimeoutError:
            return 0, "http_timeout"
        except (aiohttp.ClientError, OSError):
            return 0, "connection_failed"


def _is_current_run(envelope: Envelope, run: int) -> bool:
    """Is this run of deliveries still the one to see to it?"""
    return envelope.state == "on its way" and envelope.run == run


def _abort(transports: Iterable[asyncio.Transport | None]) -> None:
    for transport in transports:
        if transport is not None:
            transport.abort()


def _encode_http(envelope: Envelope) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    if envelope.type == "interactive":
        return urlencode({"payload": json.dumps(envelope.payload)}), form
    if envelope.type == "slash_commands":
        return urlencode(envelope.payload), form
    return json.dumps(envelope.payload), "application/json"
