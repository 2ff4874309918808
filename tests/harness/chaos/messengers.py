"""Both messengers as a trial needs them: people in pairs, what was confirmed and sent, and faults of the line."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.fakes.loopback_server import LoopbackServer
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.chaos.line_faults import Fault, list_line_faults
from tests.harness.messenger_drivers import (
    Person,
    Room,
    SlackPerson,
    SlackRoom,
    TelegramPerson,
    TelegramRoom,
)
from tests.harness.running_app import build_slack_settings, build_telegram_settings, find_free_port

TRANSPORTS = ("polling", "webhook", "socket", "http")
TELEGRAM_ROOM, TELEGRAM_DESK = -1001000000001, -1001000000009
SLACK_ROOM, SLACK_DESK = "C0HANOI", "C0DESK"
SLACK_RETRY_SECONDS = (0.0, 0.5, *[1.0] * 40)  # Slack's patience of an hour, shortened
FOUNDERS = (("1001", "U0MINA"), ("1002", "U0JUNHO"), ("1003", "U0SEOYEON"))


class ChaosMessenger(Protocol):
    """A messenger's server and how Naru is connected to it."""

    settings: dict[str, Any]
    send_method: str
    can_be_asked: bool  # it tells what it took, so that nothing may go out twice

    @property
    def server(self) -> LoopbackServer: ...

    def open_founder(self, number: int) -> Person: ...

    def open_room(self) -> Room: ...

    def open_desk(self) -> Room: ...

    def watch_start(self) -> Callable[[], object]: ...

    def identify(self, person: Person, said: str) -> str: ...

    def list_confirmed(self) -> dict[str, float]: ...

    def list_unconfirmed(self) -> list[str]: ...

    def redeliver_unconfirmed(self) -> None: ...

    def list_faults(self) -> Mapping[str, Fault]: ...


@dataclass
class ChaosTelegram:
    """Telegram, polled or with a webhook."""

    server: TelegramServer
    webhook: bool
    send_method: str = "sendMessage"
    can_be_asked: bool = False
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        port = find_free_port()
        self.settings = build_telegram_settings(self.server, port if self.webhook else 0)
        self.settings["http_port"] = port
        for place in (TELEGRAM_ROOM, TELEGRAM_DESK):
            self.server.create_forum(place)

    def open_founder(self, number: int) -> Person:
        return TelegramPerson(self.server, int(FOUNDERS[number][0]))

    def open_room(self) -> Room:
        return TelegramRoom(self.server, TELEGRAM_ROOM, 2002)

    def open_desk(self) -> Room:
        return TelegramRoom(self.server, TELEGRAM_DESK, 2009)

    def watch_start(self) -> Callable[[], object]:
        """Whether Naru has come up since now."""
        starts, polls = len(self.server.calls_of("getMe")), self.server.last_poll

        def is_up() -> bool:
            started = len(self.server.calls_of("getMe")) > starts
            return started and (bool(self.server.webhook) or self.server.last_poll > polls)

        return is_up

    def identify(self, person: Person, said: str) -> str:
        assert isinstance(person, TelegramPerson)
        return f"{person.chat}:{said}"

    def list_confirmed(self) -> dict[str, float]:
        """When each message was confirmed, by "chat:message"."""
        updates = self.server.world.updates
        with self.server.changed:
            confirmed = dict(updates.confirmed_at)
        known = {number: updates.all_updates[number].get("message") for number in confirmed}
        return {f"{m['chat']['id']}:{m['message_id']}": confirmed[number]
                for number, m in known.items() if m}  # fmt: skip

    def list_unconfirmed(self) -> list[str]:
        with self.server.changed:
            return [str(number) for number in self.server.world.updates.waiting]

    def redeliver_unconfirmed(self) -> None:
        """Telegram does that all the time."""

    def list_faults(self) -> Mapping[str, Fault]:
        def redeliver(chance: random.Random) -> float:
            with self.server.change():
                done = list(self.server.world.updates.confirmed_at)
                if done:
                    self.server.repeat_update(chance.choice(done[-30:]))
            return 0.0

        def send_unknown(chance: random.Random) -> float:
            self.server.send_raw_update({"a_kind_of_tomorrow": {"id": chance.randint(1, 99)}})
            return 0.0

        def fail_poll(chance: random.Random) -> float:
            self.server.fail_next("getUpdates", 1, 502, None)
            return 2.0

        def lose_poll(chance: random.Random) -> float:
            self.server.lose_answer("getUpdates")
            return 2.0

        own: dict[str, Fault] = {"redelivered": redeliver, "unknown kind": send_unknown}
        if not self.webhook:
            own |= {"poll 5xx": fail_poll, "poll's answer lost": lose_poll}
        known = list_line_faults(self.server, self.send_method)
        if not self.webhook:
            known = {name: one for name, one in known.items() if not name.startswith("event")}
        return known | own


