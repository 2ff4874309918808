"""The topic of a case: what has befallen the firm, else what most of its trade terms are about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.founder.reading.triage import triage_message
from bot.messages import select_words
from bot.phrases import render_phrase
from bot.types import UNCLASSIFIED, Case, TopicName
from knowledge.text.glossary import Glossary
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import Language

TOPICS_FILE = Path(__file__).with_name("topics.yaml")
# How the finding of the library reads on a card where no document answered.
GAP_PHRASES = ("found_nothing", "found_weak", "found_offered", "found_expired")

FindTopic = Callable[[Case], str]


@dataclass(frozen=True, slots=True)
class TopicList:
    """The topics with their labels; `by_field` and `by_incident` say which topic a glossary's file
    and an incident speak for, `by_words` which one a pattern decides. Files in `silent` speak for
    none, incidents in `fallback` only where no term does."""

    labels: Mapping[str, Mapping[Language, str]]
    by_field: Mapping[str, str]
    by_incident: Mapping[str, str]
    by_words: tuple[tuple[re.Pattern[str], str], ...]
    fallback: frozenset[str]
    weak: frozenset[str]
    silent: frozenset[str]
    programme_words: tuple[re.Pattern[str], ...]

    def label(self, topic: str, language: Language) -> str:
        """The topic's name in a language."""
        return self.labels[topic][language]


@cache
def load_topics() -> TopicList:
    """The list in topics.yaml."""
    table: dict[str, Any] = parse_yaml(TOPICS_FILE.read_text(encoding="utf-8"))
    topics: dict[str, dict[str, Any]] = table["topics"]
    return TopicList(
        {name: {language: entry[language] for language in ("ko", "en", "vi")}
         for name, entry in topics.items()},
        {field: name for name, entry in topics.items() for field in entry.get("fields", ())},
        {one: name for name, entry in topics.items()
         for one in (*entry.get("incidents", ()), *entry.get("fallback", ()))},
        tuple((re.compile(one, re.IGNORECASE), name) for name, entry in topics.items()
              for one in entry.get("words", ())),
        frozenset(one for entry in topics.values() for one in entry.get("fallback", ())),
        frozenset(name for name, entry in topics.items() if entry.get("weak")),
        frozenset(table["silent"]),
        tuple(re.compile(one, re.IGNORECASE) for one in table["programme_words"]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TopicFinder:
    """Finds topics by the terms of a glossary."""

    glossary: Glossary

    def find(self, case: Case) -> str:
        """The topic of a case, UNCLASSIFIED where nothing speaks for one."""
        return self.find_in(case.question, case.language)

    def find_in(self, words: str, language: Language) -> str:
        """The topic of a text, UNCLASSIFIED where nothing speaks for one."""
        topics, text = load_topics(), select_words(words)
        befallen = triage_message(text).incident
        incident = topics.by_incident.get(befallen, UNCLASSIFIED)
        if incident != UNCLASSIFIED and befallen not in topics.fallback:
            return incident
        if decided := next((name for one, name in topics.by_words if one.search(text)), None):
            return decided
        votes = self._count_votes(text, language, topics)
        strong = {name: count for name, count in votes.items() if name not in topics.weak}
        if not strong and incident != UNCLASSIFIED:
            return incident
        order = list(topics.labels)
        return min(
            strong or votes,
            key=lambda name: (-votes[name], order.index(name)),
            default=UNCLASSIFIED,
        )

    def name_in(self, words: str, language: Language) -> TopicName:
        """The topic of a text with its name in Korean, which staff read."""
        topic = self.find_in(words, language)
        return TopicName(topic, load_topics().label(topic, "ko"))

    def _count_votes(self, text: str, language: Language, topics: TopicList) -> Counter[str]:
        """How many terms of a text speak for each topic: of each the likeliest meaning."""
        terms = self.glossary.analyser.tokenise(text, language)
        fields = (
            span.concepts[0].field
            for span in self.glossary.find_spans(terms, language)
            if span.concepts
        )
        return Counter(topics.by_field[one] for one in fields if one in topics.by_field)


def is_library_gap(case: Case) -> bool:
    """Whether no document of the library answered the question of a case."""
    return any(tail in case.found for tail in _load_gap_tails())


def asks_for_programme(case: Case) -> bool:
    """Whether the question of a case asks for a programme of support."""
    return any(one.search(case.question) for one in load_topics().programme_words)


@cache
def _load_gap_tails() -> tuple[str, ...]:
    """The longest part of each of GAP_PHRASES that no name is filled into, without the particle that
    may stand at its beginning."""
    blank = dict.fromkeys(("title", "heading", "confidence", "sections", "expires"), "\x00")
    texts = (render_phrase(f"staff.{key}", "ko", **blank) for key in GAP_PHRASES)
    parts = (max(text.split("\0"), key=len) for text in texts)
    return tuple(part.partition(" ")[2] if part[:1] != " " else part for part in parts)
