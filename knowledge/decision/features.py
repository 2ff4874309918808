"""What speaks for a section: a few numbers from 0 to 1, of each of which more is better.

confidence.md says each in a sentence; `/why` shows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from knowledge.decision.intents import (
    asks_about_others,
    detect_intents,
    has_intent_evidence,
    lacks_required_evidence,
)
from knowledge.retrieval.known_questions import build_place_text
from knowledge.retrieval.retriever import Hit
from knowledge.retrieval.scores import SlotFit
from knowledge.types import Question

STATISTICS_TOPIC = "statistics"  # of documents that count what others reported
UNKNOWN_KIND = 0.5  # where no rule tells what a section must state

# A yes or no holds for a question that is written at least this much like a known one of the section.
SAME_QUESTION_SIMILARITY = 0.15  # tuned: see docs/parameters.md

_YES_OR_NO = re.compile(r"\s*(네|예|아니요|아니오|yes|no|có|không|vâng|dạ)\b[,. ]", re.IGNORECASE)
_ABBREVIATION = re.compile(r"(?<![A-Za-z])[A-Z][A-Z0-9]{2,}(?![a-z])")
_OTHER_GOVERNMENT = re.compile(
    r"정부(?!지원)|시청|도청|구청|[가-힣]시에서 (하|주|지원)|[가-힣]도에서 (하|주|지원)|지자체"
    r"|\b(city|provincial|state|local|\w+ese|\w+ish|\w+ian) government|municipal|chính phủ|UBND",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def read_features(question: Question, hit: Hit) -> dict[str, float]:
    """What one hit alone says, by name. No text of its section is analysed for that: all that it
    takes is stored with the edition. See
    docs/decisions/0117-sections-are-analysed-before-they-are-asked-for.md."""
    fits = [fit for fit in hit.slot_fits if fit.slot.kind != "place"] or list(hit.slot_fits)
    known = hit.question_terms | hit.name_terms
    return {
        "words": min(1.0, hit.bm25_ratio),
        "known": (hit.question_f1 + hit.letter_similarity) / 2,
        "meaning": max(0.0, hit.similarity or 0.0),
        "nearest": hit.nearness,
        "coverage": _compute_share(fits, lambda fit: _is_known(fit, known)),
        "document": hit.document_share,
        "sibling": hit.document_score,
        "kind": _compute_kind(question.text, hit),
        "names": float(_has_asked_names(question, hit, known)),
        "answered": hit.answered_share,
        "above_denied": _clip(0.5 + hit.letter_similarity - hit.denied_similarity),
        "in_library": 1 - _compute_share(fits, lambda fit: not (fit.score or fit.in_library)),
    }


def _is_known(fit: SlotFit, known: frozenset[str]) -> bool:
    """Whether the section, its title or its known questions have what the question asks with one
    slot. Place names do not count among the slots of which the share is taken: a general rule is not
    worse because it does not name the asker's town."""
    return bool(fit.score or not known.isdisjoint(fit.slot.terms))


def _has_asked_names(question: Question, hit: Hit, known: frozenset[str]) -> bool:
    """Whether the section has what the question names: its years, its abbreviations and,
    unless the section names no place at all, its places."""
    text = build_place_text(hit.matched_passage)
    years = set(_YEAR.findall(question.text))
    if years and not years & set(_YEAR.findall(text)):
        return False
    found = {t for fit in hit.slot_fits if _is_known(fit, known) for t in fit.slot.terms}
    names = map(str.lower, _ABBREVIATION.findall(question.text))
    if any(name not in found and name not in text for name in names):
        return False
    if any(word.lower() in text for word in question.place_words):
        return True
    asked = {t for fit in hit.slot_fits if fit.slot.kind == "place" for t in fit.slot.terms}
    if not (question.place_words or asked):
        return True
    if not hit.place_terms:  # it holds everywhere, but not for what another government does
        return not _OTHER_GOVERNMENT.search(question.text)
    return bool(hit.place_terms & asked)


def _compute_kind(question: str, hit: Hit) -> float:
    """1 where a section states the kind of thing asked for (an amount, a day, a number to call …),
    between where nothing tells. 0 where it does not, counts other firms though nothing of others
    was asked, or says yes or no to another question."""
    intents, text = detect_intents(question), hit.passage.text
    if lacks_required_evidence(text, intents):
        return 0.0
    if STATISTICS_TOPIC in hit.passage.document.topics and not asks_about_others(question):
        return 0.0
    if _YES_OR_NO.match(text) and hit.letter_similarity < SAME_QUESTION_SIMILARITY:
        return 0.0
    evidence = has_intent_evidence(text, intents)
    return UNKNOWN_KIND if evidence is None else float(evidence)


def _compute_share(fits: list[SlotFit], holds: Callable[[SlotFit], bool]) -> float:
    """The share of a question's slots, weighted by rarity, of which `holds` is true."""
    total = sum(fit.max_score for fit in fits)
    return sum(fit.max_score for fit in fits if holds(fit)) / total if total else 0.0


def _clip(value: float) -> float:
    return max(0.0, min(1.0, value))
