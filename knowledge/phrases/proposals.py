"""Proposals for an admin: questions that people, or a model, put to a section, with who says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

import numpy as np

from knowledge.answering.offers import find_section
from knowledge.phrases.phrase import (
    EVIDENCE_SOURCES,
    Phrase,
    PhraseOrigin,
    SectionChoice,
    SectionName,
    identify_phrase,
)
from knowledge.phrases.side_files import GeneratedSection
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import KnownQuestion, list_known_questions
from knowledge.retrieval.neighbours import GramIndex, count_grams
from knowledge.text.language import detect_language, normalise_letters
from knowledge.types import Language, Passage

MAX_SIMILAR_QUESTIONS = 3  # that a proposal shows
MIN_SHOWN_SIMILARITY = 0.5  # of letters, 0 to 1; see docs/parameters.md


@dataclass(frozen=True, slots=True)
class SimilarQuestion:
    """A known question that is written like a proposal, how much (0 to 1), and of which section.
    `same_section` also holds for its translation; `is_answered` is false where nothing answers it."""

    text: str
    similarity: float
    section: SectionName
    same_section: bool
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question that may become a known question of `section`, of the document `title`.

    `counts` says in how many conversations it was chosen, confirmed or answered by staff, and
    `conversations` in how many at all: one founder who repeats it is one. A model's has neither.
    """

    id: str
    text: str
    language: Language
    section: SectionName
    title: str
    section_text: str
    origin: PhraseOrigin
    counts: Mapping[str, int]
    conversations: int
    similar: tuple[SimilarQuestion, ...] = ()

    @property
    def phrase(self) -> Phrase:
        """The known question that it becomes."""
        return Phrase(self.section, self.text, self.origin)


@dataclass(frozen=True, slots=True)
class ProposalList:
    """The open proposals, the best supported first. `gone` counts those of sections that the edition
    does not have."""

    proposals: tuple[Proposal, ...]
    gone: int = 0


def collect_proposals(
    edition: Edition,
    choices: Iterable[SectionChoice],
    generated: Iterable[GeneratedSection],
    settled: Set[str] = frozenset(),
) -> ProposalList:
    """What is proposed and neither known of its section already nor settled."""
    found: dict[str, Phrase] = {}
    evidence: dict[str, list[SectionChoice]] = {}
    for choice in choices:
        phrase = Phrase(choice.section, choice.question, "asked")
        id = identify_phrase(phrase.section, phrase.text)
        found.setdefault(id, phrase)
        evidence.setdefault(id, []).append(choice)
    for one in generated:
        for text in one.texts:
            found.setdefault(
                identify_phrase(one.section, text), Phrase(one.section, text, "generated")
            )
    known = _KnownLetters(edition)
    proposals, gone = [], 0
    for id, phrase in found.items():
        if id in settled:
            continue
        passages = find_section(edition, phrase.section.document, phrase.section.heading)
        if not passages:
            gone += 1
        elif not known.has(phrase, passages[0]):
            proposals.append(_build_proposal(id, phrase, evidence.get(id, []), passages, known))
    return ProposalList(tuple(sorted(proposals, key=_rank_proposal)), gone)


class _KnownLetters:
    """The known questions of an edition, to find equal and similar ones."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._questions = list_known_questions(edition.passages)
        self._grams = GramIndex(count_grams([one.text for one in self._questions]))
        self._written = {
            (self._find_group(one), normalise_letters(one.text)) for one in self._questions
        }
        self._positions = {id(passage): at for at, passage in enumerate(edition.passages)}

    def has(self, phrase: Phrase, passage: Passage) -> bool:
        """Whether the phrase is a known question of its section, or of a translation of that."""
        group = self._find_group_of(passage)
        return (group, normalise_letters(phrase.text)) in self._written

    def find_similar(self, text: str, passage: Passage) -> tuple[SimilarQuestion, ...]:
        """The known questions that are written most like `text`, a proposal for `passage`."""
        similarity = self._grams.compare(text)
        group = self._find_group_of(passage)
        similar = []
        for row in np.argsort(-similarity, kind="stable")[:MAX_SIMILAR_QUESTIONS]:
            if similarity[row] < MIN_SHOWN_SIMILARITY:
                break
            one = self._questions[row]
            other = self._edition.passages[one.position]
            section = SectionName(other.document.id, other.heading)
            same = self._find_group(one) == group
            similar.append(
                SimilarQuestion(one.text, round(float(similarity[row]), 2), section, same,
                                one.is_answered)
            )  # fmt: skip
        return tuple(similar)

    def _find_group(self, question: KnownQuestion) -> int:
        return int(self._edition.translation_groups[question.position])

    def _find_group_of(self, passage: Passage) -> int:
        return int(self._edition.translation_groups[self._positions[id(passage)]])


def _build_proposal(
    id: str,
    phrase: Phrase,
    evidence: list[SectionChoice],
    passages: tuple[Passage, ...],
    known: _KnownLetters,
) -> Proposal:
    return Proposal(
        id=id,
        text=phrase.text,
        language=evidence[0].language if evidence else detect_language(phrase.text),
        section=phrase.section,
        title=passages[0].document.title,
        section_text="\n".join(passage.text for passage in passages),
        origin=phrase.origin,
        counts=Counter(
            source for _, source in {(one.conversation, one.source) for one in evidence}
        ),
        conversations=len({one.conversation for one in evidence}),
        similar=known.find_similar(phrase.text, passages[0]),
    )


def _rank_proposal(proposal: Proposal) -> tuple[float, ...]:
    """Staff's first, then by how many conversations say so; a model's last."""
    counts = [-proposal.counts.get(source, 0) for source in EVIDENCE_SOURCES]
    is_staffs = proposal.counts.get("staff", 0) > 0
    return (proposal.origin == "generated", not is_staffs, -proposal.conversations, *counts)
