"""A copy put back: all of it or, after an interruption, once more; and what it still owed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.operations import restoring
from adapters.cli.operations.claims import claim_folder
from adapters.cli.operations.copies import make_copy
from adapters.cli.operations.databases import list_tables, open_database
from adapters.cli.operations.manifest import CopyManifest, find_damaged
from adapters.cli.operations.restoring import PART_NAME, restore_copy
from adapters.errors import CommandFailed
from adapters.settings import Settings
from bot.context import Decision
from bot.messages import Address
from bot.store import Store
from knowledge.database.copying import digest_tables
from tests.adapters.cli.conftest import RunCommand
from tests.bot.store.sample_records import make_outgoing
from tests.harness.databases import create_fresh_database
from tests.samples.small_library import NOW

SLACK, TELEGRAM = Address("slack", "D0MINA"), Address("telegram", "1001")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a Naru that owed two messages, another being sent, and has files in two folders."""
    folder = tmp_path_factory.mktemp("copied")
    data = folder / "data"
    for name in ("phrases/own.yaml", "uploads/0a1b/notice.pdf"):
        (data / name).parent.mkdir(parents=True)
        (data / name).write_text(f"# {name}", encoding="utf-8")
    settings = Settings(data=data, _env_file=None)
    with open_database(settings.resolved_database_url) as engine:
        outbox = Store(engine).outbox
        said = [make_outgoing("to send", SLACK), make_outgoing("under way", TELEGRAM)]
        Store(engine).commit_without_message("said", Decision(outgoing=tuple(said)), NOW)
        assert len(outbox.claim("killed", NOW, ["telegram"])) == 1
    make_copy(settings, "1", folder / "copy", NOW)
    return folder / "copy"


@pytest.fixture(params=["sqlite"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Where to restore to: SQLite in NARU_DATA, or a PostgreSQL."""
    data = tmp_path / "again"
    if request.param == "sqlite":
        yield Settings(data=data, _env_file=None)
        return
    with create_fresh_database(request.param, tmp_path) as url:
        yield Settings(data=data, database_url=url, _env_file=None)


def list_files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def break_off(function: Callable[..., Any], calls: int = 1) -> Callable[..., Any]:
    """`function`, of which the given call is the last thing that its process does."""

    def run(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls -= 1
        done = function(*arguments, **named)
        if calls == 0:
            raise KeyboardInterrupt
        return done

    return run


@pytest.mark.parametrize(
    ("target", "owner", "name", "calls"),
    [
        ("sqlite", restoring, "find_damaged", 1),
        ("sqlite", restoring, "settle_unsent", 1),
        ("sqlite", Path, "rename", 1),
        pytest.param("postgresql", Path, "rename", 2, marks=pytest.mark.postgresql),
    ],
    indirect=["target"],
)
def test_an_interrupted_restore_is_begun_again(
    copy: Path, target: Settings, owner: Any, name: str, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, break_off(getattr(owner, name), calls))
        with pytest.raises(KeyboardInterrupt):
            restore_copy(target, copy)
    assert not (target.data / "naru.db").exists()
    assert restore_copy(target, copy).unsent == 2
    for file in ("phrases/own.yaml", "uploads/0a1b/notice.pdf"):
        assert (target.data / file).read_text(encoding="utf-8") == f"# {file}"
    assert not (target.data / PART_NAME).exists()
    with (
        open_database(target.resolved_database_url) as engine,
        open_database(f"sqlite:///{copy / 'naru.db'}") as copied,
    ):
        tables = [one for one in list_tables() if one.name != "outbox"]
        assert digest_tables(engine, tables) == digest_tables(copied, tables)
        assert len(Store(engine).outbox.claim("next", NOW, ["slack"])) == 1


def test_what_others_put_there_since_is_not_removed(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Settings(data=tmp_path / "again", _env_file=None)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", break_off(Path.rename))
        with pytest.raises(KeyboardInterrupt):
            restore_copy(target, copy)
    (target.data / "sources.yaml").write_text("mine", encoding="utf-8")
    before = list_files(target.data)
    with pytest.raises(CommandFailed, match="is not empty"):
        restore_copy(target, copy)
    assert list_files(target.data) == before


def test_a_copy_that_is_not_the_same_where_it_was_written_is_not_taken(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil_and_look(folder: Path, manifest: CopyManifest) -> str:
        (folder / "files/phrases/own.yaml").write_text("other", encoding="utf-8")
        return find_damaged(folder, manifest)

    monkeypatch.setattr(restoring, "find_damaged", spoil_and_look)
    target = Settings(data=tmp_path / "again", _env_file=None)
    with pytest.raises(CommandFailed, match=r"files/phrases/own\.yaml was not written"):
        restore_copy(target, copy)
    assert [path.name for path in target.data.iterdir()] == [PART_NAME]


def test_what_had_not_gone_out_is_sent_as_what_may_have(
    run: RunCommand, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that Slack is asked first whether it is there."""
    monkeypatch.setenv("NARU_DATA", str(tmp_path / "again"))
    restored = run("restore", str(copy))
    assert restored.code == 0 and "2 messages had not gone out" in restored.out
    with open_database(f"sqlite:///{tmp_path / 'again/naru.db'}") as engine:
        (owed,) = Store(engine).outbox.claim("next", NOW, ["slack"])
        assert owed.content.text == "to send" and owed.doubtful
        assert Store(engine).dead_letters.list_all() == []


def test_what_had_not_gone_out_can_be_held_for_somebody_to_look_at(
    run: RunCommand, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARU_DATA", str(tmp_path / "again"))
    restored = run("restore", str(copy), "--hold", "--json")
    assert restored.code == 0 and restored.json["unsent"] == 2
    with open_database(f"sqlite:///{tmp_path / 'again/naru.db'}") as engine:
        store = Store(engine)
        assert store.outbox.count_messages("owed") == store.outbox.count_messages("sending") == 0
        letters = store.dead_letters.list_all()
        assert sorted(one.words for one in letters) == ["to send", "under way"]
        assert all("may have gone out after the copy" in one.error for one in letters)
        assert store.dead_letters.retry(letters[0].id, "me", NOW)
        assert len(store.outbox.claim("next", NOW, ["slack", "telegram"])) == 1


def test_two_do_not_write_to_one_folder(run: RunCommand, copy: Path, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "again", _env_file=None)
    restore_copy(settings, copy)
    with claim_folder(tmp_path / "second.part"):
        (tmp_path / "second.part/naru.db").write_text("of the other", encoding="utf-8")
        with pytest.raises(CommandFailed, match="Another process writes to"):
            make_copy(settings, "1", tmp_path / "second", NOW)
        assert list_files(tmp_path / "second.part") == ["naru.db"]
    make_copy(settings, "1", tmp_path / "second", NOW)
    assert (tmp_path / "second/backup.json").exists()


def test_a_copy_that_was_made_meanwhile_stays(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path / "again", _env_file=None)
    restore_copy(settings, copy)
    write = shutil.copyfile

    def write_last(*arguments: Any) -> None:
        write(*arguments)
        (tmp_path / "second").mkdir(exist_ok=True)

    monkeypatch.setattr(shutil, "copyfile", write_last)
    with pytest.raises(CommandFailed, match="exists already"):
        make_copy(settings, "1", tmp_path / "second", NOW)
    assert list_files(tmp_path / "second") == []
