"""From one edition to the next: planned, applied, pointed back, and never made twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import NothingToRead
from ingest.pipeline import Ingest
from knowledge.errors import LibraryMissing, LibraryStale
from knowledge.retrieval.edition import Library
from knowledge.retrieval.vector_store import VectorStore
from knowledge.text.concepts import Concept
from knowledge.text.glossary import Glossary
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import NOW, bring, document, found, ids, texts

AMOUNT = "How much is it?: Up to KRW 30 million in 2026."
DEADLINE = "Until when?: The window closed on 9 January 2026."


def counts(ingest: Ingest, *roots: Path) -> dict[str, int]:
    return {kind: count for kind, count in ingest.plan(roots).counts().items() if count}


def test_a_plan_tells_what_would_happen_and_changes_nothing(
    ingest: Ingest, folder: Path, embedder: HashingEmbedder, tmp_path: Path
) -> None:
    document(folder, "voucher", AMOUNT, DEADLINE)
    document(folder, "fair")
    plan = ingest.plan([folder])
    assert (plan.counts()["created"], plan.counts()["unchanged"], plan.skipped) == (2, 0, ())
    assert embedder.embedded == []
    assert ingest.catalogue.counts()["documents"] == 0
    assert not (tmp_path / "index").exists()
    ingest.apply(plan, note="", now=NOW)
    assert len(embedder.taken()) == plan.to_embed >= 3  # three sections, and what they are asked


def test_an_ingest_makes_an_edition_that_answers(ingest: Ingest, folder: Path) -> None:
    document(folder, "voucher", AMOUNT, DEADLINE)
    number = bring(ingest, folder, note="first")
    assert number == ingest.catalogue.active_edition()
    row = ingest.catalogue.edition(number or 0)
    assert (row.note, row.counts["created"], row.counts["documents"], row.counts["passages"]) == (
        "first", 1, 1, 2,
    )  # fmt: skip
    assert found(ingest, "How much is it? million") == "Up to KRW 30 million in 2026."
    assert found(ingest, "Until when? window closed") == "The window closed on 9 January 2026."


def test_the_same_files_twice_change_nothing(
    ingest: Ingest, folder: Path, embedder: HashingEmbedder
) -> None:
    document(folder, "voucher", AMOUNT)
    first = bring(ingest, folder)
    embedder.taken()
    assert counts(ingest, folder) == {"unchanged": 1}
    assert bring(ingest, folder) is None
    assert [row.id for row in ingest.catalogue.editions()] == [first]
    assert embedder.taken() == []


def test_a_changed_section_is_all_that_is_embedded_again(
    ingest: Ingest, folder: Path, embedder: HashingEmbedder
) -> None:
    document(folder, "voucher", AMOUNT, DEADLINE)
    document(folder, "fair")
    first = bring(ingest, folder)
    embedder.taken()
    document(folder, "voucher", AMOUNT, "Until when?: The window closed on 30 January 2026.")
    assert counts(ingest, folder) == {"updated": 1, "unchanged": 1, "to_embed": 1}
    second = bring(ingest, folder)
    (only,) = embedder.taken()
    assert "30 January" in only
    assert found(ingest, "Until when? window closed") == "The window closed on 30 January 2026."
    assert "The window closed on 9 January 2026." in texts(ingest, first)
    assert "The window closed on 9 January 2026." not in texts(ingest, second)


def test_a_date_that_changed_makes_a_new_version_and_embeds_nothing(
    ingest: Ingest, folder: Path, embedder: HashingEmbedder
) -> None:
    document(folder, "voucher", AMOUNT)
    bring(ingest, folder)
    embedder.taken()
    document(folder, "voucher", AMOUNT, expires="2026-01-09")
    assert counts(ingest, folder) == {"updated": 1}
    bring(ingest, folder)
    (kept,) = ingest.catalogue.versions(ingest.catalogue.active_edition() or 0)
    assert str(kept.document.expires) == "2026-01-09"
    assert embedder.taken() == []


def test_a_vector_leads_to_its_own_passage_however_the_documents_came(
    ingest: Ingest, folder: Path
) -> None:
    for name, text in (("m", "apples"), ("z", "pears"), ("a", "plums"), ("k", "cherries")):
        document(folder, name, f"What?: {text}")
        bring(ingest, folder)
    for text in ("apples", "pears", "plums", "cherries"):
        assert found(ingest, text) == text


def test_only_documents_of_the_same_path_are_withdrawn(
    ingest: Ingest, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    document(folder, "a")
    gone = document(folder, "b")
    document(other, "c")
    bring(ingest, folder)
    bring(ingest, other)
    assert ids(ingest) == ["a", "b", "c"]
    gone.unlink()
    assert counts(ingest, folder) == {"unchanged": 2, "withdrawn": 1}
    bring(ingest, folder)
    assert ids(ingest) == ["a", "c"]


def test_a_document_that_moved_to_another_path_is_there_once(
    ingest: Ingest, folder: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    document(folder, "a")
    document(folder, "b")
    bring(ingest, folder)
    moved.mkdir()
    (folder / "a.md").rename(moved / "a.md")
    assert counts(ingest, moved) == {"updated": 1, "unchanged": 1}
    bring(ingest, moved)
    assert ids(ingest) == ["a", "b"]
    assert counts(ingest, folder) == {"unchanged": 2}


def test_several_paths_are_one_edition(ingest: Ingest, folder: Path, tmp_path: Path) -> None:
    file = document(tmp_path, "single")
    document(folder, "a")
    assert bring(ingest, folder, file) is not None
    assert ids(ingest) == ["a", "single"]
    assert len(ingest.catalogue.editions()) == 1


@pytest.mark.parametrize("name", ["not there", "documents"], ids=["missing", "empty"])
def test_a_path_without_files_is_a_sentence(ingest: Ingest, folder: Path, name: str) -> None:
    with pytest.raises(NothingToRead, match=name):
        ingest.plan([folder.with_name(name)])


def test_after_a_rollback_the_old_documents_answer_and_the_new_come_back_unembedded(
    ingest: Ingest, folder: Path, embedder: HashingEmbedder
) -> None:
    document(folder, "old")
    first = bring(ingest, folder)
    (folder / "old.md").unlink()
    document(folder, "new", AMOUNT)
    bring(ingest, folder)
    ingest.catalogue.activate(first or 0)
    assert ids(ingest) == ["old"]
    assert found(ingest, "How much is it? million") == "It is a grant."
    embedder.taken()
    assert counts(ingest, folder) == {"created": 1, "withdrawn": 1}
    third = bring(ingest, folder)
    assert (ids(ingest), embedder.taken()) == (["new"], [])
    assert third not in (None, first)


def test_a_reindex_builds_lost_vectors_from_the_database_alone(
    ingest: Ingest, folder: Path, embedder: HashingEmbedder
) -> None:
    document(folder, "voucher", AMOUNT, DEADLINE)
    number = bring(ingest, folder) or 0
    old = ingest.catalogue.edition(number).index_name
    ingest.store.drop(old)
    with pytest.raises(LibraryStale, match="naru reindex"):
        ingest.library.edition(number)
    embedder.taken()
    assert ingest.reindex() >= 2
    assert (ingest.catalogue.active_edition(), embedder.taken()) == (number, [])
    assert ingest.store.names() == [ingest.catalogue.edition(number).index_name] != [old]
    assert found(ingest, "How much is it? million") == "Up to KRW 30 million in 2026."


def test_another_model_is_refused_until_a_reindex(
    ingest: Ingest, folder: Path, vectors: VectorStore
) -> None:
    document(folder, "voucher", AMOUNT)
    number = bring(ingest, folder) or 0
    model = HashingEmbedder("another")
    library = Library(ingest.catalogue, vectors, model, Glossary(()))
    other = Ingest(ingest.catalogue, vectors, model, library)
    with pytest.raises(LibraryStale, match="naru reindex"):
        library.edition(number)
    other.reindex()
    assert any("30 million" in text for text in model.taken())
    assert found(other, "How much is it?") == "Up to KRW 30 million in 2026."


def test_a_reindex_of_nothing_names_the_ingest(ingest: Ingest) -> None:
    with pytest.raises(LibraryMissing, match="naru ingest"):
        ingest.reindex()


def test_pruning_keeps_the_active_and_the_newest_and_drops_the_vectors_of_the_rest(
    ingest: Ingest, folder: Path, vectors: VectorStore, tmp_path: Path
) -> None:
    numbers = []
    for count in range(5):
        document(folder, "voucher", f"How much?: KRW {count} million.")
        numbers.append(bring(ingest, folder))
    ingest.catalogue.activate(numbers[0] or 0)
    (tmp_path / "index" / "edition-0123456789ab.part").mkdir()  # a build that was killed
    (tmp_path / "index" / "somebody else's").mkdir()
    assert [row.id for row in ingest.prune(keep=2)] == [numbers[2], numbers[1]]
    left = [row.index_name for row in ingest.catalogue.editions()]
    assert len(left) == 3
    assert sorted(vectors.names()) == sorted([*left, "somebody else's"])
    assert found(ingest, "How much?") == "KRW 0 million."
    assert ingest.prune(keep=2) == []


def test_an_english_model_sees_other_languages_through_the_glossary_or_not_at_all(
    ingest: Ingest, folder: Path, vectors: VectorStore
) -> None:
    model = HashingEmbedder("english", english_only=True)
    row = Concept({"ko": (), "en": ("export",), "vi": ("xuất khẩu",)}, "export")
    glossary = Glossary((row,))
    library = Library(ingest.catalogue, vectors, model, glossary)
    document(folder, "voucher-en", AMOUNT, translation_of="voucher")
    document(folder, "voucher-vi", "Bao nhiêu?: Đến 30 triệu.", language="vi",
             translation_of="voucher")  # fmt: skip
    document(folder, "alone-vi", "Xuất khẩu: xuất khẩu", language="vi", title="Xuất khẩu")
    bring(Ingest(ingest.catalogue, vectors, model, library), folder)
    assert ids(ingest) == ["alone-vi", "voucher-en", "voucher-vi"]
    embedded = model.taken()
    assert any("30 million" in text for text in embedded)
    assert any(text.split().count("export") == 2 and text.isascii() for text in embedded)
    assert not any("30 triệu" in text for text in embedded)  # found through its English twin


def test_whoever_waits_is_told_how_far_it_is(ingest: Ingest, folder: Path) -> None:
    document(folder, "voucher", AMOUNT, DEADLINE)
    told: list[tuple[str, int, int]] = []
    ingest.apply(
        ingest.plan([folder]), note="", now=NOW,
        progress=lambda what, done, total: told.append((what, done, total)),
    )  # fmt: skip
    phases = {what: total for what, _, total in told}
    assert list(phases) == ["analysing", "embedding"] and phases["embedding"] >= 3
    assert told == [
        (what, done, total) for what, total in phases.items() for done in range(1, total + 1)
    ]
