"""Many files: all go in, what did not change is not even read, what did is all that is embedded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ingest.document import parse as parsing
from ingest.formats import ocr
from ingest.pipeline import Ingest
from ingest.plan import scan
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import bring, document, ids
from tests.ingest.formats.test_pdf import scanned
from tests.samples.generated_corpus import KINDS, crowd, write

FILES, ARTICLES = 200, 1
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, as they are."""
    names: list[str] = []
    real = parsing.parse

    def parse(path: Path, name: str, *more: Any) -> Any:
        names.append(name)
        return real(path, name, *more)

    monkeypatch.setattr(scan, "parse", parse)
    return names


def counts(found: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in found.items() if count}


@on_sqlite
def test_two_hundred_files_go_in_and_a_second_run_reads_none(
    ingest: Ingest, folder: Path, embedder: HashingEmbedder, read: list[str]
) -> None:
    crowd(folder, FILES, ARTICLES)
    plan = ingest.plan([folder])
    assert plan.skipped == () and plan.counts()["created"] == FILES + ARTICLES == len(read)
    bring(ingest, folder)
    assert len(set(embedder.taken())) > 1.5 * FILES
    read.clear()
    assert counts(ingest.plan([folder]).counts()) == {"unchanged": FILES + ARTICLES}
    assert bring(ingest, folder) is None
    assert (read, embedder.taken(), len(ingest.catalogue.editions())) == ([], [], 1)
    changed = [0, len(KINDS) * 3 + 1]
    for number in changed:
        write(folder, number, "내년")
    assert counts(ingest.plan([folder]).counts()) == {
        "updated": 2, "unchanged": FILES + ARTICLES - 2, "to_embed": 3,
    }  # fmt: skip
    assert read == [f"{changed[0]:04}.md", f"{changed[1]:04}.html"]
    bring(ingest, folder)
    assert len(taken := embedder.taken()) == 3 and all("내년" in text for text in taken)


@on_sqlite
def test_another_way_of_reading_reads_everything_again_and_embeds_nothing(
    ingest: Ingest,
    folder: Path,
    embedder: HashingEmbedder,
    read: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document(folder, "a")
    bring(ingest, folder)
    embedder.taken()
    monkeypatch.setattr(scan, "reader", lambda: "a later one")
    read.clear()
    assert bring(ingest, folder) is None and read == ["a.md"]
    assert bring(ingest, folder) is None and read == ["a.md"]  # that too is remembered
    assert embedder.taken() == []


def test_a_tesseract_that_was_installed_since_reads_again(monkeypatch: pytest.MonkeyPatch) -> None:
    said = set()
    for program in (None, "/usr/bin/tesseract"):
        monkeypatch.setattr(ocr, "program", lambda found=program: found)
        said.add(scan.reader())
    assert len(said) == 2


@on_sqlite
def test_a_file_of_an_edition_that_was_left_is_read_again(
    ingest: Ingest, folder: Path, read: list[str]
) -> None:
    document(folder, "a", "How much?: One million.")
    first = bring(ingest, folder) or 0
    document(folder, "a", "How much?: Two million.")
    bring(ingest, folder)
    ingest.rollback(first)
    read.clear()
    assert ingest.plan([folder]).counts()["updated"] == 1 and read == ["a.md"]
    (folder / "a.md").unlink()
    document(folder, "b")
    bring(ingest, folder)
    document(folder, "a", "How much?: Two million.")
    bring(ingest, folder)
    assert ids(ingest) == ["a", "b"]


@on_sqlite
def test_the_note_of_a_file_is_told_also_when_it_is_not_read_again(
    ingest: Ingest, folder: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "program", lambda: None)
    (folder / "scan.pdf").write_bytes(scanned("one", None))
    for _ in range(2):
        (note,) = ingest.plan([folder]).notes
        assert (note.file, note.says.kind) == ("scan.pdf", "pages_left_out")
        bring(ingest, folder)
    assert len(read) == 2  # by the plan and the ingest; then never
