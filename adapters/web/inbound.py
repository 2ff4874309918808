"""What is sent from the founders' page as inbox events and messages; pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from adapters.messaging.founder_channel import classify_words
from bot.messages import Message
from bot.store import InboxEvent, name_form_event
from knowledge.types import Language

WEB_CHANNEL = "web"


@dataclass(frozen=True, slots=True)
class WebWords:
    """What a founder sent in the chat `chat`: typed words, or the `press` of the button whose key it
    is. `id` names the form."""

    id: str
    chat: str
    language: Language
    text: str
    press: str = ""


def build_event(words: WebWords, settle_time: timedelta) -> InboxEvent:
    """The inbox row of what was sent. Typed words wait `settle_time` for the next, so that both become
    one question. Sending the same twice does nothing more."""
    key = name_event(words)
    payload = {
        "id": key, "chat": words.chat, "lang": words.language, "text": words.text,
        "press": words.press,
    }  # fmt: skip
    account = f"{WEB_CHANNEL}:{words.chat}"
    return InboxEvent(
        WEB_CHANNEL, f"{words.chat}:{key}", account, json.dumps(payload, ensure_ascii=False),
        settle_delay=timedelta() if words.press else settle_time, person=account, sender=account,
    )  # fmt: skip


def name_event(words: WebWords) -> str:
    """The key of the event of what was sent."""
    return name_form_event(words.chat, words.id, words.text, words.press)


def parse_message(payload: str) -> Message | None:
    """The message in a stored event; None for one that was erased. Raises ValueError for a payload that
    is not JSON."""
    stored = json.loads(payload)
    if "chat" not in stored:
        return None
    kind, command, text = classify_words(stored["press"], stored["text"].strip())
    return Message(
        channel=WEB_CHANNEL,
        chat=stored["chat"],
        user=stored["chat"],
        id=stored["id"],
        kind=kind,
        text=text,
        command=command,
        locale=stored["lang"],
        chat_type="private",
    )
