"""The nouns of the sources: Document, Passage, Citation, Answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Language = Literal["ko", "en", "vi"]
LANGUAGES: tuple[Language, ...] = ("ko", "en", "vi")

Verdict = Literal[
    "answered", "no_evidence", "expired", "out_of_scope", "clarify", "sealed", "failed"
]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement was read: a public URL and the date printed there.

    `published` is an ISO 8601 date of the precision the source has ("2025-12-24", "2025-12",
    "2016"), or None where the source carries no date.
    """

    url: str
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One policy document or FAQ as its issuer published it, without its passages."""

    id: str
    title: str
    issuer: str
    language: Language
    url: str
    published: str | None = None
    effective_from: date | None = None
    expires: date | None = None
    supersedes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    audience: str = "founder"
    translation_of: str | None = None
    inferred: tuple[str, ...] = ()

    @property
    def base_id(self) -> str:
        """The id that a document shares with its translations."""
        return self.translation_of or self.id

    def is_in_force(self, day: date) -> bool:
        """Whether the document may answer on `day`; the last day of `expires` still counts."""
        return self.has_begun(day) and (self.expires is None or day <= self.expires)

    def has_begun(self, day: date) -> bool:
        """Whether the document is or was in force by `day`."""
        return self.effective_from is None or self.effective_from <= day


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a Document small enough to be found alone.

    `heading` is the path from the title down; `ord` its place in the document, from 0; `asked`
    other ways to ask what it answers, to find it by and never to quote; `unanswered` what is
    asked near it and no document answers, to tell it apart by; `digest` the sha256 of what is
    indexed, so that equal text is never analysed twice.
    """

    document: Document
    ord: int
    heading: tuple[str, ...]
    text: str
    digest: str
    sources: tuple[Source, ...] = ()
    page: int | None = None
    asked: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def text_with_headings(self) -> str:
        """What it says: its headings and its text."""
        return "\n".join((*self.heading, self.text))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a Document with its passages, as an ingest of `origin` found it in `file`.

    `digest` is the sha256 of everything that answers may use; `pk` its key once it is stored.
    """

    document: Document
    digest: str
    origin: str
    file: str
    passages: tuple[Passage, ...]
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class IngestedFile:
    """A file as it was taken into the library: `key` is the sha256 of all that the version was
    made of, `document` and `digest` name the version, `note` is what the admin should know of it,
    as ingest wrote it down, or ""."""

    origin: str
    file: str
    key: str
    document: str
    digest: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A Passage an answer used, with the exact quote.

    `checked` is the day its source was last read, where that is longer ago than it should be.
    """

    document: str
    title: str
    heading: tuple[str, ...]
    issuer: str
    url: str
    published: str | None
    effective_from: date | None
    expires: date | None
    page: int | None
    inferred: tuple[str, ...]
    quote: str
    language: Language
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange that a follow-up question may lean on."""

    question: str
    answer: str
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in which language, after what, and as of when.

    `place_words` are the words of the text that name a place: who routes knows them, and a
    library that does not mention the town is not the worse for it.
    """

    text: str
    language: Language
    as_of: datetime
    history: tuple[Exchange, ...] = ()
    place_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One passage that was looked at, and how well it fits; what `/why` shows."""

    passage: Passage
    score: float
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sources say to one question; a verdict other than `answered` is a result too.

    `terms` are key words of quotes in another language, as quoted → in the asker's language.
    """

    verdict: Verdict
    language: Language
    text: str
    confidence: float
    edition: int | None
    citations: tuple[Citation, ...] = ()
    findings: tuple[Finding, ...] = ()
    query: str = ""
    key_terms: Mapping[str, str] = field(default_factory=dict)
