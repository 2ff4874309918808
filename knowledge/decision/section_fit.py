"""How well a section of a known document fits a short question, by words and by the kind of thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from knowledge.decision.confidence import ScoredHit
from knowledge.decision.intents import detect_intents, lacks_required_evidence
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import Passage, Question

FOLLOW_UP_WORDS_PATH = Path(__file__).with_name("follow_up.yaml")
# How much speaks for a section as the answer to a follow-up.  # tuned: see docs/parameters.md
FIT_WEIGHTS = {"known": 1.0, "coverage": 0.4, "meaning": 0.3, "words": 0.1}
SAME_KIND_FIT, STATED_FIT, UNSTATED_FIT, JUST_SAID_FIT = 0.5, 0.1, -0.2, -0.35
KINDS_ENOUGH = 2  # kinds of thing that a heading has to share with a question that asks for many
# From this fit on a section is said: where its heading asks for the same kind of thing, where
# the question has no words but that, and where nothing tells.  # tuned: see docs/parameters.md
SAID_FIT_SAME_KIND, SAID_FIT_KIND_ALONE, SAID_FIT, SAID_FIT_FIGURE = 0.55, 0.4, 0.55, 0.9
# What a passage may show of something else: a figure alone does not say what it is the figure of.
FIGURES = frozenset({"percent", "amount", "ceiling", "count", "duration"})


@dataclass(frozen=True, slots=True)
class Topic:
    """What a talk was last about: the base ids of the documents that answered or were offered (none
    if nothing was found), the title of the one document ("" where sections of several were offered),
    the sections that were said (document, heading), and the question."""

    documents: frozenset[str]
    title: str
    said: frozenset[tuple[str, tuple[str, ...]]]
    question: str


def rank_sections(question: Question, topic: Topic, plain: Sequence[ScoredHit],
                  titled: Sequence[ScoredHit]) -> list[ScoredHit]:  # fmt: skip
    """The sections of the topic's documents, the best fit first, with the fit as their match.
    `plain` are scored for the words alone, `titled` with the title before them; a section without
    any of the words is only in these."""
    by_words = {_name(one.hit.passage): one for one in plain}
    intents = _detect_asked(question.text)
    ranked = []
    for one in titled:
        alone = by_words.get(_name(one.hit.passage))
        fit = _measure_fit(alone, one.hit.passage, intents, question.text, topic)
        own_match = alone.features["match"] if alone else 0.0
        features = {**(alone or one).features, "match": fit, "own_match": own_match}
        ranked.append(replace(alone or one, features=features))
    return sorted(ranked, key=lambda scored: -scored.features["match"])


def is_stated(question: Question, best: ScoredHit) -> bool:
    """Whether the best section of the document answers the follow-up surely enough to be said."""
    passage = best.hit.passage
    if lacks_required_evidence(passage.text, detect_intents(question.text)):
        return False
    same_kind = _detect_asked(question.text) & detect_intents(passage.heading[-1])
    if not same_kind:
        is_figure = bool(detect_intents(question.text) & FIGURES)
        return best.features["match"] >= (SAID_FIT_FIGURE if is_figure else SAID_FIT)
    has_words = best.features["own_match"] > 0
    return best.features["match"] >= (SAID_FIT_SAME_KIND if has_words else SAID_FIT_KIND_ALONE)


def _measure_fit(
    alone: ScoredHit | None, passage: Passage, intents: frozenset[str], text: str, topic: Topic
) -> float:
    fit = 0.0
    if alone:
        fit += sum(weight * alone.features[name] for name, weight in FIT_WEIGHTS.items())
    if intents:
        heading = detect_intents(passage.heading[-1])
        fit += SAME_KIND_FIT * min(1.0, len(intents & heading) / min(len(intents), KINDS_ENOUGH))
    if alone and detect_intents(text):
        fit += {1.0: STATED_FIT, 0.0: UNSTATED_FIT}.get(alone.features["kind"], 0.0)
    is_just_said = (passage.document.id, passage.heading) in topic.said
    if is_just_said and not intents & detect_intents(passage.heading[-1]):
        fit += JUST_SAID_FIT
    return fit


def _detect_asked(text: str) -> frozenset[str]:
    """The intents of a short question: those of any question and those of follow-up words."""
    more = {name for name, words in _load_words().items() if words.search(text)}
    return detect_intents(text) | more


@cache
def _load_words() -> dict[str, re.Pattern[str]]:
    listed = parse_yaml(FOLLOW_UP_WORDS_PATH.read_text(encoding="utf-8"))
    return {name: re.compile(words, re.IGNORECASE) for name, words in listed.items()}


def _name(passage: Passage) -> tuple[str, int]:
    return (passage.document.base_id, passage.ord)
