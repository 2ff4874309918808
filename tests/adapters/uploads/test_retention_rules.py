"""Which uploads go, and which are still needed. Editions are listed, not stored."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from adapters.uploads.retention import UNDECIDED_UPLOAD_RETENTION, UploadRetention
from adapters.uploads.upload_store import StoredUpload, UploadStore
from ingest.pipeline import IngestPipeline
from ingest.types import Root
from knowledge.catalogue import EditionRow
from knowledge.types import Document, Version
from tests.samples.records import NOW

WEEK_SECONDS = UNDECIDED_UPLOAD_RETENTION.total_seconds()
WHO = "telegram-1"


def make_edition(number: int, upload: str = "", active: bool = False) -> EditionRow:
    """An edition, made of the upload with the token `upload` where one is named."""
    note = "공고.pdf" if upload else "naru ingest"
    index = f"edition-{number}"
    return EditionRow(number, NOW, note, {}, "hashing", index, active, upload=upload or None)


def make_version(name: str, digest: str = "d1") -> Version:
    document = Document(name, name, "나루청", "ko", "")
    return Version(document, digest, f"uploads/{WHO}/{name}", name, ())


@dataclass
class ListedEditions:
    """A pipeline and its catalogue: editions with their versions, and which are pruned."""

    versions: dict[int, list[Version]]
    editions: list[EditionRow] = field(default_factory=list)
    to_prune: tuple[int, ...] = ()

    @property
    def catalogue(self) -> ListedEditions:
        return self

    def list_editions(self) -> list[EditionRow]:
        return self.editions

    def load_versions(self, number: int) -> list[Version]:
        return self.versions[number]

    def prune(self, keep: int) -> list[EditionRow]:
        dropped = [row for row in self.editions if row.id in self.to_prune]
        self.editions = [row for row in self.editions if row.id not in self.to_prune]
        return dropped


@pytest.fixture
def uploads(tmp_path: Path) -> UploadStore:
    return UploadStore(tmp_path / "uploads", lambda _: b"")


def keep_upload(uploads: UploadStore, token: str, days: float = 0, name: str = "a.pdf") -> None:
    """An upload of one document that came `days` ago."""
    root = Root(uploads.root_folder / WHO / token / name, f"uploads/{WHO}/{name}")
    uploads.write_manifest(WHO, token, StoredUpload((root,), ()))
    age_upload(uploads, token, days)


def age_upload(uploads: UploadStore, token: str, days: float) -> None:
    then = time.time() - days * 24 * 3600
    os.utime(uploads.root_folder / WHO / token, (then, then))


def make_retention(
    uploads: UploadStore, editions: ListedEditions, pending: Collection[str] = ()
) -> UploadRetention:
    return UploadRetention(cast(IngestPipeline, editions), uploads, lambda: pending)


def tokens_of(uploads: UploadStore) -> list[str]:
    return [token for _, token in uploads.list_uploads()]


def test_an_upload_is_undecided_for_a_week() -> None:
    assert WEEK_SECONDS == 7 * 24 * 3600


@pytest.mark.parametrize(
    ("days", "pending", "applied", "stays"),
    [
        (6.9, (), False, True),
        (7.1, (), False, False),
        (7.1, ("t1",), False, True),  # a task is about to work on it
        (7.1, ("t2",), False, False),
        (7.1, (), True, True),
    ],
)
def test_an_upload_that_no_one_applied_goes_after_a_week(
    uploads: UploadStore, days: float, pending: tuple[str, ...], applied: bool, stays: bool
) -> None:
    keep_upload(uploads, "t1", days)
    editions = ListedEditions({1: []}, [make_edition(1, "t1" if applied else "t")])
    make_retention(uploads, editions, pending).expire_uploads()
    assert tokens_of(uploads) == (["t1"] if stays else [])


def test_an_upload_whose_edition_is_dropped_is_still_known_to_be_applied(
    uploads: UploadStore,
) -> None:
    keep_upload(uploads, "t1")
    kept = uploads.find_upload(WHO, "t1")
    assert kept
    uploads.write_manifest(WHO, "t1", StoredUpload(kept.roots, (), (("o", "d"),)))
    age_upload(uploads, "t1", 30)
    make_retention(uploads, ListedEditions({})).expire_uploads()
    assert tokens_of(uploads) == ["t1"]


def test_what_a_kill_left_of_an_upload_goes_after_a_week(uploads: UploadStore) -> None:
    for token, days in (("new", 1.0), ("old", 8.0)):
        (uploads.root_folder / WHO / token).mkdir(parents=True)
        age_upload(uploads, token, days)
    make_retention(uploads, ListedEditions({})).expire_uploads()
    assert tokens_of(uploads) == ["new"]


def test_pruning_says_what_it_dropped_and_keeps_what_an_edition_still_has(
    uploads: UploadStore,
) -> None:
    """Edition 1 was made of t1 and edition 2 of t2; edition 2 has both documents."""
    keep_upload(uploads, "t1", name="a.pdf")
    keep_upload(uploads, "t2", name="b.pdf")
    first, second = make_version("a.pdf"), make_version("b.pdf")
    editions = ListedEditions(
        {1: [first], 2: [first, second]},
        [make_edition(1, "t1"), make_edition(2, "t2", active=True)],
        to_prune=(1,),
    )
    dropped = make_retention(uploads, editions).prune_editions(0)
    assert [row.id for row in dropped] == [1] and tokens_of(uploads) == ["t1", "t2"]
    kept = uploads.find_upload(WHO, "t1")
    assert kept and kept.applied_versions == ((first.origin, first.digest),)


@pytest.mark.parametrize("later", [[], [make_version("a.pdf", "d2")]])
def test_pruning_drops_the_upload_whose_document_no_edition_has(
    uploads: UploadStore, later: list[Version]
) -> None:
    """Neither a withdrawn document nor another version of it holds the upload."""
    keep_upload(uploads, "t1")
    keep_upload(uploads, "t9", days=1)  # still to be decided
    editions = ListedEditions(
        {1: [make_version("a.pdf")], 2: later},
        [make_edition(1, "t1"), make_edition(2, active=True)],
        to_prune=(1,),
    )
    make_retention(uploads, editions).prune_editions(0)
    assert tokens_of(uploads) == ["t9"]


def test_what_an_upload_became_is_written_once(uploads: UploadStore) -> None:
    keep_upload(uploads, "t1")
    row = make_edition(1, "t1", active=True)
    editions = ListedEditions({1: [make_version("a.pdf"), make_version("other.pdf")]}, [row])
    retention = make_retention(uploads, editions)
    retention.prune_editions(1)
    became = uploads.find_upload(WHO, "t1")
    assert became and became.applied_versions == ((f"uploads/{WHO}/a.pdf", "d1"),)
    editions.versions[1] = [make_version("a.pdf", "d1"), make_version("a.pdf", "d2")]
    retention.prune_editions(1)
    assert uploads.find_upload(WHO, "t1") == became
