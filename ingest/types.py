"""The nouns of ingest: Root, Listed, Skipped, Note, Change, Plan, Read, Member."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from ingest.remarks import Remark
from knowledge.types import IngestedFile, Language, Version

Progress = Callable[[str, int, int], None]  # what, done, of how many
SourceKind = Literal["folder", "url", "rss"]
ChangeKind = Literal["created", "updated", "unchanged", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Root:
    """A file or folder to ingest, and what its documents are remembered to have come from.

    `language` is that of the documents that do not say theirs; otherwise it is detected.
    """

    path: Path
    origin: str
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """A source as sources.yaml lists it: read once in `every`; what was last read longer than
    `max_age` ago is said to be unchecked. `place` is a folder or an address."""

    name: str
    owner: str
    kind: SourceKind
    place: str
    every: timedelta
    max_age: timedelta
    language: Language | None = None

    @property
    def origin(self) -> str:
        """What its documents are remembered to have come from."""
        return f"source:{self.name}"


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not taken, and why."""

    file: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class FileNote:
    """A file that was taken, and what the admin should know of it: which pages were not read."""

    file: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one document."""

    kind: ChangeKind
    version: Version


@dataclass(frozen=True, slots=True)
class Plan:
    """What an ingest would do: the changes, the files it skips, the passages it embeds.

    `base` is the edition it was made against; None where there was none. `notes` are of files
    that were taken; `taken` is what to remember of those that were read.
    """

    changes: tuple[Change, ...]
    skipped: tuple[SkippedFile, ...]
    to_embed: int
    base: int | None = None
    notes: tuple[FileNote, ...] = ()
    file_records: tuple[IngestedFile, ...] = ()

    def versions(self) -> list[Version]:
        """The library as it will be."""
        return [change.version for change in self.changes if change.kind != "withdrawn"]

    def counts(self) -> dict[str, int]:
        """Documents by what happens to them, files skipped, passages to embed."""
        kinds: tuple[ChangeKind, ...] = ("created", "updated", "unchanged", "withdrawn")
        counted: dict[str, int] = {
            kind: sum(c.kind == kind for c in self.changes) for kind in kinds
        }
        return {**counted, "skipped": len(self.skipped), "to_embed": self.to_embed}

    @property
    def has_changes(self) -> bool:
        return any(change.kind != "unchanged" for change in self.changes)


@dataclass(frozen=True, slots=True)
class ConvertedFile:
    """What a file says: its text as Markdown, and what it says of itself.

    `properties` may hold title, author, issuer, created and modified as the file gives them;
    `note` is what the admin should know. A line `<!-- page 3 -->` comes before what stands on
    page 3. `kind` is its format by its bytes: text, csv, html, hwp, hwpx, hwpml, pdf, docx, xlsx, pptx.
    """

    markdown: str
    properties: Mapping[str, str]
    kind: str
    note: Remark | None = None


@dataclass(frozen=True, slots=True)
class CandidateFile:
    """A document by its name; `data` where it is in an archive, with what its side-car says there
    in `side`; `why` where it cannot be taken."""

    name: str
    data: bytes | None = None
    sidecar: Mapping[str, Any] = field(default_factory=dict)
    remark: Remark | None = None
