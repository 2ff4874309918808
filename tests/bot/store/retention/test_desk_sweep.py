"""What the desk wrote down, and what subscribers were told of, goes after its time; what is open stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Table, insert, select

from bot.store import Store
from bot.store import tables as t
from bot.store.founders.announcements import Announcements
from bot.types import RetentionPeriods
from knowledge.database.engine import write_transaction
from tests.bot.store.sample_records import NOW

PERIODS = RetentionPeriods()
OLD = NOW - PERIODS.audit - timedelta(seconds=1)
KEPT = NOW - PERIODS.audit + timedelta(days=1)


def add(engine: Engine, table: Table, *rows: dict[str, Any]) -> None:
    with write_transaction(engine) as connection:
        connection.execute(insert(table), list(rows))


def list_column(engine: Engine, column: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(column).order_by(column)).scalars())


def make_meeting(uid: str, at: datetime, mission: str = "vn-hanoi") -> dict[str, Any]:
    return {
        "uid": uid,
        "mission": mission,
        "starts_at": at,
        "minutes": 60,
        "place": "",
        "sequence": 0,
    }


def make_resolution(number: int, state: str, settled_at: datetime | None) -> dict[str, Any]:
    return {"number": number, "mission": "vn-hanoi", "text": "모은다", "owner": "a", "state": state,
            "resolved_on": OLD.date(), "entered_by": "a:1", "settled_at": settled_at}  # fmt: skip


def make_insight(number: int, at: datetime) -> dict[str, Any]:
    return {"number": number, "mission": "vn-hanoi", "text": "늦다", "said_by": "a:1", "at": at,
            "countries": [], "topics": [], "evidence": [], "state": "new"}  # fmt: skip


def make_answer(number: int, at: datetime) -> dict[str, Any]:
    return {"number": number, "text": "모으라", "said_by": "a:1", "at": at, "told": [], "roomless": [],
            "insight": 1}  # fmt: skip


def test_old_meetings_go_but_for_the_last_of_each_body(store: Store, engine: Engine) -> None:
    add(engine, t.meetings, make_meeting("a", OLD - timedelta(days=90)), make_meeting("b", OLD),
        make_meeting("c", OLD, "id-jakarta"), make_meeting("d", KEPT, "jp-tokyo"))  # fmt: skip
    assert store.sweep(PERIODS, NOW)["meetings"] == 1
    assert list_column(engine, t.meetings.c.uid) == ["b", "c", "d"]


def test_settled_resolutions_go_and_open_ones_stay_whatever_their_age(
    store: Store, engine: Engine
) -> None:
    rows = [(1, "done", OLD), (2, "dropped", OLD), (3, "done", KEPT)]
    add(engine, t.resolutions, *(make_resolution(*row) for row in rows))
    add(engine, t.resolutions, make_resolution(4, "open", None))
    assert store.sweep(PERIODS, NOW)["resolutions"] == 2
    assert list_column(engine, t.resolutions.c.number) == [3, 4]


def test_old_insights_and_answers_go_and_no_number_is_given_twice(
    store: Store, engine: Engine
) -> None:
    add(engine, t.insights, make_insight(1, OLD), make_insight(2, OLD), make_insight(3, OLD))
    add(engine, t.desk_answers, make_answer(1, OLD), make_answer(2, KEPT))
    counts = store.sweep(PERIODS, NOW)
    assert (counts["insights"], counts["desk_answers"]) == (2, 1)
    assert store.insights.find_next_number() == 4
    assert list_column(engine, t.desk_answers.c.number) == [2]


@pytest.mark.parametrize("pause", [timedelta(days=1), PERIODS.audit + timedelta(days=1)])
def test_what_the_last_announced_edition_has_stays_and_is_not_told_again(
    store: Store, engine: Engine, pause: timedelta
) -> None:
    announced = Announcements(engine)
    assert announced.announce(1, [("a", "1"), ("b", "1"), ("c", "1")], [], OLD)
    assert announced.announce(2, [("a", "1"), ("b", "2")], [], OLD + timedelta(hours=1))
    assert announced.announce(3, [("a", "1"), ("b", "2")], [], NOW)
    counts = store.sweep(PERIODS, NOW + pause)
    assert (counts["announced_editions"], counts["announced_versions"]) == (2, 2)
    assert announced.list_editions() == [3]
    assert announced.list_versions() == {("a", "1"), ("b", "2")}
