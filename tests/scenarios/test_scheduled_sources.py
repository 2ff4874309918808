"""Sources on a schedule in `naru serve`: read beside the talk, and who keeps them is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.serve.scheduled_sources import read_due
from adapters.settings import Settings
from bot.admin.alerts import chat_with
from bot.types import Conversation, Decision
from ingest.web.fetch import Limits, Web
from tests.fakes.telegram.server import TelegramServer
from tests.fakes.website import Site, closed_port, open_site, status
from tests.harness.messenger_drivers import OnTelegram
from tests.harness.running_app import ADMIN, Furniture, House, eventually, telegram_settings
from tests.samples.stub_library import FREIGHT, FREIGHT_SAID, Hashing

NEVER = datetime.min.replace(tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as site:
        site.pages["/notice.md"] = "# 공고\n\n## 무엇인가요?\n나루를 건너는 제도입니다.\n".encode()
        yield site


@pytest.fixture
def house(tmp_path: Path, furniture: Furniture, telegram: TelegramServer) -> House:
    house = House(
        tmp_path, furniture, admins=f"telegram:{ADMIN},telegram:404,slack:U1",
        **telegram_settings(telegram),
    )  # fmt: skip
    outfit(house.app, furniture)
    return house


def outfit(app: App, furniture: Furniture) -> None:
    """Loopback for a web, and a model without weights."""
    app.web = Web(allowed=lambda _: True, limits=Limits(step=1, whole=2, pause=0))
    app.given_embedder = Hashing()
    app.glossary = furniture.chain.library.glossary


def lists(folder: Path, *sources: tuple[str, str]) -> None:
    entries = [{"name": n, "owner": "김나루", "kind": "url", "url": url} for n, url in sources]
    (folder / "sources.yaml").write_text(json.dumps(entries), encoding="utf-8")


def test_what_is_due_is_read_while_founders_are_answered(
    house: House, telegram: TelegramServer, tmp_path: Path, site: Site
) -> None:
    lists(tmp_path, ("guide", site.url("/notice.md")))
    house.start()
    try:
        mina = OnTelegram(telegram, 1001)
        mina.says(FREIGHT)
        mina.hears(FREIGHT_SAID)
        eventually(lambda: house.app.catalogue.active_edition())
        (version,) = house.app.catalogue.versions(1)
        assert version.origin == "source:guide"
    finally:
        house.stop()


def test_the_admins_with_a_chat_are_told_of_a_problem_once(
    house: House, telegram: TelegramServer, tmp_path: Path, site: Site,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr("adapters.serve.service.SOURCES_LOOK", 0.1)
    site.pages["/notice.md"] = status(404)
    house.start()
    try:
        admin = OnTelegram(telegram, ADMIN)
        admin.commands("help")
        admin.hears("/human")
        lists(tmp_path, ("guide", site.url("/notice.md")))
        admin.hears("guide")
        house.clock.ahead = timedelta(hours=3)  # it fails again, in the same way
        readings = house.app.catalogue.readings
        eventually(lambda: (readings.sources()["guide"].next_at or NEVER) > house.clock())
        assert site.paths().count("/notice.md") == 2
        said = [text for text in admin.heard() if "guide" in text]
        assert len(said) == 1
        assert "김나루" in said[0] and "(404)" in said[0] and "없음" in said[0]
        assert "telegram:404 is not told of the source guide" in caplog.text
        assert "slack:U1 is not told" in caplog.text
    finally:
        house.stop()


def test_a_list_that_is_broken_and_a_source_that_is_down_stop_nobody(
    house: House, telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("adapters.serve.service.SOURCES_LOOK", 0.1)
    (tmp_path / "sources.yaml").write_text("- {name: [", encoding="utf-8")
    house.start()
    try:
        eventually(lambda: "no source is read" in caplog.text)
        lists(tmp_path, ("down", f"http://127.0.0.1:{closed_port()}/"))
        eventually(lambda: house.app.catalogue.readings.sources().get("down"))
        mina = OnTelegram(telegram, 1001)
        mina.says(FREIGHT)
        mina.hears(FREIGHT_SAID)
    finally:
        house.stop()


def test_a_problem_is_owed_in_one_message_though_telling_is_interrupted(
    tmp_path: Path, furniture: Furniture, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the message and the note that it is owed the process may be killed."""
    app = App(Settings(data=tmp_path, admins="telegram:1001", _env_file=None))
    outfit(app, furniture)
    site.pages["/notice.md"] = status(404)
    lists(tmp_path, ("guide", site.url("/notice.md")))
    talk = Conversation("telegram:1001", "telegram", "1001", None, "1001", "en")
    app.store.act("met", Decision(conversation=talk), app.now())
    with monkeypatch.context() as killed:
        killed.setattr(app.catalogue.readings, "told", lambda _row: None)
        assert read_due(app) == ["guide"]
    assert read_due(app) == []
    owed = app.store.outbox.claim("me", app.now(), ["telegram"])
    assert len(owed) == 1 and "The source “guide” (김나루) has a problem" in owed[0].body.text
    assert app.catalogue.readings.untold() == []
    app.engine.dispose()


@pytest.mark.parametrize(
    ("channel", "chat", "thread", "private"),
    [
        ("telegram", "1001", None, True), ("telegram", "-1001", None, False),
        ("telegram", "1001", "7", False), ("slack", "D024BE91L", None, True),
        ("slack", "C024BE91L", "1.2", False), ("slack", "C024BE91L", None, False),
    ],
)  # fmt: skip
def test_only_a_private_chat_is_written_to(
    channel: str, chat: str, thread: str | None, private: bool
) -> None:
    user = "1001" if channel == "telegram" else "U1"
    talk = Conversation(f"{channel}:{chat}", channel, chat, thread, user, "ko")
    assert (chat_with([talk]) is talk) is private
