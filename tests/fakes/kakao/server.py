"""Kakao's chatbot platform on loopback, as its public guides describe it.

Modelled: the fields of a skill request (userRequest with block, user, utterance, lang, timezone and,
where the block has callbacks, callbackUrl; action with clientExtra), five seconds for an answer, a
callback address that works once, within a minute, and only if the skill said `useCallback`; its
result with taskId, status and message; quick replies that send their messageText, with `extra` coming
back as clientExtra. Sources: decision 0095.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.kakao.reply_format import check_reply, list_texts
from tests.fakes.loopback_server import Call, Json, LoopbackServer

SKILL_TIMEOUT_SECONDS = 5.0
CALLBACK_VALID_SECONDS = 60.0
CALLBACK = "callback"


@dataclass(slots=True)
class CallbackToken:
    """One request's callback."""

    user: str
    issued_at: float
    is_announced: bool = False  # the skill said useCallback
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class SkillExchange:
    """What the skill answered to one request: its status, 0 for none in time, and its JSON."""

    status: int
    reply: Json
    seconds: float


@dataclass(slots=True)
class ChatScreen:
    """What a person sees: the bubbles of all replies, and the quick replies of the last."""

    texts: list[str] = field(default_factory=list)
    quick_replies: list[Json] = field(default_factory=list)


class KakaoServer(LoopbackServer):
    """`with KakaoServer() as server:`; set `skill_url` before anybody writes."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.skill_url = ""
        self.headers: dict[str, str] = {}
        self.has_callback = True  # approved, and switched on for the block
        self.valid_seconds = CALLBACK_VALID_SECONDS
        self.patience_seconds = SKILL_TIMEOUT_SECONDS
        self.callbacks: dict[str, CallbackToken] = {}
        self.screens: dict[str, ChatScreen] = {}
        self.exchanges: list[SkillExchange] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v1/callback/{token}", self._take_callback)]

    # what people do

    def user_says(
        self, user: str, text: str, extra: Json | None = None, token: str | None = None
    ) -> SkillExchange:
        """Send an utterance and wait for the skill's answer, as the platform does; `token` repeats
        a request."""
        with self.change():
            name = token or uuid.uuid4().hex
            if self.has_callback:
                self.callbacks.setdefault(name, CallbackToken(user, time.monotonic()))
        body = json.dumps(self.build_request(user, text, extra, name)).encode()
        exchange = self.post(body)
        with self.change():
            self.exchanges.append(exchange)
            if exchange.reply.get("useCallback"):
                assert "template" not in exchange.reply, "the guide says to leave it out"
                self.callbacks[name].is_announced = True
            elif exchange.status == 200:
                self._show(user, exchange.reply)
        return exchange

    def user_starts_saying(self, user: str, text: str, extra: Json | None = None) -> None:
        """The same, without waiting for the answer."""
        threading.Thread(target=self.user_says, args=(user, text, extra), daemon=True).start()

    def user_presses(self, user: str, key: str) -> SkillExchange:
        """Press a quick reply that is on the screen."""
        button = next(one for one in self.quick_replies(user) if one["extra"] == {"naru": key})
        return self.user_says(user, button["messageText"], button["extra"])

    def build_request(self, user: str, text: str, extra: Json | None, token: str) -> Json:
        """A skill request as in the guides."""
        asked: dict[str, Any] = {
            "timezone": "Asia/Seoul",
            "params": {"ignoreMe": "true", "surface": "Kakaotalk.plusfriend"},
            "block": {"id": "block-1", "name": "폴백 블록"},
            "utterance": text,
            "lang": "ko",
            "user": {
                "id": user,
                "type": "botUserKey",
                "properties": {"plusfriendUserKey": f"plus-{user}", "isFriend": True},
            },
        }
        if self.has_callback:
            asked["callbackUrl"] = f"{self.url}/v1/callback/{token}"
        return {
            "intent": {"id": "block-1", "name": "폴백 블록"},
            "userRequest": asked,
            "bot": {"id": "bot-1", "name": "나루"},
            "action": {
                "id": "skill-1", "name": "naru", "clientExtra": extra, "params": {},
                "detailParams": {},
            },
            "contexts": [],
        }  # fmt: skip

    def post(self, body: bytes) -> SkillExchange:
        """Post any body to the skill."""
        began = time.monotonic()
        headers = {"Content-Type": "application/json;charset=UTF-8", **self.headers}
        request = urllib.request.Request(self.skill_url, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=self.patience_seconds) as answer:
                status, reply = answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                status, reply = error.code, {}
        except (OSError, ValueError):
            status, reply = 0, {}
        return SkillExchange(status, reply, time.monotonic() - began)

    # what is on the screen

    def texts(self, user: str) -> list[str]:
        with self.changed:
            return list(self.screens.setdefault(user, ChatScreen()).texts)

    def quick_replies(self, user: str) -> list[Json]:
        with self.changed:
            return list(self.screens.setdefault(user, ChatScreen()).quick_replies)

    def sees(self, user: str, text: str, times: int = 1) -> str:
        """Wait until a text was shown so often; the last bubble with it."""
        self.wait_for(lambda one: sum(text in shown for shown in one.texts(user)) >= times)
        return next(shown for shown in reversed(self.texts(user)) if text in shown)

    def reads_until(self, user: str, text: str) -> str:
        """Ask for what waits, as a patient person does, until a text is shown."""
        end = time.monotonic() + 20
        while not self.count_shown(user, text) and time.monotonic() < end:
            self.user_says(user, "답 보기")
        return self.sees(user, text, times=1)

    def count_shown(self, user: str, text: str) -> int:
        return sum(text in shown for shown in self.texts(user))

    def _show(self, user: str, reply: Json) -> None:
        check_reply(reply)
        screen = self.screens.setdefault(user, ChatScreen())
        screen.texts += list_texts(reply)
        screen.quick_replies = reply["template"].get("quickReplies", [])

    # callbacks

    async def _take_callback(self, request: web.Request) -> web.StreamResponse:
        token, reply = request.match_info["token"], await request.json()
        params = {"token": token, "reply": reply}
        fault = self.take_fault(CALLBACK, params)
        if fault is not None and fault.kind == "fail":
            self.record(Call(CALLBACK, params, time.monotonic(), fault.status, {}))
            return web.json_response({}, status=fault.status)
        with self.change():
            problem = self._find_problem(self.callbacks.get(token))
            if not problem:
                self.callbacks[token].is_used = True
                self._show(self.callbacks[token].user, reply)
        result = {
            "taskId": uuid.uuid4().hex,
            "status": "FAIL" if problem else "SUCCESS",
            "message": problem,
            "timestamp": int(time.time()),
        }
        self.record(Call(CALLBACK, params, time.monotonic(), 200, result))
        return await self.respond_with_fault(request, web.json_response(result), fault)

    def _find_problem(self, token: CallbackToken | None) -> str:
        """Why a callback is not taken, in the guide's words; "" if it is."""
        if token is None or token.is_used:
            return "Invalid callback token. Check your callback token."
        if time.monotonic() - token.issued_at > self.valid_seconds:
            return "Invalid callback token. Check your callback token."
        if not token.is_announced:
            return "The skill server settings are incorrect. Use callback true setting required."
        return ""
