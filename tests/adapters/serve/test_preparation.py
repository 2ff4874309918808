"""The first start: Naru listens while its library is still made ready, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.serve.preparation import Preparation
from ingest.pipeline import IngestPipeline
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import TelegramPerson
from tests.harness.running_app import (
    AppFixtures,
    RunningApp,
    build_slack_settings,
    build_telegram_settings,
    wait_until,
)

PREPARING = "준비하고 있습니다"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Holds up the reading of the shipped library, half-way, until it is set."""
    opened = threading.Event()

    def plan(self: IngestPipeline, roots: Any, progress: Any) -> Any:
        progress("reading", 1, 2)
        opened.wait(20)
        return roots

    monkeypatch.setattr(IngestPipeline, "plan", plan)
    monkeypatch.setattr(IngestPipeline, "apply", lambda *_, **__: None)
    yield opened
    opened.set()


def test_a_founder_is_told_of_the_preparation_and_then_answered(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, gate: threading.Event
) -> None:
    house = RunningApp(tmp_path, furniture, prepares=True, **build_telegram_settings(telegram))
    house.start()
    try:
        telegram.wait_for(lambda t: t.last_poll)
        wait_until(lambda: house.fetch_health()["library"] == "preparing 25 %")
        assert house.fetch_health()["status"] == 200
        telegram.open_private_chat(1001)
        mina = TelegramPerson(telegram, 1001)
        mina.says("수출 물류비를 지원받을 수 있나요?")
        mina.hears(PREPARING)
        mina.says("베트남입니다")
        assert mina.received_texts() == [mina.hears(PREPARING)]
        gate.set()
        telegram.wait_for(lambda _: len(mina.received_texts()) > 1)
        assert PREPARING in mina.received_texts()[0]
        wait_until(lambda: house.app.store.inbox.find_oldest_open() is None)
        wait_until(lambda: house.fetch_health()["library"] == "ready")
    finally:
        house.stop()


def test_a_library_that_cannot_be_read_ends_serving_with_a_sentence(
    tmp_path: Path, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Preparation) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Preparation, "_fill", fail)
    house = RunningApp(tmp_path, prepares=True, **build_telegram_settings(telegram))
    house.start()
    failure = str(house.wait_for_end())
    assert "could not be prepared: No space left on device" in failure


def test_serving_ends_when_every_messenger_refused_its_token(
    tmp_path: Path, telegram: TelegramServer, slack: SlackServer
) -> None:
    settings = build_telegram_settings(telegram) | build_slack_settings(slack)
    wrong = {"telegram_token": "1:wrong", "slack_bot_token": "xoxb-wrong"}
    house = RunningApp(tmp_path, **(settings | wrong))
    house.start()
    failure = str(house.wait_for_end())
    assert "telegram and slack refused the token" in failure
    assert "naru doctor" in failure
