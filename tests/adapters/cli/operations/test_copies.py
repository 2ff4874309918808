"""A copy made while Naru works, and what is made of it again."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.bootstrap import App
from adapters.cli.operations.copies import make_copy
from adapters.cli.operations.databases import list_tables, open_database
from adapters.cli.operations.restoring import restore_copy
from adapters.settings import Settings
from bot.store import InboxEvent, Store
from bot.store import tables as t
from knowledge.database.copying import digest_tables
from knowledge.database.engine import write_transaction
from knowledge.evaluation.exam import list_exam_files, read_exam
from knowledge.types import Question
from tests.adapters.cli.conftest import RunCommand
from tests.bot.store.upgrades.filled_tables import write_rows
from tests.harness.databases import DATABASE_KINDS, create_fresh_database
from tests.samples import small_library
from tests.samples.small_library import NOW

QUESTIONS = ("물류비는 얼마까지 지원하나요?", "누가 신청할 수 있나요?", "원산지 증명은 어디에 물어보나요?",
             "Who can apply?", "Hoàn thuế giá trị gia tăng mất bao lâu?", "달에 가는 배편은?")  # fmt: skip


@pytest.fixture
def served(own_library: Path) -> Path:
    """NARU_DATA with the small library, a row in each of the bot's tables, and files of an admin."""
    url = f"sqlite:///{own_library / 'naru.db'}"
    with open_database(url) as engine, write_transaction(engine) as connection:
        write_rows(connection, "0007", t.metadata)
    for name in ("uploads/0a1b/notice.pdf", "phrases/own.yaml", "sources.yaml", "new.part/half"):
        (own_library / name).parent.mkdir(parents=True, exist_ok=True)
        (own_library / name).write_text(f"# {name}", encoding="utf-8")
    return own_library


def ask_all(app: App, questions: list[Question]) -> list[Any]:
    answers = [app.chain.ask(question) for question in questions]
    return [(one.verdict, one.text, one.citations) for one in answers]


@contextmanager
def write_meanwhile(url: str) -> Any:
    """Events come in as they do while Naru serves, from before a copy to after it; gives how many
    were stored."""
    stop, stored = threading.Event(), []
    with open_database(url) as engine:
        inbox = Store(engine).inbox

        def write() -> None:
            for number in count():
                event = InboxEvent("telegram", f"m{number}", "telegram:1", "{}")
                inbox.receive([event], datetime.now(UTC))
                stored.append(number)
                if stop.is_set():
                    return

        writer = threading.Thread(target=write)
        writer.start()
        try:
            yield stored
        finally:
            stop.set()
            writer.join()


def test_a_copy_made_while_events_come_in_answers_the_same_and_has_the_same_cases(
    run: RunCommand, served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [t.cases, t.case_lines, t.case_log, t.staff_threads]
    questions = [Question(text, "ko", NOW) for text in QUESTIONS]
    original = small_library.make_app(served)
    before, answers = digest_tables(original.engine, cases), ask_all(original, questions)
    with write_meanwhile(original.settings.resolved_database_url) as stored:
        while not stored:
            pass
        made = run("backup", str(tmp_path / "copy"))
        at_the_end = len(stored)
    assert made.code == 0, made.err
    monkeypatch.setenv("NARU_DATA", str(tmp_path / "again"))
    assert run("restore", str(tmp_path / "copy")).code == 0
    again = small_library.make_app(tmp_path / "again")
    assert digest_tables(again.engine, cases) == before
    assert ask_all(again, questions) == answers
    with again.engine.connect() as connection:
        came = t.inbox.c.event_key.like("m%")
        events = connection.execute(select(func.count()).where(came)).scalar_one()
    assert 1 <= events <= at_the_end
    for name in ("uploads/0a1b/notice.pdf", "phrases/own.yaml", "sources.yaml"):
        assert (tmp_path / "again" / name).read_text(encoding="utf-8") == f"# {name}"
    assert not (tmp_path / "again/new.part").exists()
    for one in (original, again):
        one.engine.dispose()


@pytest.mark.parametrize("kind", DATABASE_KINDS)
def test_a_copy_goes_into_another_kind_of_database(served: Path, kind: str, tmp_path: Path) -> None:
    """PostgreSQL is copied and restored by the same files as SQLite."""
    with (
        create_fresh_database(kind, tmp_path) as url,
        create_fresh_database(kind, tmp_path / "b") as other,
    ):
        make_copy(Settings(data=served, _env_file=None), "1", tmp_path / "first", NOW)
        there = Settings(data=tmp_path / "there", database_url=url, _env_file=None)
        restore_copy(there, tmp_path / "first")
        make_copy(there, "1", tmp_path / "second", NOW)
        last = Settings(data=tmp_path / "last", database_url=other, _env_file=None)
        restore_copy(last, tmp_path / "second")
        with (
            open_database(other) as engine,
            open_database(f"sqlite:///{served / 'naru.db'}") as first,
        ):
            assert digest_tables(engine, list_tables()) == digest_tables(first, list_tables())
        assert not list(last.data.glob("*.part*"))


def damage_file(copy: Path) -> None:
    (copy / "files/sources.yaml").write_text("other", encoding="utf-8")


def remove_file(copy: Path) -> None:
    (copy / "files/phrases/own.yaml").unlink()


def remove_manifest(copy: Path) -> None:
    (copy / "backup.json").unlink()


def change_manifest(copy: Path, change: Callable[[dict[str, Any]], object]) -> None:
    manifest = json.loads((copy / "backup.json").read_text(encoding="utf-8"))
    change(manifest)
    (copy / "backup.json").write_text(json.dumps(manifest), encoding="utf-8")


def name_file_elsewhere(copy: Path) -> None:
    change_manifest(copy, lambda found: found["files"].update({"../../secret": "0" * 64}))


def lose_database(copy: Path) -> None:
    (copy / "naru.db").unlink()
    change_manifest(copy, lambda found: found["files"].pop("naru.db"))


def list_names_only(copy: Path) -> None:
    change_manifest(copy, lambda found: found.update(files=list(found["files"])))


def make_by_a_later_naru(copy: Path) -> None:
    change_manifest(copy, lambda found: found.update(form=2, parts=[]))


def nest_manifest_deeply(copy: Path) -> None:
    (copy / "backup.json").write_text("[" * 100_000, encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (damage_file, "files/sources.yaml"),
        (remove_file, "files/phrases/own.yaml"),
        (remove_manifest, "is not a copy made by `naru backup`"),
        (name_file_elsewhere, "which is not in it"),
        (lose_database, "has no database"),
        (list_names_only, "is not a copy made by `naru backup`"),
        (nest_manifest_deeply, "is not a copy made by `naru backup`"),
        (make_by_a_later_naru, "in a form that this one does not read"),
    ],
)
def test_a_damaged_copy_is_not_restored(
    run: RunCommand, served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], None], sentence: str,
) -> None:  # fmt: skip
    make_copy(Settings(data=served, _env_file=None), "1", tmp_path / "copy", NOW)
    spoil(tmp_path / "copy")
    monkeypatch.setenv("NARU_DATA", str(tmp_path / "again"))
    refused = run("restore", str(tmp_path / "copy"))
    assert refused.code == 1 and sentence in refused.err
    assert not (tmp_path / "again").exists()


