"""The counts of an edition are stored, read as they were, and made again where they are not sound."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adapters.bootstrap import App
from knowledge.retrieval import library as library_module
from knowledge.retrieval.counts.counts_file import (
    COUNTS_FILE,
    compute_counts_key,
    read_counts,
    write_counts,
)
from knowledge.retrieval.counts.edition_counts import EditionCounts, count_edition
from knowledge.retrieval.known_questions import compute_text_key, list_indexed_texts
from knowledge.types import Passage
from tests.samples import small_library


@pytest.fixture
def copied(tmp_path: Path) -> App:
    shutil.copytree(small_library.prepare_data(), tmp_path / "data")
    return small_library.make_app(tmp_path / "data")


@pytest.fixture
def passages() -> list[Passage]:
    app = small_library.make_app(small_library.prepare_data())
    return list(app.library.get_current_edition().passages)


def make_terms(passages: list[Passage] | tuple[Passage, ...]) -> dict[str, list[str]]:
    return {compute_text_key(one.text): one.text.split() for one in list_indexed_texts(passages)}


def find_file(app: App) -> Path:
    edition = app.catalogue.find_edition(app.catalogue.get_active_edition() or 0)
    folder = app.vector_store.find_folder(edition.index_name)
    assert folder
    return folder / COUNTS_FILE


def list_arrays(counts: EditionCounts) -> list[np.ndarray]:
    kinds = [
        kind for both in counts.by_language.values() for kind in (both.passages, both.questions)
    ]
    texts = [np.array(kind.terms, str) for kind in kinds]
    numbers = [part for k in kinds for part in (k.rows, k.counts, k.spread, k.lengths)]
    grams = counts.grams
    return [counts.positions, counts.languages, counts.is_answered, grams.rows, grams.counts,
            grams.spread, grams.lengths, *texts, *numbers]  # fmt: skip


def is_same(one: EditionCounts, other: EditionCounts) -> bool:
    pairs = zip(list_arrays(one), list_arrays(other), strict=True)
    same = all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)
    return same and list(one.by_language) == list(other.by_language)


@pytest.mark.parametrize("is_empty", [False, True])
def test_what_is_read_is_what_was_written(
    is_empty: bool, passages: list[Passage], tmp_path: Path
) -> None:
    counted = [] if is_empty else passages
    counts = count_edition(counted, make_terms(counted))
    write_counts(tmp_path / COUNTS_FILE, "key", counts)
    found = read_counts(tmp_path / COUNTS_FILE, "key")
    assert found and is_same(found, counts)
    assert [path.name for path in tmp_path.iterdir()] == [COUNTS_FILE]  # nothing half-written
    assert read_counts(tmp_path / COUNTS_FILE, "another") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, text=one.text + "."),
        lambda one: replace(one, heading=(*one.heading, "x")),
        lambda one: replace(one, asked=(*one.asked, "x")),
        lambda one: replace(one, phrases=(*one.phrases, "x")),
        lambda one: replace(one, unanswered=(*one.unanswered, "x")),
        lambda one: replace(one, document=replace(one.document, language="vi")),
    ],
)
def test_the_key_is_another_for_any_other_text(
    change: Callable[[Passage], Passage], passages: list[Passage]
) -> None:
    key = compute_counts_key(passages, "glossary")
    assert compute_counts_key(list(passages), "glossary") == key
    assert compute_counts_key([change(passages[0]), *passages[1:]], "glossary") != key
    assert compute_counts_key(passages, "another glossary") != key


def test_an_ingest_stores_counts_with_which_the_next_process_opens(
    copied: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pier.md").write_text(small_library.PIER, encoding="utf-8")
    plan = copied.ingest.plan([tmp_path / "pier.md"])
    copied.ingest.apply(plan, note="more", now=small_library.NOW)
    assert find_file(copied).is_file()
    monkeypatch.setattr(library_module, "count_edition", lambda *_: pytest.fail("counted again"))
    other = small_library.make_app(tmp_path / "data")
    assert "pier.md" in other.library.get_current_edition().documents


def test_an_edition_of_an_older_naru_is_counted_once(
    copied: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_file(copied).unlink(missing_ok=True)
    copied.library.get_current_edition()
    monkeypatch.setattr(library_module, "count_edition", lambda *_: pytest.fail("counted again"))
    assert small_library.make_app(tmp_path / "data").library.get_current_edition().passages


@pytest.mark.parametrize("damage", ["emptied", "cut", "flipped", "of another key", "no archive"])
def test_counts_that_are_not_sound_are_made_again(copied: App, tmp_path: Path, damage: str) -> None:
    expected = copied.library.get_current_edition().letters.score_text(
        "물류비는 얼마까지 지원하나요?"
    )
    path = find_file(copied)
    sound = path.read_bytes()
    middle = len(sound) // 2
    if damage == "of another key":
        passages = copied.library.get_current_edition().passages[:1]
        write_counts(path, "another", count_edition(passages, make_terms(passages)))
    else:
        path.write_bytes({
            "emptied": b"",
            "cut": sound[:middle],
            "flipped": sound[:middle] + bytes([sound[middle] ^ 0xFF]) + sound[middle + 1 :],
            "no archive": b"not an archive",
        }[damage])  # fmt: skip
    other = small_library.make_app(tmp_path / "data")
    found = other.library.get_current_edition().letters.score_text("물류비는 얼마까지 지원하나요?")
    assert found.similarity.tolist() == expected.similarity.tolist()
    assert path.read_bytes() == sound  # stored again, the same to the byte


def test_counts_that_cannot_be_stored_keep_no_edition_from_opening(
    copied: App, caplog: pytest.LogCaptureFixture
) -> None:
    path = find_file(copied)
    path.unlink(missing_ok=True)
    (path / "in the way").mkdir(parents=True)  # a folder, which no file replaces
    assert copied.library.get_current_edition().passages
    assert "could not be stored" in caplog.text
    assert not list(path.parent.glob("*.part"))
