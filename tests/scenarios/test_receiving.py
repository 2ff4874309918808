"""What comes in over the four transports: kept before it is confirmed, and worked once."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.loopback_server import Loopback
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import OnSlack, OnTelegram, Person, TelegramRoom, bind
from tests.harness.running_app import (
    ADMIN,
    SECRET,
    Furniture,
    House,
    calm,
    eventually,
    open_house,
    post,
)
from tests.samples.stub_library import FREIGHT, FREIGHT_SAID

TRANSPORTS = ["polling", "webhook", "socket", "http"]
pytestmark = pytest.mark.usefixtures("hasty")


@dataclass
class Line:
    """A founder on one transport, and what the platform believes was received."""

    house: House
    server: Loopback
    founder: Person

    def owed(self) -> int:
        """How many events the platform still has to get rid of."""
        if isinstance(self.server, TelegramServer):
            return len(self.server.pending)
        assert isinstance(self.server, SlackServer)
        return len(self.server.unacked)

    def tries(self) -> int:
        if isinstance(self.server, TelegramServer):
            return len(self.server.called("getUpdates")) + len(self.server.called("webhook"))
        assert isinstance(self.server, SlackServer)
        return sum(len(envelope.ids) for envelope in self.server.unacked)

    def is_rid(self) -> bool:
        """Nothing is owed. What Slack gave up on it tells again, as once an hour; Telegram
        never gives up."""
        if isinstance(self.server, SlackServer) and self.server.gone:
            self.server.redeliver()
        return self.owed() == 0


@contextmanager
def line(folder: Path, furniture: Furniture, transport: str) -> Iterator[Line]:
    if transport in ("polling", "webhook"):
        with (
            TelegramServer(webhook_delays=(0.05,)) as telegram,
            open_house(folder, furniture, telegram=telegram, webhook=transport == "webhook") as one,
        ):
            yield Line(one, telegram, OnTelegram(telegram, 1001))
        return
    with (
        SlackServer(retries=(0.0, 0.1, 0.3), answer_time=0.5) as slack,
        open_house(folder, furniture, slack=slack, http=transport == "http") as one,
    ):
        yield Line(one, slack, OnSlack(slack, slack.dm()))


@contextmanager
def no_inbox(house: House) -> Iterator[None]:
    """The table is out of reach, as for a server that fails."""
    database = sqlite3.connect(house.app.settings.data / "naru.db", isolation_level=None, timeout=9)
    database.execute("ALTER TABLE inbox RENAME TO hidden")
    try:
        yield
    finally:
        database.execute("ALTER TABLE hidden RENAME TO inbox")
        database.close()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_cannot_be_kept_is_not_confirmed_and_comes_again(
    tmp_path: Path, furniture: Furniture, transport: str
) -> None:
    with line(tmp_path, furniture, transport) as talk:
        with no_inbox(talk.house):
            before = talk.tries()
            talk.founder.says(FREIGHT)
            talk.server.wait_for(lambda _: talk.tries() >= before + 2)
            assert talk.owed() == 1
        eventually(talk.is_rid)
        talk.founder.hears(FREIGHT_SAID)
        calm(talk.server, talk.house)
        assert sum(FREIGHT_SAID in text for text in talk.founder.heard()) == 1


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_is_delivered_twice_has_one_effect(
    tmp_path: Path, furniture: Furniture, transport: str
) -> None:
    with line(tmp_path, furniture, transport) as talk:
        talk.founder.says(FREIGHT)
        talk.founder.hears(FREIGHT_SAID)
        heard = talk.founder.heard()
        if isinstance(talk.server, TelegramServer):
            update = min(talk.server.world.updates.known)
            talk.server.repeat_update(update)
            talk.server.wait_for(lambda s: not s.pending)
        elif isinstance(talk.server, SlackServer):
            first = talk.server.acks[0]
            talk.server.redeliver(first.event_id)
            talk.server.wait_for(
                lambda s: sum(ack.event_id == first.event_id for ack in s.acks) == 2
            )
        calm(talk.server, talk.house)
        assert talk.founder.heard() == heard


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
def test_a_mention_that_slack_tells_twice_is_answered_once(
    tmp_path: Path, furniture: Furniture, slack: SlackServer, http: bool
) -> None:
    slack.channel("C0TALK")
    with open_house(tmp_path, furniture, slack=slack, http=http) as house:
        ts = slack.user_says("C0TALK", FREIGHT, mention=True)
        OnSlack(slack, "C0TALK", thread=ts).hears(FREIGHT_SAID)
        slack.wait_for(lambda s: not s.unacked)
        calm(slack, house)
        assert sum(FREIGHT_SAID in text for text in slack.sent("C0TALK")) == 1


class Odd(list[Any]):
    """A payload of a shape that no library expects."""

    def get(self, *_: Any) -> str:
        return ""


def test_every_envelope_is_acknowledged_of_whatever_kind(
    tmp_path: Path, furniture: Furniture, slack: SlackServer
) -> None:
    with open_house(tmp_path, furniture, slack=slack):
        slack.raw_envelope("events_api", {"type": "event_callback", "event": {"type": "new"}})
        slack.raw_envelope("of_tomorrow", {"some": "thing"})
        slack.raw_envelope("of_next_year", Odd([1]))  # type: ignore[arg-type]
        slack.raw_envelope("events_api", {"type": "event_callback", "event": "no event at all"})
        slack.user_opens_home()
        slack.wait_for(lambda s: not s.unacked)
        assert len(slack.acks) == 5


def test_forged_stale_and_unsigned_requests_are_refused(
    tmp_path: Path, furniture: Furniture, slack: SlackServer
) -> None:
    with open_house(tmp_path, furniture, slack=slack, http=True) as house:
        event = {"type": "message", "channel": "D1", "user": "U1", "ts": "1.1", "text": "x"}
        body = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": event})
        forged = slack.sign(body, secret="of-somebody-else")
        stale = slack.sign(body, at=time.time() - 600)
        other = slack.sign(body + " ")
        for headers in (forged, stale, other, {}):
            status, _ = slack.post_signed(body, headers)
            assert status in (401, 403)
        assert house.app.store.counts()["inbox"] == 0
        assert slack.post_signed(body)[0] == 200
        assert slack.verify_url()
        assert house.app.store.counts()["inbox"] == 1


def test_a_webhook_without_its_secret_is_refused(
    tmp_path: Path, furniture: Furniture, telegram: TelegramServer
) -> None:
    with open_house(tmp_path, furniture, telegram=telegram, webhook=True) as house:
        url, name = f"{house.url}/telegram/webhook", "X-Telegram-Bot-Api-Secret-Token"
        body = json.dumps({"update_id": 1, "message": {"text": "x"}}).encode()
        for secret in ({}, {name: "wrong"}, {name: SECRET + "x"}, {name: ""}):
            assert post(url, body, secret) == 403
        assert post(url, b"no json", {name: SECRET}) == 400
        assert post(url, b"[]", {name: SECRET}) == 400
        assert house.app.store.counts()["inbox"] == 0
        assert post(url, body, {name: SECRET}) == 200
        assert house.app.store.counts()["inbox"] == 1


def test_updates_nobody_can_read_stop_nothing_and_the_desk_is_told(
    tmp_path: Path, furniture: Furniture, telegram: TelegramServer
) -> None:
    telegram.forum(-1009)
    desk = TelegramRoom(telegram, -1009, ADMIN)
    person, chat = {"id": 5, "is_bot": False, "first_name": "P"}, {"id": 5, "type": "private"}
    poison = {"message_id": 1, "date": 1, "from": person, "chat": chat}
    with open_house(tmp_path, furniture, telegram=telegram) as house:
        bind(house, "domestic", desk)
        telegram.raw_update({"message": {"chat": 5}})
        telegram.raw_update({"message": "no message at all"})
        telegram.raw_update({"message": {**poison, "location": {"latitude": "north"}}})
        mina = OnTelegram(telegram, 1001)
        mina.says(FREIGHT)
        mina.hears(FREIGHT_SAID)
        desk.everyone().hears("처리하지 못한 메시지가 있습니다(telegram, telegram:5)")
        assert not telegram.pending
        assert house.health()["inbox_dead"] == 1


def test_a_webhook_of_earlier_days_does_not_stop_polling(
    tmp_path: Path, furniture: Furniture, telegram: TelegramServer
) -> None:
    telegram.webhook = {"url": "http://127.0.0.1:9/nobody", "secret": "", "max_connections": 1}
    mina = OnTelegram(telegram, 1001)
    mina.says(FREIGHT)
    with open_house(tmp_path, furniture, telegram=telegram):
        mina.hears(FREIGHT_SAID)


def test_what_is_said_while_slack_cuts_the_socket_arrives(
    tmp_path: Path, furniture: Furniture, slack: SlackServer
) -> None:
    mina = OnSlack(slack, slack.dm())
    with open_house(tmp_path, furniture, slack=slack):
        slack.disconnect("refresh_requested")
        mina.says(FREIGHT)
        mina.hears(FREIGHT_SAID)
        slack.drop_sockets()
        mina.says("해외 인증 비용은 얼마까지 지원되나요?")
        mina.hears("3천만 원")


def test_nothing_is_lost_while_the_database_is_locked(
    tmp_path: Path, furniture: Furniture, telegram: TelegramServer
) -> None:
    mina = OnTelegram(telegram, 1001)
    with open_house(tmp_path, furniture, telegram=telegram) as house:
        mina.commands("help")
        mina.hears("/human")
        lock = sqlite3.connect(tmp_path / "naru.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        updates = [telegram.user_says(1001, "/privacy") for _ in range(3)]
        telegram.wait_for(lambda t: t.called("getUpdates")[-1].result)
        assert not set(updates) & set(telegram.confirmed_at)
        lock.close()
        mina.hears("저장하는 것", 3)
        calm(telegram, house)
        assert sum("저장하는 것" in text for text in mina.heard()) == 3
