"""Founders in Telegram who ask at a steady rate, and when each was confirmed and answered."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from tests.fakes.loopback_server import Call
from tests.fakes.telegram.server import TelegramServer
from tests.source_tree import ROOT

FIRST_FOUNDER = 100_001
TOLD = ROOT / "knowledge" / "exam" / "told"


class CountingTelegram(TelegramServer):
    """Telegram that keeps when each chat was first written to since it asked, and no list of calls."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting_for: dict[int, TimedQuestion] = {}  # the open question of each chat
        self.free: deque[int] = deque()  # chats whose question was answered, the longest first
        self.sent_count = 0

    def record(self, call: Call) -> None:
        """Note a message to a founder."""
        if call.method != "sendMessage":
            return
        with self.changed:
            self.sent_count += 1
            asked = self.waiting_for.pop(int(call.params["chat_id"]), None)
            if asked:
                asked.answered_at = time.time()
                self.free.append(asked.chat)
                self.changed.notify_all()


@dataclass(slots=True)
class TimedQuestion:
    """One message of a founder: `due_at` is when the plan wanted it said."""

    chat: int
    due_at: float
    said_at: float = 0.0
    update: int = 0
    answered_at: float | None = None


@dataclass
class Crowd:
    """`count` founders. Only who waits for nothing asks, so that each answer belongs to its question."""

    telegram: CountingTelegram
    count: int
    questions: Sequence[str]
    asked: list[TimedQuestion] = field(default_factory=list)
    unsaid: int = 0  # messages for which no founder was free
    _next_question: int = 0

    def greet_all(self, rate: float) -> None:
        """Everybody says hello, and reads what a new founder is told once."""
        for number in range(self.count):
            chat = FIRST_FOUNDER + number
            self.telegram.waiting_for[chat] = TimedQuestion(chat, time.time())
            self.telegram.user_says(chat, "/start")
            time.sleep(1 / rate)
        self.wait_until_answered(60)

    def ask_steadily(self, rate: float, seconds: float) -> None:
        """`rate` questions a second, each at its moment whatever became of those before it."""
        begun = time.time()
        for number in range(round(rate * seconds)):
            due = begun + number / rate
            time.sleep(max(0.0, due - time.time()))
            self.ask_one(due)

    def ask_at_once(self) -> list[TimedQuestion]:
        """Every founder asks now; their questions."""
        now = time.time()
        return [asked for _ in range(self.count) if (asked := self.ask_one(now))]

    def ask_one(self, due_at: float) -> TimedQuestion | None:
        """The founder who has waited for nothing longest asks the next question; None if all wait."""
        with self.telegram.changed:
            if not self.telegram.free:
                self.unsaid += 1
                return None
            asked = TimedQuestion(self.telegram.free.popleft(), due_at)
            self.telegram.waiting_for[asked.chat] = asked
        text = self.questions[self._next_question % len(self.questions)]
        self._next_question += 1
        asked.said_at = time.time()
        asked.update = self.telegram.user_says(asked.chat, text)
        self.asked.append(asked)
        return asked

    def wait_until_answered(self, within: float) -> bool:
        """Wait until nobody waits any more; whether that came within so many seconds."""
        end = time.monotonic() + within
        with self.telegram.changed:
            while self.telegram.waiting_for and time.monotonic() < end:
                self.telegram.changed.wait(0.2)
            return not self.telegram.waiting_for

    def list_ack_seconds(self) -> list[float]:
        """How long each message waited until it was confirmed."""
        with self.telegram.changed:
            confirmed = dict(self.telegram.world.updates.confirmed_at)
        return [
            confirmed[one.update] - one.said_at for one in self.asked if one.update in confirmed
        ]


def read_told_questions() -> list[str]:
    """The questions of the told exam, in the order of its files."""
    files = sorted(TOLD.glob("*.yaml"))
    return [row["question"] for path in files for row in yaml.safe_load(path.read_text("utf-8"))]
