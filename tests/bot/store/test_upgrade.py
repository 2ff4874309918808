"""A database of the first schema, with rows in it, is brought up to date and read as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect, select, text

from bot.messages import Address, Button, Content, File, LibraryTask
from bot.store import InboxEvent, Store
from bot.store import tables as t
from bot.store.store import MIGRATIONS_FOLDER
from bot.types import (
    Binding,
    Case,
    CaseMessage,
    Conversation,
    PendingQuestion,
    Place,
    StaffThread,
    Upload,
)
from knowledge.database.engine import write_transaction
from knowledge.types import Exchange
from tests.bot.store.old_rows import AT, OLD_ROWS

NOW = datetime.fromisoformat(AT)
PHOTO = File("telegram", "AgAC", "invoice.jpg", "image/jpeg", 1024, "photo")
DA_NANG = Place("Da Nang", "VN", 16.07, 108.22, "VN-DN", "Da Nang", "vn-da-nang")


def build_config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER))
    config.attributes.update(engine=engine, version_table="bot_version")
    return config


def insert_raw(connection: Connection, table: str, row: Mapping[str, Any]) -> None:
    names, values = (", ".join(f'{mark}{name}{end}' for name in row)
                     for mark, end in (('"', '"'), (":", "")))  # fmt: skip
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)


@pytest.fixture
def old_engine(engine: Engine) -> Iterator[Engine]:
    """A database at revision 0001 with OLD_ROWS."""
    command.upgrade(build_config(engine), "0001")
    with write_transaction(engine) as connection:
        for table, rows in OLD_ROWS.items():
            for row in rows:
                insert_raw(connection, table, row)
        if engine.dialect.name == "postgresql":  # a migration adds events after these
            connection.execute(text("SELECT setval(pg_get_serial_sequence('inbox', 'seq'), 99)"))
    yield engine


@pytest.fixture
def upgraded(old_engine: Engine) -> Store:
    return Store(old_engine)


def read_holders(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(
            text("SELECT number, taken_by, taken_role, basis, reason FROM cases ORDER BY number")
        )]  # fmt: skip


def test_who_has_a_case_gets_two_columns_and_the_sentence_stays(
    upgraded: Store, engine: Engine
) -> None:
    assert upgraded.count_rows()["cases"] == 2
    assert read_holders(engine) == [
        (1, "slack:U9", "lawyer", None, "다낭은 …"),
        (2, None, None, None, "다낭은 …"),
    ]


@pytest.mark.parametrize(
    ("packed", "account", "role"),
    [
        ("slack:U9|staff", "slack:U9", "staff"),
        ("slack:U9|", "slack:U9", ""),
        ("terminal:a|b|expert", "terminal:a|b", "expert"),
        ("slack:U9", "slack:U9", None),
    ],
)
def test_the_role_is_what_follows_the_last_bar(
    old_engine: Engine, packed: str, account: str, role: str | None
) -> None:
    with write_transaction(old_engine) as connection:
        connection.execute(text("UPDATE cases SET taken_by = :packed"), {"packed": packed})
    Store(old_engine)
    assert [row[1:3] for row in read_holders(old_engine)] == [(account, role)] * 2


def test_a_downgrade_joins_the_account_and_the_role_again(
    upgraded: Store, old_engine: Engine
) -> None:
    command.downgrade(build_config(old_engine), "0001")
    with old_engine.connect() as connection:
        taken_by = connection.execute(text("SELECT taken_by FROM cases ORDER BY number"))
        assert list(taken_by.scalars()) == ["slack:U9|lawyer", None]
    columns = {column["name"] for column in inspect(old_engine).get_columns("cases")}
    assert not columns & {"basis", "taken_role"}


def test_old_cases_are_read(upgraded: Store) -> None:
    taken, fresh = upgraded.list_cases()
    assert isinstance(taken, Case) and isinstance(fresh, Case)
    assert (taken.number, taken.taken_by, taken.taken_role, taken.taken_at) == (
        1, "slack:U9", "lawyer", NOW,
    )  # fmt: skip
    assert (taken.place, taken.via, taken.body, taken.sealed) == (
        DA_NANG, "same_country", "confirmed", True,
    )  # fmt: skip
    assert (taken.state, taken.opened_at, taken.ended_at, taken.version) == (
        "answered",
        NOW,
        None,
        2,
    )
    assert (fresh.place, fresh.body, fresh.taken_by, fresh.taken_role) == (None,) * 4
    assert (fresh.state, fresh.sealed, fresh.found, fresh.urgency) == ("new", False, "", "high")


def test_the_log_of_an_old_case_tells_what_its_rows_tell_and_a_timer_looks_at_it(
    upgraded: Store, engine: Engine
) -> None:
    first, second = upgraded.list_log(1), upgraded.list_log(2)
    assert [entry.act for entry in first] == ["open", "route", "claim", "answer"]
    assert [entry.act for entry in second] == ["open"]
    assert (first[2].who, first[2].at, first[-1].after) == ("slack:U9", NOW, "answered")
    with engine.connect() as connection:
        waiting = select(t.inbox.c.payload).where(t.inbox.c.payload.like("case:%"))
        assert connection.execute(waiting).scalars().all() == ["case:1:look", "case:2:look"]


def test_a_downgrade_gives_the_old_states_back(upgraded: Store, old_engine: Engine) -> None:
    command.downgrade(build_config(old_engine), "0013")
    with old_engine.connect() as connection:
        states = connection.execute(text("SELECT state FROM cases ORDER BY number"))
        assert list(states.scalars()) == ["taken", "open"]
        left = text("SELECT count(*) FROM inbox WHERE payload LIKE 'case:%'")
        assert connection.execute(left).scalar() == 0
    assert "case_log" not in inspect(old_engine).get_table_names()


def test_old_conversations_are_read(upgraded: Store) -> None:
    assert upgraded.find_conversation("telegram:1001") == Conversation(
        "telegram:1001",
        "telegram",
        "1001",
        "17.5",
        "1001",
        "ko",
        True,
        True,
        DA_NANG,
        True,
        PendingQuestion("얼마?", "vi", "…", "critical", True, (PHOTO,)),
        3,
        (Exchange("수바?", "수출바우처는 …", ("export-voucher-mss",)),),
        "점수 …",
        Upload("0a1b2c3d", (PHOTO,), "77"),
        private=True,
        version=1,
    )  # fmt: skip; its titles, of before sections were offered, are dropped
    assert upgraded.find_conversation("slack:D1") == Conversation(
        "slack:D1", "slack", "D1", None, "U1", "vi", private=True, version=1
    )


def test_what_is_not_read_any_more_is_in_no_memory(upgraded: Store, engine: Engine) -> None:
    with engine.connect() as connection:
        memories = connection.execute(select(t.conversations.c.memory)).scalars().all()
    assert [set(one) & {"why", "asked_back"} for one in memories] == [{"why"}] * 2


def test_old_outgoing_messages_are_read(upgraded: Store) -> None:
    later = datetime.fromisoformat("2026-11-21T01:03:00+00:00")
    sent, card = upgraded.outbox.claim("me", later, ["telegram", "slack"])
    assert (sent.address, sent.case, sent.unless_taken) == (Address("telegram", "1001"), 1, 1)
    assert sent.content == Content(
        "수출바우처는 …", "출처: 1",
        ((Button("done", "해결됐어요"), Button("human", "사람에게")),), (PHOTO,), True,
        "위치 보내기",
    )  # fmt: skip
    assert (sent.doubtful, card.doubtful, card.act) == (True, False, "card")
    assert card.address == Address("slack", "C1", staff_thread="1.1")
    assert card.content == Content("card")


def test_old_tasks_lines_threads_and_bindings_are_read(upgraded: Store) -> None:
    assert upgraded.inbox.list_open_tasks() == [
        LibraryTask("plan", "telegram:1001", Address("telegram", "1001"), "ko", "0a1b2c3d",
                    (PHOTO,), wait=1.5)
    ]  # fmt: skip
    assert upgraded.list_lines(1) == [
        CaseMessage("founder", "세관이 …", NOW, "", (PHOTO,)),
        CaseMessage("staff", "보고 있어요", NOW, "lawyer"),
    ]
    assert upgraded.list_staff_threads(1) == [StaffThread("1.1", 1, "vn-hanoi", "slack", "C1")]
    assert upgraded.list_bindings() == [Binding("vn-hanoi", "slack", "C1")]
    (member,) = upgraded.staff.list_members("vn-hanoi")
    assert upgraded.staff.find_members("slack", "C1", "U9") == [member]
    assert (member.role, member.is_lead, member.admitted_by) == ("lawyer", False, "migration")


MEMBERS = [
    # seats, who took case 1 (in the room that is bound), what the audit has about the bind
    ([], "slack:U5|expert", "asked", {("U5", "expert", False)}),
    ([], "slack:U5|staff", "bind vn-hanoi slack:C1", {("U5", "staff", False), ("U1", "staff", True)}),
    ([("C1", "U5", "lawyer")], "slack:U5|expert", "asked", {("U5", "lawyer", False)}),
    ([("C1", "U1", "diplomat")], None, "bind vn-hanoi slack:C1", {("U1", "diplomat", True)}),
    ([("C9", "U5", "lawyer")], None, "bind vn-hanoi slack:C9", set()),  # of rooms bound to nothing
    ([], "telegram:5|lawyer", "asked", set()),  # on another messenger, by hand
]  # fmt: skip


@pytest.mark.parametrize(("seats", "taken", "act", "expected"), MEMBERS)
def test_who_spoke_for_a_body_before_is_its_staff(
    old_engine: Engine, seats: Any, taken: str | None, act: str, expected: Any
) -> None:
    with write_transaction(old_engine) as connection:
        connection.execute(text("DELETE FROM seats"))
        for chat, user, role in seats:
            seat = {"channel": "slack", "chat": chat, "user": user, "role": role}
            insert_raw(connection, "seats", seat)
        connection.execute(text("UPDATE cases SET taken_by = :by WHERE number = 1"), {"by": taken})
        connection.execute(text("UPDATE audit SET who = 'U1', act = :act"), {"act": act})
    members = Store(old_engine).staff.list_members("vn-hanoi")
    assert {(one.user, one.role, one.is_lead) for one in members} == expected


def test_a_downgrade_gives_members_their_seats(upgraded: Store, old_engine: Engine) -> None:
    command.downgrade(build_config(old_engine), "0003")
    with old_engine.connect() as connection:
        seats = connection.execute(text('SELECT channel, chat, "user", role FROM seats')).all()
    assert [tuple(seat) for seat in seats] == [("slack", "C1", "U9", "lawyer")]


def test_old_events_are_worked_on(upgraded: Store) -> None:
    later = datetime.fromisoformat("2026-11-21T01:10:00+00:00")
    (timer,) = upgraded.inbox.claim("me", later)
    assert (timer.channel, timer.payload) == ("clock", "telegram:1001")
    (task,) = upgraded.inbox.claim("me", later, ["library-telegram"])
    assert (task.seq, task.attempts) == (3, 1)  # its worker died


@pytest.fixture
def engine_before_bots(engine: Engine) -> Engine:
    """A database from before the keys named the bot: its last event came to bot 7."""
    command.upgrade(build_config(engine), "0007")
    named = ('{"update_id": 5, "naru_bot": {"id": 7}}', '{"authorizations": [{"user_id": "U7"}]}')
    rows = [
        ("telegram", "5", "1001:9:0", named[0]), ("slack", "Ev1", "D1:17.1::", named[1]),
        ("telegram", "4", "1001:8:0", "{}"), ("slack", "9.9", None, "no JSON"),
        ("telegram", "7:4", "7:1001:8:0", named[0]),
    ]  # fmt: skip
    with write_transaction(engine) as connection:
        for channel, key, natural, payload in rows:
            values = dict(OLD_ROWS["inbox"][0], channel=channel, event_key=key)
            values |= {"natural_key": natural, "payload": payload, "person": ""}
            insert_raw(connection, "inbox", {k: v for k, v in values.items() if k != "seq"})
    return engine


def read_keys(engine: Engine) -> list[tuple[str, str | None]]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT event_key, natural_key FROM inbox ORDER BY seq"))
        return [(row.event_key, row.natural_key) for row in rows]


def test_what_came_before_the_keys_named_the_bot_is_known_again(
    engine_before_bots: Engine,
) -> None:
    store = Store(engine_before_bots)
    assert read_keys(engine_before_bots)[:4] == [
        ("7:5", "7:1001:9:0"), ("Ev1", "U7:D1:17.1::"), ("4", "1001:8:0"), ("9.9", None),
    ]  # fmt: skip
    again = InboxEvent("telegram", "7:5", "telegram:1001", "{}", "7:1001:9:0")
    newer = InboxEvent("telegram", "8:5", "telegram:1001", "{}", "8:1001:9:0")
    assert store.inbox.receive([again, newer], NOW) == 1


def test_a_downgrade_gives_two_events_no_common_key(engine_before_bots: Engine) -> None:
    Store(engine_before_bots)
    command.downgrade(build_config(engine_before_bots), "0007")
    assert read_keys(engine_before_bots) == [
        ("5", "1001:9:0"), ("Ev1", "D1:17.1::"), ("4", "1001:8:0"), ("9.9", None),
        ("7:4", "7:1001:8:0"),
    ]  # fmt: skip
