"""Many files: all go in, what did not change is not even read, what did is all that is embedded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.document import parse as parsing
from ingest.formats import worker
from ingest.formats.pdf import ocr
from ingest.pipeline import IngestPipeline
from ingest.plan import reading, scan
from knowledge.catalogue import Catalogue
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import NOW, list_document_ids, run_ingest, write_document
from tests.ingest.formats.pdf.test_pdf import make_scanned_pdf
from tests.samples.generated_corpus import FILE_KINDS, generate_corpus, write_numbered_file

FILES, ARTICLES = 50, 1


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, as they are."""
    names: list[str] = []
    real = parsing.parse_file

    def parse(path: Path, name: str, *more: Any, **choices: Any) -> Any:
        names.append(name)
        return real(path, name, *more, **choices)

    monkeypatch.setattr(reading, "parse_file", parse)
    return names


def drop_zero_counts(found: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in found.items() if count}


def test_a_folder_goes_in_and_a_second_run_reads_none(
    ingest: IngestPipeline, folder: Path, embedder: HashingEmbedder, read: list[str]
) -> None:
    generate_corpus(folder, FILES, ARTICLES)
    plan = ingest.plan([folder])
    assert plan.skipped == () and plan.counts()["created"] == FILES + ARTICLES == len(read)
    run_ingest(ingest, folder)
    assert len(set(embedder.take_embedded())) > 1.5 * FILES
    read.clear()
    assert drop_zero_counts(ingest.plan([folder]).counts()) == {"unchanged": FILES + ARTICLES}
    assert run_ingest(ingest, folder) is None
    assert (read, embedder.take_embedded(), len(ingest.catalogue.list_editions())) == ([], [], 1)
    changed = [0, len(FILE_KINDS) * 3 + 1]
    for number in changed:
        write_numbered_file(folder, number, "내년")
    assert drop_zero_counts(ingest.plan([folder]).counts()) == {
        "updated": 2, "unchanged": FILES + ARTICLES - 2, "to_embed": 3,
    }  # fmt: skip
    assert read == [f"{changed[0]:04}.md", f"{changed[1]:04}.html"]
    run_ingest(ingest, folder)
    assert len(taken := embedder.take_embedded()) == 3 and all("내년" in text for text in taken)


def test_the_remark_about_an_end_is_kept_with_the_file(
    ingest: IngestPipeline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "# 공고\n\n접수기간: 예산 소진 시까지\n\n지원합니다.\n"
    (folder / "notice.md").write_text(text, encoding="utf-8")
    first = ingest.plan([folder]).notes
    assert [note.remark.kind for note in first] == ["open_end"]
    run_ingest(ingest, folder)
    monkeypatch.setattr(
        reading, "find_open_end", lambda text: pytest.fail("it is looked for again")
    )
    assert ingest.plan([folder]).notes == first


def test_another_way_of_reading_reads_everything_again_and_embeds_nothing(
    ingest: IngestPipeline,
    folder: Path,
    embedder: HashingEmbedder,
    read: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_document(folder, "a")
    run_ingest(ingest, folder)
    embedder.take_embedded()
    monkeypatch.setattr(scan, "compute_reader_version", lambda: "a later one")
    read.clear()
    assert run_ingest(ingest, folder) is None and read == ["a.md"]
    assert run_ingest(ingest, folder) is None and read == ["a.md"]  # that too is remembered
    assert embedder.take_embedded() == []


def test_a_tesseract_that_was_installed_since_reads_again(monkeypatch: pytest.MonkeyPatch) -> None:
    said = set()
    for program in (None, "/usr/bin/tesseract"):
        monkeypatch.setattr(ocr, "find_tesseract", lambda found=program: found)
        said.add(scan.compute_reader_version())
    assert len(said) == 2


def test_a_file_of_an_edition_that_was_left_is_read_again(
    ingest: IngestPipeline, folder: Path, read: list[str]
) -> None:
    write_document(folder, "a", "How much?: One million.")
    first = run_ingest(ingest, folder) or 0
    write_document(folder, "a", "How much?: Two million.")
    run_ingest(ingest, folder)
    ingest.rollback(first)
    read.clear()
    assert ingest.plan([folder]).counts()["updated"] == 1 and read == ["a.md"]
    (folder / "a.md").unlink()
    write_document(folder, "b")
    run_ingest(ingest, folder)
    write_document(folder, "a", "How much?: Two million.")
    run_ingest(ingest, folder)
    assert list_document_ids(ingest) == ["a", "b"]


def test_the_note_of_a_file_is_told_also_when_it_is_not_read_again(
    ingest: IngestPipeline, folder: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "find_tesseract", lambda: None)
    (folder / "scan.pdf").write_bytes(make_scanned_pdf("one", None))
    for _ in range(2):
        (note,) = ingest.plan([folder]).notes
        assert (note.file, note.remark.kind) == ("scan.pdf", "pages_left_out")
        run_ingest(ingest, folder)
    assert len(read) == 2  # by the plan and the ingest; then never


def test_an_ingest_that_changes_nothing_loads_no_passage_and_no_library(
    ingest: IngestPipeline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_document(folder, "voucher")
    run_ingest(ingest, folder)
    unchanged = replace(ingest, open_library=lambda: pytest.fail("the library was opened"))
    load = Catalogue.load_versions
    monkeypatch.setattr(Catalogue, "load_versions", lambda *_: pytest.fail("passages were loaded"))
    plan = unchanged.plan([folder])
    assert plan.counts()["unchanged"] == 1 and not plan.has_changes
    assert unchanged.apply(plan, note="again", now=NOW) is None
    monkeypatch.setattr(Catalogue, "load_versions", load)
    with ingest.open_planned_edition(plan) as planned:  # who asks it all the same finds its texts
        assert planned.passages


def test_who_only_compares_files_loads_nothing_that_reads_them() -> None:
    """A start of `naru ingest` is most of an ingest that changes nothing."""
    heavy = (
        "alembic", "bot.types", "chromadb", "ingest.document.convert", "ingest.index_builder",
        "ingest.plan.reading", "kiwipiepy", "knowledge.retrieval.series", "knowledge.text.glossary",
        "langchain_core", "pypdfium2", "sqlalchemy.dialects.postgresql", "yaml",
    )  # fmt: skip
    code = (
        "import sys, adapters.bootstrap, adapters.settings, ingest.pipeline; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("late", ["notice.md.meta.yaml", "notice.meta.yaml", "phrases/notice.yaml"])
def test_a_side_file_that_comes_later_is_seen(
    ingest: IngestPipeline, folder: Path, read: list[str], late: str
) -> None:
    write_document(folder, "notice")
    run_ingest(ingest, folder)
    read.clear()
    (folder / late).parent.mkdir(exist_ok=True)
    declared = "document: notice\nsections: []\n" if "phrases" in late else "title: Another\n"
    (folder / late).write_text(declared, encoding="utf-8")
    ingest.plan([folder])
    assert read == ["notice.md"]


def test_an_office_file_that_has_not_changed_is_not_unpacked(
    ingest: IngestPipeline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_numbered_file(folder, FILE_KINDS.index("docx"))
    run_ingest(ingest, folder)
    monkeypatch.setattr(
        worker, "stream_in_child", lambda *_: pytest.fail("a child process was asked")
    )
    assert ingest.plan([folder]).counts()["unchanged"] == 1
