"""The plan and the upload of an edition leave its note: from rows of the schema before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from knowledge.catalogue import Catalogue, open_engine
from knowledge.catalogue.catalogue import MIGRATIONS_FOLDER
from tests.harness.databases import DATABASE_KINDS, create_fresh_database

OLD_ROW = text(
    "INSERT INTO editions (id, created_at, note, counts, embedder, index_name) VALUES "
    "(:id, '2026-11-21T01:00:00+00:00', :note, '{}', 'm', :index)"
)
MARK, TOKEN = "0123456789ab", "0a1b2c3d"


@pytest.fixture(params=DATABASE_KINDS)
def old_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database as revision 0004 left it."""
    with create_fresh_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS_FOLDER))
        config.attributes.update(engine=engine, version_table="library_version")
        command.upgrade(config, "0004")
        yield engine
        engine.dispose()


def upgrade_note(engine: Engine, note: str) -> tuple[str, str | None, str | None]:
    with engine.begin() as connection:
        connection.execute(OLD_ROW, {"id": 1, "note": note, "index": "edition-1"})
    (row,) = Catalogue(engine).list_editions()
    return row.note, row.upload, row.plan_mark


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        (f"공고.hwp [{TOKEN}.{MARK}]", "공고.hwp"),
        (f"a.md, b.md, c.md … [{TOKEN}.{MARK}]", "a.md, b.md, c.md …"),
        (f"[최종] 공고 [2차].hwp [{TOKEN}.{MARK}]", "[최종] 공고 [2차].hwp"),
        (f"two\nlines [{TOKEN}.{MARK}]", "two\nlines"),
        (f" [{TOKEN}.{MARK}]", ""),
    ],
)
def test_a_plan_s_suffix_moves_to_the_columns(old_engine: Engine, note: str, kept: str) -> None:
    assert upgrade_note(old_engine, note) == (kept, TOKEN, MARK)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "shipped library",
        "공고 [최종]",
        "notice [v1.2]",
        f"[{TOKEN}.{MARK}]",
        f"notice [{TOKEN}.{MARK}] again",
        f"notice [{TOKEN}.{MARK}0]",
        f"notice [{TOKEN.upper()}.{MARK}]",
    ],
)
def test_any_other_note_is_kept_whole(old_engine: Engine, note: str) -> None:
    assert upgrade_note(old_engine, note) == (note, None, None)


def test_only_the_editions_of_plans_change(old_engine: Engine) -> None:
    notes = ["shipped library", f"a.md [{TOKEN}.{MARK}]", "b.md [draft]"]
    with old_engine.begin() as connection:
        for number, note in enumerate(notes, 1):
            values = {"id": number, "note": note, "index": f"edition-{number}"}
            connection.execute(OLD_ROW, values)
    for _ in range(2):  # a second start changes nothing
        rows = {
            row.id: (row.note, row.upload, row.plan_mark)
            for row in Catalogue(old_engine).list_editions()
        }
        assert rows == {
            1: ("shipped library", None, None),
            2: ("a.md", TOKEN, MARK),
            3: ("b.md [draft]", None, None),
        }  # fmt: skip
