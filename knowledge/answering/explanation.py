"""Why a document answers a question or does not: `naru why`."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import PurePath
from typing import Literal

from knowledge.decision.confidence import ConfidenceModel, ScoredHit, Thresholds
from knowledge.decision.verdict import find_hindrances
from knowledge.errors import DocumentUnknown
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import build_index_text
from knowledge.retrieval.retriever import Retriever
from knowledge.text.glossary import Glossary, TermSpan
from knowledge.types import Document, Language, Question

ForceState = Literal["in force", "not published", "not begun", "closed", "superseded", "older"]
MAX_AHEAD = 3  # sections that stand before its best one, to be named
MAX_NEAREST = 3  # documents explained where none is named


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A word of the question that the section lacks; `in_library` is whether any passage or known
    question in the document's language has it."""

    word: str
    in_library: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a question finds of one document.

    `state` is whether it may answer on the question's day, `newer` the document that replaces it. The
    rest is about its section that fits best: `rank` counts from 1 among `considered` sections, None
    where it is not among those found or none has a word of the question; `confidence` is to be
    compared with `thresholds`; `hindrances` are the rules by which it may not be said, however sure;
    `ahead` are the best sections before it.
    """

    document: Document
    state: ForceState
    newer: Document | None
    best: ScoredHit | None
    rank: int | None
    considered: int
    thresholds: Thresholds
    has: tuple[str, ...]
    lacks: tuple[QuestionWord, ...]
    hindrances: tuple[str, ...]
    ahead: tuple[ScoredHit, ...]


def find_document(edition: Edition, name: str) -> Document:
    """The document of an id, a title, or a file's name without its ending. Raises DocumentUnknown
    where none or several have it."""
    if name in edition.documents:
        return edition.documents[name]
    names: dict[str, list[Document]] = {}
    for one in edition.documents.values():
        for own in {_fold(one.title), _fold(PurePath(one.id).stem)}:
            names.setdefault(own, []).append(one)
    found = names.get(_fold(name), [])
    if len(found) == 1:
        return found[0]
    near = found or [one for own in get_close_matches(_fold(name), names) for one in names[own]]
    meant = ", ".join(f"{one.id} ({one.title})" for one in near[:MAX_NEAREST])
    advice = (
        f"Is it one of these: {meant}?" if near else "`naru ingest` says what was skipped and why."
    )
    raise DocumentUnknown(f"Edition {edition.number} has no document {name!r}. {advice}")


def find_nearest_documents(
    edition: Edition, question: Question, retriever: Retriever
) -> tuple[Document, ...]:
    """The documents in which a search finds most of the question, the best first."""
    found: dict[str, Document] = {}
    for hit in retriever.search(edition, question):
        document = hit.passage.document
        found.setdefault(document.base_id, document)
    return tuple(found.values())[:MAX_NEAREST]


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().strip()


def explain_document(
    edition: Edition,
    question: Question,
    document: Document,
    retriever: Retriever,
    model: ConfidenceModel,
    glossary: Glossary,
) -> Explanation:
    """What `question` finds of a document of `edition`."""
    day = question.day
    state, newer = _tell_state(edition, document, day)
    found = retriever.search(edition, question)
    own = retriever.search(edition, question, within=frozenset({document.base_id}))
    may_answer = [one for one in found if edition.is_in_force(one.passage.document, day)]
    listed = {(one.passage.document.base_id, one.passage.ord) for one in may_answer}
    further = [one for one in own if (one.passage.document.base_id, one.passage.ord) not in listed]
    scored = model.score_hits(question, [*may_answer, *further])
    scored = model.put_own_first(scored, edition.own_documents, question.language)
    best = next((o for o in scored if o.hit.passage.document.base_id == document.base_id), None)
    place = scored.index(best) if best else 0
    is_found = best is not None and best.hit in may_answer
    has, lacks = _compare_words(edition, question, best, glossary) if best else ((), ())
    return Explanation(
        document,
        state,
        newer,
        best,
        place + 1 if is_found else None,
        len(may_answer),
        model.coefficients.thresholds[question.language],
        has,
        lacks,
        find_hindrances(best.features) if best else (),
        tuple(scored[:place][:MAX_AHEAD]),
    )


def _tell_state(
    edition: Edition, document: Document, day: date
) -> tuple[ForceState, Document | None]:
    if not document.was_published(day):
        return "not published", None
    if not document.has_begun(day):
        return "not begun", None
    if newer := edition.find_superseding(document, day):
        return "superseded", newer
    if not document.is_in_force(day):
        return "closed", None
    if newer := edition.find_newer_edition(document, day):
        return "older", newer
    return "in force", None


def _compare_words(
    edition: Edition, question: Question, best: ScoredHit, glossary: Glossary
) -> tuple[tuple[str, ...], tuple[QuestionWord, ...]]:
    """The words of the question that the section has, in its text, headings or known questions, and
    those that it lacks."""
    passage = best.hit.matched_passage
    target = passage.document.language
    terms = set(glossary.analyser.tokenise_passage(build_index_text(passage), target))
    terms |= best.hit.question_terms
    index = edition.language_indexes[target]
    has: dict[str, None] = {}
    lacks: dict[str, bool] = {}
    for span in _list_spans(question, target, glossary):
        word = _find_word(question, span, glossary)
        slots = glossary.build_slots([span], question.language, target)
        if any(terms & slot.terms.keys() for slot in slots):
            has[word] = None
        else:
            lacks[word] = any(index.has_slot_terms(slot) for slot in slots)
    missing = (QuestionWord(word, known) for word, known in lacks.items() if word not in has)
    return tuple(has), tuple(missing)


def _list_spans(question: Question, target: Language, glossary: Glossary) -> list[TermSpan]:
    """The terms of the question one by one; for a section in another language with those that are
    translated together as one."""
    asked = glossary.analyser.tokenise(question.text, question.language)
    if target != question.language:
        return glossary.find_spans(asked, question.language)
    return [span for term in asked for span in glossary.find_spans([term], target)]


def _find_word(question: Question, span: TermSpan, glossary: Glossary) -> str:
    """The words of the question that a span was read from, as they are written there."""

    def is_read_from(word: str) -> bool:
        return bool(set(glossary.analyser.tokenise(word, question.language)) & set(span.terms))

    words: Sequence[str] = [one.strip("?!.,") for one in question.text.split() if is_read_from(one)]
    return " ".join(words) or " ".join(span.terms)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A section that a question finds: whether its document may answer that day (`state`), and the
    rules by which it may not be said however sure. `is_offered`: it is as likely as what is offered."""

    found: ScoredHit
    state: ForceState
    newer: Document | None
    hindrances: tuple[str, ...]
    is_offered: bool
    is_sure: bool


def list_candidates(
    edition: Edition, question: Question, retriever: Retriever, model: ConfidenceModel
) -> tuple[Candidate, ...]:
    """Every section that a search finds, the best match first; of those that may not answer too."""
    day = question.day
    scored = model.score_hits(question, retriever.search(edition, question))
    limits = model.coefficients.thresholds[question.language]
    candidates = []
    for one in model.put_own_first(scored, edition.own_documents, question.language):
        state, newer = _tell_state(edition, one.hit.passage.document, day)
        candidates.append(Candidate(
            one, state, newer, find_hindrances(one.features),
            one.confidence >= limits.offer, one.confidence >= limits.say,
        ))  # fmt: skip
    return tuple(candidates)
