"""A follow-up question: which section of the document just spoken of answers it, if one does.

Its words alone say little ("up to how much?"), so sections are compared by what kind of thing it asks
for as well, and a section that was just said counts less. See
docs/decisions/0083-a-follow-up-stays-with-its-document.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from knowledge.decision.confidence import ConfidenceModel, ScoredHit
from knowledge.decision.intents import detect_intents
from knowledge.decision.section_fit import FIGURES, Topic, is_stated, rank_sections
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.retriever import Retriever
from knowledge.text.glossary import Glossary
from knowledge.types import Language, Question, Verdict

OFFERED_FIT, OWN_OFFERS = 0.45, 2  # what the document may state, and how many of it are offered
OTHER_OFFERS = 1  # below them, of another document
# Of several documents that were offered, one is said where it fits this much better than the others.
OFFERED_LEAD = 0.15  # tuned: see docs/parameters.md
# Another document answers where it matches the words alone this much better.
OTHER_DOCUMENT_MARGIN = 0.2  # tuned: see docs/parameters.md

# A question of fewer terms can only be understood after the one before it.
MIN_STANDALONE_QUESTION_TERMS = 3  # tuned: see docs/parameters.md

_FOLLOW_UP_OPENING = re.compile(
    r"^\s*(그럼|그러면|그건|그거|그게|그 ?(사업|지원|제도|경우)|거기|이건|이거|그리고|근데|그런데|또|아니면"
    r"|then\b|and\b|what about|how about|so\b|is it|does it|can it|that one|it\b"
    r"|vậy|thế|còn|nó\b|cái đó)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class LookUp:
    """What the whole library says to one wording of a question."""

    text: str
    verdict: Verdict
    scored_hits: tuple[ScoredHit, ...]

    def answers_outside(self, topic: Topic) -> bool:
        """Whether it answers from a document other than the topic's."""
        return self.verdict == "answered" and _base_id(self.scored_hits[0]) not in topic.documents


@dataclass(frozen=True, slots=True)
class FollowUpChoice:
    """What a follow-up leads to; `text` is what was looked up. Sections are offered under the
    verdict "offered". `silent` and `is_again` are those of the Answer."""

    text: str
    verdict: Verdict
    scored_hits: tuple[ScoredHit, ...]
    silent: str = ""
    is_again: bool = False


class FollowUpReader:
    """Decides on follow-ups: first in the documents spoken of, then in the library."""

    def __init__(self, retriever: Retriever, model: ConfidenceModel, glossary: Glossary) -> None:
        """`model` scores the sections that `retriever` finds."""
        self._retriever, self._model, self._glossary = retriever, model, glossary

    def leans_on_talk(self, question: Question) -> bool:
        """Whether a question can only be understood after what came before it."""
        last = question.history[-1].question if question.history else ""
        if last == question.text or not (last or question.subject):
            return False
        if question.is_follow_up is not None:
            return question.is_follow_up
        terms = self._glossary.analyser.tokenise(question.text, question.language)
        is_short = len(terms) < MIN_STANDALONE_QUESTION_TERMS
        return is_short or bool(_FOLLOW_UP_OPENING.match(question.text))

    def choose(
        self,
        edition: Edition,
        question: Question,
        topic: Topic,
        plain: LookUp,
        look_up: Callable[[str], LookUp],
    ) -> FollowUpChoice:
        """What the follow-up `question` leads to. `plain` is what the whole library says to its words
        alone; `look_up` asks it something else."""
        if not topic.documents:
            return self._add_subject(question, topic, plain, look_up)
        if changed := self._reword_for_change(question, topic):
            return self._ask_again(edition, question, topic, look_up(changed))
        titled = f"{topic.title or topic.question} {question.text}"
        sections = self._rank_sections(edition, question, topic, titled)
        best = sections[0] if sections else None
        if _is_better(plain, sections, topic):
            return FollowUpChoice(plain.text, plain.verdict, plain.scored_hits)
        if best and is_stated(question, best) and _leads(sections):
            return FollowUpChoice(titled, "answered", tuple(sections))
        begun = look_up(f"{question.subject} {question.text}".strip())
        if question.subject and begun.answers_outside(topic):
            return FollowUpChoice(begun.text, begun.verdict, begun.scored_hits)
        found = look_up(titled)
        if found.verdict == "answered" and _says_more(question, found.scored_hits[0], topic):
            return FollowUpChoice(titled, "answered", found.scored_hits)
        likely = [one for one in sections if one.features["match"] >= OFFERED_FIT][:OWN_OFFERS]
        likely += _list_outside_offers((plain, begun), topic)[:OTHER_OFFERS]
        verdict: Verdict = "offered" if likely else "no_evidence"
        shown = tuple(likely or sections or plain.scored_hits)
        return FollowUpChoice(titled, verdict, shown, silent=topic.title)

    def _add_subject(
        self, question: Question, topic: Topic, plain: LookUp, look_up: Callable[[str], LookUp]
    ) -> FollowUpChoice:
        """A follow-up on what no document answered: its words alone if they are answered, else after
        what the talk is about."""
        found = plain
        if plain.verdict not in ("answered", "expired"):
            with_subject = look_up(f"{topic.question} {question.text}")
            if with_subject.verdict in ("answered", "expired") or plain.verdict != "offered":
                found = with_subject
        return FollowUpChoice(found.text, found.verdict, found.scored_hits)

    def _ask_again(
        self, edition: Edition, question: Question, topic: Topic, library: LookUp
    ) -> FollowUpChoice:
        """The question before, for another place or year. A document about one place is left for
        another place; any other is asked once more."""
        if not topic.title:
            is_again = library.verdict == "answered"
            return FollowUpChoice(
                library.text, library.verdict, library.scored_hits, is_again=is_again
            )
        title_terms = self._list_terms(topic.title, question.language)
        is_local = bool(title_terms & self._glossary.place_terms[question.language])
        if library.answers_outside(topic) and (is_local or not question.place_words):
            return FollowUpChoice(library.text, "answered", library.scored_hits, is_again=True)
        changed = replace(question, text=library.text)
        sections = self._score(edition, changed, topic)
        has_names = bool(sections) and (
            not _YEAR.search(question.text) or sections[0].features["names"] == 1
        )
        if is_local or not has_names:
            shown = tuple(sections) or library.scored_hits
            return FollowUpChoice(library.text, "no_evidence", shown, silent=topic.title)
        return FollowUpChoice(library.text, "answered", tuple(sections), is_again=True)

    def _reword_for_change(self, question: Question, topic: Topic) -> str | None:
        terms = self._list_terms(question.text, question.language)
        places = self._glossary.place_terms[question.language]
        named = self._list_terms(" ".join(question.place_words), question.language)
        return reword_for_change(question, topic, [*(terms - places - named)])

    def _rank_sections(
        self, edition: Edition, question: Question, topic: Topic, titled: str
    ) -> list[ScoredHit]:
        plain = self._score(edition, question, topic)
        return rank_sections(
            question, topic, plain, self._score(edition, replace(question, text=titled), topic)
        )

    def _score(self, edition: Edition, question: Question, topic: Topic) -> list[ScoredHit]:
        """The sections of the topic's documents that may be said today, scored for a question."""
        day = question.day
        hits = self._retriever.search(edition, question, within=topic.documents)
        usable = [
            hit
            for hit in hits
            if (document := hit.passage.document).was_published(day)
            and (edition.is_in_force(document, day) or edition.is_older_edition(document, day))
        ]
        return self._model.score_hits(question, usable)

    def _list_terms(self, text: str, language: Language) -> frozenset[str]:
        return frozenset(self._glossary.analyser.tokenise(text, language))


