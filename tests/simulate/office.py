"""The real assistant over the real store (a SQLite file) on a clock that is set, with a messenger that
delivers at once. Left out of it are only the messengers themselves and the sender's retries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, delete, event, select

from adapters.slack.limits import SLACK_LIMITS
from adapters.telegram.limits import TELEGRAM_LIMITS
from bot.assistant import Assistant
from bot.context import Decision
from bot.messages import Address, Message
from bot.missions.missions import Missions
from bot.store import InboxEvent, Store
from bot.store import tables as t
from bot.types import Binding, Case, Conversation, StaffMember, TopicName
from knowledge.database.engine import open_engine, write_transaction
from knowledge.types import Answer, Language, Question
from tests.samples.records import KnownPlaces
from tests.samples.staff_records import KnownAccounts

_TOPICS = {"부가세": "tax", "세관": "customs", "통관": "customs"}
_OWED = "SELECT seq, channel, chat, address, act, body, case_number FROM outbox ORDER BY seq"
_KNOW_THREAD = "UPDATE staff_threads SET thread = ?, card = '1' WHERE id = ?"
_NEXT_TIMER = "SELECT min(ready_at) FROM inbox WHERE state = 'waiting'"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that reached somebody, at a moment of the simulation."""

    at: datetime
    channel: str
    chat: str
    staff_thread: str
    act: str
    text: str
    case: int | None
    mentions: tuple[str, ...] = ()


class Office:
    """One installation. `now` is the simulated time; `emergency` is the chat for critical cases."""

    def __init__(self, folder: Path, missions: Missions, emergency: Address, now: datetime) -> None:
        self.missions, self.emergency, self.now = missions, emergency, now
        self.folder, self.worker = folder, 0
        self.handled = 0
        self._clock: sqlite3.Connection | None = None
        self._compiled: dict[Any, Any] = {}  # SQL that is compiled, which a process does only once
        self.restart()

    def restart(self) -> None:
        """End the process and begin another one on the same file; what it held is freed."""
        if self._clock:
            self._clock.close()
            self.engine.dispose()
        self.worker += 1
        self.engine: Engine = open_engine(f"sqlite:///{self.folder / 'naru.db'}")
        self.engine.update_execution_options(compiled_cache=self._compiled)
        event.listen(self.engine, "connect", _write_without_waiting)
        self.engine.dispose()
        self._clock = sqlite3.connect(self.folder / "naru.db", isolation_level=None)
        self._clock.execute("PRAGMA synchronous=OFF")
        self.store = Store(self.engine)
        self.store.inbox.recover_leases(lambda owner: owner != self.owner)
        self.assistant = Assistant(
            store=self.store,
            ask=lambda question, _: _find_nothing(question),
            missions=self.missions,
            places=KnownPlaces(),
            parser_for=lambda channel: _parse,
            admins=frozenset(),
            library_service=cast(Any, None),
            now=lambda: self.now,
            previews={},
            limits={"telegram": TELEGRAM_LIMITS, "slack": SLACK_LIMITS},
            directory=KnownAccounts(),
            emergency_route=self.emergency,
            find_topic=_find_topic,
        )

    @property
    def owner(self) -> str:
        return f"worker-{self.worker}"

    def die_over_work(self) -> None:
        """Claim what waits and never come back: the process is killed in the middle of it."""
        self.store.inbox.claim(self.owner, self.now)

    def prepare(
        self, key: str, *, conversation: Conversation | None = None, room: Binding | None = None,
        staff: tuple[StaffMember, ...] = (),
    ) -> None:  # fmt: skip
        decision = Decision(conversation=conversation, new_binding=room, new_staff=staff)
        self.store.commit_without_message(key, decision, self.now)

    def receive(self, message: dict[str, Any], key: str) -> None:
        """A messenger's event comes in."""
        channel, chat, thread = message["channel"], message["chat"], message.get("thread")
        event = InboxEvent(
            channel, key, f"{channel}:{chat}:{thread}" if thread else f"{channel}:{chat}",
            json.dumps(message, ensure_ascii=False), person=f"{channel}:{message['user']}",
            place=(chat, thread) if channel == "slack" else None,
        )  # fmt: skip
        self.store.inbox.receive([event], self.now)

    def work(self) -> Iterator[Delivery]:
        """Handle all that is due now; gives what was sent, as it was sent."""
        while (at := self.next_timer()) is not None and at <= self.now:
            if self.assistant.work_lane(self.owner) is None:
                return
            self.handled += 1
            yield from self._carry()

    def next_timer(self) -> datetime | None:
        assert self._clock is not None
        (at,) = self._clock.execute(_NEXT_TIMER).fetchone()
        return at and datetime.fromisoformat(at)

    def list_open(self) -> list[Case]:
        return self.store.list_cases(open_only=True)

    def list_timers(self, case: int) -> list[datetime]:
        i = t.inbox.c
        mine = i.payload.like(f"case:{case}:%") & (i.state == "waiting")
        with self.engine.connect() as connection:
            return list(connection.execute(select(i.ready_at).where(mine)).scalars())

    def count_dead(self) -> int:
        return self.store.inbox.count_events("dead")

    def drop_timers(self, case: int) -> int:
        """The planted fault: the timers of a case are lost."""
        i = t.inbox.c
        mine = i.payload.like(f"case:{case}:%") & (i.state == "waiting")
        with write_transaction(self.engine) as connection:
            return connection.execute(delete(t.inbox).where(mine)).rowcount

    def _carry(self) -> list[Delivery]:
        """The messenger of the simulation takes what is owed, and gives each thread its id."""
        assert self._clock is not None
        sent = []
        for seq, channel, chat, address, act, body, case in self._clock.execute(_OWED).fetchall():
            thread = json.loads(address).get("staff_thread") or ""
            if act == "card" and thread:
                self._clock.execute(_KNOW_THREAD, (f"t{thread}", thread))
            self._clock.execute("DELETE FROM outbox WHERE seq = ?", (seq,))
            content = json.loads(body)
            called = tuple(content.get("mentions") or ())
            sent.append(
                Delivery(self.now, channel, chat, thread, act, content["text"], case, called)
            )
        return sent


def _write_without_waiting(raw: Any, _record: Any) -> None:
    raw.execute("PRAGMA synchronous=OFF")


def _parse(payload: str) -> Message:
    return Message(**json.loads(payload))


def _find_topic(question: str, _language: Language) -> TopicName:
    """In place of the glossary, whose tables take seconds to read."""
    topic = next((topic for word, topic in _TOPICS.items() if word in question), "law")
    return TopicName(topic, topic)


def _find_nothing(question: Question) -> Answer:
    return Answer("no_evidence", question.language, "", 0.0, None)
