"""`naru dead`: lists, shows, retries and drops what was given up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.bootstrap import App
from adapters.cli.options import build_app
from bot.store import InboxEvent
from bot.store import tables as t
from tests.adapters.cli.conftest import RunCommand

SAID = "kim@example.org 에게 보내 주세요"


@pytest.fixture
def app(own_library: Path) -> App:
    """A Naru with one event that was given up."""
    app = build_app()
    event = InboxEvent("telegram", "1", "telegram:700155501", json.dumps({"text": SAID}))
    app.store.inbox.receive([event], app.now())
    (row,) = app.store.inbox.claim("w", app.now())
    app.store.bury_event(row, "w", "ValueError: \x1b[2J no", (), app.now())
    return app


def test_the_list_tells_no_words_and_no_person(app: App, run: RunCommand) -> None:
    for said in (run("dead").out, run("dead", "--json").out, run("dead", "show", "in-1").out):
        assert "in-1" in said and "ValueError" in said and "telegram" in said
        assert "kim@" not in said and "700155501" not in said and "\x1b" not in said
    assert list_acts(app) == []


def test_words_are_shown_when_asked_for_and_that_is_recorded(app: App, run: RunCommand) -> None:
    assert "kim@example.org" in run("dead", "show", "in-1", "--words").out
    assert list_acts(app) == ["read the dead letter in-1"]


def test_one_is_owed_again(app: App, run: RunCommand) -> None:
    assert run("dead", "retry", "in-1").out == "in-1 is owed again.\n"
    assert app.store.inbox.count_events("waiting") == 1
    assert run("dead").out == "Nothing was given up.\n"
    assert "no dead letter" in run("dead", "retry", "in-1").err


def test_one_is_dropped(app: App, run: RunCommand) -> None:
    assert json.loads(run("dead", "drop", "in-1", "--json").out) == {"id": "in-1", "done": "drop"}
    assert app.store.inbox.count_events("dead") == 0
    assert json.loads(run("dead", "--json").out) == []


def test_none_is_changed_where_one_of_them_is_unknown(app: App, run: RunCommand) -> None:
    assert run("dead", "drop", "in-1", "in-77").code == 1
    assert app.store.inbox.count_events("dead") == 1


@pytest.mark.parametrize("words", [("bury", "in-1"), ("drop",), ("retry",)])
def test_wrong_words_are_said(app: App, run: RunCommand, words: tuple[str, ...]) -> None:
    assert run("dead", *words).code == 2


def list_acts(app: App) -> list[str]:
    with app.engine.connect() as connection:
        return list(connection.execute(select(t.audit.c.act)).scalars())
