"""What people wrote and what they saw, in the order in which it came, to be read aloud."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.fakes.loopback_server import Call, Json
from tests.fakes.slack.blocks import render_message
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.message_methods import MEDIA_KINDS
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import Person, SlackPerson, TelegramPerson

TELEGRAM_SENDING = {"sendMessage", "editMessageText", "sendDocument"}
SLACK_SENDING = {"chat.postMessage", "chat.update", "chat.postEphemeral", "files.completeUploadExternal"}  # fmt: skip
PATIENCE_SECONDS = 40.0  # for what a loaded machine takes long to do
EDITING = {"editMessageText", "chat.update"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was written at `at` (seconds since 1970) in a place; `place` is "" for a heading."""

    at: float
    place: str
    who: str
    text: str
    is_edit: bool = False

    def render(self) -> str:
        """The line in Markdown."""
        if not self.place:
            return f"\n### {self.text}\n"
        parts = [part.strip() for part in self.text.splitlines() if part.strip()]
        words = " ⏎ ".join(parts[:1] if self.is_edit else parts)
        return f"- {self.place} · **{self.who}**{' (고침)' if self.is_edit else ''}: {words}"


@dataclass
class Transcript:
    """The lines of a play on both messengers. `places` names chats; `now` is the clock of the play."""

    telegram: TelegramServer
    slack: SlackServer
    places: dict[str, str] = field(default_factory=dict)
    written: list[Line] = field(default_factory=list)

    def note(self, place: str, who: str, text: str) -> None:
        """Add what somebody wrote; with no place it is a heading."""
        self.written.append(Line(time.time(), place, who, text))

    def list_lines(self) -> list[Line]:
        """All lines, oldest first."""
        shown = [self._read_telegram(call) for call in self.telegram.calls]
        shown += [self._read_slack(call) for call in self.slack.calls]
        lines = [*self.written, *(line for line in shown if line)]
        return sorted(lines, key=lambda line: line.at)

    def render(self) -> str:
        """The whole transcript in Markdown."""
        return "\n".join(line.render() for line in self.list_lines())

    def find_doubles(self) -> list[Line]:
        """What Naru wrote twice in the same place, but for what it edited."""
        seen: set[tuple[str, str]] = set()
        doubles = []
        for line in self.list_lines():
            if line.who == "나루" and not line.is_edit:
                key = (line.place, line.text)
                doubles += [line] if key in seen else []
                seen.add(key)
        return doubles

    def _read_telegram(self, call: Call) -> Line | None:
        if call.method not in TELEGRAM_SENDING or call.status != 200:
            return None
        message: Json = call.result
        kind = next((kind for kind in MEDIA_KINDS if kind in message), None)
        text = str(message.get("text", ""))
        if kind:
            text = f"📎 {message[kind]['file_name']} {message.get('caption', '')}".strip()
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [f"[{one['text']}]" for row in rows for one in row]
        place = self._name(str(message["chat"]["id"]), message.get("message_thread_id"))
        return Line(call.arrived_at, place, "나루", " ".join([text, *buttons]),
                    call.method in EDITING)  # fmt: skip

    def _read_slack(self, call: Call) -> Line | None:
        if call.method not in SLACK_SENDING or not call.result.get("ok"):
            return None
        if call.method == "files.completeUploadExternal":
            names = " ".join(f"📎 {one['name']}" for one in call.result["files"])
            place = self._name(str(call.params["channel_id"]), call.params.get("thread_ts"))
            text = f"{names} {call.params.get('initial_comment', '')}"
            return Line(call.arrived_at, place, "나루", text.strip())
        message = call.result.get("message") or call.params
        place = self._name(str(call.result.get("channel") or call.params["channel"]),
                           message.get("thread_ts"))  # fmt: skip
        text = re.sub(r"<(https?://[^|>]+)(\|[^>]*)?>", r"\1", render_message(message))
        return Line(call.arrived_at, place, "나루", text, call.method in EDITING)

    def _name(self, chat: str, thread: object) -> str:
        return self.places.get(f"{chat}/{thread}", self.places.get(chat, chat))


@dataclass(frozen=True)
class Player:
    """Somebody in one place, whose words and presses are written down."""

    name: str
    person: Person
    transcript: Transcript

    @property
    def place(self) -> str:
        """What the place is called."""
        one = self.person
        assert isinstance(one, TelegramPerson | SlackPerson)
        chat = str(one.chat if isinstance(one, TelegramPerson) else one.channel)
        return self.transcript._name(chat, one.thread)

    def says(self, text: str) -> None:
        self.transcript.note(self.place, self.name, text)
        self.person.says(text)

    def orders(self, text: str) -> None:
        """Send a command in this messenger's form."""
        mark = "/" if isinstance(self.person, TelegramPerson) else "@나루 "
        self.transcript.note(self.place, self.name, f"{mark}{text}")
        self.person.sends_command(text)

    def presses(self, key: str) -> None:
        self.transcript.note(self.place, self.name, f"▸ [{self._find_label(key)}]")
        self.person.presses(key)

    def chooses(self, label: str) -> None:
        """Press the newest button that has these words on it."""
        one = self.person
        assert isinstance(one, TelegramPerson | SlackPerson)

        def find_keys(_: object = None) -> list[str]:
            return [key for key in one.button_keys() if label in one.button_label(key)]

        one.server.wait_for(find_keys, PATIENCE_SECONDS)
        self.presses(find_keys()[-1])

    def hears(self, text: str) -> str:
        """The newest of Naru's messages in the place that has these words, once there is one."""
        one = self.person
        assert isinstance(one, TelegramPerson | SlackPerson)
        one.server.wait_for(
            lambda _: any(text in said for said in one.received_texts()), PATIENCE_SECONDS
        )
        return one.hears(text)

    def moves_to(self, person: Person) -> Player:
        """The same one in another place."""
        return replace(self, person=person)

    def _find_label(self, key: str) -> str:
        one = self.person
        assert isinstance(one, TelegramPerson | SlackPerson)
        one.server.wait_for(lambda _: key in one.button_keys(), PATIENCE_SECONDS)
        return one.button_label(key)


def render_day(moment: datetime) -> str:
    """A day as a heading names it."""
    return f"{moment:%Y-%m-%d} ({'월화수목금토일'[moment.weekday()]}) {moment:%H:%M}"
