"""Kakao's skill requests: committed before anything is said, replied to at once or by a callback."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from adapters.kakao.callbacks import CALLBACK_TIMEOUT, is_callback_address, post_reply
from adapters.kakao.inbound import (
    SkillRequest,
    build_event,
    name_by_callback,
    read_skill_request,
)
from adapters.kakao.repeats import Repeats
from adapters.kakao.replies import PreparedReply, Replies
from adapters.kakao.windows import ReplyWindow, ReplyWindows
from adapters.messaging.messenger import (
    MESSAGE_SETTLE_TIME,
    CommitEvents,
    ReceiverState,
    RequestHandler,
)
from adapters.messaging.request_body import MalformedRequest, read_body
from adapters.messaging.supervision import run_forever
from bot.errors import DeliveryRefused, DeliveryUncertain

log = logging.getLogger(__name__)

SKILL_PATH = "/kakao/skill"
SECRET_HEADER = "X-Naru-Secret"  # noqa: S105
MAX_REQUEST_BYTES = 64 * 1024
MAX_WINDOWS = 500  # requests that wait for their reply at once
WARNING_SECONDS = 60.0  # between two lines about requests with a wrong secret


class KakaoReceiver:
    """Takes in the requests of one chatbot, which know `secret`, and gives the replies.
    `callback_hosts` are where replies may be posted to; a reply is given in `reply_seconds`, or in
    `callback_seconds` where it can follow by callback."""

    def __init__(
        self,
        commit: CommitEvents,
        replies: Replies,
        now: Callable[[], datetime],
        *,
        secret: str,
        callback_hosts: Collection[str],
        settle_time: timedelta = MESSAGE_SETTLE_TIME,
        reply_seconds: float,
        callback_seconds: float,
    ) -> None:
        self._commit = commit
        self._replies = replies
        self._now = now
        self._secret = secret
        self._callback_hosts = callback_hosts
        self._settle_time = settle_time
        self._reply_seconds = reply_seconds
        self._callback_seconds = callback_seconds
        self._windows = ReplyWindows(replies.handout, MAX_WINDOWS)
        self._repeats = Repeats()
        self._session: aiohttp.ClientSession | None = None
        self._background_tasks: set[asyncio.Task[None]] = set()
        self._state: ReceiverState = "starting"
        self._warned_at = -WARNING_SECONDS
        self._last_request: datetime | None = None

    async def run(self) -> None:
        """Watch for what can be said to those who wait, until cancelled."""
        self._state = "on"
        await run_forever("KakaoTalk's replies", self._windows.watch)

    async def stop(self) -> None:
        """Reply at once to those who still wait; what callbacks would bring waits for later."""
        self._windows.settle_all()
        for task in self._background_tasks:
            task.cancel()
        await asyncio.gather(*self._background_tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def list_routes(self) -> Mapping[str, RequestHandler]:
        """The skill's address, with the secret in a header or as its last part."""
        return {SKILL_PATH: self._handle_skill, f"{SKILL_PATH}/{{secret}}": self._handle_skill}

    async def collect_health(self, now: datetime) -> dict[str, object]:
        """Its state, the seconds since the last request (None before the first), and how many
        wait for their reply."""
        last = self._last_request
        age = round((now - last).total_seconds(), 1) if last else None
        return {
            "kakao": self._state,
            "kakao_last_request_seconds": age,
            "kakao_waiting_requests": len(self._windows),
        }

    async def _handle_skill(self, request: web.Request) -> web.Response:
        """401 without the secret, 400 for what is no skill request, else 200 with a reply."""
        if not self._is_authentic(request):
            self._warn_of_secret()
            return web.Response(status=401)
        try:
            body = await read_body(request, MAX_REQUEST_BYTES)
            asked = read_skill_request(body)
        except MalformedRequest as error:
            log.warning("a request to %s is refused: %s", SKILL_PATH, error)
            return web.Response(status=400)
        self._last_request = asked_at = self._now()
        callback = self._find_callback(asked)
        key = name_by_callback(asked.callback_url) if callback else self._repeats.name(body)
        try:
            new = await self._commit([build_event(asked, key, self._settle_time)])
            if callback and not self._windows.is_full:
                if new:
                    self._run_in_background(self._reply_later(callback, asked, asked_at))
                waiting = self._replies.render_waiting
                return web.json_response(
                    await asyncio.to_thread(waiting, asked.user, asked.language)
                )
        except SQLAlchemyError:  # Kakao does not send it again, so the founder has to
            log.exception("a request of KakaoTalk could not be kept")
            return web.json_response(self._replies.render_not_kept(asked.language))
        return await self._reply_now(request, asked, asked_at)

    def _is_authentic(self, request: web.Request) -> bool:
        given = request.match_info.get("secret", "") or request.headers.get(SECRET_HEADER, "")
        known = given.encode("utf-8", "surrogateescape")  # aiohttp keeps bytes of any kind
        return hmac.compare_digest(known, self._secret.encode())

    def _warn_of_secret(self) -> None:
        if time.monotonic() - self._warned_at >= WARNING_SECONDS:
            self._warned_at = time.monotonic()
            log.warning(
                "a request to %s is refused: it does not bring NARU_KAKAO_SECRET", SKILL_PATH
            )

    def _find_callback(self, asked: SkillRequest) -> str:
        """The address of the callback; "" for none, or one that replies may not be posted to."""
        address = asked.callback_url
        if address and not is_callback_address(address, self._callback_hosts):
            log.warning(
                "a callback is not used: its address is not on one of NARU_KAKAO_CALLBACK_HOSTS"
            )
            return ""
        return address

    async def _reply_now(
        self, request: web.Request, asked: SkillRequest, asked_at: datetime
    ) -> web.Response:
        """Reply in the answer to the request; messages count as shown once that is written."""
        if self._windows.is_full:
            return web.json_response(self._replies.render_busy(asked.language, asked_at))
        reply = await self._await_reply(asked, asked_at, self._reply_seconds)
        response = web.json_response(reply.body)
        try:
            if request.transport is None or request.transport.is_closing():
                raise ConnectionResetError("Kakao has hung up")
            await response.prepare(request)
            await response.write_eof()
        except OSError as error:
            log.warning("a reply to KakaoTalk was not taken: %s", error)
            await asyncio.to_thread(self._replies.take_back, reply, maybe_seen=False)
        else:
            await self._confirm(reply)
        return response

    async def _reply_later(self, address: str, asked: SkillRequest, asked_at: datetime) -> None:
        """Post the reply to the callback, once; what is not shown waits for the next request."""
        reply = await self._await_reply(asked, asked_at, self._callback_seconds)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=CALLBACK_TIMEOUT)
        try:
            task = await post_reply(self._session, address, reply.body)
        except (DeliveryRefused, DeliveryUncertain) as error:
            log.warning("%s; the messages wait for the next request", error)
            maybe_seen = isinstance(error, DeliveryUncertain)
            await asyncio.to_thread(self._replies.take_back, reply, maybe_seen=maybe_seen)
        else:
            await self._confirm(reply, task)

    async def _await_reply(
        self, asked: SkillRequest, asked_at: datetime, seconds: float
    ) -> PreparedReply:
        """Wait until the answer is decided, or time is over, and take what waits."""
        window = ReplyWindow(asked.user, seconds)
        self._windows.open(window)
        try:
            settled = await window.wait()
        finally:
            is_superseded = self._windows.close(window)
        try:
            if is_superseded:
                line = self._replies.render_line
                return PreparedReply(
                    await asyncio.to_thread(line, "kakaotalk.with_next", asked.user, asked.language)
                )
            return await asyncio.to_thread(
                self._replies.prepare, asked.user, asked.language, asked_at,
                is_busy=not settled, is_reading=asked.asks_to_read,
            )  # fmt: skip
        except SQLAlchemyError:
            log.exception("what waits for KakaoTalk cannot be read now")
            return PreparedReply(self._replies.render_busy(asked.language, asked_at))

    async def _confirm(self, reply: PreparedReply, task: str = "") -> None:
        try:
            await asyncio.to_thread(self._replies.confirm, reply, task)
        except SQLAlchemyError:  # its lease ends, and it is shown once more
            log.exception("that a reply was shown could not be written down")

    def _run_in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background_tasks.add(task)
        task.add_done_callback(self._background_tasks.discard)
