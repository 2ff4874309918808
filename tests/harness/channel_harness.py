"""The outbox, its sender and real channels, without the rest of Naru; the clock goes as told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from adapters.bootstrap import App
from adapters.settings import Settings
from adapters.slack.channel import Slack
from adapters.telegram.channel import Telegram
from bot.delivery.sender import Channel, Sender
from bot.store import Event, Store
from bot.types import (
    DOMESTIC,
    Address,
    Binding,
    Body,
    Case,
    Conversation,
    Decision,
    File,
    Outgoing,
    StaffThread,
)
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.running_app import Clock


@dataclass
class PostOffice:
    """Owes messages and sends them; `skip` lets time pass without waiting."""

    store: Store
    clock: Clock
    kept: list[Event] = field(default_factory=list)
    _count: int = 0

    def owe(self, *outgoing: Outgoing) -> None:
        self._count += 1
        self.store.act(f"test:{self._count}", Decision(outgoing=outgoing), self.clock())

    def case_at(self, channel: str, chat: str) -> Address:
        """A case taken by nobody, with a staff thread in a chat; its address."""
        now = self.clock()
        number = self.store.reserve_case_number(now)
        case = Case(
            number, f"{channel}:1001", "ko", "질문", "vn-hanoi", "vn-hanoi", "consular_area",
            "confirmed", "관할입니다.", "normal", now,
        )  # fmt: skip
        thread = StaffThread(f"{number}.1", number, "vn-hanoi", channel, chat)
        talk = Conversation(case.conversation, channel, "1001", None, "1001", "ko", case=number)
        decision = Decision(conversation=talk, new_case=case, new_threads=(thread,))
        self.store.act(f"case:{number}", decision, now)
        return Address(channel, chat, staff_thread=thread.id)

    def take(self, number: int = 1) -> None:
        case = self.store.case(number)
        taken = replace(case, state="taken", taken_by="someone", taken_at=self.clock())
        self.store.act(f"take:{number}", Decision(case=taken), self.clock())

    def desk(self, channel: str, chat: str) -> None:
        bind = Decision(bind=Binding(DOMESTIC, channel, chat))
        self.store.act("desk", bind, self.clock())

    def sender(self, channel: Channel) -> Sender:
        return Sender(self.store, {channel.name: channel}, self.clock, "test")

    async def send(self, channel: Channel, rounds: int = 20) -> int:
        """Send what is due now; how many sends were tried."""
        sender, tried = self.sender(channel), 0
        for _ in range(rounds):
            sent = await sender.once()
            tried += sent
            if not sent:
                break
        return tried

    async def send_all(self, channel: Channel, rounds: int = 20) -> None:
        """Send, with time passing between the tries, until nothing is owed."""
        for _ in range(rounds):
            await self.send(channel)
            if self.store.outbox.oldest() is None:
                return
            self.skip(61)
        raise AssertionError("something is still owed")

    def skip(self, seconds: float) -> None:
        self.clock.ahead += timedelta(seconds=seconds)


@contextmanager
def post_office(folder: Path) -> Iterator[PostOffice]:
    app = App(Settings(data=folder, _env_file=None))
    try:
        yield PostOffice(app.store, Clock())
    finally:
        app.engine.dispose()


async def carried(file: File) -> bytes:
    """What every file of another messenger holds."""
    return b"x" * file.size


@asynccontextmanager
async def telegram_channel(server: TelegramServer) -> AsyncIterator[Telegram]:
    channel = Telegram(server.token, server.url, carried)
    await channel.start()
    try:
        yield channel
    finally:
        await channel.stop()


def slack_channel(server: SlackServer) -> Slack:
    async def keep(events: object) -> int:
        raise AssertionError("nothing is received here")

    return Slack(server.bot_token, server.api_url, server.signing_secret, keep, carried)


def words(text: str, to: Address, **more: object) -> Outgoing:
    return replace(Outgoing(to, Body(text)), **more)  # type: ignore[arg-type]
