"""Kakao's callbacks: one later reply to a request, posted to the address that came with it."""

from __future__ import annotations

import json
from collections.abc import Collection
from urllib.parse import urlsplit

import aiohttp

from adapters.kakao.outbound import SkillResponse
from bot.errors import DeliveryRefused, DeliveryUncertain

CALLBACK_POST_SECONDS = 5.0  # that Kakao may take to accept a reply
CALLBACK_TIMEOUT = aiohttp.ClientTimeout(total=CALLBACK_POST_SECONDS)
MAX_RESULT_BYTES = 64 * 1024
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_callback_address(address: str, hosts: Collection[str]) -> bool:
    """Whether a reply may be posted to `address`: by https, to one of `hosts` or below it. On this
    machine http is enough."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:  # half an IPv6 address, a port that is none
        return False
    is_known = any(host == known or host.endswith(f".{known}") for known in hosts)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    return is_known and is_safe and not (parts.username or parts.password)


async def post_reply(session: aiohttp.ClientSession, address: str, reply: SkillResponse) -> str:
    """Post a reply; Kakao's id of the task. Raises DeliveryRefused if Kakao did not show it, which
    its sentence explains, DeliveryUncertain if that is not known."""
    try:
        async with session.post(
            address, json=reply, timeout=CALLBACK_TIMEOUT, allow_redirects=False
        ) as answer:
            status, body = answer.status, await answer.content.read(MAX_RESULT_BYTES)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise DeliveryUncertain(f"Kakao's callback: {type(error).__name__}") from error
    result = _read_result(body)
    if status >= 500:
        raise DeliveryUncertain(f"Kakao's callback: status {status}")
    if status >= 300 or result.get("status") in ("FAIL", "ERROR"):
        why = result.get("message") or f"status {status}"
        raise DeliveryRefused(f"Kakao's callback: {why}")
    return str(result.get("taskId") or "")[:80]


def _read_result(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
