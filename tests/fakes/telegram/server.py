"""A server that speaks Telegram's Bot API, for tests with the real client library."""

from __future__ import annotations

import asyncio
import copy
import re
import time
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.loopback_server import Call, Fault, Json
from tests.fakes.telegram import admin_methods
from tests.fakes.telegram.message_methods import METHODS
from tests.fakes.telegram.request import ApiRequest, read_request
from tests.fakes.telegram.screen import ConfirmedOffset
from tests.fakes.telegram.state import ApiError
from tests.fakes.telegram.user_actions import TelegramUserActions

__all__ = ["ConfirmedOffset", "TelegramServer"]

TOKEN = "7000000001:AAE-test-token-of-the-naru-bot-0000000"
MAX_POLL_SECONDS = 50
SECRET_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,256}")
HTTP_REASONS = {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway"}
HTTP_REASONS |= {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 409: "Conflict"}
WEBHOOK_ACTIVE_CONFLICT = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
OTHER_POLL_CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
assert admin_methods  # its methods are registered


class TelegramServer(TelegramUserActions):
    """`with TelegramServer() as server:`; API root `server.url`, token `server.token`."""

    def __init__(
        self, token: str = TOKEN, *, port: int = 0, webhook_delays: tuple[float, ...] = (0, 0.2, 1)
    ) -> None:
        """`webhook_delays`: the pauses before a webhook's 1st, 2nd, … retry; the last repeats."""
        super().__init__(port)
        self.token = token
        self.webhook: Json = {}
        self.webhook_delays = webhook_delays
        self.webhook_timeout = 10.0
        self.last_poll = 0.0
        self._poll = 0
        self._pushing: set[int] = set()
        self._webhook_error: tuple[int, str] | None = None

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self._call),
            web.get("/file/bot{token}/{path:.+}", self._download),
        ]

    # requests

    async def _call(self, request: web.Request) -> web.StreamResponse:
        arrived = time.time()
        name = request.match_info["method"]
        asked, fault, status, answer = ApiRequest(), None, 200, {}
        try:
            self._authorise(request)
            asked = await read_request(request)
            fault = self.take_fault(name, asked.params)
            answer = {"ok": True, "result": await self._perform(name, asked, fault)}
        except ApiError as error:
            status, answer = error.status, _build_refusal(error)
        lost = fault is not None and fault.kind == "lose"
        shown = copy.deepcopy(answer.get("result", answer))  # as it was answered: messages change
        self.record(Call(name, asked.params, arrived, status, shown, lost))
        return await self.respond_with_fault(
            request, web.json_response(answer, status=status), fault
        )

    def _authorise(self, request: web.Request) -> None:
        if request.match_info["token"] != self.token:
            raise ApiError(401, "Unauthorized")

    async def _perform(self, name: str, asked: ApiRequest, fault: Fault | None) -> Any:
        if fault is not None and fault.kind == "fail":
            raise _build_failure(fault)
        if name.lower() == "getupdates":
            return await self._get_updates(asked)
        with self.change():
            if name.lower() in ("setwebhook", "deletewebhook", "getwebhookinfo"):
                return getattr(self, f"_{name.lower()}")(asked)
            method = METHODS.get(name.lower())
            if method is None:
                raise ApiError(404, "Not Found")
            return method(self.world, asked)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        self.record(Call("download", dict(request.match_info), time.time(), 200, None))
        fault = self.take_fault("download", dict(request.match_info))
        try:
            self._authorise(request)
            if fault is not None and fault.kind == "fail":
                raise _build_failure(fault)
            reply: web.StreamResponse = web.Response(
                body=self._serve_file(request.match_info["path"])
            )
        except ApiError as error:
            reply = web.json_response(_build_refusal(error), status=error.status)
        return await self.respond_with_fault(request, reply, fault)

    def _serve_file(self, path: str) -> bytes:
        with self.changed:
            for stored in self.world.files.values():
                if stored.path == path:
                    return stored.content
        raise ApiError(404, "Not Found")

    # polling

    async def _get_updates(self, asked: ApiRequest) -> list[Json]:
        with self.change():
            if self.webhook:
                raise ApiError(409, WEBHOOK_ACTIVE_CONFLICT)
            self.last_poll = time.time()
            self._poll += 1
            mine = self._poll
            self._set_allowed_updates(asked)
            self.world.updates.forget_below(asked.get_number("offset"))
        end = time.monotonic() + min(asked.get_number("timeout"), MAX_POLL_SECONDS)
        return await self._long_poll(mine, min(asked.get_number("limit", 100), 100), end)

    async def _long_poll(self, mine: int, limit: int, end: float) -> list[Json]:
        while True:
            bell = self.running.bell
            with self.changed:
                found = self.world.updates.oldest(limit)
                current = self._poll
            if current != mine:
                raise ApiError(409, OTHER_POLL_CONFLICT)
            if found or time.monotonic() >= end:
                return found
            await self.wait_for_change(bell, end - time.monotonic())

    def _set_allowed_updates(self, asked: ApiRequest) -> None:
        if asked.get("allowed_updates") is not None:
            self.world.updates.allowed_kinds = set(asked.get("allowed_updates"))

    # webhook

    def _setwebhook(self, asked: ApiRequest) -> bool:
        secret = str(asked.get("secret_token") or "")
        if secret and not SECRET_PATTERN.fullmatch(secret):
            raise ApiError(400, "Bad Request: secret token contains unallowed characters")
        url = str(asked.get("url") or "")
        self._set_allowed_updates(asked)
        self._drop_pending(asked)
        self.webhook = {"url": url, "secret": secret} if url else {}
        self.webhook |= {"max_connections": asked.get_number("max_connections", 40)} if url else {}
        self._webhook_error = None
        return True

    def _deletewebhook(self, asked: ApiRequest) -> bool:
        self._drop_pending(asked)
        self.webhook = {}
        return True

    def _getwebhookinfo(self, asked: ApiRequest) -> Json:
        info = {"url": self.webhook.get("url", ""), "has_custom_certificate": False}
        info["pending_update_count"] = len(self.world.updates.waiting)
        if self.webhook:
            info["max_connections"] = self.webhook["max_connections"]
        if self._webhook_error is not None:
            info["last_error_date"], info["last_error_message"] = self._webhook_error
        return info

    def _drop_pending(self, asked: ApiRequest) -> None:
        if asked.get_flag("drop_pending_updates"):
            self.world.updates.waiting.clear()

    async def run_background(self) -> None:
        """Push to the webhook: chats side by side, one chat's updates in order."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                bell = self.running.bell
                for lane in self._idle_lanes():
                    self._pushing.add(lane)
                    tasks.create_task(self._push_lane(lane))
                await bell.wait()

    def _idle_lanes(self) -> set[int]:
        with self.changed:
            if not self.webhook:
                return set()
            return {
                _lane_of(update) for update in self.world.updates.waiting.values()
            } - self._pushing

    async def _push_lane(self, lane: int) -> None:
        failures = 0
        while (update := self._find_next_update(lane)) is not None:
            if await self._push(update):
                failures = 0
                with self.change():
                    self.world.updates.confirm(update["update_id"])
            else:
                await asyncio.sleep(
                    self.webhook_delays[min(failures, len(self.webhook_delays) - 1)]
                )
                failures += 1
        self._pushing.discard(lane)

    def _find_next_update(self, lane: int) -> Json | None:
        with self.changed:
            if not self.webhook:
                return None
            waiting = self.world.updates.oldest(len(self.world.updates.waiting))
            return next((update for update in waiting if _lane_of(update) == lane), None)

    async def _push(self, update: Json) -> bool:
        started, error = time.time(), None
        fault = self.take_fault("webhook", update)
        if fault is not None and fault.kind == "stall":
            await asyncio.sleep(fault.seconds)
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret"]}
        timeout = aiohttp.ClientTimeout(total=self.webhook_timeout)
        sent = headers if self.webhook["secret"] else {}
        try:
            async with self.running.session.post(
                self.webhook["url"], json=update, headers=sent, timeout=timeout
            ) as response:
                status = response.status
                if status >= 300:
                    error = f"Wrong response from the webhook: {status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError):
            status, error = 0, "Connection refused"
        if fault is not None and fault.kind == "lose":
            if error:  # there was no answer that could be lost
                self.lose_answer("webhook")
            error = error or "Read timeout expired"
        self._webhook_error = (int(time.time()), error) if error else self._webhook_error
        self.record(Call("webhook", update, started, status, error))
        return error is None


def _lane_of(update: Json) -> int:
    for payload in update.values():
        if isinstance(payload, dict):
            chat = payload.get("chat") or payload.get("message", {}).get("chat") or {}
            return int(chat.get("id", 0))
    return 0


def _build_failure(fault: Fault) -> ApiError:
    reason = fault.message or HTTP_REASONS.get(fault.status, "Error")
    if fault.status == 429:
        wait = fault.retry_after or 1
        text = fault.message or f"Too Many Requests: retry after {wait}"
        return ApiError(429, text, retry_after=wait)
    return ApiError(fault.status, reason)


def _build_refusal(error: ApiError) -> Json:
    answer: Json = {"ok": False, "error_code": error.status, "description": error.description}
    return answer | ({"parameters": error.parameters} if error.parameters else {})
