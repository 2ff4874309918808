"""A server that speaks Slack's Web API and Socket Mode, for tests with the real client library."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any

from aiohttp import web

from tests.fakes.loopback_server import Call, Fault, Json
from tests.fakes.slack import conversation_methods, other_methods
from tests.fakes.slack.delivery import SlackDelivery
from tests.fakes.slack.message_methods import METHODS, parse_flag
from tests.fakes.slack.workspace import APP, Envelope, SlackError, app_author

BOT_TOKEN = "xoxb-naru-test-bot-token"
APP_TOKEN = "xapp-naru-test-app-token"
OBJECTS = {"blocks", "attachments", "metadata", "view", "files", "prompts", "unfurls"}
MAX_RESPONSE_URL_USES = 5
assert conversation_methods and other_methods  # their methods are registered


class SlackServer(SlackDelivery):
    """`with SlackServer() as server:`; `server.api_url`, `server.bot_token`, `server.app_token`."""

    bot_token = BOT_TOKEN
    app_token = APP_TOKEN

    def __init__(self, port: int = 0, **options: Any) -> None:
        """Options as `Delivery`: http_target, signing_secret, retries, answer_time."""
        super().__init__(port, **options)
        self._tickets: set[str] = set()
        self._url_uses: dict[str, int] = {}
        self._responses: list[Json] = []

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def responses(self) -> list[Json]:
        """What was posted to `response_url`s."""
        with self.changed:
            return list(self._responses)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/{method}", self._call),
            web.get("/link/{ticket}", self._connect),
            web.post("/upload/v1/{file}", self._upload),
            web.get("/files-pri/{key}/{path:.+}", self._download),
            web.post("/actions/{team}/{channel}/{ts}/{number}", self._respond),
            web.get("/login", self._login),
        ]

    # Web API

    async def _call(self, request: web.Request) -> web.StreamResponse:
        arrived = time.time()
        name = request.match_info["method"]
        token, asked = await _read_arguments(request)
        fault = self.take_fault(name, asked)
        status, headers, answer = 200, {}, self._answer(name, token, asked, fault)
        if fault is not None and fault.kind == "fail":
            status = fault.status
            headers = {"Retry-After": str(fault.retry_after)} if status == 429 else {}
        lost = fault is not None and fault.kind == "lose"
        self.record(Call(name, asked, arrived, status, answer, lost))
        reply = web.json_response(answer, status=status, headers=headers)
        return await self.respond_with_fault(request, reply, fault)

    def _answer(self, name: str, token: str, asked: Json, fault: Fault | None) -> Json:
        try:
            if fault is not None and fault.kind == "fail":
                raise SlackError(_build_fault_error(fault))
            with self.change():
                return {"ok": True, **self._perform(name, token, asked)}
        except SlackError as error:
            answer: Json = {"ok": False, "error": error.error}
            if error.messages:
                answer["errors"] = error.messages
                answer["response_metadata"] = {"messages": error.messages}
            return answer | ({"req_method": name} if error.error == "unknown_method" else {})

    def _perform(self, name: str, token: str, asked: Json) -> Json:
        if name == "api.test":
            return {"args": asked}
        self._authorise(name, token)
        if name == "apps.connections.open":
            return {"url": self._issue_ticket()}
        if name not in METHODS:
            raise SlackError("unknown_method")
        return METHODS[name](self.work, asked)

    def _authorise(self, name: str, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise SlackError("invalid_auth")
        right = self.app_token if name == "apps.connections.open" else self.bot_token
        if token != right:
            raise SlackError("not_allowed_token_type")

    # sockets

    def _issue_ticket(self) -> str:
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return f"{self.url.replace('http', 'ws', 1)}/link/{ticket}?app_id={APP}"

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        """A ticket opens one socket."""
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            raise web.HTTPNotFound
        self._tickets.remove(ticket)
        return await self.serve_socket(request)

    def freeze_sockets(self, seconds: float) -> None:
        """Read nothing from the open sockets for so long: acks and pings wait, as on a dead line."""
        self.running.loop.call_soon_threadsafe(self._freeze, seconds)

    def _freeze(self, seconds: float) -> None:
        for transport in list(self._sockets.values()):
            if transport is not None and not transport.is_closing():
                transport.pause_reading()
                self.running.loop.call_later(seconds, _thaw, transport)

    async def _attempt(self, envelope: Envelope) -> bool:
        """A delivery with what goes wrong on its way ("event"): late, or its ack is lost."""
        fault = self.take_fault("event", envelope.payload)
        if fault is not None and fault.kind == "stall":
            await asyncio.sleep(fault.seconds)
        run = envelope.run
        is_acked = await super()._attempt(envelope)
        if fault is None or fault.kind != "lose":
            return is_acked
        with self.changed:
            if envelope.run != run:  # it is sent again meanwhile, which must not be undone
                return is_acked
            if envelope.state != "acked":  # there was no ack that could be lost
                self.lose_answer("event")
                return is_acked
            envelope.state = "on its way"
            return False

    # files

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        stored = self.work.files.get(request.match_info["file"])
        if stored is None:
            raise web.HTTPNotFound
        if request.content_type == "multipart/form-data":
            fields = (await request.post()).values()
            content = b"".join(f.file.read() for f in fields if isinstance(f, web.FileField))
        else:
            content = await request.read()
        fault = self.take_fault("upload", {"file": stored.id})
        if fault is not None and fault.kind == "fail":
            return web.Response(status=fault.status, text="error")
        with self.change():
            stored.content, stored.size = content, len(content)
        return await self.respond_with_fault(
            request, web.Response(text=f"OK - {len(content)}"), fault
        )

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A file, for who shows the token; a login page for the rest, as Slack does."""
        if request.headers.get("Authorization") != f"Bearer {self.bot_token}":
            raise web.HTTPFound("/login")
        stored = self.work.files.get(request.match_info["key"].rpartition("-")[2])
        if stored is None or stored.content is None:
            raise web.HTTPNotFound
        fault = self.take_fault("download", {"file": stored.id})
        if fault is not None and fault.kind == "fail":
            return web.Response(status=fault.status)
        reply = web.Response(body=stored.content, headers={"Content-Type": stored.mime})
        return await self.respond_with_fault(request, reply, fault)

    async def _login(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text="<!DOCTYPE html><title>Slack</title>", content_type="text/html")

    # response_url

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info["number"]
        self._url_uses[number] = self._url_uses.get(number, 0) + 1
        if self._url_uses[number] > MAX_RESPONSE_URL_USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        asked: Json = await request.json()
        channel, ts = request.match_info["channel"], request.match_info["ts"]
        with self.change():
            self._responses.append({**asked, "channel": channel, "message_ts": ts})
            self._apply(channel, ts, asked)
        return web.Response(text="ok")

    def _apply(self, channel: str, ts: str, asked: Json) -> None:
        place = self.work.channels[channel]
        message = place.messages.get(ts)
        content: Json = {key: asked[key] for key in ("text", "blocks") if key in asked}
        if parse_flag(asked.get("delete_original")) and message is not None:
            self.work.edit_message(place, message, None)
        elif parse_flag(asked.get("replace_original")) and message is not None:
            self.work.edit_message(place, message, content)
        elif asked.get("response_type") == "in_channel":
            posted = self.work.post(place, app_author(), content.pop("text", ""), **content)
            self.work.emit_message(place, posted)


def _thaw(transport: asyncio.Transport) -> None:
    if not transport.is_closing():
        transport.resume_reading()


def _build_fault_error(fault: Fault) -> str:
    return fault.message or {429: "ratelimited", 200: "fatal_error"}.get(
        fault.status, "internal_error"
    )


async def _read_arguments(request: web.Request) -> tuple[str, Json]:
    """The token and the arguments, however they were sent."""
    asked: Json = dict(request.query)
    if request.content_type == "application/json":
        asked |= await request.json()
    elif request.method == "POST":
        asked |= dict(await request.post())
    asked = {name: _parse_value(name, value) for name, value in asked.items() if value is not None}
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    given = str(asked.pop("token", ""))
    return bearer or given, asked


def _parse_value(name: str, value: Any) -> Any:
    if name not in OBJECTS or not isinstance(value, str) or not value:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
