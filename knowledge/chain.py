"""From a question to an Answer: one list of steps, read it aloud.

understand what is asked → retrieve passages → weigh whether they are enough → write from them →
check every sentence → cite where it stands.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from knowledge.answering.quotes import FOREIGN, LIMIT, Quote, extract
from knowledge.answering.writer import ModelWriter
from knowledge.errors import WriterFailed
from knowledge.retrieval.confidence import Coefficients, Grounds, Weighed
from knowledge.retrieval.edition import Edition, Library
from knowledge.retrieval.intents import intents
from knowledge.retrieval.retriever import Hit, Retriever
from knowledge.types import Answer, Citation, Document, Finding, Passage, Question, Verdict

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

log = logging.getLogger(__name__)

CLOSED_LEAD = 0.2  # how much surer than of the best open document one must be of a closed one
BESIDE = 0.5  # how sure of another section one must be, of the surest one, to quote it as well
UNKNOWN = 0.6  # share of a question the library never speaks of, beyond which it cannot answer
DOMAIN = 0.15  # share of a question the library must know for it to be in scope

_LEANS = re.compile(
    r"^\s*(그럼|그러면|그건|그거|그게|그 ?(사업|지원|제도|경우)|거기|이건|이거|그리고|근데|그런데|또|아니면"
    r"|then\b|and\b|what about|how about|so\b|is it|does it|can it|that one|it\b"
    r"|vậy|thế|còn|nó\b|cái đó)",
    re.IGNORECASE,
)
SHORT = 3  # a question of so few terms leans on what was said before


@dataclass(frozen=True, slots=True)
class Draft:
    """What the steps hand on to each other."""

    question: Question
    show: Callable[[str], None] | None = None
    asked: Question | None = None
    edition: Edition | None = None
    hits: tuple[Hit, ...] = ()
    weighed: tuple[Weighed, ...] = ()
    verdict: Verdict = "no_evidence"
    quotes: tuple[Quote, ...] = ()
    wording: tuple[tuple[str, Passage], ...] = ()


class Chain:
    """Answers questions from the library; what `ask` returns is always an Answer."""

    def __init__(
        self,
        library: Library,
        writer: ModelWriter | None = None,
        learned: Coefficients | None = None,
    ) -> None:
        self.library = library
        self._writer = writer
        self._grounds = Grounds(library.glossary, learned)
        self._retriever = Retriever(library.glossary, library.embedder)

    def ask(
        self,
        question: Question,
        show: Callable[[str], None] | None = None,
        edition: Edition | None = None,
    ) -> Answer:
        """What the sources say; `show` is given checked sentences while a model writes. Answers
        from the edition in force, unless another one is given.

        Raises LibraryMissing when there is no edition to answer from.
        """
        return self.steps.invoke(Draft(question, show, edition=edition))

    @cached_property
    def steps(self) -> Runnable[Draft, Answer]:
        from langchain_core.runnables import RunnableLambda

        return (
            RunnableLambda(self._understand)
            | RunnableLambda(self._retrieve)
            | RunnableLambda(self._weigh)
            | RunnableLambda(self._write)
            | RunnableLambda(self._check)
            | RunnableLambda(self._cite)
        )

    def _understand(self, draft: Draft) -> Draft:
        """The question as it is searched: alone, or with what it leans on put before it."""
        question = draft.question
        edition = draft.edition or self.library.current()
        before = question.turns[-1].question if question.turns else question.text
        if before != question.text and self._leans(question):
            question = replace(question, text=f"{before} {question.text}")
        return replace(draft, asked=question, edition=edition)

    def _retrieve(self, draft: Draft) -> Draft:
        assert draft.asked and draft.edition
        return replace(draft, hits=tuple(self._retriever.search(draft.edition, draft.asked)))

    def _weigh(self, draft: Draft) -> Draft:
        """Which verdict the passages carry. Only documents in force may answer."""
        assert draft.asked and draft.edition
        if not draft.hits:
            return draft
        day, edition = draft.asked.as_of.date(), draft.edition
        weighed = self._grounds.weigh(draft.asked, draft.hits)
        opened = [one for one in weighed if edition.in_force(one.hit.passage.document, day)]
        closed = [one for one in weighed if one not in opened]
        best, verdict = _chosen(opened, closed, self._grounds)
        titles = (document.title for document in edition.documents.values())
        if verdict == "answered" and self._grounds.unclear(draft.asked, best, titles):
            verdict = "clarify"
        return replace(draft, weighed=tuple(best), verdict=verdict)

    def _write(self, draft: Draft) -> Draft:
        """Quotes, always; and a model's wording of them where one is set and holds."""
        if draft.verdict not in ("answered", "expired"):
            return draft
        assert draft.asked and draft.edition
        enough = BESIDE * draft.weighed[0].confidence
        hits = [one.hit for one in draft.weighed if one.confidence >= enough]
        document = hits[0].passage.document
        limit = LIMIT if document.language == draft.question.language else FOREIGN
        before = _whether_open(draft.asked, document, draft.edition)
        quotes = tuple(extract(hits, self.library.glossary.analyser, limit, before))
        return replace(draft, quotes=quotes, wording=self._worded(draft, before))

    def _check(self, draft: Draft) -> Draft:
        """A quote that does not stand in its passage to the letter is not said."""
        held = tuple(quote for quote in draft.quotes if quote.text in quote.passage.text)
        if draft.quotes and not held:
            return replace(draft, quotes=(), verdict="failed")
        return replace(draft, quotes=held)

    def _cite(self, draft: Draft) -> Answer:
        assert draft.asked and draft.edition
        text, citations = _cited(draft)
        citations = self._dated(draft.edition, citations, draft.question.as_of)
        return Answer(
            verdict=draft.verdict,
            language=draft.question.language,
            text=text,
            confidence=round(draft.weighed[0].confidence, 3) if draft.weighed else 0.0,
            edition=draft.edition.number,
            citations=citations,
            findings=tuple(
                Finding(one.hit.passage, round(one.confidence, 3), one.features)
                for one in draft.weighed[:5]
            ),
            query=draft.asked.text,
            terms=self._key_terms(draft, text),
        )

    def _key_terms(self, draft: Draft, text: str) -> Mapping[str, str]:
        """The key words of what is quoted in a language that was not asked in."""
        target = draft.question.language
        written = {quote.passage.document.language for quote in draft.quotes} - {target}
        return self.library.glossary.key_terms(text, min(written), target) if written else {}

    def _dated(
        self, edition: Edition, citations: tuple[Citation, ...], as_of: datetime
    ) -> tuple[Citation, ...]:
        """Citations that say of sources unread for too long when they were last read."""
        cited = {one.document for one in citations}
        unchecked = self.library.catalogue.readings.unchecked(edition.number, as_of, cited)
        if not unchecked:
            return citations
        return tuple(replace(one, checked=unchecked.get(one.document)) for one in citations)

    def _leans(self, question: Question) -> bool:
        """Whether a message can only be understood after the one before it."""
        terms = self.library.glossary.analyser.terms(question.text, question.language)
        return bool(_LEANS.match(question.text)) or len(terms) < SHORT

    def _worded(self, draft: Draft, before: Passage | None) -> tuple[tuple[str, Passage], ...]:
        """A model's checked sentences; empty when there is none or it failed the founder."""
        assert draft.asked
        found = [one.hit.passage for one in draft.weighed[:3]]
        first = found[0]
        own = [passage for passage in found if passage.document == first.document]
        passages = list(dict.fromkeys([before, *own] if before else own))
        readable = first.document.language == draft.question.language
        if self._writer is None or draft.verdict != "answered" or not readable:
            return ()
        analyser = self.library.glossary.analyser
        try:
            written = self._writer.write(draft.asked, passages, analyser, draft.show)
        except WriterFailed as error:
            log.warning("writing from quotes instead: %s", error)
            return ()
        return tuple((one.sentence, one.passage) for one in written)


