"""Records of ingest: roots and sources, files that were converted or skipped, changes and plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from ingest.remarks import Remark
from knowledge.types import IngestedFile, Language, Version

Progress = Callable[[str, int, int], None]  # step, items done, items in all
SourceKind = Literal["folder", "url", "rss"]
ChangeKind = Literal["created", "updated", "unchanged", "withdrawn"]


@dataclass(frozen=True, slots=True)
class FetchedIdentity:
    """What the admin says of files that were fetched: nothing in them says whose they are.

    `id_prefix` begins the ids of their documents; `issuer` is "" if it is not known.
    """

    id_prefix: str
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Root:
    """A file or folder to ingest, and the origin that is stored with its documents.

    `language` is used for documents that do not declare theirs; None means it is detected.
    `fetched` is the identity of files that came from the web, None for the admin's own files.
    """

    path: Path
    origin: str
    language: Language | None = None
    fetched: FetchedIdentity | None = None


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """A source as listed in sources.yaml.

    It is read once in `every`; documents last read more than `max_age` ago count as unchecked.
    `place` is an absolute path or an address; `language` is None where it is detected.
    `issuer` and `id_prefix` (its name, if empty) are those of the documents that it fetches;
    entries on `hosts` are as good as entries on the host of `place`.
    """

    name: str
    owner: str
    kind: SourceKind
    place: str
    every: timedelta
    max_age: timedelta
    language: Language | None = None
    issuer: str = ""
    id_prefix: str = ""
    hosts: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The origin that is stored with its documents."""
        return f"source:{self.name}"

    @property
    def fetched(self) -> FetchedIdentity | None:
        """The identity of what it fetches; None for a folder, whose files say it themselves."""
        if self.kind == "folder":
            return None
        return FetchedIdentity(self.id_prefix or self.name, self.issuer)


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not ingested, and why."""

    file: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class FileNote:
    """A remark about a file that was ingested, such as which pages were not read."""

    file: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one document; `version` is the old one if it is unchanged or withdrawn.
    `before` is the version that an updated document had, else None."""

    kind: ChangeKind
    version: Version
    before: Version | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an ingest would do: changes, skipped files and the number of texts to embed.

    `base` is the edition it was made against, None for an empty library. `notes` are about files
    that are ingested; `file_records` are stored so that unchanged files are not read again.
    """

    changes: tuple[Change, ...]
    skipped: tuple[SkippedFile, ...]
    to_embed: int
    base: int | None = None
    notes: tuple[FileNote, ...] = ()
    file_records: tuple[IngestedFile, ...] = ()

    def versions(self) -> list[Version]:
        """The versions of the planned edition."""
        return [change.version for change in self.changes if change.kind != "withdrawn"]

    def counts(self) -> dict[str, int]:
        """Number of documents for each kind of change, of skipped files and of texts to embed."""
        kinds: tuple[ChangeKind, ...] = ("created", "updated", "unchanged", "withdrawn")
        counted: dict[str, int] = {
            kind: sum(c.kind == kind for c in self.changes) for kind in kinds
        }
        return {**counted, "skipped": len(self.skipped), "to_embed": self.to_embed}

    @property
    def has_changes(self) -> bool:
        """Whether any document is created, updated or withdrawn."""
        return any(change.kind != "unchanged" for change in self.changes)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What the reader of a format returns: Markdown, properties, and remarks for the admin."""

    markdown: str
    properties: Mapping[str, str]
    remarks: Sequence[Remark] = ()


@dataclass(frozen=True, slots=True)
class ConvertedFile:
    """A file as Markdown, with the properties that its format stores.

    A line `<!-- page 3 -->` precedes the text of page 3. `properties` may have the keys title,
    author, issuer, created and modified. `kind` is the detected format: text, csv, html, hwp,
    hwpx, hwpml, pdf, docx, xlsx, pptx. `note` is for the admin, None if there is nothing to say.
    """

    markdown: str
    properties: Mapping[str, str]
    kind: str
    note: Remark | None = None


@dataclass(frozen=True, slots=True)
class CandidateFile:
    """A file that may become a document.

    For a member of an archive `data` holds its bytes and `sidecar` its metadata; otherwise `data`
    is None. `remark` says why it cannot be ingested, None if nothing is wrong so far.
    """

    name: str
    data: bytes | None = None
    sidecar: Mapping[str, Any] = field(default_factory=dict)
    remark: Remark | None = None