def _is_better(library: LookUp, sections: Sequence[ScoredHit], topic: Topic) -> bool:
    """Whether another document clearly matches the words alone better than any of the topic's."""
    own = max((one.features.get("own_match", 0.0) for one in sections), default=0.0)
    return (
        library.answers_outside(topic)
        and library.scored_hits[0].features["match"] >= own + OTHER_DOCUMENT_MARGIN
    )


def _leads(sections: Sequence[ScoredHit]) -> bool:
    """Whether the best section fits better than those of all other documents."""
    best, *others = sections
    rival = max(
        (one.features["match"] for one in others if _base_id(one) != _base_id(best)), default=0.0
    )
    return best.features["match"] >= rival + OFFERED_LEAD


def _list_outside_offers(found: Sequence[LookUp], topic: Topic) -> list[ScoredHit]:
    """The sections of other documents than the topic's that may be offered, the surest first."""
    outside = [
        one
        for each in found
        if each.verdict == "offered"
        for one in each.scored_hits
        if _base_id(one) not in topic.documents
    ]
    return sorted(outside, key=lambda scored: -scored.confidence)


def _says_more(question: Question, best: ScoredHit, topic: Topic) -> bool:
    """Whether a section of the topic that was not just said states the kind of thing asked for."""
    passage = best.hit.passage
    is_new = (passage.document.id, passage.heading) not in topic.said
    asked = detect_intents(question.text)
    is_of_kind = not asked & FIGURES or bool(asked & detect_intents(" ".join(passage.heading)))
    return (
        is_new and is_of_kind and _base_id(best) in topic.documents and best.features["kind"] == 1
    )


def _base_id(scored: ScoredHit) -> str:
    return scored.hit.passage.document.base_id


def find_topic(question: Question, edition: Edition) -> Topic:
    """The topic of the latest exchange that had documents; without one, only what was asked."""
    for exchange in reversed(question.history):
        known = [edition.documents[one] for one in exchange.documents if one in edition.documents]
        if known and exchange.question != question.text:
            said = frozenset((section[0], tuple(section[1:])) for section in exchange.sections)
            ids = frozenset(document.base_id for document in known)
            title = known[0].title if said or len(ids) == 1 else ""
            return Topic(ids, title, said, exchange.question)
    last = question.history[-1].question if question.history else ""
    return Topic(frozenset(), "", frozenset(), question.subject or last)


def reword_for_change(question: Question, topic: Topic, rest: Sequence[str]) -> str | None:
    """The question before, for another place or year, if the message names nothing but that; `rest`
    are its terms. None for any other follow-up."""
    years = _YEAR.findall(question.text)
    if years and all(term in years or _YEAR.search(term) for term in rest):
        asked, count = _YEAR.subn(years[-1], topic.question)
        return asked if count else f"{years[-1]} {topic.question}"
    if question.place_words and not rest:
        return f"{' '.join(question.place_words)} {topic.question}"
    return None