def _chosen(
    opened: list[Weighed], closed: list[Weighed], grounds: Grounds
) -> tuple[list[Weighed], Verdict]:
    """The passages to speak of and the verdict they carry."""
    if max(one.features["coverage"] for one in (*opened, *closed)) <= DOMAIN:
        return opened or closed, "out_of_scope"
    if (opened or closed)[0].features["unknown"] > UNKNOWN:
        return opened or closed, "no_evidence"
    lead = closed[0].confidence - opened[0].confidence if opened and closed else 0.0
    if opened and grounds.enough(opened[0]) and lead < CLOSED_LEAD:
        return opened, "answered"
    if closed and grounds.enough(closed[0]):
        return closed, "expired"
    return opened or closed, "no_evidence"


def _whether_open(question: Question, document: Document, edition: Edition) -> Passage | None:
    """Where a document says whether one can apply now, if that is asked: whatever else of it
    answers, a founder must not learn of a closed programme by its terms."""
    if "open" not in intents(question.text):
        return None
    mine = (one for one in edition.passages if one.document.id == document.id)
    return next((one for one in mine if "open" in intents(one.heading[-1])), None)


def _cited(draft: Draft) -> tuple[str, tuple[Citation, ...]]:
    """The text with its numbers, and the citations they point to; code attaches them."""
    if draft.wording:
        passages = list(dict.fromkeys(passage for _, passage in draft.wording))
        text = " ".join(f"{s} [{passages.index(p) + 1}]" for s, p in draft.wording)
        return text, tuple(_citation(Quote(p, 0, len(p.text))) for p in passages)
    numbered = enumerate(draft.quotes, 1)
    text = "\n\n".join(f"{quote.text.strip()} [{number}]" for number, quote in numbered)
    return text, tuple(_citation(quote) for quote in draft.quotes)


def _citation(quote: Quote) -> Citation:
    passage = quote.passage
    document = passage.document
    source = passage.sources[0] if passage.sources else None
    return Citation(
        document=document.id,
        title=document.title,
        heading=passage.heading,
        issuer=document.issuer,
        url=source.url if source else document.url,
        published=source.published if source else document.published,
        effective_from=document.effective_from,
        expires=document.expires,
        page=passage.page,
        inferred=tuple(name for name in document.inferred if name != "published" or not source),
        quote=quote.text,
        language=document.language,
    )
