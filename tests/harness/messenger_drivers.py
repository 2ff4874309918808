"""Founders and staff, the same script in either messenger."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Protocol

from bot.admin import binding as admin
from bot.types import Binding
from tests.fakes.loopback_server import Json
from tests.fakes.slack.blocks import elements_of
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.running_app import House


class Person(Protocol):
    """Someone in one place: a private chat, a channel, or one thread of it."""

    def says(self, text: str) -> str: ...

    def edits(self, message: str, text: str) -> None: ...

    def presses(self, key: str) -> None: ...

    def uploads(self, name: str, content: bytes, mime: str, text: str = "") -> None: ...

    def commands(self, text: str) -> None: ...

    def heard(self) -> list[str]: ...

    def hears(self, text: str, times: int = 1) -> str: ...

    def files(self) -> list[bytes]: ...

    def gets_file(self, content: bytes) -> None: ...

    def offered(self) -> list[str]: ...


class Room(Protocol):
    """Where a body's staff sit."""

    def binding(self, mission: str) -> Binding: ...

    def everyone(self) -> Person: ...

    def case(self, number: int = 1) -> Person: ...


@dataclass(frozen=True)
class OnTelegram:
    """A person of Telegram; the place is a private chat, a group, or a topic of one."""

    server: TelegramServer
    chat: int
    user: int | None = None
    thread: int | None = None

    def says(self, text: str) -> str:
        update = self.server.user_says(self.chat, text, user_id=self.user, thread=self.thread)
        return str(self.server.message_id(update))

    def edits(self, message: str, text: str) -> None:
        self.server.user_edits(self.chat, int(message), text)

    def presses(self, key: str) -> None:
        self.server.wait_for(lambda _: self._with_button(key))
        message = self._with_button(key)[-1]["message_id"]
        self.server.user_presses(self.chat, message, key, user_id=self.user)

    def uploads(self, name: str, content: bytes, mime: str, text: str = "") -> None:
        self.server.user_sends_file(
            self.chat, name, content, mime, text or None, _kind(mime),
            user_id=self.user, thread=self.thread,
        )  # fmt: skip

    def commands(self, text: str) -> None:
        self.says(f"/{text}")

    def heard(self) -> list[str]:
        return self.server.sent(self.chat, self.thread)

    def hears(self, text: str, times: int = 1) -> str:
        self.server.wait_for(lambda _: _count(self.heard(), text) >= times)
        return next(one for one in reversed(self.heard()) if text in one)

    def files(self) -> list[bytes]:
        found = [_media_of(message) for message in self._messages()]
        return [self.server.world.files[one].content for one in found if one]

    def gets_file(self, content: bytes) -> None:
        self.server.wait_for(lambda _: content in self.files())

    def offered(self) -> list[str]:
        """The keys that are still to be pressed, in all messages."""
        return [key for message in self._messages() for key in _keys(message)]

    def _messages(self) -> list[Json]:
        return self.server.messages(self.chat, self.thread)

    def _with_button(self, key: str) -> list[Json]:
        return [message for message in self._messages() if key in _keys(message)]


@dataclass(frozen=True)
class OnSlack:
    """A person of Slack; the place is a direct channel, a channel, or a thread of one."""

    server: SlackServer
    channel: str
    user: str = "U0MINA"
    thread: str | None = None

    def says(self, text: str) -> str:
        return self.server.user_says(self.channel, text, self.user, self.thread)

    def edits(self, message: str, text: str) -> None:
        self.server.user_edits(self.channel, message, text)

    def presses(self, key: str) -> None:
        self.server.wait_for(lambda _: self._with_button(key))
        ts = self._with_button(key)[-1]["ts"]
        self.server.user_presses(self.channel, ts, key, user=self.user)

    def uploads(self, name: str, content: bytes, mime: str, text: str = "") -> None:
        self.server.user_uploads(
            self.channel, name, content, mime, text=text, user=self.user, thread_ts=self.thread
        )

    def commands(self, text: str) -> None:
        """A word for the app, where Slack has no commands: in threads."""
        self.server.user_says(self.channel, text, self.user, self.thread, mention=True)

    def heard(self) -> list[str]:
        return self.server.sent(self.channel, self.thread)

    def hears(self, text: str, times: int = 1) -> str:
        self.server.wait_for(lambda _: _count(self.heard(), text) >= times)
        return next(one for one in reversed(self.heard()) if text in one)

    def files(self) -> list[bytes]:
        ids = [file["id"] for message in self._messages() for file in message.get("files", ())]
        return [self.server.work.files[one].content or b"" for one in ids]

    def gets_file(self, content: bytes) -> None:
        self.server.wait_for(lambda _: content in self.files())

    def offered(self) -> list[str]:
        return [
            element["action_id"]
            for message in self._messages()
            for _, element in elements_of(message.get("blocks", []))
        ]

    def _messages(self) -> list[Json]:
        return self.server.messages(self.channel, self.thread)

    def _with_button(self, key: str) -> list[Json]:
        return [
            message
            for message in self._messages()
            if key
            in [element["action_id"] for _, element in elements_of(message.get("blocks", []))]
        ]


@dataclass(frozen=True)
class TelegramRoom:
    server: TelegramServer
    chat: int
    user: int

    def binding(self, mission: str) -> Binding:
        return Binding(mission, "telegram", str(self.chat))

    def everyone(self) -> OnTelegram:
        return OnTelegram(self.server, self.chat, self.user)

    def case(self, number: int = 1) -> OnTelegram:
        """The topic of the room's n-th case, once its card is there."""
        self.server.wait_for(lambda s: len(s.topics(self.chat)) >= number)
        place = replace(self.everyone(), thread=sorted(self.server.topics(self.chat))[number - 1])
        self.server.wait_for(lambda _: place.heard())
        return place


@dataclass(frozen=True)
class SlackRoom:
    server: SlackServer
    channel: str
    user: str

    def binding(self, mission: str) -> Binding:
        return Binding(mission, "slack", self.channel)

    def everyone(self) -> OnSlack:
        return OnSlack(self.server, self.channel, self.user)

    def case(self, number: int = 1) -> OnSlack:
        """The thread of the room's n-th case, once its card is there."""

        def cards(server: SlackServer) -> list[str]:
            found = server.messages(self.channel)
            return [one["ts"] for one in found if re.search(r"#\d+ · ", str(one.get("text")))]

        self.server.wait_for(lambda s: len(cards(s)) >= number)
        return replace(self.everyone(), thread=cards(self.server)[number - 1])


def bind(house: House, mission: str, room: Room) -> None:
    """As `naru bind` does it."""
    app, binding = house.app, room.binding(mission)
    decision = admin.bound(binding, app.tools(), app.store.waiting_for_a_room(), "test")
    app.store.act(f"bind:{mission}:{binding.chat}", decision, app.now())


def _count(heard: list[str], text: str) -> int:
    return sum(text in one for one in heard)


def _kind(mime: str) -> str:
    return "photo" if mime.startswith("image/") else "document"


def _keys(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row]


def _media_of(message: Json) -> str:
    if photos := message.get("photo"):
        return str(photos[-1]["file_id"])
    kinds = ("document", "voice", "video", "audio")
    return next((str(message[kind]["file_id"]) for kind in kinds if kind in message), "")
