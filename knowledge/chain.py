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

from knowledge.answering.quotes import (
    FOREIGN_QUOTES_LIMIT_CHARS,
    QUOTES_LIMIT_CHARS,
    Quote,
    extract_quotes,
)
from knowledge.answering.writer import ModelWriter
from knowledge.errors import WriterFailed
from knowledge.retrieval.confidence import Coefficients, ConfidenceModel, ScoredHit
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.intents import detect_intents
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Hit, Retriever
from knowledge.types import Answer, Citation, Document, Finding, Passage, Question, Verdict

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

log = logging.getLogger(__name__)

EXPIRED_CONFIDENCE_MARGIN = (
    0.2  # how much surer than of the best open document one must be of a closed one
)
EXTRA_QUOTE_CONFIDENCE_RATIO = (
    0.5  # how sure of another section one must be, of the surest one, to quote it as well
)
MAX_OUT_OF_LIBRARY_SHARE = (
    0.6  # share of a question the library never speaks of, beyond which it cannot answer
)
MIN_IN_SCOPE_RECALL = 0.15  # share of a question the library must know for it to be in scope

_FOLLOW_UP_OPENING = re.compile(
    r"^\s*(그럼|그러면|그건|그거|그게|그 ?(사업|지원|제도|경우)|거기|이건|이거|그리고|근데|그런데|또|아니면"
    r"|then\b|and\b|what about|how about|so\b|is it|does it|can it|that one|it\b"
    r"|vậy|thế|còn|nó\b|cái đó)",
    re.IGNORECASE,
)
MIN_STANDALONE_TERMS = 3  # a question of so few terms leans on what was said before


@dataclass(frozen=True, slots=True)
class Draft:
    """What the steps hand on to each other."""

    question: Question
    on_sentence: Callable[[str], None] | None = None
    search_question: Question | None = None
    edition: Edition | None = None
    hits: tuple[Hit, ...] = ()
    scored_hits: tuple[ScoredHit, ...] = ()
    verdict: Verdict = "no_evidence"
    quotes: tuple[Quote, ...] = ()
    model_sentences: tuple[tuple[str, Passage], ...] = ()


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
        self._confidence_model = ConfidenceModel(library.glossary, learned)
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
        edition = draft.edition or self.library.get_current_edition()
        before = question.history[-1].question if question.history else question.text
        if before != question.text and self._is_follow_up(question):
            question = replace(question, text=f"{before} {question.text}")
        return replace(draft, search_question=question, edition=edition)

    def _retrieve(self, draft: Draft) -> Draft:
        assert draft.search_question and draft.edition
        return replace(
            draft, hits=tuple(self._retriever.search(draft.edition, draft.search_question))
        )

    def _weigh(self, draft: Draft) -> Draft:
        """Which verdict the passages carry. Only documents in force may answer."""
        assert draft.search_question and draft.edition
        if not draft.hits:
            return draft
        day, edition = draft.search_question.as_of.date(), draft.edition
        weighed = self._confidence_model.score_hits(draft.search_question, draft.hits)
        opened = [one for one in weighed if edition.is_in_force(one.hit.passage.document, day)]
        closed = [one for one in weighed if one not in opened]
        best, verdict = _choose_verdict(opened, closed, self._confidence_model)
        titles = (document.title for document in edition.documents.values())
        if verdict == "answered" and self._confidence_model.needs_clarification(
            draft.search_question, best, titles
        ):
            verdict = "clarify"
        return replace(draft, scored_hits=tuple(best), verdict=verdict)

    def _write(self, draft: Draft) -> Draft:
        """Quotes, always; and a model's wording of them where one is set and holds."""
        if draft.verdict not in ("answered", "expired"):
            return draft
        assert draft.search_question and draft.edition
        enough = EXTRA_QUOTE_CONFIDENCE_RATIO * draft.scored_hits[0].confidence
        hits = [one.hit for one in draft.scored_hits if one.confidence >= enough]
        document = hits[0].passage.document
        limit = (
            QUOTES_LIMIT_CHARS
            if document.language == draft.question.language
            else FOREIGN_QUOTES_LIMIT_CHARS
        )
        before = _find_open_status_passage(draft.search_question, document, draft.edition)
        quotes = tuple(extract_quotes(hits, self.library.glossary.analyser, limit, before))
        return replace(draft, quotes=quotes, model_sentences=self._write_with_model(draft, before))

    def _check(self, draft: Draft) -> Draft:
        """A quote that does not stand in its passage to the letter is not said."""
        held = tuple(quote for quote in draft.quotes if quote.text in quote.passage.text)
        if draft.quotes and not held:
            return replace(draft, quotes=(), verdict="failed")
        return replace(draft, quotes=held)

    def _cite(self, draft: Draft) -> Answer:
        assert draft.search_question and draft.edition
        text, citations = _compose_text(draft)
        citations = self._add_checked_days(draft.edition, citations, draft.question.as_of)
        return Answer(
            verdict=draft.verdict,
            language=draft.question.language,
            text=text,
            confidence=round(draft.scored_hits[0].confidence, 3) if draft.scored_hits else 0.0,
            edition=draft.edition.number,
            citations=citations,
            findings=tuple(
                Finding(one.hit.passage, round(one.confidence, 3), one.features)
                for one in draft.scored_hits[:5]
            ),
            query=draft.search_question.text,
            key_terms=self._find_key_terms(draft, text),
        )

    def _find_key_terms(self, draft: Draft, text: str) -> Mapping[str, str]:
        """The key words of what is quoted in a language that was not asked in."""
        target = draft.question.language
        written = {quote.passage.document.language for quote in draft.quotes} - {target}
        return self.library.glossary.find_key_terms(text, min(written), target) if written else {}

    def _add_checked_days(
        self, edition: Edition, citations: tuple[Citation, ...], as_of: datetime
    ) -> tuple[Citation, ...]:
        """Citations that say of sources unread for too long when they were last read."""
        cited = {one.document for one in citations}
        unchecked = self.library.catalogue.source_log.find_unchecked_documents(
            edition.number, as_of, cited
        )
        if not unchecked:
            return citations
        return tuple(replace(one, checked=unchecked.get(one.document)) for one in citations)

    def _is_follow_up(self, question: Question) -> bool:
        """Whether a message can only be understood after the one before it."""
        terms = self.library.glossary.analyser.tokenise(question.text, question.language)
        return bool(_FOLLOW_UP_OPENING.match(question.text)) or len(terms) < MIN_STANDALONE_TERMS

    def _write_with_model(
        self, draft: Draft, before: Passage | None
    ) -> tuple[tuple[str, Passage], ...]:
        """A model's checked sentences; empty when there is none or it failed the founder."""
        assert draft.search_question
        found = [one.hit.passage for one in draft.scored_hits[:3]]
        first = found[0]
        own = [passage for passage in found if passage.document == first.document]
        passages = list(dict.fromkeys([before, *own] if before else own))
        readable = first.document.language == draft.question.language
        if self._writer is None or draft.verdict != "answered" or not readable:
            return ()
        analyser = self.library.glossary.analyser
        try:
            written = self._writer.write_sentences(
                draft.search_question, passages, analyser, draft.on_sentence
            )
        except WriterFailed as error:
            log.warning("writing from quotes instead: %s", error)
            return ()
        return tuple((one.sentence, one.passage) for one in written)


