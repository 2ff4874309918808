"""Papers on their day: to the right room, once, and in another form where no PDF can be made."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.bootstrap import App
from adapters.errors import PdfFailed
from adapters.serve.desk import schedule
from adapters.serve.desk.files import own_files
from adapters.serve.desk.papers import collect_agenda
from adapters.serve.desk.schedule import send_due_papers
from adapters.serve.sweeping import send_papers
from adapters.settings import Settings
from bot.admin.desk.papers.agenda_paper import build_agenda_paper
from bot.admin.seats.hours import change_hours
from bot.context import Decision
from bot.store import tables as t
from bot.types import Binding, Meeting
from knowledge.text.glossary import Glossary

at = datetime.fromisoformat
DAY = at("2026-12-15T10:00+07:00")


class Clock:
    def __init__(self) -> None:
        self.now = at("2026-11-23T10:00+09:00")

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """A Naru with two bound rooms and a planned meeting; a PDF takes no time."""
    made = App(Settings(data=tmp_path, _env_file=None), now=clock)
    made.glossary = Glossary(())
    monkeypatch.setattr(
        "adapters.serve.desk.papers.convert_to_pdf", lambda html: b"%PDF " + html.encode()
    )
    for mission, chat in (("vn-hanoi", "C0HANOI"), ("domestic", "C0DESK")):
        binding = Decision(new_binding=Binding(mission, "slack", chat))
        made.store.commit_without_message(f"bind:{mission}", binding, clock.now)
    made.store.meetings.add(Meeting("uid", "vn-hanoi", DAY), [], clock.now)
    made.store.digests.keep("2026-Q3", EMPTY, clock.now)
    made.store.digests.send("2026-Q3", [], clock.now)
    yield made
    made.engine.dispose()


EMPTY: dict[str, Any] = {
    "quarter": "2026-Q3", "gaps": [], "programmes": [],
    "table": {"rows": [], "columns": [], "cells": [], "row_totals": {}, "column_totals": {},
              "total": None},
}  # fmt: skip


def list_sent(app: App) -> list[tuple[str, str]]:
    """Room and file of each message that is owed."""
    with app.engine.connect() as connection:
        rows = connection.execute(select(t.outbox).order_by(t.outbox.c.seq)).all()
    return [(row.chat, row.body["files"][0]["name"]) for row in rows]


def test_an_agenda_is_sent_once_on_its_day(app: App, clock: Clock) -> None:
    clock.now = at("2026-12-14T08:59+07:00")
    assert send_due_papers(app) == []
    clock.now += timedelta(minutes=1)
    assert send_papers(app) == ["agenda vn-hanoi"]
    clock.now += timedelta(hours=1)
    assert send_due_papers(app) == []
    assert list_sent(app) == [("C0HANOI", "agenda-vn-hanoi-2026-12-15.pdf")]


def test_an_agenda_is_not_sent_once_its_meeting_has_begun(app: App, clock: Clock) -> None:
    clock.now = DAY
    assert send_due_papers(app) == [] and list_sent(app) == []


def test_the_digest_is_sent_once_to_the_desk_on_the_third_working_day(
    app: App, clock: Clock
) -> None:
    clock.now = at("2027-01-06T08:59+09:00")
    assert send_due_papers(app) == []
    clock.now += timedelta(minutes=1)
    assert send_due_papers(app) == ["digest 2026-Q4"]
    clock.now += timedelta(days=30)
    assert send_due_papers(app) == []
    assert list_sent(app) == [("C0DESK", "digest-2026-Q4.pdf")]


@pytest.mark.parametrize(("mission", "slots", "moment", "paper"), [
    ("vn-hanoi", "mon-fri 10:30-12:00", "2026-12-14T10:30+07:00", "agenda vn-hanoi"),
    ("domestic", "mon-fri 13:00-18:00", "2027-01-06T13:00+09:00", "digest 2026-Q4"),
])  # fmt: skip
def test_papers_come_by_the_hours_that_are_set(
    app: App, clock: Clock, mission: str, slots: str, moment: str, paper: str
) -> None:
    hours = change_hours(app.missions.get(mission), slots)
    app.store.commit_without_message("hours", Decision(new_hours=hours), clock.now)
    clock.now = at(moment) - timedelta(minutes=1)
    assert send_due_papers(app) == []
    clock.now += timedelta(minutes=1)
    assert send_due_papers(app) == [paper]


def test_a_body_without_a_room_is_not_told_in_the_desks(app: App, clock: Clock) -> None:
    app.store.meetings.add(Meeting("other", "vn-hcmc", DAY), [], clock.now)
    clock.now = at("2026-12-14T09:00+07:00")
    assert send_due_papers(app) == ["agenda vn-hanoi"]


def test_a_mission_that_is_no_longer_listed_holds_up_no_other(app: App, clock: Clock) -> None:
    app.store.meetings.add(Meeting("a", "vn-gone", DAY - timedelta(hours=1)), [], clock.now)
    clock.now = at("2026-12-14T09:00+07:00")
    assert send_due_papers(app) == ["agenda vn-hanoi"]


def test_without_pango_the_paper_comes_as_html(
    app: App, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_html: str) -> bytes:
        raise PdfFailed("PDF needs Pango")

    monkeypatch.setattr("adapters.serve.desk.papers.convert_to_pdf", refuse)
    clock.now = at("2026-12-14T09:00+07:00")
    send_due_papers(app)
    assert list_sent(app) == [("C0HANOI", "agenda-vn-hanoi-2026-12-15.html")]


def test_the_messengers_get_the_files_of_the_database(app: App) -> None:
    paper = build_agenda_paper(collect_agenda(app, "vn-hanoi"), "ko")
    file = schedule._store_paper(app, paper)
    (source,) = own_files(app.store).values()
    assert own_files(app.store).keys() == {file.channel}
    data = asyncio.run(source.fetch_file(file))
    assert data.startswith(b"%PDF") and len(data) == file.size
