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

from tests.fakes.loopback_server import LoopbackServer
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
    Person,
    SlackPerson,
    TelegramPerson,
    TelegramRoom,
    bind_room,
)
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    WEBHOOK_SECRET,
    AppFixtures,
    RunningApp,
    run_app,
    send_post,
    wait_until,
    wait_until_idle,
)
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION

# What no messenger sends: it is refused like any other, and no error of a library gets through.
MALFORMED_BODIES = [
    b"", b"no json", b"[]", b"null", b"5", b"\xff\xfe", b"[" * 200_000, b'{"a":' * 100_000, b"9" * 6_000,
    b'{"update_id": "x"' + b" " * 1_100_000 + b"}",
]  # fmt: skip
MALFORMED_HEADERS = [
    {"Content-Type": "application/json; charset=no-such-charset"}, {"Content-Encoding": "gzip"},
    {"Content-Encoding": "deflate"}, {"Content-Type": "\u00e9"},
]  # fmt: skip
TRANSPORTS = ["polling", "webhook", "socket", "http"]
pytestmark = pytest.mark.usefixtures("hasty")


@dataclass
class TransportHarness:
    """A founder on one transport, and what the platform believes was received."""

    running_app: RunningApp
    server: LoopbackServer
    founder: Person

    def count_unconfirmed(self) -> int:
        """How many events the platform still has to get rid of."""
        if isinstance(self.server, TelegramServer):
            return len(self.server.pending)
        assert isinstance(self.server, SlackServer)
        return len(self.server.unacked)

    def count_attempts(self) -> int:
        if isinstance(self.server, TelegramServer):
            return len(self.server.calls_of("getUpdates")) + len(self.server.calls_of("webhook"))
        assert isinstance(self.server, SlackServer)
        return sum(len(envelope.ids) for envelope in self.server.unacked)

    def is_everything_confirmed(self) -> bool:
        """Nothing is owed. What Slack gave up on it tells again, as once an hour; Telegram
        never gives up."""
        if isinstance(self.server, SlackServer) and self.server.given_up:
            self.server.redeliver()
        return self.count_unconfirmed() == 0


@contextmanager
def run_transport(
    folder: Path, furniture: AppFixtures, transport: str
) -> Iterator[TransportHarness]:
    if transport in ("polling", "webhook"):
        with (
            TelegramServer(webhook_delays=(0.05,)) as telegram,
            run_app(folder, furniture, telegram=telegram, webhook=transport == "webhook") as one,
        ):
            yield TransportHarness(one, telegram, TelegramPerson(telegram, 1001))
        return
    with (
        SlackServer(retries=(0.0, 0.1, 0.3), answer_time=0.5) as slack,
        run_app(folder, furniture, slack=slack, http=transport == "http") as one,
    ):
        yield TransportHarness(one, slack, SlackPerson(slack, slack.open_dm()))


@contextmanager
def hide_inbox(house: RunningApp) -> Iterator[None]:
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
    tmp_path: Path, furniture: AppFixtures, transport: str
) -> None:
    with run_transport(tmp_path, furniture, transport) as talk:
        with hide_inbox(talk.running_app):
            before = talk.count_attempts()
            talk.founder.says(FREIGHT_QUESTION)
            talk.server.wait_for(lambda _: talk.count_attempts() >= before + 2)
            assert talk.count_unconfirmed() == 1
        wait_until(talk.is_everything_confirmed)
        talk.founder.hears(FREIGHT_ANSWER)
        wait_until_idle(talk.server, talk.running_app)
        assert sum(FREIGHT_ANSWER in text for text in talk.founder.received_texts()) == 1


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_is_delivered_twice_is_answered_once_rasa_3882(
    tmp_path: Path, furniture: AppFixtures, transport: str
) -> None:
    with run_transport(tmp_path, furniture, transport) as talk:
        talk.founder.says(FREIGHT_QUESTION)
        talk.founder.hears(FREIGHT_ANSWER)
        heard = talk.founder.received_texts()
        if isinstance(talk.server, TelegramServer):
            update = min(talk.server.world.updates.all_updates)
            talk.server.repeat_update(update)
            talk.server.wait_for(lambda s: not s.pending)
        elif isinstance(talk.server, SlackServer):
            first = talk.server.acks[0]
            talk.server.redeliver(first.event_id)
            talk.server.wait_for(
                lambda s: sum(ack.event_id == first.event_id for ack in s.acks) == 2
            )
        wait_until_idle(talk.server, talk.running_app)
        assert talk.founder.received_texts() == heard


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
def test_a_mention_that_slack_tells_twice_is_answered_once(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer, http: bool
) -> None:
    slack.create_channel("C0TALK")
    with run_app(tmp_path, furniture, slack=slack, http=http) as house:
        ts = slack.user_says("C0TALK", FREIGHT_QUESTION, mention=True)
        SlackPerson(slack, "C0TALK", thread=ts).hears(FREIGHT_ANSWER)
        slack.wait_for(lambda s: not s.unacked)
        wait_until_idle(slack, house)
        assert sum(FREIGHT_ANSWER in text for text in slack.app_texts("C0TALK")) == 1


class OddPayload(list[Any]):
    """A payload of a shape that no library expects."""

    def get(self, *_: Any) -> str:
        return ""


def test_every_envelope_is_acknowledged_of_whatever_kind(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer
) -> None:
    with run_app(tmp_path, furniture, slack=slack):
        slack.send_raw_envelope("events_api", {"type": "event_callback", "event": {"type": "new"}})
        slack.send_raw_envelope("of_tomorrow", {"some": "thing"})
        slack.send_raw_envelope("of_next_year", OddPayload([1]))  # type: ignore[arg-type]
        slack.send_raw_envelope(
            "events_api", {"type": "event_callback", "event": "no event at all"}
        )
        slack.user_opens_home()
        slack.wait_for(lambda s: not s.unacked)
        assert len(slack.acks) == 5


