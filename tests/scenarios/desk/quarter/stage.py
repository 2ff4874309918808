"""Who plays in the quarter, in which rooms, and the clock of the story."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.bootstrap import App
from adapters.serve.sweeping import send_papers
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
    Person,
    Room,
    SlackPerson,
    SlackRoom,
    TelegramPerson,
    TelegramRoom,
)
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    RunningApp,
    build_slack_settings,
    build_telegram_settings,
    wait_until,
)
from tests.samples import small_library
from tests.scenarios.desk.quarter.transcript import Player, Transcript, render_day

HANOI_CLOCK = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2027, 1, 11, 9, 30, tzinfo=HANOI_CLOCK)
HOME_CHAT, SAIGON_CHAT = -1001000000009, -1001000000002
CONSUL, LAWYER, ACCOUNTANT = "U0CONSUL", "U0LAWYER", "U0TAX"
TIMINGS = {"message_settle_time": timedelta(milliseconds=60), "inbox_poll": 0.2}


@dataclass
class QuarterStage:
    """A running Naru with three missions' rooms and the desk's."""

    house: RunningApp
    transcript: Transcript
    rooms: dict[str, Room]

    @property
    def app(self) -> App:
        return self.house.app

    def turn_to(self, day: str, title: str) -> None:
        """Go on at a moment of Hanoi's clock, once all that is owed has been sent."""
        self.wait_until_idle()
        moment = datetime.fromisoformat(day).replace(tzinfo=HANOI_CLOCK)
        self.transcript.note("", "", f"{render_day(moment)} · {title}")
        self.house.clock.shift = moment - datetime.now(UTC)

    def wait_until_idle(self) -> None:
        """Wait until everything that came is handled and everything owed is sent."""
        inbox, outbox = self.app.store.inbox, self.app.store.outbox
        wait_until(lambda: not inbox.find_oldest_open() and not outbox.find_oldest_open())

    def look_for_papers(self) -> None:
        """As the hourly look of `naru serve` does it."""
        send_papers(self.app)

    def play_founder(self, name: str, user: int, place: str) -> Player:
        """A founder in a private chat on Telegram."""
        self.transcript.places[str(user)] = f"Telegram {name}({place})"
        return Player(name, TelegramPerson(self.transcript.telegram, user), self.transcript)

    def play_staff(self, name: str, mission: str, user: str | int) -> Player:
        """Somebody of a body in its room, outside of any thread."""
        member = self.rooms[mission].staff_member()
        return Player(name, replace(member, user=user), self.transcript)  # type: ignore[type-var]

    def open_thread(self, mission: str, number: int, case: int) -> Callable[[Player], Player]:
        """The thread of the room's n-th case, which people of the room go to."""
        thread: Person = self.rooms[mission].wait_for_case(number)
        assert isinstance(thread, TelegramPerson | SlackPerson)
        chat = thread.chat if isinstance(thread, TelegramPerson) else thread.channel
        room = self.transcript.places[str(chat)]
        self.transcript.places[f"{chat}/{thread.thread}"] = f"{room} ▸ #{case}"

        def go_to_thread(player: Player) -> Player:
            return player.moves_to(replace(player.person, thread=thread.thread))  # type: ignore[type-var]

        return go_to_thread


def furnish(app: App) -> None:
    """Give an app the shipped model and glossary, loaded once in a process."""
    app.embedder_override = small_library.load_embedder()
    app.glossary = small_library.load_glossary()


@contextmanager
def set_stage(folder: Path, data: Path) -> Iterator[QuarterStage]:
    """Naru over a copy of the library in `data`, connected to both messengers, at START."""
    shutil.copytree(data, folder / "data")
    with TelegramServer() as telegram, SlackServer() as slack:
        settings = build_telegram_settings(telegram) | build_slack_settings(slack)
        house = RunningApp(
            folder / "data", timings=TIMINGS, consent="ask", admins=f"telegram:{TELEGRAM_ADMIN}",
            **settings,
        )  # fmt: skip
        furnish(house.app)
        house.clock.shift = START - datetime.now(UTC)
        transcript = Transcript(telegram, slack)
        stage = QuarterStage(house, transcript, build_rooms(transcript))
        house.start()
        try:
            telegram.wait_for(lambda one: one.last_poll)
            slack.wait_for(lambda one: one.sockets == 1)
            yield stage
        finally:
            house.stop()


def build_rooms(transcript: Transcript) -> dict[str, Room]:
    """The rooms: Hanoi and Da Nang on Slack, Ho Chi Minh City and the desk on Telegram."""
    telegram, slack = transcript.telegram, transcript.slack
    for chat, name in ((HOME_CHAT, "국내 창구"), (SAIGON_CHAT, "호찌민 협의체")):
        telegram.create_forum(chat, name)
        transcript.places[str(chat)] = f"Telegram {name} 방"
    for channel, name in (("C0HANOI", "하노이 협의체"), ("C0DANANG", "다낭총영사관")):
        slack.create_channel(channel, name, private=True)
        transcript.places[channel] = f"Slack {name} 방"
    for user, name, locale in (
        (CONSUL, "박영사", "ko-KR"), (LAWYER, "Nguyễn Thu Hà", "vi-VN"), (ACCOUNTANT, "이회계", "ko-KR"),
        ("U0DANANG", "최영사", "ko-KR"),
    ):  # fmt: skip
        slack.create_person(user, name, locale=locale)
    transcript.places[slack.open_dm(LAWYER)] = "Slack 변호사 DM"
    transcript.places[slack.open_dm(CONSUL)] = "Slack 박영사 DM"
    transcript.places[slack.open_dm(ACCOUNTANT)] = "Slack 이회계 DM"
    return {
        "vn-hanoi": SlackRoom(slack, "C0HANOI", CONSUL),
        "vn-da-nang": SlackRoom(slack, "C0DANANG", "U0DANANG"),
        "vn-hcmc": TelegramRoom(telegram, SAIGON_CHAT, 9003),
        "domestic": TelegramRoom(telegram, HOME_CHAT, TELEGRAM_ADMIN),
    }
