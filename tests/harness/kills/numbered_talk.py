"""Two people who write numbered messages to one another through Naru, and which of them arrived."""

from __future__ import annotations

import random
import re
import threading
import time
from dataclasses import dataclass
from itertools import groupby

from tests.harness.messenger_drivers import Person, Room, TelegramPerson
from tests.harness.running_app import wait_until

HANOI_CHAT = -1001000000001
FIRST_ANSWER_SECONDS = 120.0
SLACK_RETRY_DELAYS_SECONDS = (0.0, 0.5, *[1.0] * 20)  # Slack's patience, shortened


@dataclass
class DeliveryOutcome:
    """The numbers of the messages that arrived on one side, in the order shown there."""

    sent_count: int
    received_numbers: list[int]

    @property
    def without_repeats(self) -> list[int]:
        """The received numbers with repeats in a row removed."""
        return [number for number, _ in groupby(self.received_numbers)]

    @property
    def repeats(self) -> int:
        return len(self.received_numbers) - len(self.without_repeats)

    @property
    def is_complete_in_order(self) -> bool:
        return self.without_repeats == list(range(self.sent_count))


@dataclass
class RelayTalk:
    """A founder and the mission whose staff they talk to."""

    founder: Person
    room: Room
    mission: str = "vn-hanoi"
    place: str = "하노이"
    case: Person | None = None

    def open_case(self) -> None:
        """Open a case and claim it; without a question, so that no model is needed."""
        word = "/human" if isinstance(self.founder, TelegramPerson) else "담당자"
        self.founder.says(word)
        self._wait_until_heard("어느 나라, 어느 도시의 일입니까?")
        self.founder.says(self.place)
        self._wait_until_heard("접수번호 #")
        self.case = self.room.wait_for_case()
        self.case.sends_command("claim")
        self._wait_until_heard("맡았습니다")

    def _wait_until_heard(self, text: str) -> None:
        """Each of several processes loads much for the first message of a kind that it gets."""
        wait_until(
            lambda: any(text in one for one in self.founder.received_texts()), FIRST_ANSWER_SECONDS
        )


def list_directions(talk: RelayTalk) -> list[tuple[Person, str, Person]]:
    """(writer, word, reader) for both directions of a conversation."""
    assert talk.case
    return [(talk.founder, "말", talk.case), (talk.case, "답", talk.founder)]


class MessageWriter(threading.Thread):
    """A person who writes `numbers`, one after the other; `wrote` of them so far."""

    def __init__(
        self, person: Person, word: str, numbers: range, pace: tuple[float, float]
    ) -> None:
        super().__init__(name=word, daemon=True)
        self.wrote = 0
        self._person, self._word, self._numbers, self._pace = person, word, numbers, pace
        self._chance = random.Random(numbers.start)

    def run(self) -> None:
        for number in self._numbers:
            self._person.says(f"{self._word} {number}")
            self.wrote += 1
            time.sleep(self._chance.uniform(*self._pace))


def parse_numbers(heard: list[str], word: str) -> list[int]:
    """The numbers of the relayed messages that begin with `word`. What piles up for a room comes as
    several lines of one message."""
    relayed = re.compile(rf"^(?:창업자: )?{word} (\d+)$", re.MULTILINE)
    return [int(number) for text in heard for number in relayed.findall(text)]
