"""The terminal: a messenger like the others, so that all of Naru runs without a token."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.delivery.sender import PlatformMessage, SentMessage
from bot.store import InboxEvent
from bot.types import Address, Button, Content, File, Message

FOUNDER_CHANNEL = "terminal"


def staff_channel(mission: str) -> str:
    """Each staff terminal is a channel of its own, so that it gets its own messages only."""
    return f"terminal-{mission}"


def build_event(
    channel: str, chat: str, text: str, *, thread: str | None = None, button: str = ""
) -> InboxEvent:
    """A typed line, or a button chosen by its number."""
    payload = {"channel": channel, "chat": chat, "text": text, "thread": thread, "button": button}
    lane = f"{channel}:{chat}" + (f":{thread}" if thread else "")
    return InboxEvent(channel, uuid.uuid4().hex, lane, json.dumps(payload, ensure_ascii=False))


def parse_message(payload: str) -> Message | None:
    """The message in a kept line."""
    line = json.loads(payload)
    text, button = line["text"].strip(), line["button"]
    command = text[1:].partition(" ")[0].lower() if text.startswith("/") else ""
    note = text.startswith("//")
    is_command = bool(command) and not note
    argument = text.partition(" ")[2].strip() if is_command else text
    files = _parse_file_argument(argument) if command == "ingest" else ()
    return Message(
        channel=line["channel"],
        chat=line["chat"],
        user=line["chat"],
        id=uuid.uuid4().hex,
        kind="button" if button else "command" if is_command else "text",
        text=button or argument,
        command=command if is_command else "",
        thread=line["thread"],
        private=line["channel"] == FOUNDER_CHANNEL,
        files=files,
    )


def _parse_file_argument(path: str) -> tuple[File, ...]:
    """The file that stands behind `/ingest`."""
    if not path or "://" in path:
        return ()
    at = Path(path).expanduser().absolute()
    return (File(FOUNDER_CHANNEL, str(at), at.name, "application/octet-stream", 0),)


class TerminalChannel:
    """Shows messages by `show`; threads are the cases' own numbers. Text of any length fits."""

    limits = None

    def __init__(self, name: str, show: Callable[[PlatformMessage], None]) -> None:
        self.name = name
        self._show = show

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        self._show(parcel)
        return SentMessage(uuid.uuid4().hex)

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        return SentMessage(parcel.card)  # what scrolled by cannot be edited

    async def open_thread(self, address: Address, name: str) -> str | None:  # noqa: ARG002
        return address.staff_thread

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        """A terminal's threads neither close nor open."""

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:  # noqa: ARG002
        return None

    async def mark_seen(self, message: Message) -> None:
        """Nothing to mark: the line stands where it was typed."""


def render_content(body: Content) -> str:
    """A message as the terminal shows it, its buttons numbered."""
    parts = [body.text, body.details, *(f"(파일 · file) {file.name}" for file in body.files)]
    if choices := number_buttons(body):
        parts.append("  ".join(f"[{number}] {one.label}" for number, one in choices.items()))
    return "\n".join(part for part in parts if part)


def number_buttons(body: Content) -> dict[int, Button]:
    """The buttons of a message by the number that chooses them."""
    return dict(enumerate((button for row in body.buttons for button in row), 1))
