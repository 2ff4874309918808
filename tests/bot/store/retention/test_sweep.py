"""A sweep cuts what is past its time, and nothing that is open, waiting or not delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from bot.context import Decision
from bot.store import InboxEvent, Store
from bot.store import tables as t
from bot.store.outbox_rows import UNSENT_STATES
from bot.store.retention import sweep
from bot.store.retention.remains import ERASED_TEXT
from bot.store.serialisation import dump_case, dump_conversation, dump_line
from bot.types import ERASED, CaseMessage, CaseState, Conversation, RetentionPeriods
from knowledge.database import scrubbing
from knowledge.database.engine import open_engine, write_transaction
from knowledge.types import Exchange
from tests.bot.store.sample_records import NOW, make_case

PERIODS = RetentionPeriods()
DAY = timedelta(days=1)
CASE_STATES: tuple[CaseState, ...] = ("routed", "claimed", "resolved", "closed")
EVENT_STATES = ("waiting", "working", "done", "ignored", "dead")
MESSAGE_STATES = ("owed", "sending", "waiting", "later", "sent", "dropped", "dead")


def read_rows(engine: Engine, *where: Any) -> list[tuple[Any, ...]]:
    (column, *_), table = where[0].left.table.c, where[0].left.table
    with engine.connect() as connection:
        return [
            tuple(row) for row in connection.execute(select(table).where(*where).order_by(column))
        ]


def fill_store(engine: Engine, random: Random) -> None:
    """Cases, conversations, events and messages of every state and age."""
    with write_transaction(engine) as connection:
        for n in range(1, 31):
            at = NOW - DAY * random.choice((0, 2, 8, 31, 366, 800))
            key, state = f"telegram:{n}", random.choice(CASE_STATES)
            is_open = state in t.OPEN_CASE_STATES
            number = n if is_open or random.random() < 0.5 else None
            talk = Conversation(key, "telegram", str(n), None, str(n), "ko", case=number, why="왜",
                                turns=(Exchange("물음", "답", ()),), private=True)  # fmt: skip
            case = replace(make_case(n), conversation=key, state=state, opened_at=at,
                           ended_at=None if is_open else at)  # fmt: skip
            row = dump_conversation(talk) | {"version": 1, "updated_at": at}
            connection.execute(insert(t.conversations).values(row))
            if random.random() < 0.8 or number:
                connection.execute(insert(t.cases).values(dump_case(case) | {"version": 1}))
                line = dump_line(n, CaseMessage("founder", "글", at))
                connection.execute(insert(t.case_lines).values(line))
            insert_event(connection, n, key, at, random.choice(EVENT_STATES))
            insert_message(connection, n, key, at, random.choice(MESSAGE_STATES))
            connection.execute(insert(t.audit).values(at=at, who=key, act="act"))
            insert_choice(connection, key, at)


def insert_event(connection: Any, n: int, lane: str, at: datetime, state: str) -> None:
    done = at if state in ("done", "ignored", "dead") else None
    connection.execute(insert(t.inbox).values(
        channel="telegram", event_key=str(n), natural_key=f"{n}:1", lane=lane, payload="글",
        state=state, attempts=0, ready_at=at, received_at=at, done_at=done, person=lane,
        sender=lane,
    ))  # fmt: skip


def insert_choice(connection: Any, talk: str, at: datetime) -> None:
    connection.execute(insert(t.offer_choices).values(
        at=at, conversation=talk, language="ko", question="글", document="d", heading=["가"],
    ))  # fmt: skip


def insert_message(connection: Any, n: int, lane: str, at: datetime, state: str) -> None:
    connection.execute(insert(t.outbox).values(
        dedup_key=str(n), channel="telegram", chat=str(n), lane=lane, act="send", state=state,
        address={"channel": "telegram", "chat": str(n)}, body={"text": "글"}, case_number=n,
        attempts=0, refusals=0, plain=False, ready_at=at, created_at=at, told=False,
        sent_at=at if state == "sent" else None, maybe_sent=False,
    ))  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_no_sweep_touches_what_is_open_or_owed(store: Store, engine: Engine, seed: int) -> None:
    random = Random(seed)
    fill_store(engine, random)
    c, k, i, o = t.conversations.c, t.cases.c, t.inbox.c, t.outbox.c
    in_cases = select(k.number).where(k.state.in_(t.OPEN_CASE_STATES)).scalar_subquery()
    untouchable: Sequence[Any] = (
        k.state.in_(t.OPEN_CASE_STATES), c.case_number.in_(in_cases),
        t.case_lines.c.case_number.in_(in_cases), i.state.in_(("waiting", "working")),
        o.state.in_((*UNSENT_STATES, "later")),
    )  # fmt: skip
    periods = RetentionPeriods(**{
        name: DAY * random.choice((1, 7, 30, 365)) for name in RetentionPeriods.__dataclass_fields__
    })  # fmt: skip
    before = [read_rows(engine, where) for where in untouchable]
    assert all(before)
    for later in (0, 1, 40, 1000):
        store.sweep(periods, NOW + DAY * later)
        assert [read_rows(engine, where) for where in untouchable] == before
        # An erasure finds a choice by its conversation.
        assert read_rows(engine, t.offer_choices.c.conversation.not_in(select(c.key))) == []
    assert store.sweep(periods, NOW + DAY * 1000) == dict.fromkeys(store.sweep(periods, NOW), 0)
    # A thousand days later all that has ended is gone.
    assert read_rows(engine, o.state.in_(("sent", "dropped", "dead"))) == []
    assert len(read_rows(engine, i.state.in_(("done", "ignored", "dead")))) <= 1
    assert all(row[3] == ERASED_TEXT or row[1] != ERASED
               for row in read_rows(engine, k.state.in_(("resolved", "closed"))))  # fmt: skip


def test_each_kind_goes_after_its_own_time_and_not_before(store: Store, engine: Engine) -> None:
    ended = replace(make_case(1), conversation="telegram:1", state="closed", ended_at=NOW)
    talk = Conversation("telegram:1", "telegram", "1", None, "1", "ko", why="왜", private=True)
    with write_transaction(engine) as connection:
        row = dump_conversation(talk) | {"version": 1, "updated_at": NOW}
        connection.execute(insert(t.conversations).values(row))
        connection.execute(insert(t.cases).values(dump_case(ended) | {"version": 1}))
        connection.execute(insert(t.audit).values(at=NOW, who="a", act="b"))
        insert_choice(connection, "telegram:1", NOW)
        for n, state in enumerate(("done", "ignored", "dead", "done"), 1):
            insert_event(connection, n, "telegram:1", NOW, state)
        for n, state in enumerate(("sent", "dropped", "dead"), 1):
            insert_message(connection, n, "telegram:1", NOW, state)
    moments = [(PERIODS.events, {"events": 3}), (PERIODS.messages, {"messages": 2}),
               (PERIODS.failures, {"events": 1, "event_keys": 3, "messages": 1, "memory": 1}),
               (PERIODS.cases, {"cases": 1, "choices": 1, "conversations": 1}),
               (PERIODS.audit, {"audit": 1})]  # fmt: skip
    for age, cut in moments:
        early = store.sweep(PERIODS, NOW + age - timedelta(seconds=1))
        assert {name: count for name, count in early.items() if count} == {}, age
        counts = store.sweep(PERIODS, NOW + age + timedelta(seconds=1))
        assert {name: count for name, count in counts.items() if count} == cut, age
    case = store.get_case(1)
    assert (case.question, case.conversation, case.mission, case.ended_at) == (
        ERASED_TEXT, ERASED, "vn-hanoi", NOW,
    )  # fmt: skip


def test_what_staff_wrote_in_an_erased_case_goes_with_its_time(store: Store) -> None:
    ended = replace(make_case(1), conversation=ERASED, state="closed", ended_at=NOW)
    line = (1, CaseMessage("staff", "인용한 글", NOW))
    store.commit_without_message("a", Decision(new_case=ended, new_lines=(line,)), NOW)
    assert store.sweep(PERIODS, NOW + PERIODS.cases - DAY)["cases"] == 0
    assert store.sweep(PERIODS, NOW + PERIODS.cases + DAY)["cases"] == 1
    assert [one.text for one in store.list_lines(1)] == [ERASED_TEXT]
    assert store.sweep(PERIODS, NOW + PERIODS.cases + DAY)["cases"] == 0


def test_the_newest_event_of_a_channel_stays_so_that_gaps_are_found(store: Store) -> None:
    for number in range(3):
        store.inbox.receive([InboxEvent("slack", str(number), f"slack:D{number}", "{}")], NOW)
        store.commit(store.inbox.claim("w", NOW), "w", Decision(), NOW)
    counts = store.sweep(PERIODS, NOW + PERIODS.event_keys + DAY)
    assert (counts["events"], counts["event_keys"]) == (3, 2)
    assert store.inbox.find_newest("slack") == NOW


def test_more_rows_than_one_transaction_takes_are_all_cut(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "SWEEP_BATCH_ROWS", 3)
    for number in range(8):
        store.inbox.receive([InboxEvent("slack", str(number), "slack:D1", "{}")], NOW)
    while rows := store.inbox.claim("w", NOW):
        store.commit(rows, "w", Decision(), NOW)
    assert store.sweep(PERIODS, NOW + PERIODS.events + DAY)["events"] == 8
    repeated = InboxEvent("slack", "5", "slack:D1", "{}")
    assert store.inbox.receive([repeated], NOW) == 0


@pytest.mark.parametrize(
    ("periods", "days", "kept"),
    [
        (RetentionPeriods(), 89, {1, 2}),
        (RetentionPeriods(), 91, {1}),
        (RetentionPeriods(), 366, set()),
        (RetentionPeriods(cases=30 * DAY), 31, set()),
    ],
)
def test_a_sealed_cases_words_go_before_those_of_others(
    store: Store, engine: Engine, periods: RetentionPeriods, days: int, kept: set[int]
) -> None:
    with write_transaction(engine) as connection:
        for number, sealed in ((1, False), (2, True)):
            case = replace(make_case(number), state="closed", sealed=sealed, ended_at=NOW)
            connection.execute(insert(t.cases).values(dump_case(case) | {"version": 1}))
            line = dump_line(number, CaseMessage("founder", "글", NOW))
            connection.execute(insert(t.case_lines).values(line))
    store.sweep(periods, NOW + days * DAY)
    with engine.connect() as connection:
        lines = connection.execute(select(t.case_lines)).all()
    assert {line.case_number for line in lines if line.text != ERASED_TEXT} == kept


def test_what_a_sweep_could_not_take_out_of_the_files_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "SCRUB_WAIT_MILLISECONDS", 0)
    monkeypatch.setattr(scrubbing, "SCRUB_PAUSES_SECONDS", (0.0,))
    engine = open_engine(f"sqlite:///{tmp_path / 'naru.db'}")
    store, later = Store(engine), NOW + PERIODS.events + DAY
    with write_transaction(engine) as connection:
        insert_event(connection, 1, "telegram:1", NOW, "done")
        connection.execute(update(t.inbox).values(payload="물결무늬" * 9))
    with engine.connect() as reader:
        reader.execute(select(t.inbox)).all()
        assert any(store.sweep(PERIODS, later).values())
    assert holds_words(tmp_path, "물결무늬")
    assert not any(store.sweep(PERIODS, later).values())
    assert not holds_words(tmp_path, "물결무늬")
    engine.dispose()


def holds_words(folder: Path, words: str) -> bool:
    return any(words.encode() in path.read_bytes() for path in folder.iterdir())
