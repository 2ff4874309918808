"""What was deleted is in no byte of the database's files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Event

import pytest
from sqlalchemy import Engine, text

from knowledge.catalogue import open_engine, write_transaction
from knowledge.database import scrubbing
from knowledge.database.scrubbing import is_scrub_owed, scrub_files


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'naru.db'}")
    with write_transaction(engine) as connection:
        connection.execute(text("CREATE TABLE a (k INTEGER PRIMARY KEY, lane TEXT, words TEXT)"))
        connection.execute(text("CREATE INDEX a_lane ON a (lane)"))
    yield engine
    engine.dispose()


def count_copies(folder: Path, word: bytes) -> int:
    return sum(path.read_bytes().count(word) for path in folder.iterdir())


def fill_and_delete(engine: Engine) -> None:
    """Rows of two people that grow, move between pages and are deleted."""
    random = Random(1)
    with write_transaction(engine) as connection:
        for n in range(2000):
            who = random.choice(("MINA", "OTHER"))
            words = f"words of {who}" * random.randint(1, 90)
            connection.execute(
                text("INSERT INTO a (lane, words) VALUES (:lane, :words)"),
                {"lane": f"lane of {who} {n}", "words": words},
            )
            connection.execute(text("UPDATE a SET words = words || words WHERE k = :k"),
                               {"k": random.randint(1, n + 1)})  # fmt: skip
    with write_transaction(engine) as connection:
        connection.execute(text("DELETE FROM a WHERE lane LIKE 'lane of MINA%'"))


def test_no_copy_stays_in_any_file_and_no_row_of_others_is_lost(
    engine: Engine, tmp_path: Path
) -> None:
    fill_and_delete(engine)
    with engine.connect() as connection:
        before = connection.execute(text("SELECT * FROM a ORDER BY k")).all()
    assert count_copies(tmp_path, b"MINA") > 0  # in the log, if nowhere else
    assert scrub_files(engine)
    assert count_copies(tmp_path, b"MINA") == 0
    with engine.connect() as connection:
        assert connection.execute(text("SELECT * FROM a ORDER BY k")).all() == before


def test_while_somebody_reads_it_says_that_it_is_not_done(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "SCRUB_WAIT_MILLISECONDS", 50)
    monkeypatch.setattr(scrubbing, "SCRUB_PAUSES_SECONDS", (0.0, 0.05))
    with engine.connect() as reader:
        reader.execute(text("SELECT * FROM a")).all()
        fill_and_delete(engine)
        assert not scrub_files(engine)
    assert is_scrub_owed(engine)
    assert scrub_files(engine) and count_copies(tmp_path, b"MINA") == 0
    assert not is_scrub_owed(engine)


def test_it_has_its_turn_among_threads_that_write(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "SCRUB_WAIT_MILLISECONDS", 0)
    monkeypatch.setattr(scrubbing, "SCRUB_PAUSES_SECONDS", (0.0,))
    fill_and_delete(engine)
    writes = Event()

    def write() -> None:
        with write_transaction(engine):
            writes.set()
            time.sleep(0.2)

    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(write)
        assert writes.wait(10)
        assert scrub_files(engine)
        written.result()
    assert count_copies(tmp_path, b"MINA") == 0
