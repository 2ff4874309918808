"""The terminal as a channel like the messengers, so that all of Naru runs without a token."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from adapters.settings.log import escape_controls
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.messages import Address, Button, Content, File, Message, join_key
from bot.store import InboxEvent

FOUNDER_CHANNEL = "terminal"
CHOICES_MARK = "▸"  # before the line of buttons, since sources above it are numbered like them


def staff_channel(mission: str) -> str:
    """The name of a staff terminal's channel: one for each mission id, so that it gets only its own
    messages."""
    return f"terminal-{mission}"


def build_event(
    channel: str, chat: str, text: str, *, thread: str | None = None, button: str = ""
) -> InboxEvent:
    """The inbox event of a typed line, or of the button whose key is `button`."""
    payload = {"channel": channel, "chat": chat, "text": text, "thread": thread, "button": button}
    lane = join_key(channel, chat, thread, None if channel == FOUNDER_CHANNEL else chat)
    return InboxEvent(channel, uuid.uuid4().hex, lane, json.dumps(payload, ensure_ascii=False))


def parse_message(payload: str) -> Message | None:
    """The message in a stored line. Raises ValueError for a payload that is not JSON."""
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
    """The file named after `/ingest`; none for an address of the web."""
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
        """Show a message."""
        self._show(parcel)
        return SentMessage(uuid.uuid4().hex)

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        """Nothing: a line on the screen cannot be edited."""
        return SentMessage(parcel.card)

    async def open_thread(self, address: Address, name: str) -> str | None:  # noqa: ARG002
        """The staff thread's own id is the thread's name here."""
        return address.staff_thread

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        """A terminal's threads neither close nor open."""

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:  # noqa: ARG002
        """Always None: a screen cannot be read back."""
        return None


def render_content(content: Content) -> str:
    """A message as the terminal shows it, its buttons numbered. A button that the text lists under
    its number already is not shown again."""
    files = (f"(파일 · file) {file.name}" for file in content.files)
    parts = [content.text, content.details, *files]
    lines = content.text.splitlines()
    choices = [
        f"[{number}] {button.label}"
        for number, button in number_buttons(content).items()
        if not _is_listed(lines, number, button.label)
    ]
    if choices:
        parts.append(f"{CHOICES_MARK} {'  '.join(choices)}")
    return escape_controls("\n".join(part for part in parts if part))


def _is_listed(lines: Sequence[str], number: int, label: str) -> bool:
    """Whether one of `lines` begins as the label does, with that number; it may be cut short."""
    is_numbered = label.startswith(f"{number}. ")
    return is_numbered and any(line.startswith(label.removesuffix("…")) for line in lines)


def number_buttons(content: Content) -> dict[int, Button]:
    """The buttons of a message by the number, from 1, that chooses them."""
    return dict(enumerate((button for row in content.buttons for button in row), 1))
