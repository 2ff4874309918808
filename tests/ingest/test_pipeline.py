"""From one edition to the next: planned, applied, pointed back, and never made twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import NothingToRead
from ingest.pipeline import IngestPipeline
from knowledge.errors import LibraryMissing, LibraryStale
from knowledge.retrieval.library import Library
from knowledge.retrieval.vector_store import VectorStore
from knowledge.text.glossary import Glossary
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import (
    NOW,
    find_nearest_text,
    list_document_ids,
    list_passage_texts,
    run_ingest,
    write_document,
)

AMOUNT = "How much is it?: Up to KRW 30 million in 2026."
DEADLINE = "Until when?: The window closed on 9 January 2026."


def count_changes(ingest: IngestPipeline, *roots: Path) -> dict[str, int]:
    return {kind: count for kind, count in ingest.plan(roots).counts().items() if count}


def test_a_plan_tells_what_would_happen_and_changes_nothing(
    ingest: IngestPipeline, folder: Path, embedder: HashingEmbedder, tmp_path: Path
) -> None:
    write_document(folder, "voucher", AMOUNT, DEADLINE)
    write_document(folder, "fair")
    plan = ingest.plan([folder])
    assert (plan.counts()["created"], plan.counts()["unchanged"], plan.skipped) == (2, 0, ())
    assert embedder.embedded == []
    assert ingest.catalogue.count_rows()["documents"] == 0
    assert not (tmp_path / "index").exists()
    ingest.apply(plan, note="", now=NOW)
    assert (
        len(embedder.take_embedded()) == plan.to_embed >= 3
    )  # three sections, and what they are asked


def test_an_ingest_makes_an_edition_that_answers(ingest: IngestPipeline, folder: Path) -> None:
    write_document(folder, "voucher", AMOUNT, DEADLINE)
    number = run_ingest(ingest, folder, note="first")
    assert number == ingest.catalogue.get_active_edition()
    row = ingest.catalogue.find_edition(number or 0)
    assert (row.note, row.counts["created"], row.counts["documents"], row.counts["passages"]) == (
        "first", 1, 1, 2,
    )  # fmt: skip
    assert find_nearest_text(ingest, "How much is it? million") == "Up to KRW 30 million in 2026."
    assert (
        find_nearest_text(ingest, "Until when? window closed")
        == "The window closed on 9 January 2026."
    )


def test_the_same_files_twice_change_nothing(
    ingest: IngestPipeline, folder: Path, embedder: HashingEmbedder
) -> None:
    write_document(folder, "voucher", AMOUNT)
    first = run_ingest(ingest, folder)
    embedder.take_embedded()
    assert count_changes(ingest, folder) == {"unchanged": 1}
    assert run_ingest(ingest, folder) is None
    assert [row.id for row in ingest.catalogue.list_editions()] == [first]
    assert embedder.take_embedded() == []


def test_a_changed_section_is_all_that_is_embedded_again(
    ingest: IngestPipeline, folder: Path, embedder: HashingEmbedder
) -> None:
    write_document(folder, "voucher", AMOUNT, DEADLINE)
    write_document(folder, "fair")
    first = run_ingest(ingest, folder)
    embedder.take_embedded()
    write_document(folder, "voucher", AMOUNT, "Until when?: The window closed on 30 January 2026.")
    assert count_changes(ingest, folder) == {"updated": 1, "unchanged": 1, "to_embed": 1}
    second = run_ingest(ingest, folder)
    (only,) = embedder.take_embedded()
    assert "30 January" in only
    assert (
        find_nearest_text(ingest, "Until when? window closed")
        == "The window closed on 30 January 2026."
    )
    assert "The window closed on 9 January 2026." in list_passage_texts(ingest, first)
    assert "The window closed on 9 January 2026." not in list_passage_texts(ingest, second)


def test_a_date_that_changed_makes_a_new_version_and_embeds_nothing(
    ingest: IngestPipeline, folder: Path, embedder: HashingEmbedder
) -> None:
    write_document(folder, "voucher", AMOUNT)
    run_ingest(ingest, folder)
    embedder.take_embedded()
    write_document(folder, "voucher", AMOUNT, expires="2026-01-09")
    assert count_changes(ingest, folder) == {"updated": 1}
    run_ingest(ingest, folder)
    (kept,) = ingest.catalogue.load_versions(ingest.catalogue.get_active_edition() or 0)
    assert str(kept.document.expires) == "2026-01-09"
    assert embedder.take_embedded() == []


def test_a_vector_leads_to_its_own_passage_however_the_documents_came(
    ingest: IngestPipeline, folder: Path
) -> None:
    for name, text in (("m", "apples"), ("z", "pears"), ("a", "plums"), ("k", "cherries")):
        write_document(folder, name, f"What?: {text}")
        run_ingest(ingest, folder)
    for text in ("apples", "pears", "plums", "cherries"):
        assert find_nearest_text(ingest, text) == text


def test_only_documents_of_the_same_path_are_withdrawn(
    ingest: IngestPipeline, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_document(folder, "a")
    gone = write_document(folder, "b")
    write_document(other, "c")
    run_ingest(ingest, folder)
    run_ingest(ingest, other)
    assert list_document_ids(ingest) == ["a", "b", "c"]
    gone.unlink()
    assert count_changes(ingest, folder) == {"unchanged": 2, "withdrawn": 1}
    run_ingest(ingest, folder)
    assert list_document_ids(ingest) == ["a", "c"]


def test_a_document_that_moved_to_another_path_is_there_once(
    ingest: IngestPipeline, folder: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    write_document(folder, "a")
    write_document(folder, "b")
    run_ingest(ingest, folder)
    moved.mkdir()
    (folder / "a.md").rename(moved / "a.md")
    assert count_changes(ingest, moved) == {"updated": 1, "unchanged": 1}
    run_ingest(ingest, moved)
    assert list_document_ids(ingest) == ["a", "b"]
    assert count_changes(ingest, folder) == {"unchanged": 2}


def test_several_paths_are_one_edition(
    ingest: IngestPipeline, folder: Path, tmp_path: Path
) -> None:
    file = write_document(tmp_path, "single")
    write_document(folder, "a")
    assert run_ingest(ingest, folder, file) is not None
    assert list_document_ids(ingest) == ["a", "single"]
    assert len(ingest.catalogue.list_editions()) == 1


@pytest.mark.parametrize("name", ["not there", "documents"], ids=["missing", "empty"])
def test_a_path_without_files_is_a_sentence(
    ingest: IngestPipeline, folder: Path, name: str
) -> None:
    with pytest.raises(NothingToRead, match=name):
        ingest.plan([folder.with_name(name)])


def test_after_a_rollback_the_old_documents_answer_and_the_new_come_back_unembedded(
    ingest: IngestPipeline, folder: Path, embedder: HashingEmbedder
) -> None:
    write_document(folder, "old")
    first = run_ingest(ingest, folder)
    (folder / "old.md").unlink()
    write_document(folder, "new", AMOUNT)
    run_ingest(ingest, folder)
    ingest.catalogue.activate_edition(first or 0)
    assert list_document_ids(ingest) == ["old"]
    assert find_nearest_text(ingest, "How much is it? million") == "It is a grant."
    embedder.take_embedded()
    assert count_changes(ingest, folder) == {"created": 1, "withdrawn": 1}
    third = run_ingest(ingest, folder)
    assert (list_document_ids(ingest), embedder.take_embedded()) == (["new"], [])
    assert third not in (None, first)


def test_a_reindex_builds_lost_vectors_from_the_database_alone(
    ingest: IngestPipeline, folder: Path, embedder: HashingEmbedder
) -> None:
    write_document(folder, "voucher", AMOUNT, DEADLINE)
    number = run_ingest(ingest, folder) or 0
    old = ingest.catalogue.find_edition(number).index_name
    ingest.store.drop(old)
    with pytest.raises(LibraryStale, match="naru reindex"):
        ingest.library.open_edition(number)
    embedder.take_embedded()
    assert ingest.reindex() >= 2
    assert (ingest.catalogue.get_active_edition(), embedder.take_embedded()) == (number, [])
    assert ingest.store.list_names() == [ingest.catalogue.find_edition(number).index_name] != [old]
    assert find_nearest_text(ingest, "How much is it? million") == "Up to KRW 30 million in 2026."


def test_another_model_is_refused_until_a_reindex(
    ingest: IngestPipeline, folder: Path, vectors: VectorStore
) -> None:
    write_document(folder, "voucher", AMOUNT)
    number = run_ingest(ingest, folder) or 0
    model = HashingEmbedder("another")
    library = Library(ingest.catalogue, vectors, model, Glossary(()))
    other = IngestPipeline(ingest.catalogue, vectors, model, lambda: library)
    with pytest.raises(LibraryStale, match="naru reindex"):
        library.open_edition(number)
    other.reindex()
    assert any("30 million" in text for text in model.take_embedded())
    assert find_nearest_text(other, "How much is it?") == "Up to KRW 30 million in 2026."


def test_a_reindex_of_nothing_names_the_ingest(ingest: IngestPipeline) -> None:
    with pytest.raises(LibraryMissing, match="naru ingest"):
        ingest.reindex()


def test_pruning_keeps_the_active_and_the_newest_and_drops_the_vectors_of_the_rest(
    ingest: IngestPipeline, folder: Path, vectors: VectorStore, tmp_path: Path
) -> None:
    numbers = []
    for count in range(5):
        write_document(folder, "voucher", f"How much?: KRW {count} million.")
        numbers.append(run_ingest(ingest, folder))
    ingest.catalogue.activate_edition(numbers[0] or 0)
    (tmp_path / "index" / "edition-0123456789ab.part").mkdir()  # a build that was killed
    (tmp_path / "index" / "somebody else's").mkdir()
    assert [row.id for row in ingest.prune(keep=2)] == [numbers[2], numbers[1]]
    left = [row.index_name for row in ingest.catalogue.list_editions()]
    assert len(left) == 3
    assert sorted(vectors.list_names()) == sorted([*left, "somebody else's"])
    assert find_nearest_text(ingest, "How much?") == "KRW 0 million."
    assert ingest.prune(keep=2) == []


def test_passages_of_every_language_are_embedded_as_they_are(
    ingest: IngestPipeline, folder: Path
) -> None:
    write_document(folder, "voucher-en", AMOUNT, translation_of="voucher")
    write_document(folder, "voucher-vi", "Bao nhiêu?: Đến 30 triệu.", language="vi",
             translation_of="voucher")  # fmt: skip
    run_ingest(ingest, folder)
    embedded = ingest.embedder.take_embedded()  # type: ignore[attr-defined]
    assert any("30 million" in text for text in embedded)
    assert any("30 triệu" in text for text in embedded)
    assert len(embedded) == 2  # headings are known questions, which have no vectors


def test_whoever_waits_is_told_how_far_it_is(ingest: IngestPipeline, folder: Path) -> None:
    write_document(folder, "voucher", AMOUNT, DEADLINE)
    told: list[tuple[str, int, int]] = []
    ingest.apply(
        ingest.plan([folder]), note="", now=NOW,
        progress=lambda what, done, total: told.append((what, done, total)),
    )  # fmt: skip
    phases = {what: total for what, _, total in told}
    assert list(phases) == ["analysing", "embedding"] and phases["embedding"] == 2
    assert told == [
        (what, done, total) for what, total in phases.items() for done in range(1, total + 1)
    ]


def test_a_newer_notice_of_a_programme_is_proposed_as_superseding(
    ingest: IngestPipeline, folder: Path
) -> None:
    for year in (2025, 2026):
        title = f"{year}년 해외 전시회 단체 참가 지원 공고"
        (folder / f"{year}.md").write_text(f"# {title}\n\n지원합니다.\n", encoding="utf-8")
        (folder / f"{year}.md.meta.yaml").write_text(f"published: {year}-01-20\n")
        notes = ingest.plan([folder]).notes
    (note,) = notes
    assert note.file == "2026.md" and note.remark.render("ko").startswith(
        "「2026년 해외 전시회 단체 참가 지원 공고」가 「2025년 해외 전시회 단체 참가 지원 공고」를 "
        "대신하는 것으로 보입니다."
    )