def test_only_what_the_copy_names_is_restored(served: Path, tmp_path: Path) -> None:
    copy, again = tmp_path / "copy", Settings(data=tmp_path / "again", _env_file=None)
    make_copy(Settings(data=served, _env_file=None), "1", copy, NOW)
    (copy / "files/phrases/foreign.yaml").write_text("# of somebody", encoding="utf-8")
    (copy / "files/linked").symlink_to(tmp_path)
    (again.data / "lost+found").mkdir(parents=True)  # a disk of its own
    restore_copy(again, copy)
    assert [one.name for one in (again.data / "phrases").iterdir()] == ["own.yaml"]
    assert not (again.data / "linked").exists()


@pytest.mark.parametrize("name", ["naru.db", "own.sqlite"])
def test_a_database_that_is_named_in_naru_data_is_copied_once(
    served: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `naru migrate --to sqlite:///…` leaves it; an interrupted restore is begun again there too."""
    (served / "naru.db").rename(served / name)
    settings = [
        Settings(data=data, database_url=f"sqlite:///{data / name}", _env_file=None)
        for data in (served, tmp_path / "again")
    ]
    named = make_copy(settings[0], "1", tmp_path / "copy", NOW).files
    assert [one for one in named if one.startswith(("files/naru", "files/own"))] == []
    with monkeypatch.context() as patch:
        patch.setattr("adapters.cli.operations.restoring.settle_unsent", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            restore_copy(settings[1], tmp_path / "copy")
    restore_copy(settings[1], tmp_path / "copy")
    digests = []
    for one in settings:
        with open_database(one.database_url) as engine:
            tables = [table for table in list_tables() if table is not t.outbox]
            digests.append(digest_tables(engine, tables))
    assert digests[0] == digests[1]


def test_nothing_is_overwritten(
    run: RunCommand, served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    assert run("backup", str(copy)).code == 0
    again = run("backup", str(copy))
    assert again.code == 1 and "exists already" in again.err
    inside = run("backup", str(served / "copy"))
    assert inside.code == 1 and "is in NARU_DATA" in inside.err
    over = run("restore", str(copy))
    assert over.code == 1 and "is not empty" in over.err
    filled = f"sqlite:///{tmp_path / 'filled.db'}"
    with open_database(filled) as engine:
        Store(engine).reserve_case_number(NOW)
    monkeypatch.setenv("NARU_DATA", str(tmp_path / "new"))
    monkeypatch.setenv("NARU_DATABASE_URL", filled)
    refused = run("restore", str(copy))
    assert refused.code == 1 and "case_numbers hold rows" in refused.err
    assert not (tmp_path / "new").exists()


def test_an_interrupted_copy_is_made_anew_and_only_its_owner_may_read_it(
    run: RunCommand, served: Path, tmp_path: Path
) -> None:
    (tmp_path / "copy.part/files").mkdir(parents=True)
    (tmp_path / "copy.part/files/left").write_text("of before", encoding="utf-8")
    assert run("backup", str(tmp_path / "copy")).code == 0
    found = list((tmp_path / "copy").rglob("*"))
    assert tmp_path / "copy/files/left" not in found and not (tmp_path / "copy.part").exists()
    assert [path for path in found if path.stat().st_mode & 0o077] == []


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_a_restored_shipped_library_answers_fifty_golden_questions_the_same(
    shipped: Callable[[], App], tmp_path: Path
) -> None:
    original = shipped()
    exam = read_exam(list_exam_files("open"))[:50]
    questions = [Question(one.question, one.language, original.now()) for one in exam]
    answers = ask_all(original, questions)
    make_copy(original.settings, "1", tmp_path / "copy", original.now())
    settings = Settings(data=tmp_path / "again", _env_file=None)
    restore_copy(settings, tmp_path / "copy")
    again = App(settings, original.now, embedder_override=original.embedder)
    again.glossary = original.glossary
    assert len(answers) == 50 and ask_all(again, questions) == answers
    again.engine.dispose()
