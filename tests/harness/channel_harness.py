"""The outbox, its sender and real channels without the rest of Naru, on a clock that can be moved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from adapters.bootstrap import App
from adapters.settings import Settings
from adapters.slack.channel import SlackChannel
from adapters.telegram.channel import TelegramChannel
from bot.context import Decision
from bot.delivery.channel import Channel
from bot.delivery.sender import Sender
from bot.messages import Address, Content, File, Outgoing
from bot.missions.missions import Missions
from bot.store import InboxEvent, Store
from bot.types import DOMESTIC, Binding, Case, CaseMessage, Conversation, StaffThread, Urgency
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.running_app import ShiftedClock


@dataclass
class ChannelHarness:
    """Puts messages into the outbox and sends them; `advance_clock` lets time pass without waiting."""

    store: Store
    clock: ShiftedClock
    missions: Missions
    kept: list[InboxEvent] = field(default_factory=list)
    admins: tuple[str, ...] = ()
    _count: int = 0

    def enqueue(self, *outgoing: Outgoing) -> None:
        self._count += 1
        self.store.commit_without_message(
            f"test:{self._count}", Decision(outgoing=outgoing), self.clock()
        )

    def open_case(self, channel: str, chat: str, urgency: Urgency = "normal") -> Address:
        """Open a case that no member of staff has claimed, in a chat that is bound to its mission;
        returns the address of its staff thread."""
        now = self.clock()
        self.bind("vn-hanoi", channel, chat)
        number = self.store.reserve_case_number(now)
        case = Case(
            number, f"{channel}:1001", "ko", "질문", "vn-hanoi", "vn-hanoi", "consular_area",
            "confirmed", "관할입니다.", urgency, now,
        )  # fmt: skip
        thread = StaffThread(f"{number}.1", number, "vn-hanoi", channel, chat)
        known = self.store.find_conversation(case.conversation)
        talk = known or Conversation(
            case.conversation, channel, "1001", None, "1001", "ko", private=True
        )
        talk = replace(talk, case=number)
        decision = Decision(conversation=talk, new_case=case, new_threads=(thread,))
        self.store.commit_without_message(f"case:{number}", decision, now)
        return Address(channel, chat, staff_thread=thread.id)

    def claim_case(self, number: int = 1) -> None:
        case = self.store.get_case(number)
        taken = replace(case, state="claimed", taken_by="someone", taken_at=self.clock())
        self.store.commit_without_message(f"take:{number}", Decision(case=taken), self.clock())

    def bind_desk(self, channel: str, chat: str) -> None:
        self.bind(DOMESTIC, channel, chat)

    def bind(self, mission: str, channel: str, chat: str) -> None:
        bind = Decision(new_binding=Binding(mission, channel, chat))
        self.store.commit_without_message(f"bind:{mission}", bind, self.clock())

    def add_line(self, number: int, line: CaseMessage) -> None:
        """Write a line into a case's record."""
        decision = Decision(new_lines=((number, line),))
        self.store.commit_without_message(f"line:{number}", decision, self.clock())

    def remember_person(self, channel: str, chat: str, user: str) -> None:
        """Somebody has written to the bot in a private chat."""
        key = f"{channel}:{chat}"
        talk = Conversation(key, channel, chat, None, user, "ko", private=True)
        self.store.commit_without_message(key, Decision(conversation=talk), self.clock())

    def make_sender(self, channel: Channel) -> Sender:
        channels = {channel.name: channel}
        return Sender(self.store, channels, self.clock, "test", self.missions, self.admins)

    async def send_due(self, channel: Channel, rounds: int = 20) -> int:
        """Send what is due now; returns the number of attempts."""
        sender, tried = self.make_sender(channel), 0
        for _ in range(rounds):
            sent = await sender.send_due()
            tried += sent
            if not sent:
                break
        return tried

    async def send_all(self, channel: Channel, rounds: int = 20) -> None:
        """Send until the outbox is empty, a minute between the rounds.

        Raises AssertionError if messages are left after all rounds.
        """
        for _ in range(rounds):
            await self.send_due(channel)
            if self.store.outbox.find_oldest_open() is None:
                return
            self.advance_clock(61)
        raise AssertionError("something is still owed")

    def advance_clock(self, seconds: float) -> None:
        self.clock.shift += timedelta(seconds=seconds)


@contextmanager
def open_channel_harness(folder: Path) -> Iterator[ChannelHarness]:
    app = App(Settings(data=folder, _env_file=None))
    try:
        yield ChannelHarness(app.store, ShiftedClock(), app.missions)
    finally:
        app.engine.dispose()


async def fetch_dummy_file(file: File) -> bytes:
    """The content of any file of another messenger: as many bytes as its size says."""
    return b"x" * file.size


@asynccontextmanager
async def open_telegram_channel(server: TelegramServer) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(server.token, server.url, fetch_dummy_file)
    await channel.start()
    try:
        yield channel
    finally:
        await channel.stop()


def make_slack_channel(server: SlackServer) -> SlackChannel:
    return SlackChannel(server.bot_token, server.api_url, fetch_dummy_file)


def make_outgoing(text: str, to: Address, **more: object) -> Outgoing:
    return replace(Outgoing(to, Content(text)), **more)  # type: ignore[arg-type]
