"""Founders and staff on either messenger, driven by the same script."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Protocol

from adapters.bootstrap import App
from bot.admin import binding as admin
from bot.messages import Account
from bot.types import Binding
from tests.fakes.loopback_server import Json
from tests.fakes.slack.blocks import iter_elements
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.running_app import RunningApp


class Person(Protocol):
    """Someone in one place: a private chat, a channel, or one thread of it."""

    def says(self, text: str) -> str: ...

    def edits(self, message: str, text: str) -> None: ...

    def presses(self, key: str) -> None: ...

    def uploads(self, name: str, content: bytes, mime: str, text: str = "") -> None: ...

    def sends_command(self, text: str) -> None: ...

    def received_texts(self) -> list[str]: ...

    def hears(self, text: str, times: int = 1) -> str: ...

    def files(self) -> list[bytes]: ...

    def receives_file(self, content: bytes) -> None: ...

    def button_keys(self) -> list[str]: ...

    def button_label(self, key: str) -> str: ...


class BoundPlace(Protocol):
    """Where a body's staff sit; `user` is one of them."""

    @property
    def user(self) -> int | str: ...

    def binding(self, mission: str) -> Binding: ...


class Room(BoundPlace, Protocol):
    """The channel or group of a body's staff."""

    def staff_member(self) -> Person: ...

    def wait_for_case(self, number: int = 1) -> Person: ...


@dataclass(frozen=True)
class TelegramPerson:
    """A person of Telegram; the place is a private chat, a group, or a topic of one."""

    server: TelegramServer
    chat: int
    user: int | None = None
    thread: int | None = None

    def says(self, text: str) -> str:
        update = self.server.user_says(self.chat, text, user_id=self.user, thread=self.thread)
        return str(self.server.find_message_id(update))

    def edits(self, message: str, text: str) -> None:
        self.server.user_edits(self.chat, int(message), text)

    def presses(self, key: str) -> None:
        self.server.wait_for(lambda _: self._messages_with_button(key))
        message = self._messages_with_button(key)[-1]["message_id"]
        self.server.user_presses(self.chat, message, key, user_id=self.user)

    def uploads(self, name: str, content: bytes, mime: str, text: str = "") -> None:
        self.server.user_sends_file(
            self.chat, name, content, mime, text or None, _media_kind(mime),
            user_id=self.user, thread=self.thread,
        )  # fmt: skip

    def sends_command(self, text: str) -> None:
        self.says(f"/{text}")

    def received_texts(self) -> list[str]:
        return self.server.bot_texts(self.chat, self.thread)

    def hears(self, text: str, times: int = 1) -> str:
        self.server.wait_for(lambda _: _count_containing(self.received_texts(), text) >= times)
        return next(one for one in reversed(self.received_texts()) if text in one)

    def files(self) -> list[bytes]:
        found = [_find_media_id(message) for message in self._messages()]
        return [self.server.world.files[one].content for one in found if one]

    def receives_file(self, content: bytes) -> None:
        self.server.wait_for(lambda _: content in self.files())

    def button_keys(self) -> list[str]:
        """The keys that are still to be pressed, in all messages."""
        return [key for message in self._messages() for key in _callback_keys(message)]

    def button_label(self, key: str) -> str:
        """What stands on the newest button with that key."""
        rows = self._messages_with_button(key)[-1]["reply_markup"]["inline_keyboard"]
        return next(str(one["text"]) for row in rows for one in row if one["callback_data"] == key)

    def _messages(self) -> list[Json]:
        return self.server.bot_messages(self.chat, self.thread)

    def _messages_with_button(self, key: str) -> list[Json]:
        return [message for message in self._messages() if key in _callback_keys(message)]


