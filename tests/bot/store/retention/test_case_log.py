"""The log of a case can only be added to, on both databases; an erasure takes the founder's name."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import DBAPIError

from bot.cases.states import CaseStep, open_case
from bot.context import Decision
from bot.store import Store
from bot.store import tables as t
from bot.types import ERASED, Actor
from knowledge.database.engine import write_transaction
from tests.samples.records import FOUNDER, NOW, STAFF, make_case, make_conversation

ASKER, OFFICER = Actor(FOUNDER, "founder"), Actor(STAFF, "staff")


@pytest.fixture
def kept(engine: Engine) -> Store:
    """A store with case 7, opened and resolved."""
    store = Store(engine)
    step = open_case(make_case(state="new"), ASKER, has_room=True)
    opened = Decision(make_conversation(case=7), new_case=step.case, log=step.log)
    store.commit_without_message("open", opened, NOW)
    ended = CaseStep(store.get_case(7)).take("resolve", OFFICER, NOW, ended_at=NOW)
    store.commit_without_message("end", Decision(case=ended.case, log=ended.log), NOW)
    return store


def test_the_log_tells_every_step_in_order(kept: Store) -> None:
    log = kept.list_log(7)
    assert [(one.act, one.before, one.after) for one in log] == [
        ("open", None, "new"), ("route", "new", "routed"), ("resolve", "routed", "resolved"),
    ]  # fmt: skip
    assert kept.get_case(7).state == log[-1].after


@pytest.mark.parametrize(
    "change",
    [
        delete(t.case_log),
        update(t.case_log).values(after="closed"),
        update(t.case_log).values(who="slack:U0OTHER"),
        update(t.case_log).values(who=ERASED, detail=""),
        update(t.case_log).values(case_number=8),
    ],
)
def test_nothing_is_taken_out_or_changed(kept: Store, engine: Engine, change: object) -> None:
    with (
        pytest.raises(DBAPIError, match="only be added to"),
        write_transaction(engine) as connection,
    ):
        connection.execute(change)  # type: ignore[call-overload]
    assert len(kept.list_log(7)) == 3


def test_an_erasure_takes_the_founders_name_and_leaves_what_was_done(
    kept: Store, engine: Engine
) -> None:
    kept.commit_without_message("forget", Decision(erase_account=FOUNDER), NOW)
    assert [one.who for one in kept.list_log(7)] == [ERASED, "naru", STAFF]
    with engine.connect() as connection:
        whole = connection.execute(select(t.case_log)).all()
    assert not any(FOUNDER in str(value) for row in whole for value in row)
