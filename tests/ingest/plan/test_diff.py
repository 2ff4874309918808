"""What becomes of each document between two editions, without a store."""

from __future__ import annotations

import pytest

from ingest.plan.diff import diff_versions
from knowledge.types import Document, Version


def make_version(
    id: str, digest: str = "1", origin: str = "docs", file: str | None = None
) -> Version:
    return Version(
        Document(id, id, "", "ko", ""), digest, origin, f"{id}.md" if file is None else file, ()
    )


A, B = make_version("a"), make_version("b")


def list_changes(
    present: list[Version],
    found: list[Version],
    unread: set[tuple[str, str]],
    roots: frozenset[str] = frozenset({"docs"}),
) -> list[tuple[str, str]]:
    changes = diff_versions(present, found, set(roots), unread)
    return [(change.kind, change.version.document.id) for change in changes]


@pytest.mark.parametrize(
    ("present", "found", "changes"),
    [
        ([], [], []),
        ([], [A], [("created", "a")]),
        ([A], [A], [("unchanged", "a")]),
        ([A], [make_version("a", "2")], [("updated", "a")]),
        ([A], [make_version("a", origin="other")], [("updated", "a")]),
        ([A], [make_version("a", file="moved.md")], [("unchanged", "a")]),
        ([A], [], [("withdrawn", "a")]),
        ([A, B], [make_version("c"), B],
         [("created", "c"), ("unchanged", "b"), ("withdrawn", "a")]),
        ([make_version("a", origin="elsewhere")], [], [("unchanged", "a")]),
    ],
    ids=["nothing", "new", "same", "new text", "new origin", "moved", "gone", "several",
         "another origin"],
)  # fmt: skip
def test_what_becomes_of_each_document(
    present: list[Version], found: list[Version], changes: list[tuple[str, str]]
) -> None:
    assert list_changes(present, found, set()) == changes


@pytest.mark.parametrize(
    ("file", "unread", "kind"),
    [
        ("a.md", ("docs", "a.md"), "unchanged"),
        ("a.md", ("docs", "b.md"), "withdrawn"),
        ("a.md", ("other", "a.md"), "withdrawn"),
        ("all.zip/in/a.md", ("docs", "all.zip"), "unchanged"),
        ("all.zip/in/a.md", ("docs", "all.zip/in"), "unchanged"),
        ("all.zip/in/a.md", ("docs", "all"), "withdrawn"),
    ],
)
def test_a_document_stays_while_its_file_cannot_be_read(
    file: str, unread: tuple[str, str], kind: str
) -> None:
    assert list_changes([make_version("a", file=file)], [], {unread}) == [(kind, "a")]


def test_an_unchanged_document_keeps_the_stored_version() -> None:
    stored = make_version("a", file="old.md")
    (change,) = diff_versions([stored], [make_version("a", file="new.md")], {"docs"}, set())
    assert change.version is stored