@dataclass(frozen=True)
class SlackPerson:
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
        self.server.wait_for(lambda _: self._messages_with_button(key))
        ts = self._messages_with_button(key)[-1]["ts"]
        self.server.user_presses(self.channel, ts, key, user=self.user)

    def uploads(self, name: str, content: bytes, mime: str, text: str = "") -> None:
        self.server.user_uploads(
            self.channel, name, content, mime, text=text, user=self.user, thread_ts=self.thread
        )

    def sends_command(self, text: str) -> None:
        """A word for the app, where Slack has no commands: in threads."""
        self.server.user_says(self.channel, text, self.user, self.thread, mention=True)

    def received_texts(self) -> list[str]:
        return self.server.app_texts(self.channel, self.thread)

    def hears(self, text: str, times: int = 1) -> str:
        self.server.wait_for(lambda _: _count_containing(self.received_texts(), text) >= times)
        return next(one for one in reversed(self.received_texts()) if text in one)

    def files(self) -> list[bytes]:
        ids = [file["id"] for message in self._messages() for file in message.get("files", ())]
        return [self.server.work.files[one].content or b"" for one in ids]

    def receives_file(self, content: bytes) -> None:
        self.server.wait_for(lambda _: content in self.files())

    def button_keys(self) -> list[str]:
        return [
            element["action_id"]
            for message in self._messages()
            for _, element in iter_elements(message.get("blocks", []))
        ]

    def button_label(self, key: str) -> str:
        """What stands on the newest button with that key."""
        elements = iter_elements(self._messages_with_button(key)[-1]["blocks"])
        return next(str(one["text"]["text"]) for _, one in elements if one["action_id"] == key)

    def _messages(self) -> list[Json]:
        return self.server.app_messages(self.channel, self.thread)

    def _messages_with_button(self, key: str) -> list[Json]:
        return [
            message
            for message in self._messages()
            if key
            in [element["action_id"] for _, element in iter_elements(message.get("blocks", []))]
        ]


@dataclass(frozen=True)
class TelegramRoom:
    server: TelegramServer
    chat: int
    user: int

    def binding(self, mission: str) -> Binding:
        return Binding(mission, "telegram", str(self.chat))

    def staff_member(self) -> TelegramPerson:
        return TelegramPerson(self.server, self.chat, self.user)

    def wait_for_case(self, number: int = 1) -> TelegramPerson:
        """The topic of the room's n-th case, once its card is there."""
        self.server.wait_for(lambda s: len(s.topics(self.chat)) >= number)
        place = replace(
            self.staff_member(), thread=sorted(self.server.topics(self.chat))[number - 1]
        )
        self.server.wait_for(lambda _: place.received_texts())
        return place


@dataclass(frozen=True)
class SlackRoom:
    server: SlackServer
    channel: str
    user: str

    def binding(self, mission: str) -> Binding:
        return Binding(mission, "slack", self.channel)

    def staff_member(self) -> SlackPerson:
        return SlackPerson(self.server, self.channel, self.user)

    def wait_for_case(self, number: int = 1) -> SlackPerson:
        """The thread of the room's n-th case, once its card is there."""

        def cards(server: SlackServer) -> list[str]:
            found = server.app_messages(self.channel)
            return [one["ts"] for one in found if re.search(r"#\d+ · ", str(one.get("text")))]

        self.server.wait_for(lambda s: len(cards(s)) >= number)
        return replace(self.staff_member(), thread=cards(self.server)[number - 1])


def bind_room(house: RunningApp, mission: str, room: BoundPlace) -> None:
    """As `naru bind` does it; whoever sits in the room leads its body."""
    bind_room_in(house.app, mission, room)


def bind_room_in(app: App, mission: str, room: BoundPlace) -> None:
    """The same for an app that does not run."""
    binding, services = room.binding(mission), app.build_services()
    members = app.store.staff.list_members(mission)
    lead = admin.choose_lead(binding, members, Account(str(room.user), "Kim"), services)
    waiting = app.store.list_cases_without_room()
    decision = admin.bind_room(binding, services, waiting, "test", lead)
    app.store.commit_without_message(f"bind:{mission}:{binding.chat}", decision, app.now())


def _count_containing(heard: list[str], text: str) -> int:
    return sum(text in one for one in heard)


def _media_kind(mime: str) -> str:
    return "photo" if mime.startswith("image/") else "document"


def _callback_keys(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row]


def _find_media_id(message: Json) -> str:
    if photos := message.get("photo"):
        return str(photos[-1]["file_id"])
    kinds = ("document", "voice", "video", "audio")
    return next((str(message[kind]["file_id"]) for kind in kinds if kind in message), "")
