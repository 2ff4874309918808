"""`naru serve`: how it starts, how it fares, how it ends."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.errors import NothingToServe
from adapters.serve.timings import FORCED_EXIT_SECONDS
from bot.store import InboxEvent
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.admin_methods import command_key
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import SlackPerson, TelegramPerson
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    AppFixtures,
    RunningApp,
    build_slack_settings,
    build_telegram_settings,
    find_free_port,
    run_app,
    wait_until,
)
from tests.harness.serve_process import ServeProcesses
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION

pytestmark = pytest.mark.usefixtures("hasty")


def read_start_error(house: RunningApp) -> str:
    """What a Naru that cannot start says."""
    house.start()
    failure = house.wait_for_end()
    house.app.engine.dispose()
    assert isinstance(failure, NothingToServe)
    return str(failure)


def test_without_a_channel_it_says_how_to_set_one_and_exits_with_1(
    processes: ServeProcesses,
) -> None:
    process = processes.start({"http_port": find_free_port()})
    assert process.wait(30) == 1
    said = process.read_log()
    assert "NARU_TELEGRAM_TOKEN" in said and "NARU_SLACK_BOT_TOKEN" in said
    assert "Traceback" not in said


def test_a_slack_that_could_hear_nothing_is_not_served(tmp_path: Path) -> None:
    assert "NARU_SLACK_APP_TOKEN" in read_start_error(
        RunningApp(tmp_path, slack_bot_token="xoxb-1")
    )


def test_a_port_that_is_taken_is_named(tmp_path: Path, telegram: TelegramServer) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        house = RunningApp(tmp_path, **build_telegram_settings(telegram), http_port=port)
        assert f"127.0.0.1:{port}" in read_start_error(house)
    assert telegram.calls == []


def test_a_wrong_token_turns_one_channel_off_and_the_other_lives_on(
    tmp_path: Path,
    furniture: AppFixtures,
    telegram: TelegramServer,
    slack: SlackServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = build_slack_settings(slack) | build_telegram_settings(telegram)
    house = RunningApp(tmp_path, furniture, **(settings | {"telegram_token": "1:wrong"}))
    house.start()
    try:
        mina = SlackPerson(slack, slack.open_dm())
        mina.says(FREIGHT_QUESTION)
        mina.hears(FREIGHT_ANSWER)
        wait_until(lambda: "Telegram is off" in caplog.text)
        assert "NARU_TELEGRAM_TOKEN" in caplog.text
        assert not telegram.calls_of("getUpdates")
    finally:
        house.stop()


def test_a_wrong_app_token_is_named(
    tmp_path: Path, slack: SlackServer, caplog: pytest.LogCaptureFixture
) -> None:
    settings = build_slack_settings(slack) | {"slack_app_token": "xapp-wrong"}
    house = RunningApp(tmp_path, **settings)
    house.start()
    try:
        wait_until(lambda: "Slack's socket is off" in caplog.text)
        assert "NARU_SLACK_APP_TOKEN" in caplog.text
    finally:
        house.stop()


def test_a_messenger_that_is_down_at_the_start_is_reached_later(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.go_down()
    house = RunningApp(
        tmp_path, furniture, timings={"channel_retry": 0.1}, **build_telegram_settings(telegram)
    )
    mina = TelegramPerson(telegram, 1001)
    mina.says(FREIGHT_QUESTION)
    house.start()
    try:
        wait_until(house.is_listening)
        assert house.fetch_health()["telegram_last_poll_seconds"] is None
        telegram.come_up()
        mina.hears(FREIGHT_ANSWER)
    finally:
        house.stop()


def test_commands_are_shown_in_each_language_and_to_each_side(
    tmp_path: Path, telegram: TelegramServer
) -> None:
    with run_app(tmp_path, telegram=telegram):
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
    for user in (TELEGRAM_ADMIN, 1001):
        TelegramPerson(telegram, user).says("안녕하세요")
    admins = f"telegram:{TELEGRAM_ADMIN},telegram:777,telegram:@name,slack:U0ADMIN"
    with run_app(tmp_path, telegram=telegram, admins=admins):
        shown = telegram.world.commands
    kept = {"ingest", "editions", "rollback"}
    for language in (None, "ko", "vi"):
        mine = shown[command_key({"type": "chat", "chat_id": TELEGRAM_ADMIN}, language)]
        assert kept | {"human", "where"} <= {one["command"] for one in mine}
        for scope in ("all_private_chats", "all_group_chats"):
            everybody = shown[command_key({"type": scope}, language)]
            assert not kept & {one["command"] for one in everybody}
    assert len(shown) == 9


def read_ages(house: RunningApp) -> tuple[float, float]:
    """Seconds since the oldest event not yet done, and the oldest message not yet sent."""
    health = house.fetch_health()
    return health["inbox_oldest_seconds"], health["outbox_oldest_seconds"]


def test_health_tells_how_old_what_is_undone_is(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, slack: SlackServer
) -> None:
    with run_app(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        assert house.fetch_health()["slack_socket"] is True
        wait_until(lambda: read_ages(house) == (0, 0))  # the start's own events are done first
        telegram.fail_next("sendMessage", retry_after=60)
        TelegramPerson(telegram, 1001).sends_command("help")
        wait_until(lambda: read_ages(house)[0] == 0 and read_ages(house)[1] > 0.2)


def test_a_database_that_stays_locked_ends_it_with_a_sentence(
    tmp_path: Path, telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    house = RunningApp(
        tmp_path,
        timings={"database_outage_limit": 1.0, "database_check": 0.2},
        **build_telegram_settings(telegram),
    )
    house.start()
    telegram.wait_for(lambda t: t.last_poll)
    lock = sqlite3.connect(tmp_path / "naru.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    wait_until(lambda: "could not be written" in caplog.text)
    lock.close()
    failure = house.wait_for_end()
    house.app.engine.dispose()
    assert isinstance(failure, RuntimeError) and "nothing confirmed is lost" in str(failure)


def test_sigterm_ends_it_soon_though_messenger_and_database_hang_and_nothing_is_lost(
    telegram: TelegramServer, processes: ServeProcesses
) -> None:
    process = processes.start({**build_telegram_settings(telegram), "http_port": find_free_port()})
    mina = TelegramPerson(telegram, 1001)
    mina.sends_command("help")
    mina.hears("/human", 1)
    telegram.stall("sendMessage", 30)
    mina.sends_command("privacy")
    mina.hears("쓰는 목적")  # it stands there, but the answer hangs
    lock = sqlite3.connect(processes.folder / "naru.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    process.terminate()
    assert FORCED_EXIT_SECONDS < 10
    assert process.wait(60) == 0  # without it, the lock would hold it for ever
    lock.close()
    assert telegram.token not in process.read_log()
    mina.sends_command("cases")
    process.start()
    mina.hears("접수한 건이 없습니다")
    assert 1 <= sum("쓰는 목적" in text for text in mina.received_texts()) <= 2


def test_no_token_stands_in_the_log(
    tmp_path: Path,
    furniture: AppFixtures,
    telegram: TelegramServer,
    slack: SlackServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        caplog.at_level(logging.INFO),
        run_app(tmp_path, furniture, telegram=telegram, slack=slack),
    ):
        SlackPerson(slack, slack.open_dm()).says(FREIGHT_QUESTION)
        SlackPerson(slack, slack.open_dm()).hears(FREIGHT_ANSWER)
    assert slack.bot_token not in caplog.text and slack.app_token not in caplog.text
    assert FREIGHT_QUESTION not in caplog.text


def test_only_what_the_dead_left_is_taken_up_at_once(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(10)
    house = RunningApp(tmp_path)
    inbox, now = house.app.store.inbox, house.clock()
    host = socket.gethostname()
    owners = [f"{host}:{gone.pid}:1", f"{host}:{os.getppid()}:2", "elsewhere:1:3"]
    for number, owner in enumerate(owners):
        inbox.receive([InboxEvent("telegram", f"{number}", f"lane {number}", "{}")], now)
        assert len(inbox.claim(owner, now)) == 1
    house.app.recover_abandoned_work()
    assert [row.key for row in inbox.claim("me", now)] == ["0"]
    assert inbox.claim("me", now) == []
    house.app.engine.dispose()
