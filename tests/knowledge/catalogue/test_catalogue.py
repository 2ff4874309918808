"""The library's tables on both databases: versions, editions, and what is never made twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, event, text

from knowledge.catalogue import Catalogue, open_engine
from knowledge.catalogue.catalogue import KEYS_PER_QUERY
from knowledge.errors import LibraryMissing, StoreUnavailable
from knowledge.types import Document, IngestedFile, Passage, Source, Version
from tests.harness.databases import DATABASE_KINDS, create_fresh_database

NOW = datetime.fromisoformat("2026-11-21T10:00+09:00")
NOTICE = Document(
    id="voucher-2026", title="수출바우처 2026년 1차", issuer="중소벤처기업부", language="ko",
    url="https://example.org/voucher", published="2025-12", effective_from=date(2025, 12, 12),
    expires=date(2026, 1, 9), supersedes=("voucher-2025",), topics=("voucher", "finance"),
    audience="founder", translation_of="voucher", inferred=("published",),
)  # fmt: skip


@pytest.fixture(params=DATABASE_KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with create_fresh_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def catalogue(engine: Engine) -> Catalogue:
    return Catalogue(engine)


def make_version(id: str, *texts: str, digest: str = "d1", origin: str = "shipped") -> Version:
    document = replace(NOTICE, id=id)
    passages = tuple(
        Passage(
            document=document, ord=number, heading=(id, "얼마?"), text=text, digest=f"sha-{text}",
            sources=(Source("https://example.org/a", "2025"), Source("https://example.org/b")),
            page=3, asked=("얼마 줘요", "how much"), unanswered=("내년은요",),
        )
        for number, text in enumerate(texts)
    )  # fmt: skip
    return Version(document, digest, origin, f"{id}.md", passages)


def publish_edition(catalogue: Catalogue, *versions: Version, note: str = "test") -> int:
    kept = catalogue.add_versions(versions)
    return catalogue.publish_edition(
        [one.pk for one in kept if one.pk is not None],
        note=note, counts={"created": len(kept)}, embedder="m", index_name=f"edition-{note}",
        now=NOW,
    )  # fmt: skip


def list_document_ids(catalogue: Catalogue, edition: int) -> list[str]:
    return [one.document.id for one in catalogue.load_versions(edition)]


def test_nothing_answers_before_the_first_edition(catalogue: Catalogue) -> None:
    catalogue.add_versions([make_version("a", "text")])
    assert catalogue.get_active_edition() is None
    assert catalogue.list_editions() == []


def test_a_version_comes_back_as_it_was_read(catalogue: Catalogue) -> None:
    bare = Version(Document("b", "B", "", "en", ""), "d", "/somewhere", "b.md", ())
    number = publish_edition(catalogue, make_version("a", "3천만 원", "1억 원"), bare)
    kept = catalogue.load_versions(number)
    assert [replace(one, pk=None) for one in kept] == [
        make_version("a", "3천만 원", "1억 원"),
        bare,
    ]
    assert all(one.pk is not None for one in kept)


def test_an_edition_answers_as_soon_as_it_is_published(catalogue: Catalogue) -> None:
    first = publish_edition(catalogue, make_version("a", "one"), note="one")
    second = publish_edition(
        catalogue, make_version("a", "two", digest="d2"), make_version("b", "x"), note="two"
    )
    assert (catalogue.get_active_edition(), second > first) == (second, True)
    assert [row.active for row in catalogue.list_editions()] == [True, False]
    row = catalogue.find_edition(second)
    assert (row.note, row.counts, row.embedder, row.index_name, row.created_at) == (
        "two", {"created": 2}, "m", "edition-two", NOW,
    )  # fmt: skip
    assert (list_document_ids(catalogue, first), list_document_ids(catalogue, second)) == (
        ["a"],
        ["a", "b"],
    )


def test_a_version_is_stored_once(catalogue: Catalogue) -> None:
    (first,) = catalogue.add_versions([make_version("a", "text")])
    (again,) = catalogue.add_versions([make_version("a", "text")])
    (other,) = catalogue.add_versions([make_version("a", "text", origin="/elsewhere")])
    (changed,) = catalogue.add_versions([make_version("a", "text", digest="d2")])
    assert first.pk == again.pk
    assert len({first.pk, other.pk, changed.pk}) == 3
    assert catalogue.count_rows()["passages"] == 3


def test_a_version_that_came_from_here_is_not_written_again(
    engine: Engine, catalogue: Catalogue
) -> None:
    catalogue.add_versions([make_version(f"{n}", "text") for n in range(20)])
    number = publish_edition(catalogue, *(make_version(f"{n}", "text") for n in range(20)))
    kept = catalogue.load_versions(number)
    written: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: written.append(said[2]))
    again = catalogue.add_versions([make_version("new", "text"), *kept])
    assert [one.pk for one in again[:-1]] == [one.pk for one in kept]
    assert len([one for one in written if "documents" in one]) == 1, written


def test_versions_come_in_the_order_in_which_an_edition_lists_them(catalogue: Catalogue) -> None:
    catalogue.add_versions([make_version("z", "old")])
    kept = catalogue.add_versions(
        [make_version("a", "new"), make_version("z", "old"), make_version("b", "new")]
    )
    number = catalogue.publish_edition(
        [one.pk for one in kept if one.pk], note="", counts={}, embedder="m", index_name="i",
        now=NOW,
    )  # fmt: skip
    assert (
        [one.document.id for one in kept] == list_document_ids(catalogue, number) == ["z", "a", "b"]
    )


def test_rollback_points_back_and_changes_nothing_else(catalogue: Catalogue) -> None:
    first = publish_edition(catalogue, make_version("a", "one"))
    second = publish_edition(catalogue, make_version("b", "two"))
    catalogue.activate_edition(first)
    assert (catalogue.get_active_edition(), list_document_ids(catalogue, second)) == (first, ["b"])
    catalogue.activate_edition(second)
    assert catalogue.get_active_edition() == second
    with pytest.raises(LibraryMissing, match="naru editions"):
        catalogue.activate_edition(99)
    assert catalogue.get_active_edition() == second


def test_pruning_drops_what_only_dropped_editions_used(catalogue: Catalogue) -> None:
    first = publish_edition(catalogue, make_version("a", "one"), make_version("b", "shared"))
    second = publish_edition(catalogue, make_version("b", "shared"), make_version("c", "two"))
    third = publish_edition(catalogue, make_version("c", "two"), make_version("d", "three"))
    catalogue.activate_edition(first)
    catalogue.add_vectors("m", {"sha-two": np.ones(3, np.float32)})
    assert [row.id for row in catalogue.prune_editions({third})] == [second]
    assert [row.id for row in catalogue.list_editions()] == [third, first]
    assert (list_document_ids(catalogue, first), list_document_ids(catalogue, third)) == (
        ["a", "b"],
        ["c", "d"],
    )
    assert catalogue.count_rows() == {"documents": 4, "passages": 4, "vectors": 1, "editions": 2}
    assert [row.id for row in catalogue.prune_editions(set())] == [third]
    assert catalogue.count_rows()["documents"] == 2


def test_pruning_drops_what_is_recorded_of_files_whose_versions_are_gone(
    catalogue: Catalogue,
) -> None:
    old, new = make_version("a", "one"), make_version("a", "two", digest="d2")
    first = publish_edition(catalogue, old)
    files = [
        IngestedFile("/docs", name, "key", "a", version.digest, "")
        for name, version in (("old.md", old), ("new.md", new))
    ]
    publish_edition(catalogue, new)
    catalogue.file_index.save_files(files)
    catalogue.prune_editions({first})
    assert len(catalogue.file_index.find_files(["/docs"])) == 2
    catalogue.prune_editions(set())
    assert list(catalogue.file_index.find_files(["/docs"]).values()) == files[1:]


def test_a_pruned_edition_s_number_is_never_given_again(catalogue: Catalogue) -> None:
    first = publish_edition(catalogue, make_version("a", "one"))
    second = publish_edition(catalogue, make_version("b", "two"))
    catalogue.activate_edition(first)
    catalogue.prune_editions(set())
    assert publish_edition(catalogue, make_version("b", "two")) > second


def test_an_index_that_was_rebuilt_is_named_without_a_new_edition(catalogue: Catalogue) -> None:
    number = publish_edition(catalogue, make_version("a", "one"))
    old = catalogue.find_edition(number).index_name
    for embedder, name in (("m2", "edition-new"), ("m3", "of-another-process")):
        catalogue.index_builds.start_build(name, "me")
        catalogue.replace_index(number, old=old, embedder=embedder, index_name=name)
    row = catalogue.find_edition(number)
    assert (row.embedder, row.index_name, row.active) == ("m2", "edition-new", True)
    assert catalogue.index_builds.list_names() == {"of-another-process"}


def test_vectors_come_back_bit_for_bit_by_model(catalogue: Catalogue) -> None:
    random = np.random.default_rng(7)
    kept = {f"{n}": random.normal(size=4).astype(np.float32) for n in range(2 * KEYS_PER_QUERY + 1)}
    catalogue.add_vectors("m", kept)
    catalogue.add_vectors("other", {"0": np.zeros(4, np.float32)})
    found = catalogue.load_vectors([*kept, "unknown"], "m")
    assert found.keys() == kept.keys()
    assert all(np.array_equal(found[key], kept[key]) for key in kept)
    assert list(catalogue.load_vectors(["0", "1"], "other")) == ["0"]


def test_terms_come_back_in_order_by_analyser(catalogue: Catalogue) -> None:
    catalogue.add_terms("kiwi", {"a": ["수출", "바우처", "수출"], "b": []})
    assert catalogue.load_terms(["a", "b", "c"], "kiwi") == {
        "a": ["수출", "바우처", "수출"],
        "b": [],
    }
    assert catalogue.load_terms(["a"], "kiwi 2") == {}


def test_what_was_kept_first_stays(catalogue: Catalogue) -> None:
    for value in (1.0, 2.0):
        catalogue.add_vectors("m", {"a": np.full(2, value, np.float32)})
        catalogue.add_terms("kiwi", {"a": [str(value)]})
    assert catalogue.load_vectors(["a"], "m")["a"].tolist() == [1.0, 1.0]
    assert catalogue.load_terms(["a"], "kiwi") == {"a": ["1.0"]}


def run_concurrently(catalogue: Catalogue, work: Sequence[str]) -> None:
    """Several processes keep the same things at the same moment."""
    together = threading.Barrier(3)

    def keep(_: int) -> None:
        for key in work:
            together.wait(20)
            catalogue.add_versions([make_version(key, "text")])
            catalogue.add_vectors("m", {key: np.ones(2, np.float32)})
            catalogue.add_terms("kiwi", {key: [key]})

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(keep, range(3)))


def test_processes_that_keep_the_same_at_once_keep_it_once(catalogue: Catalogue) -> None:
    run_concurrently(catalogue, [f"doc-{n}" for n in range(10)])
    assert catalogue.count_rows() == {"documents": 10, "passages": 10, "vectors": 10, "editions": 0}


def test_processes_that_publish_first_editions_at_once_leave_one_in_force(
    catalogue: Catalogue,
) -> None:
    (kept,) = catalogue.add_versions([make_version("a", "text")])
    assert kept.pk is not None
    keys = [kept.pk]

    def make(note: str) -> int:
        return catalogue.publish_edition(
            keys, note=note, counts={}, embedder="m", index_name=note, now=NOW
        )  # fmt: skip

    with ThreadPoolExecutor(3) as pool:
        numbers = list(pool.map(make, ["one", "two", "three"]))
    assert catalogue.get_active_edition() in numbers
    assert [row.active for row in catalogue.list_editions()].count(True) == 1
    assert all(list_document_ids(catalogue, number) == ["a"] for number in numbers)


def test_a_library_that_cannot_be_read_is_a_sentence(catalogue: Catalogue, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE active_edition"))
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        catalogue.get_active_edition()
