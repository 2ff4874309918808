"""Sources on a schedule in `naru serve`: read beside the talk, and who keeps them is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.serve.scheduled_sources import read_due_sources
from adapters.settings import Settings
from bot.context import Decision
from bot.types import Conversation
from ingest.web.fetch import FetchLimits, WebClient
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.website import Website, find_closed_port, respond_with_status, run_website
from tests.harness.messenger_drivers import TelegramPerson
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    AppFixtures,
    RunningApp,
    build_telegram_settings,
    wait_until,
)
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION, BigramEmbedder

NEVER = datetime.min.replace(tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Website]:
    with run_website() as site:
        site.pages["/notice.md"] = "# 공고\n\n## 무엇인가요?\n나루를 건너는 제도입니다.\n".encode()
        yield site


@pytest.fixture
def house(tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer) -> RunningApp:
    house = RunningApp(
        tmp_path, furniture, timings={"sources_check": 0.1},
        admins=f"telegram:{TELEGRAM_ADMIN},telegram:404,slack:U1",
        **build_telegram_settings(telegram),
    )  # fmt: skip
    prepare_app(house.app, furniture)
    return house


def prepare_app(app: App, furniture: AppFixtures) -> None:
    """Loopback for a web, and a model without weights."""
    app.web = WebClient(
        allowed=lambda _: True,
        limits=FetchLimits(step_seconds=20, total_seconds=60, pause_seconds=0),
    )
    app.embedder_override = BigramEmbedder()
    app.glossary = furniture.chain.library.glossary


def write_sources(folder: Path, *sources: tuple[str, str]) -> None:
    entries = [{"name": n, "owner": "김나루", "kind": "url", "url": url} for n, url in sources]
    (folder / "sources.yaml").write_text(json.dumps(entries), encoding="utf-8")


def test_what_is_due_is_read_while_founders_are_answered(
    house: RunningApp, telegram: TelegramServer, tmp_path: Path, site: Website
) -> None:
    write_sources(tmp_path, ("guide", site.url("/notice.md")))
    house.start()
    try:
        mina = TelegramPerson(telegram, 1001)
        mina.says(FREIGHT_QUESTION)
        mina.hears(FREIGHT_ANSWER)
        wait_until(lambda: house.app.catalogue.get_active_edition())
        (version,) = house.app.catalogue.load_versions(1)
        assert version.origin == "source:guide"
    finally:
        house.stop()


def test_the_admins_with_a_chat_are_told_of_a_problem_once(
    house: RunningApp, telegram: TelegramServer, tmp_path: Path, site: Website,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    site.pages["/notice.md"] = respond_with_status(404)
    house.start()
    try:
        admin = TelegramPerson(telegram, TELEGRAM_ADMIN)
        admin.sends_command("help")
        admin.hears("/human")
        write_sources(tmp_path, ("guide", site.url("/notice.md")))
        admin.hears("guide")
        house.clock.shift = timedelta(hours=3)  # it fails again, in the same way
        readings = house.app.catalogue.source_log
        wait_until(lambda: (readings.list_sources()["guide"].next_at or NEVER) > house.clock())
        assert site.take_requested_paths().count("/notice.md") == 2
        said = [text for text in admin.received_texts() if "guide" in text]
        assert len(said) == 1
        assert "김나루" in said[0] and "(404)" in said[0] and "없음" in said[0]
        assert "is not told of the source guide" in caplog.text  # ids are codes in the log
        assert "slack:U1 is not told" in caplog.text
    finally:
        house.stop()


def test_a_list_that_is_broken_and_a_source_that_is_down_stop_nobody(
    house: RunningApp, telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "sources.yaml").write_text("- {name: [", encoding="utf-8")
    house.start()
    try:
        wait_until(lambda: "no source is read" in caplog.text)
        write_sources(tmp_path, ("down", f"http://127.0.0.1:{find_closed_port()}/"))
        wait_until(lambda: house.app.catalogue.source_log.list_sources().get("down"))
        mina = TelegramPerson(telegram, 1001)
        mina.says(FREIGHT_QUESTION)
        mina.hears(FREIGHT_ANSWER)
    finally:
        house.stop()


def test_a_problem_is_owed_in_one_message_though_telling_is_interrupted(
    tmp_path: Path, furniture: AppFixtures, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the message and the note that it is owed the process may be killed."""
    app = App(Settings(data=tmp_path, admins="telegram:1001", _env_file=None))
    prepare_app(app, furniture)
    site.pages["/notice.md"] = respond_with_status(404)
    write_sources(tmp_path, ("guide", site.url("/notice.md")))
    talk = Conversation("telegram:1001", "telegram", "1001", None, "1001", "en", private=True)
    app.store.commit_without_message("met", Decision(conversation=talk), app.now())
    with monkeypatch.context() as killed:
        killed.setattr(app.catalogue.source_log, "mark_told", lambda _row: None)
        assert read_due_sources(app) == ["guide"]
    assert read_due_sources(app) == []
    owed = app.store.outbox.claim("me", app.now(), ["telegram"])
    assert len(owed) == 1 and "The source “guide” (김나루) has a problem" in owed[0].content.text
    assert app.catalogue.source_log.list_untold_problems() == []
    app.engine.dispose()