def _choose_verdict(
    opened: list[ScoredHit], closed: list[ScoredHit], grounds: ConfidenceModel
) -> tuple[list[ScoredHit], Verdict]:
    """The passages to speak of and the verdict they carry."""
    if max(one.features["passage_recall"] for one in (*opened, *closed)) <= MIN_IN_SCOPE_RECALL:
        return opened or closed, "out_of_scope"
    if (opened or closed)[0].features["out_of_library_share"] > MAX_OUT_OF_LIBRARY_SHARE:
        return opened or closed, "no_evidence"
    lead = closed[0].confidence - opened[0].confidence if opened and closed else 0.0
    if opened and grounds.is_confident(opened[0]) and lead < EXPIRED_CONFIDENCE_MARGIN:
        return opened, "answered"
    if closed and grounds.is_confident(closed[0]):
        return closed, "expired"
    return opened or closed, "no_evidence"


def _find_open_status_passage(
    question: Question, document: Document, edition: Edition
) -> Passage | None:
    """Where a document says whether one can apply now, if that is asked: whatever else of it
    answers, a founder must not learn of a closed programme by its terms."""
    if "open" not in detect_intents(question.text):
        return None
    mine = (one for one in edition.passages if one.document.id == document.id)
    return next((one for one in mine if "open" in detect_intents(one.heading[-1])), None)


def _compose_text(draft: Draft) -> tuple[str, tuple[Citation, ...]]:
    """The text with its numbers, and the citations they point to; code attaches them."""
    if draft.model_sentences:
        passages = list(dict.fromkeys(passage for _, passage in draft.model_sentences))
        text = " ".join(f"{s} [{passages.index(p) + 1}]" for s, p in draft.model_sentences)
        return text, tuple(_build_citation(Quote(p, 0, len(p.text))) for p in passages)
    numbered = enumerate(draft.quotes, 1)
    text = "\n\n".join(f"{quote.text.strip()} [{number}]" for number, quote in numbered)
    return text, tuple(_build_citation(quote) for quote in draft.quotes)


def _build_citation(quote: Quote) -> Citation:
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
