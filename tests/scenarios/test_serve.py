"""`naru serve`: how it starts, how it fares, how it ends."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.serve.service import NothingToServe
from bot.store import Event
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.admin_methods import command_key
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import OnSlack, OnTelegram
from tests.harness.running_app import (
    ADMIN,
    Furniture,
    House,
    eventually,
    free_port,
    open_house,
    slack_settings,
    telegram_settings,
)
from tests.harness.serve_process import Processes
from tests.samples.stub_library import FREIGHT, FREIGHT_SAID

pytestmark = pytest.mark.usefixtures("hasty")


def sentence(house: House) -> str:
    """What a Naru that cannot start says."""
    house.start()
    failure = house.ended()
    house.app.engine.dispose()
    assert isinstance(failure, NothingToServe)
    return str(failure)


def test_without_a_channel_it_says_how_to_set_one_and_exits_with_1(
    processes: Processes,
) -> None:
    process = processes.start({"http_port": free_port()})
    assert process.wait(30) == 1
    said = process.said()
    assert "NARU_TELEGRAM_TOKEN" in said and "NARU_SLACK_BOT_TOKEN" in said
    assert "Traceback" not in said


def test_a_slack_that_could_hear_nothing_is_not_served(tmp_path: Path) -> None:
    assert "NARU_SLACK_APP_TOKEN" in sentence(House(tmp_path, slack_bot_token="xoxb-1"))


def test_a_port_that_is_taken_is_named(tmp_path: Path, telegram: TelegramServer) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        house = House(tmp_path, **telegram_settings(telegram), http_port=port)
        assert f"127.0.0.1:{port}" in sentence(house)
    assert telegram.calls == []


def test_a_wrong_token_turns_one_channel_off_and_the_other_lives_on(
    tmp_path: Path,
    furniture: Furniture,
    telegram: TelegramServer,
    slack: SlackServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = slack_settings(slack) | telegram_settings(telegram)
    house = House(tmp_path, furniture, **(settings | {"telegram_token": "1:wrong"}))
    house.start()
    try:
        mina = OnSlack(slack, slack.dm())
        mina.says(FREIGHT)
        mina.hears(FREIGHT_SAID)
        eventually(lambda: "Telegram is off" in caplog.text)
        assert "NARU_TELEGRAM_TOKEN" in caplog.text
        assert not telegram.called("getUpdates")
    finally:
        house.stop()


def test_a_wrong_app_token_is_named(
    tmp_path: Path, slack: SlackServer, caplog: pytest.LogCaptureFixture
) -> None:
    settings = slack_settings(slack) | {"slack_app_token": "xapp-wrong"}
    house = House(tmp_path, **settings)
    house.start()
    try:
        eventually(lambda: "Slack's socket is off" in caplog.text)
        assert "NARU_SLACK_APP_TOKEN" in caplog.text
    finally:
        house.stop()


def test_a_messenger_that_is_down_at_the_start_is_reached_later(
    tmp_path: Path,
    furniture: Furniture,
    telegram: TelegramServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.serve.service.CHANNEL_PATIENCE", 0.1)
    telegram.down()
    house = House(tmp_path, furniture, **telegram_settings(telegram))
    mina = OnTelegram(telegram, 1001)
    mina.says(FREIGHT)
    house.start()
    try:
        eventually(house.listens)
        assert house.health()["telegram_last_poll_seconds"] is None
        telegram.up()
        mina.hears(FREIGHT_SAID)
    finally:
        house.stop()


def test_commands_are_shown_in_each_language_and_to_each_side(
    tmp_path: Path, telegram: TelegramServer
) -> None:
    with open_house(tmp_path, telegram=telegram):
        shown = telegram.world.commands
    for language in (None, "ko", "vi"):
        founders = shown[command_key({"type": "all_private_chats"}, language)]
        staff = shown[command_key({"type": "all_group_chats"}, language)]
        assert {"human", "where", "cases"} <= {one["command"] for one in founders}
        assert {"claim", "resolve", "bind"} <= {one["command"] for one in staff}


def test_the_library_s_commands_are_shown_to_admins_only(
    tmp_path: Path, telegram: TelegramServer
) -> None:
    """In their private chats; one who never wrote to the bot has none, and stops nothing."""
    for user in (ADMIN, 1001):
        OnTelegram(telegram, user).says("안녕하세요")
    admins = f"telegram:{ADMIN},telegram:777,telegram:@name,slack:U0ADMIN"
    with open_house(tmp_path, telegram=telegram, admins=admins):
        shown = telegram.world.commands
    kept = {"ingest", "editions", "rollback"}
    for language in (None, "ko", "vi"):
        mine = shown[command_key({"type": "chat", "chat_id": ADMIN}, language)]
        assert kept | {"human", "where"} <= {one["command"] for one in mine}
        for scope in ("all_private_chats", "all_group_chats"):
            everybody = shown[command_key({"type": scope}, language)]
            assert not kept & {one["command"] for one in everybody}
    assert len(shown) == 9


def test_health_tells_how_old_what_is_undone_is(
    tmp_path: Path, furniture: Furniture, telegram: TelegramServer, slack: SlackServer
) -> None:
    with open_house(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        well = house.health()
        assert well["slack_socket"] is True
        assert well["inbox_oldest_seconds"] == well["outbox_oldest_seconds"] == 0
        telegram.fail_next("sendMessage", retry_after=60)
        OnTelegram(telegram, 1001).commands("help")
        eventually(lambda: house.health()["outbox_oldest_seconds"] > 0.2)
        assert house.health()["inbox_oldest_seconds"] == 0


def test_a_database_that_stays_locked_ends_it_with_a_sentence(
    tmp_path: Path, telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    house = House(tmp_path, **telegram_settings(telegram))
    house.patience = 0.5
    house.start()
    telegram.wait_for(lambda t: t.last_poll)
    lock = sqlite3.connect(tmp_path / "naru.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    eventually(lambda: "could not be written" in caplog.text)
    lock.close()
    failure = house.ended(15)
    house.app.engine.dispose()
    assert isinstance(failure, RuntimeError) and "nothing confirmed is lost" in str(failure)


def test_sigterm_ends_it_soon_though_messenger_and_database_hang_and_nothing_is_lost(
    telegram: TelegramServer, processes: Processes
) -> None:
    process = processes.start({**telegram_settings(telegram), "http_port": free_port()})
    mina = OnTelegram(telegram, 1001)
    mina.commands("help")
    mina.hears("/human", 1)
    telegram.stall("sendMessage", 30)
    mina.commands("privacy")
    mina.hears("저장하는 것")  # it stands there, but the answer hangs
    lock = sqlite3.connect(processes.folder / "naru.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    process.terminate()
    assert process.wait(10) == 0
    assert time.monotonic() - begun < 10
    lock.close()
    assert telegram.token not in process.said()
    mina.commands("cases")
    process.start()
    mina.hears("접수한 건이 없습니다")
    assert 1 <= sum("저장하는 것" in text for text in mina.heard()) <= 2


def test_no_token_stands_in_the_log(
    tmp_path: Path,
    furniture: Furniture,
    telegram: TelegramServer,
    slack: SlackServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        caplog.at_level(logging.INFO),
        open_house(tmp_path, furniture, telegram=telegram, slack=slack),
    ):
        OnSlack(slack, slack.dm()).says(FREIGHT)
        OnSlack(slack, slack.dm()).hears(FREIGHT_SAID)
    assert slack.bot_token not in caplog.text and slack.app_token not in caplog.text
    assert FREIGHT not in caplog.text


def test_only_what_the_dead_left_is_taken_up_at_once(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(10)
    house = House(tmp_path)
    inbox, now = house.app.store.inbox, house.clock()
    host = socket.gethostname()
    owners = [f"{host}:{gone.pid}:1", f"{host}:{os.getppid()}:2", "elsewhere:1:3"]
    for number, owner in enumerate(owners):
        inbox.receive([Event("telegram", f"{number}", f"lane {number}", "{}")], now)
        assert len(inbox.claim(owner, now)) == 1
    house.app.recover()
    assert [row.key for row in inbox.claim("me", now)] == ["0"]
    assert inbox.claim("me", now) == []
    house.app.engine.dispose()
