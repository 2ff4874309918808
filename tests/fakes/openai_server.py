"""A server that speaks OpenAI's chat completions, streamed or whole, for tests of the writer."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Literal

from aiohttp import web

from tests.fakes.loopback_server import Call, Fault, Json, LoopbackServer

AnswerFunction = Callable[[list[Json]], str]
METHOD = "chat.completions"
PIECE_CHARS = 7
ERRORS = {
    400: ("invalid_request_error", "Bad request"),
    401: ("invalid_request_error", "Incorrect API key provided"),
    429: ("requests", "Rate limit reached for requests"),
    500: ("server_error", "The server had an error while processing your request."),
    503: ("server_error", "The engine is currently overloaded, please try again later."),
}


@dataclass(frozen=True, slots=True)
class _StreamFault:
    kind: Literal["cut", "malformed"]
    after: int = 0


class OpenAIServer(LoopbackServer):
    """`with OpenAIServer() as server:`; `server.base_url` ends in /v1, any key will do.

    `answers` stays until changed; the troubles hit the next calls, once for each `n`.
    """

    def __init__(self, port: int = 0, api_key: str | None = None) -> None:
        """With `api_key`, any other key is refused with 401."""
        super().__init__(port)
        self.api_key = api_key
        self._answer: AnswerFunction = lambda _: "알겠습니다."
        self._pause = 0.0
        self._troubles: deque[_StreamFault] = deque()
        self._numbers = count(1)

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    @property
    def requests(self) -> list[Json]:
        """The bodies of all requests, oldest first."""
        return [call.params for call in self.calls_of(METHOD)]

    # scripting

    def set_answer(self, answer: str | AnswerFunction) -> None:
        """Always this text, or what the function makes of the messages."""
        with self.change():
            self._answer = (lambda _: answer) if isinstance(answer, str) else answer

    def set_piece_pause(self, pause: float) -> None:
        """Wait so many seconds before each piece of a streamed answer, until told otherwise."""
        with self.change():
            self._pause = pause

    def delay_next(self, seconds: float, n: int = 1) -> None:
        """Answer the next `n` calls late."""
        self.stall(METHOD, seconds, n)

    def refuse_next(self, status: int, n: int = 1, retry_after: int | None = None) -> None:
        """Refuse the next `n` calls."""
        self.fail_next(METHOD, n, status, retry_after)

    def cut_off_next(self, after_chars: int, n: int = 1) -> None:
        """Hang up in the middle of the next `n` answers."""
        with self.change():
            self._troubles.extend([_StreamFault("cut", after_chars)] * n)

    def garble_next(self, n: int = 1) -> None:
        """Answer the next `n` calls with what is not JSON."""
        with self.change():
            self._troubles.extend([_StreamFault("malformed")] * n)

    # requests

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/chat/completions", self._complete),
            web.get("/v1/models", self._models),
        ]

    async def _models(self, request: web.Request) -> web.StreamResponse:
        model = {"id": "test-model", "object": "model", "created": 0, "owned_by": "tests"}
        return web.json_response({"object": "list", "data": [model]})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        arrived = time.time()
        asked: Json = await request.json()
        fault = self.take_fault(METHOD, asked)
        refusal = self._refusal(request, fault)
        if refusal is not None:
            self.record(Call(METHOD, asked, arrived, refusal.status, refusal.text))
            return refusal
        text = self._answer(asked.get("messages", []))
        lost = fault is not None and fault.kind == "lose"
        self.record(Call(METHOD, asked, arrived, 200, text, lost))
        if fault is not None:
            await self.respond_with_fault(request, web.Response(), fault)
        return await self._reply(request, asked, text)

    def _refusal(self, request: web.Request, fault: Fault | None) -> web.Response | None:
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.api_key is not None and key != self.api_key:
            return _build_error(401, None)
        if fault is not None and fault.kind == "fail":
            return _build_error(fault.status, fault.retry_after)
        return None

    async def _reply(self, request: web.Request, asked: Json, text: str) -> web.StreamResponse:
        with self.changed:
            trouble = self._troubles.popleft() if self._troubles else None
        head = {"id": f"chatcmpl-{next(self._numbers)}", "created": int(time.time())}
        head |= {"model": str(asked.get("model", "test-model"))}
        if asked.get("stream"):
            return await self._stream(request, asked, head, text, trouble)
        body = json.dumps({**head, **_build_completion(asked, text)}, ensure_ascii=False)
        if trouble is not None:
            body = body[: trouble.after] if trouble.kind == "cut" else "<html>502</html>"
        if trouble is not None and trouble.kind == "cut":
            return await _send_truncated(request, body)
        return web.Response(text=body, content_type="application/json")

    async def _stream(
        self, request: web.Request, asked: Json, head: Json, text: str, trouble: _StreamFault | None
    ) -> web.StreamResponse:
        reply = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await reply.prepare(request)
        head |= {"object": "chat.completion.chunk"}
        if trouble is not None and trouble.kind == "malformed":
            await reply.write(b"data: {not json\n\n")
            return reply
        shown = text[: trouble.after] if trouble is not None else text
        for chunk in _build_chunks(head, shown):
            await asyncio.sleep(self._pause)
            await _send_event(reply, chunk)
        if trouble is not None:
            _hang_up(request)
            return reply
        stop = {"index": 0, "delta": {}, "finish_reason": "stop"}
        await _send_event(reply, {**head, "choices": [stop]})
        if (asked.get("stream_options") or {}).get("include_usage"):
            await _send_event(reply, {**head, "choices": [], "usage": _count_usage(asked, text)})
        await reply.write(b"data: [DONE]\n\n")
        return reply


def _build_chunks(head: Json, text: str) -> list[Json]:
    pieces = [text[at : at + PIECE_CHARS] for at in range(0, len(text), PIECE_CHARS)]
    deltas: list[Json] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": piece} for piece in pieces]
    part = {"index": 0, "finish_reason": None}
    return [{**head, "choices": [{**part, "delta": delta}]} for delta in deltas]


def _build_completion(asked: Json, text: str) -> Json:
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {"object": "chat.completion", "choices": [choice], "usage": _count_usage(asked, text)}


def _count_usage(asked: Json, text: str) -> Json:
    """Token counts of the right shape, not of the right size."""
    prompt = sum(len(str(message.get("content"))) for message in asked.get("messages", [])) // 4
    done = len(text) // 4
    return {"prompt_tokens": prompt, "completion_tokens": done, "total_tokens": prompt + done}


def _build_error(status: int, retry_after: int | None) -> web.Response:
    kind, words = ERRORS.get(status, ("server_error", "Error"))
    error = {"message": words, "type": kind, "param": None, "code": None}
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return web.json_response({"error": error}, status=status, headers=headers)


async def _send_event(reply: web.StreamResponse, chunk: Json) -> None:
    await reply.write(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode())


async def _send_truncated(request: web.Request, body: str) -> web.StreamResponse:
    """The beginning of an answer whose length promised more."""
    raw = body.encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(raw) + 100)}
    reply = web.StreamResponse(headers=headers)
    await reply.prepare(request)
    await reply.write(raw)
    _hang_up(request)
    return reply


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()
