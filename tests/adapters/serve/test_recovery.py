"""What a killed worker held is freed within seconds, on whatever machine it ran."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.serve.sweeping import recover_work
from adapters.serve.timings import ServeTimings
from adapters.settings import Settings
from adapters.slack.history import HISTORY_CHANNEL
from bot.context import Decision
from bot.messages import Address
from bot.store import InboxEvent
from knowledge.database.peers import hold_presence
from tests.bot.store.sample_records import make_outgoing
from tests.harness.databases import NEWEST, create_fresh_database

NOW = datetime.fromisoformat("2026-11-21T10:00:00+00:00")
DEAD, ALIVE = "elsewhere:7:0a1b2c3d", "elsewhere:8:4e5f6a7b"


@pytest.fixture(params=[NEWEST])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[App]:
    with create_fresh_database(request.param, tmp_path) as url:
        app = App(Settings(data=tmp_path, database_url=url, _env_file=None), lambda: NOW)
        yield app
        app.engine.dispose()


def test_what_a_wrong_clock_put_off_is_recalled_while_it_serves_on_sqlite(tmp_path: Path) -> None:
    app = App(Settings(data=tmp_path, _env_file=None), lambda: NOW)
    late = InboxEvent("telegram", "1", "telegram:1", "{}", settle_delay=timedelta(hours=1))
    app.store.inbox.receive([late], NOW)
    assert not app.store.inbox.claim("a", NOW)

    async def recover_until_recalled() -> None:
        recovering = asyncio.create_task(recover_work(app, ServeTimings(recovery=0.02)))
        while not app.store.inbox.claim("a", NOW):
            assert not recovering.done()
            await asyncio.sleep(0.02)
        recovering.cancel()

    asyncio.run(asyncio.wait_for(recover_until_recalled(), 60))
    app.engine.dispose()


def test_what_a_worker_elsewhere_held_is_freed_when_it_is_gone(app: App) -> None:
    """Long before its leases end: no time passes here."""
    inbox, outbox = app.store.inbox, app.store.outbox
    inbox.receive([InboxEvent("telegram", key, f"telegram:{key}", "{}") for key in "12"], NOW)
    said = Decision(outgoing=tuple(make_outgoing(one, Address("telegram", one)) for one in "34"))
    app.store.commit_without_message("said", said, NOW)
    for owner in (DEAD, ALIVE):
        assert len(inbox.claim(owner, NOW)) == len(outbox.claim(owner, NOW, ["telegram"], 1)) == 1
    assert not inbox.claim("next", NOW)
    assert not outbox.claim("next", NOW, ["telegram"])

    async def recover_until_freed() -> None:
        recovering = asyncio.create_task(recover_work(app, ServeTimings(recovery=0.02)))
        while inbox.count_events("waiting") == 0:
            assert not recovering.done()
            await asyncio.sleep(0.02)
        recovering.cancel()

    with hold_presence(app.engine, ALIVE):
        asyncio.run(asyncio.wait_for(recover_until_freed(), 60))
    assert [row.key for row in inbox.claim("next", NOW)] == ["1"]
    taken = outbox.claim("next", NOW, ["telegram"])
    assert [(row.content.text, row.doubtful) for row in taken] == [("3", True)]


def test_a_mark_that_a_killed_process_held_keeps_no_other_from_starting(tmp_path: Path) -> None:
    """Its owner is no process: the start asked for its pid and ended there, each time."""
    app = App(Settings(data=tmp_path, _env_file=None), lambda: NOW)
    app.store.inbox.receive([InboxEvent(HISTORY_CHANNEL, "1", HISTORY_CHANNEL, "{}")], NOW)
    assert app.store.inbox.claim(HISTORY_CHANNEL, NOW, [HISTORY_CHANNEL])
    app.recover_abandoned_work()
    app.engine.dispose()