@dataclass
class ChaosSlack:
    """Slack, over a socket or over HTTP."""

    server: SlackServer
    http: bool
    send_method: str = "chat.postMessage"
    can_be_asked: bool = True
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        port = find_free_port()
        self.settings = build_slack_settings(self.server, port if self.http else 0)
        self.settings["http_port"] = port
        for place in (SLACK_ROOM, SLACK_DESK):
            self.server.create_channel(place, private=True)

    def open_founder(self, number: int) -> Person:
        user = FOUNDERS[number][1]
        return SlackPerson(self.server, self.server.open_dm(user), user)

    def open_room(self) -> Room:
        return SlackRoom(self.server, SLACK_ROOM, "U0LEE")

    def open_desk(self) -> Room:
        return SlackRoom(self.server, SLACK_DESK, "U0DESK")

    def watch_start(self) -> Callable[[], object]:
        """Whether Naru has come up since now."""
        starts = len(self.server.calls_of("auth.test"))

        def is_up() -> bool:
            started = len(self.server.calls_of("auth.test")) > starts
            return started and (bool(self.server.http_target) or self.server.sockets == 1)

        return is_up

    def identify(self, person: Person, said: str) -> str:
        assert isinstance(person, SlackPerson)
        return f"{person.channel}:{said}"

    def list_confirmed(self) -> dict[str, float]:
        """When each message was acked for the first time, by "channel:ts"."""
        with self.server.changed:
            events = {
                one.event_id: one.payload.get("event", {}) for one in self.server.work.envelopes
            }
        found: dict[str, float] = {}
        for ack in self.server.acks:
            event = events.get(ack.event_id, {})
            if event.get("type") == "message" and "subtype" not in event:
                found.setdefault(f"{event.get('channel')}:{event.get('ts')}", ack.time)
        return found

    def list_unconfirmed(self) -> list[str]:
        """What each is, and how far its delivery came."""
        return [
            f"{one.type} {one.payload.get('event', one.payload)!s:.200}, {one.state}, attempt {one.attempt}"
            for one in self.server.unacked
        ]

    def redeliver_unconfirmed(self) -> None:
        """What Slack gave up while Naru was away comes once more, as with Delayed Events."""
        self.server.redeliver()

    def list_faults(self) -> Mapping[str, Fault]:
        def redeliver(chance: random.Random) -> float:
            if acks := self.server.acks[-30:]:
                self.server.redeliver(chance.choice(acks).event_id)
            return 0.0

        def send_unknown(chance: random.Random) -> float:
            with self.server.change():
                self.server.work.emit({"type": "a_kind_of_tomorrow", "id": chance.randint(1, 99)})
            return 0.0

        def refresh(chance: random.Random) -> float:
            self.server.disconnect(chance.choice(("warning", "refresh_requested")))
            return 3.0

        def drop(chance: random.Random) -> float:
            self.server.drop_sockets()
            return 3.0

        def freeze(chance: random.Random) -> float:
            self.server.freeze_sockets(chance.uniform(0.5, 4.0))
            return 6.0

        own: dict[str, Fault] = {"redelivered": redeliver, "unknown kind": send_unknown}
        if not self.http:
            own |= {"socket refreshed": refresh, "socket cut": drop, "socket stalled": freeze}
        return list_line_faults(self.server, self.send_method) | own


@contextmanager
def open_messenger(transport: str) -> Iterator[ChaosTelegram | ChaosSlack]:
    """The messenger of one of TRANSPORTS, with a room for staff."""
    if transport in ("polling", "webhook"):
        with TelegramServer(webhook_delays=(0.1, 0.5)) as telegram:
            yield ChaosTelegram(telegram, webhook=transport == "webhook")
    else:
        with SlackServer(retries=SLACK_RETRY_SECONDS) as slack:
            yield ChaosSlack(slack, http=transport == "http")
