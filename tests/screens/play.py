"""Plays the talks through a serving Naru between protocol servers of Telegram and Slack."""

from __future__ import annotations

import shutil
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.fakes.loopback_server import Json
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
    Person,
    Room,
    SlackPerson,
    SlackRoom,
    TelegramPerson,
    TelegramRoom,
    bind_room,
)
from tests.harness.running_app import SLACK_ADMIN, TELEGRAM_ADMIN, RunningApp, run_app
from tests.screens.dialogues import CITIES, TALKS, ScreenTalk

SEOUL = ZoneInfo("Asia/Seoul")
BEGIN = datetime(2026, 12, 2, 10, 20, tzinfo=SEOUL)  # a Wednesday, offices are open
HANOI, HCMC = -1001000000001, "C0HCMC"
STAFF_NAME = "김하늘"
PATIENCE_SECONDS = 180.0
QUIET_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: all messages of one place, seen with the eyes of `viewer`."""

    messenger: str
    side: str
    language: str
    title: str
    viewer: str
    messages: list[Json]
    shift: timedelta
    names: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.messenger}-{self.side}-{self.language}"


def play_screens(data: Path, folder: Path) -> Generator[Screen]:
    """Play every talk on both messengers over a copy of `data`, a folder with the library."""
    shutil.copytree(data, folder / "data")
    for old in (folder / "data").glob("naru.db-*"):
        old.unlink()
    with TelegramServer() as telegram, SlackServer() as slack:
        telegram.patience = slack.patience = PATIENCE_SECONDS
        telegram.create_forum(HANOI, "하노이 협의체")
        telegram.promote_to_admin(HANOI, TELEGRAM_ADMIN, STAFF_NAME)
        slack.create_channel(HCMC, "호찌민-협의체", private=True)
        slack.create_person(SLACK_ADMIN, STAFF_NAME)
        timings = {"message_settle_time": timedelta(milliseconds=200)}
        with run_app(
            folder / "data", telegram=telegram, slack=slack, patience=PATIENCE_SECONDS,
            timings=timings,
        ) as house:  # fmt: skip
            house.clock.shift = BEGIN - datetime.now(SEOUL)
            rooms: dict[str, Room] = {
                "telegram": TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN),
                "slack": SlackRoom(slack, HCMC, SLACK_ADMIN),
            }
            bind_room(house, "vn-hanoi", rooms["telegram"])
            bind_room(house, "vn-hcmc", rooms["slack"])
            for number, talk in enumerate(TALKS, 1):
                for messenger, room in rooms.items():
                    yield from _Scene(house, messenger, room, talk, number).play()


@dataclass(frozen=True, slots=True)
class _Scene:
    house: RunningApp
    messenger: str
    room: Room
    talk: ScreenTalk
    number: int

    def play(self) -> Iterator[Screen]:
        """The founder's picture and the staff's."""
        founder, talk = self._seat_founder(), self.talk
        self._say(founder, talk.question)
        self._say(founder, talk.trouble.format(city=CITIES[self.messenger][talk.language]))
        self._press(founder, "human", "none")
        case = self.room.wait_for_case(self.number)
        self._press(case, "claim")
        self._say(case, talk.note)
        self._say(case, talk.reply)
        self._say(founder, talk.thanks)
        yield self._look(founder, "founder", "Naru")
        yield self._look(case, "staff", self._find_room_title(case))
        self._press(case, "resolve")

    def _seat_founder(self) -> Person:
        if isinstance(self.room, TelegramRoom):
            person, server = 1000 + self.number, self.room.server
            server.open_private_chat(person, self.talk.founder, self.talk.language)
            return TelegramPerson(server, person)
        assert isinstance(self.room, SlackRoom)
        user, locale = f"U0FOUNDER{self.number}", {"ko": "ko-KR", "en": "en-US", "vi": "vi-VN"}
        self.room.server.create_person(user, self.talk.founder, locale=locale[self.talk.language])
        return SlackPerson(self.room.server, self.room.server.open_dm(user), user)

    def _say(self, who: Person, text: str) -> None:
        who.says(text)
        self._wait_until_quiet()

    def _press(self, who: Person, *kinds: str) -> None:
        """Press the newest button of one of these kinds."""
        keys = [key for key in who.button_keys() if key.partition(":")[0] in kinds]
        assert keys, f"no button {kinds} on {self.messenger}: {who.button_keys()}"
        who.presses(keys[-1])
        self._wait_until_quiet()

    def _wait_until_quiet(self) -> None:
        """Wait until nothing is owed for a while."""
        store, end, quiet = self.house.app.store, time.monotonic() + PATIENCE_SECONDS, 0.0
        while quiet < QUIET_SECONDS:
            time.sleep(0.1)
            idle = not store.inbox.find_oldest_open() and not store.outbox.find_oldest_open()
            quiet = quiet + 0.1 if idle else 0.0
            assert time.monotonic() < end, "Naru did not come to rest"

    def _look(self, who: Person, side: str, title: str) -> Screen:
        if isinstance(who, TelegramPerson):
            chat = who.server.world.chats[who.chat]
            messages = [
                message
                for message in chat.messages.values()
                if who.thread in (None, message.get("message_thread_id"))
            ]
            viewer, names = str(who.user or who.chat), dict[str, str]()
        else:
            assert isinstance(who, SlackPerson)
            place = who.server.work.channels[who.channel]
            messages = [
                message
                for ts, message in sorted(place.messages.items())
                if who.thread in (None, ts, message.get("thread_ts"))
            ]
            viewer = who.user
            people = who.server.work.people
            names = {key: str(one["profile"]["display_name"]) for key, one in people.items()}
        return Screen(
            self.messenger, side, self.talk.language, title, viewer,
            [dict(message) for message in messages], self.house.clock.shift, names,
        )  # fmt: skip

    def _find_room_title(self, case: Person) -> str:
        if isinstance(case, TelegramPerson) and case.thread:
            return case.server.topics(case.chat)[case.thread]
        assert isinstance(case, SlackPerson)
        return f"# {case.server.work.channels[case.channel].name}"
