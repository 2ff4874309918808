"""From a question to an Answer, as one list of steps.

understand the question → retrieve passages → decide whether they are enough → let a model choose
among them where they are not → write from them → check every quote → cite the sources.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from knowledge.answering.model.section_choice import UNCHOSEN, Choice, SectionChooser
from knowledge.answering.model.writer import ModelWriter
from knowledge.answering.newer_editions import name_newer_editions
from knowledge.answering.offers import build_offers, find_section, quote_section
from knowledge.answering.quoting.citations import compose_text
from knowledge.answering.quoting.quotes import Quote, extract_quotes, is_verbatim, quote_whole
from knowledge.answering.quoting.selection import choose_quotes_limit, find_open_status_passage
from knowledge.decision.confidence import Coefficients, ConfidenceModel, ScoredHit
from knowledge.decision.follow_up import FollowUpChoice, FollowUpReader, LookUp, find_topic
from knowledge.decision.section_fit import Topic
from knowledge.decision.verdict import choose_verdict
from knowledge.errors import WriterFailed
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Hit, Retriever
from knowledge.types import Answer, Citation, Finding, Offer, Passage, Question, Verdict

log = logging.getLogger(__name__)

# Quote further sections of the document that match at most this much less than the best one.
EXTRA_QUOTE_MATCH_GAP = 0.15  # tuned: see docs/parameters.md
MAX_QUOTED_SECTIONS = 5  # of one document: a quote is chosen from them, or two
WRITER_HITS = 3  # best hits whose passages a model writes from
ANSWER_FINDINGS = 5  # best hits that `/why` can show


@dataclass(frozen=True, slots=True)
class Draft:
    """What one step hands to the next; each step adds its fields."""

    question: Question
    on_sentence: Callable[[str], None] | None = None
    search_question: Question | None = None
    edition: Edition | None = None
    hits: tuple[Hit, ...] = ()
    in_force: tuple[ScoredHit, ...] = ()
    scored_hits: tuple[ScoredHit, ...] = ()
    verdict: Verdict = "no_evidence"
    choice: Choice = UNCHOSEN
    offers: tuple[Offer, ...] = ()
    topic: Topic | None = None
    follow_up: FollowUpChoice | None = None
    quotes: tuple[Quote, ...] = ()
    model_sentences: tuple[tuple[str, Passage], ...] = ()


class Chain:
    """Answers questions from the library, as a fixed list of steps."""

    def __init__(
        self,
        library: Library,
        writer: ModelWriter | None = None,
        coefficients: Coefficients | None = None,
    ) -> None:
        """Without a `writer` answers are quotes only; `coefficients` default to the shipped."""
        self.library = library
        self._writer = writer
        self._chooser = SectionChooser(writer.model) if writer else None
        self._confidence_model = ConfidenceModel(coefficients)
        self._retriever = Retriever(library.glossary, library.embedder)
        self._follow_ups = FollowUpReader(self._retriever, self._confidence_model, library.glossary)

    def ask(
        self,
        question: Question,
        on_sentence: Callable[[str], None] | None = None,
        edition: Edition | None = None,
    ) -> Answer:
        """The answer to `question` from `edition`, by default the active one.

        `on_sentence` is called with each checked sentence while a model writes. A question that
        cannot be answered gives an Answer with another verdict.

        Raises LibraryMissing where there is no edition, LibraryStale where its vectors are
        missing or another model's, StoreUnavailable where a store cannot be reached.
        """
        composed = replace(question, text=unicodedata.normalize("NFC", question.text))
        draft = Draft(composed, on_sentence, edition=edition)
        for step in (self._understand, self._retrieve, self._decide, self._follow_up, self._choose,
                     self._write, self._check):  # fmt: skip
            draft = step(draft)
        return self._cite(draft)

    def show_section(self, question: Question, offer: Offer) -> Answer:
        """The section of an offer, as the answer to `question`, from the active edition: whole, but of a
        table only the rows that the question names.

        The verdict is "expired" where its document is not in force on the question's day, and
        "no_evidence" where the active edition does not have the section, or it is not published yet. Raises like
        `ask`.
        """
        edition = self.library.get_current_edition()
        day = question.day
        found = find_section(edition, offer.document, offer.heading)
        passages = tuple(one for one in found if one.document.was_published(day))
        verdict: Verdict = "answered" if passages else "no_evidence"
        if passages and not edition.is_in_force(passages[0].document, day):
            verdict = "expired"
        draft = Draft(question, search_question=question, edition=edition, verdict=verdict)
        within = frozenset(one.document.base_id for one in passages)
        hits = self._retriever.search(edition, question, within=within) if passages else []
        quotes = quote_section(passages, question, hits, self.library.glossary.analyser)
        answer = self._cite(replace(draft, quotes=quotes))
        return replace(answer, confidence=offer.confidence if passages else 0.0)

    def _understand(self, draft: Draft) -> Draft:
        """The question to search with and, for a follow-up, its topic."""
        question = draft.question
        edition = draft.edition or self.library.get_current_edition()
        leans = self._follow_ups.leans_on_talk(question)
        topic = find_topic(question, edition) if leans else None
        return replace(draft, search_question=question, edition=edition, topic=topic)

    def _retrieve(self, draft: Draft) -> Draft:
        """The passages that may answer."""
        assert draft.search_question and draft.edition
        return replace(
            draft, hits=tuple(self._retriever.search(draft.edition, draft.search_question))
        )

    def _decide(self, draft: Draft) -> Draft:
        """The verdict and the hits it rests on. Only documents in force may answer, and one that is
        not published yet is neither answered from, offered nor named."""
        assert draft.search_question and draft.edition
        question, edition, day = draft.search_question, draft.edition, draft.question.day
        hits = [hit for hit in draft.hits if hit.passage.document.was_published(day)]
        if not hits:
            return draft
        in_force = [h for h in hits if edition.is_in_force(h.passage.document, day)]
        ended = [h for h in hits if not edition.is_in_force(h.passage.document, day)]
        own, model = edition.own_documents, self._confidence_model
        current = model.put_own_first(model.score_hits(question, in_force), own, question.language)
        expired = self._confidence_model.score_hits(question, ended)
        thresholds = self._confidence_model.coefficients.thresholds[question.language]
        best, verdict = choose_verdict(question.text, current, expired, thresholds)
        if verdict == "expired" and edition.is_older_edition(best[0].hit.passage.document, day):
            verdict = "answered"  # it is named as the older notice: see name_newer_editions
        offers = best if verdict == "offered" else current if verdict == "expired" else ()
        offers = [one for one in offers if one.confidence >= thresholds.offer] and offers
        return replace(draft, in_force=tuple(current), scored_hits=tuple(best), verdict=verdict,
                       offers=build_offers(
                           offers, question.language, model.find_own(current, own, question.language)
                       ))  # fmt: skip

    def _search_again(self, draft: Draft, question: Question) -> Draft:
        """What the library says to another wording of the draft's question."""
        return self._decide(self._retrieve(replace(draft, search_question=question)))

    def _follow_up(self, draft: Draft) -> Draft:
        """A follow-up is looked up in the documents of its topic first. See decision 0083."""
        if draft.topic is None:
            return draft
        assert draft.edition

        def look_up(text: str) -> LookUp:
            found = self._search_again(draft, replace(draft.question, text=text))
            return LookUp(text, found.verdict, found.scored_hits)

        plain = LookUp(draft.question.text, draft.verdict, draft.scored_hits)
        choice = self._follow_ups.choose(draft.edition, draft.question, draft.topic, plain, look_up)
        hits = choice.scored_hits
        offers = build_offers(hits if choice.verdict == "offered" else (), draft.question.language)
        return replace(draft, search_question=replace(draft.question, text=choice.text), offers=offers,
                       verdict=choice.verdict, scored_hits=hits, in_force=hits, follow_up=choice)  # fmt: skip

    def _choose(self, draft: Draft) -> Draft:
        """What a model's choice makes of sections that are not sure enough. It sees no question for
        quotes only, and nothing changes where it chooses none or fails. See decision 0077."""
        if self._chooser is None or draft.question.quotes_only:
            return draft
        assert draft.search_question
        choice = self._chooser.choose(
            draft.search_question,
            Choice(draft.in_force, draft.verdict),
            self._confidence_model.coefficients.thresholds[draft.question.language],
            lambda other: self._search_again(draft, other).in_force,
        )
        draft = replace(draft, choice=choice)
        if choice.outcome not in ("chosen", "reworded"):
            return draft
        return replace(draft, verdict=choice.verdict, scored_hits=tuple(choice.scored_hits),
                       offers=build_offers(choice.offered, draft.question.language))  # fmt: skip

    def _write(self, draft: Draft) -> Draft:
        """Quotes, always; and a model's sentences where there is a model and they are supported."""
        if draft.verdict not in ("answered", "expired"):
            return draft
        assert draft.search_question and draft.edition
        min_match = draft.scored_hits[0].features["match"] - EXTRA_QUOTE_MATCH_GAP
        near = [one.hit for one in draft.scored_hits if one.features["match"] >= min_match]
        document = near[0].passage.document
        hits = [hit for hit in near if hit.passage.document.id == document.id][:MAX_QUOTED_SECTIONS]
        opening = find_open_status_passage(draft.search_question, document, draft.edition)
        limit = choose_quotes_limit(draft.question, document, draft.edition)
        analyser = self.library.glossary.analyser
        quotes = tuple(extract_quotes(draft.search_question, hits, analyser, limit, opening))
        sentences = self._write_with_model(draft, opening)
        if not quotes and not sentences and draft.verdict == "answered":
            # Nothing short can be cut from it: the founder may have the section whole.
            offers = build_offers(draft.scored_hits[:1], draft.question.language)
            return replace(draft, verdict="offered", offers=offers)
        quotes = quotes or (quote_whole(hits[0].passage),)
        return replace(draft, quotes=quotes, model_sentences=sentences)

    def _check(self, draft: Draft) -> Draft:
        """Only quotes that are in their passage to the letter; the verdict "failed" if none is."""
        exact = tuple(
            quote for quote in draft.quotes if is_verbatim(quote.text, quote.passage.text)
        )
        if draft.quotes and not exact:
            return replace(draft, quotes=(), verdict="failed")
        return replace(draft, quotes=exact)

    def _cite(self, draft: Draft) -> Answer:
        """The Answer, with its citations and findings."""
        assert draft.search_question and draft.edition
        text, citations = compose_text(draft.quotes, draft.model_sentences)
        citations = self._add_checked_days(draft.edition, citations, draft.question.as_of)
        citations = name_newer_editions(draft.edition, citations, draft.question.day)
        return Answer(
            verdict=draft.verdict,
            language=draft.question.language,
            text=text,
            confidence=round(draft.scored_hits[0].confidence, 3) if draft.scored_hits else 0.0,
            edition=draft.edition.number,
            citations=citations,
            findings=tuple(
                Finding(one.hit.passage, round(one.confidence, 3), one.features)
                for one in draft.scored_hits[:ANSWER_FINDINGS]
            ),
            query=draft.search_question.text,
            key_terms=self._find_key_terms(draft, text),
            offers=draft.offers,
            model_outcome=draft.choice.outcome,
            silent=draft.follow_up.silent if draft.follow_up else "",
            is_again=draft.follow_up is not None and draft.follow_up.is_again,
        )

    def _find_key_terms(self, draft: Draft, text: str) -> Mapping[str, str]:
        """Key words of quotes in another language → in the asker's; empty without such quotes."""
        target = draft.question.language
        foreign = {quote.passage.document.language for quote in draft.quotes} - {target}
        return self.library.glossary.find_key_terms(text, min(foreign), target) if foreign else {}

    def _add_checked_days(
        self, edition: Edition, citations: tuple[Citation, ...], as_of: datetime
    ) -> tuple[Citation, ...]:
        """`citations`, with the day of the last read where a source was not read for too long."""
        document_ids = {citation.document for citation in citations}
        unchecked = self.library.catalogue.source_log.find_unchecked_documents(
            edition.number, as_of, document_ids
        )
        if not unchecked:
            return citations
        return tuple(replace(c, checked=unchecked.get(c.document)) for c in citations)

    def _write_with_model(
        self, draft: Draft, opening: Passage | None
    ) -> tuple[tuple[str, Passage], ...]:
        """A model's supported sentences with their passages; empty without a model, for a question
        that it may not see, for passages in another language, or where the model failed."""
        assert draft.search_question
        if draft.question.quotes_only:
            return ()
        best = [one.hit.passage for one in draft.scored_hits[:WRITER_HITS]]
        document = best[0].document
        same_document = [passage for passage in best if passage.document == document]
        passages = list(dict.fromkeys([opening, *same_document] if opening else same_document))
        is_readable = document.language == draft.question.language
        if self._writer is None or draft.verdict != "answered" or not is_readable:
            return ()
        analyser = self.library.glossary.analyser
        try:
            sentences = self._writer.write_sentences(
                draft.search_question, passages, analyser, draft.on_sentence, draft.choice.deadline
            )
        except WriterFailed as error:
            log.warning("writing from quotes instead: %s", error)
            return ()
        return tuple((one.sentence, one.passage) for one in sentences)
