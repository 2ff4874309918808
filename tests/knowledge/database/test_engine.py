"""One way to open a database: what it promises on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.exc import OperationalError

from knowledge.catalogue import Catalogue, UtcDateTime, insert_new, open_engine, write_transaction
from knowledge.database import engine as engine_module
from knowledge.database.engine import find_newest_revision
from knowledge.errors import StoreUnavailable
from tests.harness.databases import DATABASE_KINDS, create_fresh_database
from tests.source_tree import ROOT

metadata = MetaData()
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("word", String(20), unique=True),
    Column("at", UtcDateTime),
)


@pytest.fixture(params=DATABASE_KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with create_fresh_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        metadata.create_all(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path}/made/on the way/naru.db")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def count_notes(engine: Engine) -> int:
    with engine.connect() as connection:
        return len(connection.execute(select(notes)).all())


def test_a_moment_comes_back_as_the_same_moment_and_sorts(engine: Engine) -> None:
    moments = ["2026-11-21T10:00:00.000001+09:00", "2026-11-21T10:00:00-05:00",
               "2026-11-21T10:00:00+00:00"]  # fmt: skip
    with write_transaction(engine) as connection:
        for moment in moments:
            connection.execute(insert(notes).values(at=datetime.fromisoformat(moment)))
        kept = list(connection.execute(select(notes.c.at).order_by(notes.c.at)).scalars())
    assert kept == sorted(map(datetime.fromisoformat, moments))
    assert {moment.tzinfo for moment in kept} == {UTC}


def test_a_transaction_is_kept_whole_or_not_at_all(engine: Engine) -> None:
    with pytest.raises(RuntimeError), write_transaction(engine) as connection:
        connection.execute(insert(notes).values(word="one"))
        raise RuntimeError
    assert count_notes(engine) == 0
    with write_transaction(engine) as connection:
        connection.execute(insert(notes).values(word="one"))
    assert count_notes(engine) == 1


def test_a_row_that_is_there_is_passed_over(engine: Engine) -> None:
    for _ in range(2):
        with write_transaction(engine) as connection:
            connection.execute(insert_new(connection, notes), [{"word": "a"}, {"word": "b"}])
    assert count_notes(engine) == 2


def test_a_row_another_writer_is_about_to_keep_is_waited_for_and_passed_over(
    engine: Engine,
) -> None:
    def write() -> bool:
        with write_transaction(engine) as connection:
            new = insert_new(connection, notes).values(word="a").returning(notes.c.id)
            return connection.execute(new).first() is not None

    with ThreadPoolExecutor(1) as pool:
        with write_transaction(engine) as connection:
            connection.execute(insert(notes).values(word="a"))
            waiting = pool.submit(write)
        assert waiting.result(30) is False
    assert count_notes(engine) == 1


def test_sqlite_keeps_what_it_has_promised_through_a_power_cut(file: Engine) -> None:
    with file.connect() as connection:
        asked = {
            pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
            for pragma in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_sqlite_writers_that_read_first_wait_for_each_other(file: Engine) -> None:
    with write_transaction(file) as connection:
        connection.execute(insert(notes).values(id=1, word="0"))

    def count_up(_: int) -> None:
        for _ in range(10):
            with write_transaction(file) as connection:
                seen = int(connection.execute(select(notes.c.word)).scalar_one())
                connection.execute(update(notes).values(word=str(seen + 1)))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(count_up, range(3)))
    with file.connect() as connection:
        assert connection.execute(select(notes.c.word)).scalar_one() == "30"


def test_sqlite_is_not_asked_by_a_thread_before_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "SQLITE_BUSY_SECONDS", 0)  # asked too early it refuses
    impatient = open_engine(f"sqlite:///{tmp_path}/naru.db")
    metadata.create_all(impatient)
    monkeypatch.undo()

    def write(number: int) -> None:
        with write_transaction(impatient) as connection:
            connection.execute(insert(notes).values(word=str(number)))
            time.sleep(0.01)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))
    assert count_notes(impatient) == 12
    impatient.dispose()


def test_a_turn_that_does_not_come_is_an_error_of_the_database(
    file: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> None:
        with write_transaction(file) as connection:
            connection.execute(insert(notes).values(word="late"))

    monkeypatch.setattr(engine_module, "SQLITE_BUSY_SECONDS", 0.05)
    with ThreadPoolExecutor(1) as pool:
        with write_transaction(file):
            waiting = pool.submit(write)
            with pytest.raises(OperationalError, match="locked"):
                waiting.result(30)
        pool.submit(write).result(30)
    assert count_notes(file) == 1


def test_sqlite_readers_do_not_wait_for_a_writer(file: Engine) -> None:
    with write_transaction(file) as connection:
        connection.execute(insert(notes).values(word="not yet"))
        assert count_notes(file) == 0
    assert count_notes(file) == 1


def find_closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "not a database address"),
        ("naru.db", "not a database address"),
        ("oracle9://x", "not a database address"),
        ("mysql://naru@localhost/naru", "not a database address"),
        ("postgresql+psycopg://naru:s3cret@127.0.0.1:{port}/naru", "cannot be opened"),
        ("sqlite:///{folder}", "cannot be opened"),
        ("sqlite:///{folder}/a file/naru.db", "cannot be opened"),
        ("sqlite:///{folder}/a file", "cannot be opened"),
    ],
    ids=["empty", "a path", "no such kind", "no driver", "nobody there", "a folder",
         "below a file", "not a database"],
)  # fmt: skip
def test_a_database_that_cannot_be_opened_is_a_sentence_with_its_remedy(
    url: str, says: str, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("This is not a database, but it is long enough. " * 20)
    with pytest.raises(StoreUnavailable) as raised:
        open_engine(url.format(folder=tmp_path, port=find_closed_port()))
    sentence = str(raised.value)
    assert says in sentence
    assert "NARU_DATABASE_URL" in sentence
    assert "s3cret" not in sentence
    assert "\n" not in sentence


@pytest.mark.postgresql
def test_postgresql_gives_up_on_a_lock_and_a_statement_and_migrates_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "POSTGRES_LOCK_SECONDS", 1)
    with create_fresh_database("postgresql", tmp_path) as url:
        engine = open_engine(url)
        with engine.connect() as first, engine.connect() as second:
            shown = first.execute(text("SHOW statement_timeout")).scalar_one()
            assert shown == f"{engine_module.POSTGRES_STATEMENT_SECONDS // 60}min"
            first.execute(text("CREATE TABLE kept (n int)"))
            first.commit()
            first.execute(text("LOCK TABLE kept"))
            with pytest.raises(OperationalError, match="lock timeout"):
                second.execute(text("INSERT INTO kept VALUES (1)"))
        Catalogue(engine)
        engine.dispose()
        given = f"{make_url(url).query['options']} -cstatement_timeout=7000"
        own = make_url(url).update_query_dict({"options": given})
        slower = open_engine(own.render_as_string(hide_password=False))
        with slower.connect() as connection:
            assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "7s"
        slower.dispose()


@pytest.mark.parametrize("folder", ["knowledge/migrations", "bot/migrations"])
def test_the_newest_revision_is_found_without_alembic(folder: str) -> None:
    """Also where the numbers of the files are in another order than they follow each other."""
    script = ScriptDirectory(str(ROOT / folder))
    assert [find_newest_revision(ROOT / folder)] == script.get_heads()


def test_a_revision_with_the_highest_number_is_not_the_newest(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    for number, before in (("0001", None), ("0009", "0001"), ("0003", "0009")):
        lines = f'revision = "{number}"\ndown_revision = {before and json.dumps(before)}\n'
        (tmp_path / "versions" / f"{number}_x.py").write_text(lines, encoding="utf-8")
    assert find_newest_revision(tmp_path) == "0003"


def test_tables_that_are_up_to_date_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/naru.db")
    Catalogue(engine)
    monkeypatch.setattr("alembic.command.upgrade", lambda *_: pytest.fail("upgraded again"))
    Catalogue(engine)
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE library_version SET version_num = '0001'"))
    with pytest.raises(pytest.fail.Exception, match="upgraded again"):
        Catalogue(engine)
    engine.dispose()
