"""Kakao's skill requests as inbox events and messages; pure, and safe for any shape.

Of a request only what Naru reads is kept: who wrote, the words, the language and the button.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from adapters.messaging.founder_channel import classify_words
from adapters.messaging.messenger import MESSAGE_SETTLE_TIME
from adapters.messaging.relevance import keep_relevant
from adapters.messaging.request_body import MalformedRequest, parse_json
from bot.messages import Message
from bot.phrases import render_phrase
from bot.store import InboxEvent
from knowledge.types import LANGUAGES, Language

MAX_USER_LETTERS = 70  # of Kakao's key of a person
BUTTON_EXTRA = "naru"  # the name under which a button's key comes back in `clientExtra`
READ_KEY = "read"  # of the button that asks for what waits; it is no message to anybody
READ_WORDS = frozenset(
    render_phrase(name, language).casefold()
    for name in ("kakaotalk.read", "kakaotalk.read_more")
    for language in LANGUAGES
)


@dataclass(frozen=True, slots=True)
class SkillRequest:
    """What Naru reads of one skill request. `press` is the key of the button that was pressed, ""
    for typed words; `callback_url` takes one later reply, "" where the bot has no callback."""

    user: str
    utterance: str
    language: Language | None
    press: str
    callback_url: str

    @property
    def asks_to_read(self) -> bool:
        """Whether it only asks for what waits."""
        typed = self.utterance.strip().casefold() in READ_WORDS
        return self.press == READ_KEY or (not self.press and typed)


def read_skill_request(body: bytes) -> SkillRequest:
    """The request in the body of a POST. Raises MalformedRequest."""
    payload = parse_json(body)
    asked = _find(payload, "userRequest")
    user, utterance = _find(asked, "user").get("id"), asked.get("utterance")
    if (
        not isinstance(user, str)
        or not 0 < len(user) <= MAX_USER_LETTERS
        or not user.isprintable()
        or ":" in user
    ):
        raise MalformedRequest("userRequest.user.id names nobody")
    if not isinstance(utterance, str):
        raise MalformedRequest("userRequest.utterance is no text")
    action = payload.get("action")
    extra = action.get("clientExtra") if isinstance(action, Mapping) else None
    press = extra.get(BUTTON_EXTRA) if isinstance(extra, Mapping) else None
    callback = asked.get("callbackUrl")
    return SkillRequest(
        user=user,
        utterance=utterance,
        language=_read_language(asked.get("lang")),
        press=press if isinstance(press, str) else "",
        callback_url=callback if isinstance(callback, str) else "",
    )


def name_by_callback(callback_url: str) -> str:
    """The key of an event whose request has a callback of its own: Kakao issues one for each."""
    return hashlib.sha256(callback_url.encode("utf-8", "replace")).hexdigest()[:32]


def build_event(
    asked: SkillRequest, key: str, settle_time: timedelta = MESSAGE_SETTLE_TIME
) -> InboxEvent:
    """The inbox row of a request, which `key` names. Typed words wait `settle_time` for the next, so
    that both become one question."""
    payload = json.dumps(
        {
            "id": key,
            "user": asked.user,
            "text": asked.utterance,
            "lang": asked.language,
            "press": READ_KEY if asked.asks_to_read else asked.press,
        },
        ensure_ascii=False,
    ).encode("utf-8", "replace")  # half a character cannot be stored
    event = InboxEvent(
        channel="kakao",
        key=key,
        lane=f"kakao:{asked.user}",
        payload=payload.decode(),
        person=f"kakao:{asked.user}",
    )
    message = parse_message(event.payload)
    if message is not None and message.kind == "text":
        event = InboxEvent(
            event.channel, event.key, event.lane, event.payload, settle_delay=settle_time,
            person=event.person,
        )  # fmt: skip
    return keep_relevant(event, parse_message)


def parse_message(payload: str) -> Message | None:
    """The message in a stored request; None for one that only asks for what waits. Raises ValueError
    for a payload that is not JSON."""
    stored = json.loads(payload)
    if "user" not in stored or stored["press"] == READ_KEY:
        return None
    kind, command, text = classify_words(stored["press"], stored["text"].strip())
    return Message(
        channel="kakao",
        chat=stored["user"],
        user=stored["user"],
        id=stored["id"],
        kind=kind,
        text=text,
        command=command,
        locale=stored["lang"],
        chat_type="private",
    )


def _find(where: Any, name: str) -> Mapping[str, Any]:
    found = where.get(name) if isinstance(where, Mapping) else None
    if not isinstance(found, Mapping):
        raise MalformedRequest(f"{name} is missing")
    return found


def _read_language(code: Any) -> Language | None:
    """ "ko" and, in Kakao's older examples, "kr" are Korean."""
    if not isinstance(code, str):
        return None
    wanted = "ko" if code[:2].lower() == "kr" else code[:2].lower()
    return next((language for language in LANGUAGES if language == wanted), None)
