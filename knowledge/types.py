"""The nouns of the sources: Document, Passage, Citation, Answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

KOREA = ZoneInfo("Asia/Seoul")

Language = Literal["ko", "en", "vi"]
LANGUAGES: tuple[Language, ...] = ("ko", "en", "vi")
LANGUAGE_NAMES: dict[Language, str] = {"ko": "Korean", "en": "English", "vi": "Vietnamese"}

SHIPPED_ORIGIN = "shipped"  # of versions that come with Naru; all others an admin brought

Verdict = Literal[
    "answered", "offered", "no_evidence", "expired", "out_of_scope", "sealed", "failed"
]

# What a language model did to find the sections: it was not asked, chose some, found some by other
# words, chose none, or failed, and then nothing changed.
ModelOutcome = Literal["not_asked", "chosen", "reworded", "none", "failed"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement was found: a public URL and the date printed there.

    `published` is an ISO 8601 date of the precision the source has ("2025-12-24", "2025-12",
    "2016"), or None where the source carries no date.
    """

    url: str
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One policy document or FAQ as its issuer published it, without its passages.

    `published` is an ISO 8601 date of the precision the source has. `effective_from` and
    `expires` are the first and the last day it is in force, None for no limit. `supersedes` are
    ids of documents it replaces. `translation_of` is the id of the original, None for an original.
    `inferred` names the fields that were not declared but derived from the text.
    """

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
        """Whether `day` is in the period of the document; the day of `expires` still counts."""
        return self.has_begun(day) and (self.expires is None or day <= self.expires)

    def was_published(self, day: date) -> bool:
        """Whether the document was published by `day`, as far as its date is known."""
        published = self.published or ""
        return published <= day.isoformat()[: len(published)]

    def has_begun(self, day: date) -> bool:
        """Whether the document is in force on `day` or was before."""
        return self.effective_from is None or self.effective_from <= day


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a Document small enough to be found alone.

    `heading` is the path from the title down, at least the title. `ord` is its place in the
    document, from 0. `page` is the page of the file, from 1, None where the format has none.
    `asked` are other wordings of the question it answers: for search, never quoted. `unanswered`
    are similar questions that no document answers, to tell them apart. `phrases` are further
    wordings that an admin approved: for search, never shown. `digest` is the sha256 of what is
    indexed.
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
    phrases: tuple[str, ...] = ()

    @property
    def text_with_headings(self) -> str:
        """The headings and the text, one below the other."""
        return "\n".join((*self.heading, self.text))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a Document with its passages, as an ingest of `origin` found it in `file`.

    `digest` is the sha256 of everything that answers may use. `pk` is its key in the catalogue,
    None before it is stored.
    """

    document: Document
    digest: str
    origin: str
    file: str
    passages: tuple[Passage, ...]
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class IngestedFile:
    """A file that was read into the library.

    `key` is the sha256 of everything the version was made of; `document` and `digest` name the
    version. `note` is ingest's remark for the admin as JSON, "" for none.
    """

    origin: str
    file: str
    key: str
    document: str
    digest: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A Passage an answer used, with the exact quote; most fields are those of its Document.

    `checked` is the day its source was last read where that is too long ago, else None; `newer` is
    the title of the newer notice of the same programme, "" if this is the newest.
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
    newer: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question with its answer, which a follow-up question may refer to; `documents`
    are the ids of the documents it cited or offered, `sections` those it quoted: the document's id
    and then its headings."""

    question: str
    answer: str
    documents: tuple[str, ...] = ()
    sections: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """An answer whose button `token` says that it was the right one: the question in its founder's own
    words, without personal data, and the section that answered it."""

    token: str
    language: Language
    question: str
    document: str
    heading: tuple[str, ...]


def find_korean_day(moment: datetime) -> date:
    """The date in Korea at `moment`, which has a time zone: documents are dated, and hold, by it."""
    return moment.astimezone(KOREA).date()


@dataclass(frozen=True, slots=True)
class Question:
    """A question in its context: language, moment (with time zone) and earlier exchanges.

    `place_words` are the words of the text that name a place. A passage that does not mention
    them is not judged less likely to answer. `quotes_only` says that no language model may see it.
    `is_follow_up` says whether it leans on the history; None: that is told by its words. `subject`
    is what the talk began with, "" where it begins with this question.
    """

    text: str
    language: Language
    as_of: datetime
    history: tuple[Exchange, ...] = ()
    place_words: tuple[str, ...] = ()
    quotes_only: bool = False
    is_follow_up: bool | None = None
    subject: str = ""

    @property
    def day(self) -> date:
        """The day that a document must hold on to answer it."""
        return find_korean_day(self.as_of)


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage that was considered, its confidence (0 to 1) and the features; `/why` shows it."""

    passage: Passage
    score: float
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """A section to choose where it is likely, but not sure, that it answers.

    `document` and `heading` (the path from the title down) name the section: they hold in later
    editions as well, as long as the section is there. `label` is what to show: its last heading or,
    where that is in another language than the asker's, a known question of it in theirs.
    `confidence` is 0 to 1.
    """

    document: str
    title: str
    heading: tuple[str, ...]
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sources say about one question; not answering is a verdict, not an error.

    `confidence` is 0 to 1. `edition` is None where no edition was asked. `query` is the text that
    was searched for. `key_terms` are key words of quotes in another language, as quoted → in the
    asker's language. `offers` are up to three sections to choose from, the likeliest first, under
    the verdict "offered" only. `model_outcome` is what a language model did to find the sections.
    `silent` is the title of the document spoken of where it does not state what a follow-up asks;
    `is_again` says that the question before was asked again, for another place or year.
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
    offers: tuple[Offer, ...] = ()
    model_outcome: ModelOutcome = "not_asked"
    silent: str = ""
    is_again: bool = False
