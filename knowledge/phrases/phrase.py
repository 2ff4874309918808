"""The records of known questions that grow by use, and when two of them are the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from knowledge.text.language import normalise_letters
from knowledge.types import Language

EvidenceSource = Literal["chosen", "confirmed", "staff"]
EVIDENCE_SOURCES: tuple[EvidenceSource, ...] = ("staff", "confirmed", "chosen")  # the surest first
PhraseOrigin = Literal["asked", "generated"]
PHRASE_ORIGINS: tuple[PhraseOrigin, ...] = ("asked", "generated")
PHRASE_ID_LENGTH = 12  # hex digits; thousands of proposals, and short enough to type


@dataclass(frozen=True, slots=True)
class SectionName:
    """A section by its document's id and its heading path, which hold in later editions."""

    document: str
    heading: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """That a section answered a question: a founder chose it among offers or confirmed the answer, or
    staff named it in theirs. The question has no personal data; `conversation` is whose it was."""

    conversation: str
    language: Language
    question: str
    document: str
    heading: tuple[str, ...]
    source: EvidenceSource = "chosen"

    @property
    def section(self) -> SectionName:
        """The section."""
        return SectionName(self.document, self.heading)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A known question of a section: people asked it, or a model wrote it."""

    section: SectionName
    text: str
    origin: PhraseOrigin


def identify_phrase(section: SectionName, text: str) -> str:
    """The id of a question to a section: equal for the same letters, whatever case, marks and spaces.
    It does not give the question away."""
    parts = (section.document, *section.heading, normalise_letters(text).strip())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:PHRASE_ID_LENGTH]