def test_forged_stale_and_unsigned_requests_are_refused(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer, caplog: pytest.LogCaptureFixture
) -> None:
    with run_app(tmp_path, furniture, slack=slack, http=True) as house:
        event = {"type": "message", "channel": "D1", "user": "U1", "ts": "1.1", "text": "x"}
        body = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": event})
        forged = slack.sign(body, secret="of-somebody-else")
        stale = slack.sign(body, at=time.time() - 600)
        other = slack.sign(body + " ")
        signed = slack.sign(body)
        odd = [{**signed, name: f"{value}\u00e9"} for name, value in signed.items()]
        odd += [{**signed, "X-Slack-Request-Timestamp": value} for value in ("\u00b2", "x", "-1")]
        for headers in (forged, stale, other, {}, *odd):
            status, _ = slack.post_signed(body, headers)
            assert status in (401, 403)
        events = f"{house.url}/slack/events"
        for malformed in MALFORMED_BODIES:  # Bolt would read them before it looks at the signature
            assert send_post(events, malformed, forged) in (400, 401), malformed[:20]
            if malformed.isascii():
                own = {**slack.sign(malformed.decode()), "Content-Type": "application/json"}
                assert send_post(events, malformed, own) == 400
        for header in MALFORMED_HEADERS:
            assert send_post(events, b"{", {**forged, **header}) in (400, 401), header
        assert not [one for one in caplog.records if one.exc_info or one.levelname == "ERROR"]
        assert house.app.store.inbox.find_newest("slack") is None
        assert slack.post_signed(body)[0] == 200
        assert slack.verify_url()
        assert house.app.store.inbox.find_newest("slack") is not None


def test_a_webhook_without_its_secret_is_refused(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    with run_app(tmp_path, furniture, telegram=telegram, webhook=True) as house:
        url, name = f"{house.url}/telegram/webhook", "X-Telegram-Bot-Api-Secret-Token"
        body = json.dumps({"update_id": 1, "message": {"text": "x"}}).encode()
        odd = "\u00e9\u00ff"  # sent as bytes that are no UTF-8
        wrong = ("wrong", WEBHOOK_SECRET + "x", "", odd, WEBHOOK_SECRET + odd)
        for secret in ({}, *({name: value} for value in wrong)):
            assert send_post(url, body, secret) == 403
        for malformed in MALFORMED_BODIES:
            assert send_post(url, malformed, {name: WEBHOOK_SECRET}) == 400, malformed[:20]
        for header in MALFORMED_HEADERS:
            assert send_post(url, b"{", {name: WEBHOOK_SECRET, **header}) == 400, header
        assert house.app.store.count_rows()["inbox"] == 0
        assert send_post(url, body, {name: WEBHOOK_SECRET}) == 200
        assert house.app.store.count_rows()["inbox"] == 1


def test_updates_nobody_can_read_stop_nothing_and_the_desk_is_told(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.create_forum(-1009)
    desk = TelegramRoom(telegram, -1009, TELEGRAM_ADMIN)
    person, chat = {"id": 5, "is_bot": False, "first_name": "P"}, {"id": 5, "type": "private"}
    poison = {"message_id": 1, "date": 1, "from": person, "chat": chat}
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        bind_room(house, "domestic", desk)
        telegram.send_raw_update({"message": {"chat": 5}})
        telegram.send_raw_update({"message": "no message at all"})
        telegram.send_raw_update({"message": {**poison, "location": {"latitude": "north"}}})
        mina = TelegramPerson(telegram, 1001)
        mina.says(FREIGHT_QUESTION)
        mina.hears(FREIGHT_ANSWER)
        desk.staff_member().hears("처리하지 못한 메시지가 있습니다(telegram, telegram:5)")
        assert not telegram.pending
        assert house.fetch_health()["inbox_dead"] == 1


def test_a_webhook_of_earlier_days_does_not_stop_polling(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.webhook = {"url": "http://127.0.0.1:9/nobody", "secret": "", "max_connections": 1}
    mina = TelegramPerson(telegram, 1001)
    mina.says(FREIGHT_QUESTION)
    with run_app(tmp_path, furniture, telegram=telegram):
        mina.hears(FREIGHT_ANSWER)


def test_what_is_said_while_slack_cuts_the_socket_arrives(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer
) -> None:
    mina = SlackPerson(slack, slack.open_dm())
    with run_app(tmp_path, furniture, slack=slack):
        slack.disconnect("refresh_requested")
        mina.says(FREIGHT_QUESTION)
        mina.hears(FREIGHT_ANSWER)
        slack.drop_sockets()
        mina.says("해외 인증 비용은 얼마까지 지원되나요?")
        mina.hears("3천만 원")


def test_nothing_is_lost_while_the_database_is_locked(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    mina = TelegramPerson(telegram, 1001)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        mina.sends_command("help")
        mina.hears("/human")
        lock = sqlite3.connect(tmp_path / "naru.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        updates = [telegram.user_says(1001, "/privacy") for _ in range(3)]
        telegram.wait_for(lambda t: t.calls_of("getUpdates")[-1].result)
        assert not set(updates) & set(telegram.confirmed_at)
        lock.close()
        mina.hears("쓰는 목적", 3)
        wait_until_idle(telegram, house)
        assert sum("쓰는 목적" in text for text in mina.received_texts()) == 3
