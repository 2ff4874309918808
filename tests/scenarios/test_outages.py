"""What breaks under a running Naru: it is said, nothing is confirmed that is not kept."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from adapters.serve.watchdog import DatabaseWatchdog
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import Person, SlackPerson, TelegramPerson
from tests.harness.running_app import (
    AppFixtures,
    RunningApp,
    build_slack_settings,
    build_telegram_settings,
    run_app,
    wait_until,
)
from tests.samples.records import phrase
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION

pytestmark = pytest.mark.usefixtures("hasty")

DISK_KILOBYTES = 2_048


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room; only the superuser of Linux can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("a small file system can only be mounted by root")
    size = f"size={DISK_KILOBYTES}k"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_disk(folder: Path) -> Path:
    """Write until there is no room; returns the file that takes it."""
    path = folder / "filling"
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    return path


def open_person(server: TelegramServer | SlackServer) -> Person:
    if isinstance(server, TelegramServer):
        return TelegramPerson(server, 1001)
    return SlackPerson(server, server.open_dm())


@pytest.mark.parametrize("name", ["telegram", "slack"])
def test_without_a_library_the_founder_is_offered_a_person_and_health_is_red(
    tmp_path: Path, furniture: AppFixtures, request: pytest.FixtureRequest, name: str
) -> None:
    server = request.getfixturevalue(name)
    build = build_telegram_settings if name == "telegram" else build_slack_settings
    settings: dict[str, Any] = build(server)
    house = RunningApp(tmp_path, **settings)
    house.app.missions, house.app.places = furniture.missions, furniture.places
    house.start()
    try:
        founder = open_person(server)
        founder.says(FREIGHT_QUESTION)
        founder.hears(phrase("founder.failed", "ko"))
        health = house.fetch_health()
        assert (health["status"], health["inbox_dead"]) == (503, 0)
        assert any("naru ingest" in problem for problem in health["problems"])
        founder.presses("human")
        founder.hears("어느 나라, 어느 도시")
        founder.says("하노이")
        wait_until(house.app.store.list_cases)
        (case,) = house.app.store.list_cases()
        assert case.question == FREIGHT_QUESTION
    finally:
        house.stop()


def test_a_database_that_takes_no_row_confirms_nothing_and_ends_loudly_and_nothing_is_lost(
    tmp_path: Path,
    furniture: AppFixtures,
    telegram: TelegramServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = build_telegram_settings(telegram)
    house = RunningApp(tmp_path, furniture, timings={"library_first_check": 0.1, "database_check": 0.1},
                       **settings)  # fmt: skip
    full: list[bool] = []

    @event.listens_for(house.app.engine, "begin")
    def refuse_writes(connection: object) -> None:
        if full:
            connection.exec_driver_sql("PRAGMA query_only = 1")  # type: ignore[attr-defined]

    house.start()
    telegram.wait_for(lambda t: t.last_poll)
    wait_until(lambda: house.fetch_health()["status"] == 200)
    full.append(True)
    mina = TelegramPerson(telegram, 1001)
    mina.says(FREIGHT_QUESTION + " " + "가" * 3_000)

    def is_red() -> bool:
        health = house.fetch_health()
        return bool(health["database_failing"]) and health["status"] == 503

    wait_until(is_red)
    monkeypatch.setattr(DatabaseWatchdog, "age", property(lambda _: 60.0))  # a minute goes by
    failure = house.wait_for_end()
    house.app.engine.dispose()
    assert isinstance(failure, RuntimeError) and "Check its disk" in str(failure)
    with run_app(tmp_path, furniture, telegram=telegram):
        mina.hears("글이 너무 깁니다")
        mina.says(FREIGHT_QUESTION)
        mina.hears(FREIGHT_ANSWER)


def test_a_full_disk_turns_health_red_and_a_message_comes_again(
    small_disk: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    with run_app(small_disk, furniture, telegram=telegram,
                 timings={"database_check": 0.1}) as house:  # fmt: skip
        wait_until(lambda: not house.fetch_health()["database_failing"])
        filling = fill_disk(small_disk)
        wait_until(lambda: house.fetch_health()["database_failing"])
        mina = TelegramPerson(telegram, 1001)
        mina.says(FREIGHT_QUESTION)
        health = house.fetch_health()
        assert health["status"] == 503
        assert any("disk" in problem for problem in health["problems"])
        filling.unlink()
        mina.hears(FREIGHT_ANSWER)
        wait_until(lambda: not house.fetch_health()["database_failing"])


def test_health_tells_of_a_channel_that_is_off(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, slack: SlackServer
) -> None:
    settings = build_slack_settings(slack) | build_telegram_settings(telegram)
    house = RunningApp(tmp_path, furniture, **(settings | {"telegram_token": "1:wrong"}))
    house.start()
    try:
        slack.wait_for(lambda s: s.sockets == 1)
        wait_until(lambda: house.is_listening() and house.fetch_health()["telegram"] == "off")
        wait_until(lambda: house.fetch_health()["slack"] == "on")
        health = house.fetch_health()
        assert health["status"] == 503
        assert any("telegram is off" in problem for problem in health["problems"])
    finally:
        house.stop()


@pytest.mark.parametrize("name", ["telegram", "slack"])
def test_a_clock_that_is_set_back_by_an_hour_stalls_nothing(
    tmp_path: Path, furniture: AppFixtures, request: pytest.FixtureRequest, name: str
) -> None:
    server = request.getfixturevalue(name)
    with run_app(tmp_path, furniture, **{name: server}) as house:
        founder = open_person(server)
        founder.says(FREIGHT_QUESTION)
        founder.hears(FREIGHT_ANSWER)
        house.clock.shift -= timedelta(hours=1)
        founder.says(FREIGHT_QUESTION)
        founder.hears(FREIGHT_ANSWER, 2)
        settings: dict[str, Any] = {
            key: value for key, value in house.options.items() if key != "data"
        }
    again = RunningApp(furniture=furniture, folder=tmp_path, **settings)
    again.clock.shift -= timedelta(hours=1)
    again.start()
    try:
        founder.says(FREIGHT_QUESTION)
        founder.hears(FREIGHT_ANSWER, 3)
    finally:
        again.stop()
