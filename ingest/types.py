"""The nouns of ingest: Skipped, Change, Plan, Read, Member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from knowledge.types import Version

ChangeKind = Literal["created", "updated", "unchanged", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not taken, and why: a sentence for the admin."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one document."""

    kind: ChangeKind
    version: Version


@dataclass(frozen=True, slots=True)
class Plan:
    """What an ingest would do: the changes, the files it skips, the passages it embeds."""

    changes: tuple[Change, ...]
    skipped: tuple[Skipped, ...]
    to_embed: int

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
    def changes_anything(self) -> bool:
        return any(change.kind != "unchanged" for change in self.changes)


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: its text as Markdown, and what it says of itself.

    `properties` may hold title, author, issuer, created and modified as the file gives them, and
    `note`: a sentence for the admin. A line `<!-- page 3 -->` comes before what stands on page 3.
    `kind` is its format by its bytes: text, csv, html, hwp, hwpx, hwpml, pdf, docx, xlsx, pptx.
    """

    markdown: str
    properties: Mapping[str, str]
    kind: str


@dataclass(frozen=True, slots=True)
class Member:
    """A document by its name; `data` where it is in an archive, `why` where it cannot be taken."""

    name: str
    data: bytes | None = None
    why: str = ""
