"""Homographs: whether a word in a free sentence that is also a place name is meant as a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.places.cities import PlaceCandidate
from bot.places.name_index import NameIndex
from bot.places.normalise import HANGUL_PATTERN, normalise_name

# Inhabitants of a city that is only in the gazetteer, for its name to be read as a place; see
# docs/parameters.md.
MIN_POPULATION_IN_HANGUL = 100_000
MIN_POPULATION_ALONE = 1_000_000
MIN_POPULATION_WITH_PLACE_WORD = 300_000
MAX_CODE_LETTERS, MAX_ACRONYM_LETTERS = 3, 5  # see docs/parameters.md
ASKING_STEMS = ("어디", "어느", "어떤", "어떻", "어때")  # 베트남어디 asks, 베트남어 is a language

# "if_adjacent": only if the name of its country or province is adjacent.
Admission = Literal["yes", "if_adjacent", "no"]


@dataclass(frozen=True, slots=True)
class Token:
    """A run of one script: its text, its key and its position in the sentence."""

    text: str
    key: str
    start: int
    end: int

    @property
    def is_hangul(self) -> bool:
        """Whether the run is Hangul."""
        return bool(HANGUL_PATTERN.match(self.text))


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name in the tokens `first` … `last`; `tail` is what follows it within its last token."""

    name: str
    text: str
    first: int
    last: int
    tail: str
    candidates: tuple[PlaceCandidate, ...]

    @property
    def is_curated(self) -> bool:
        """Whether the name is in our own list for one of its meanings."""
        return any(spot.is_curated for spot in self.candidates)

    @property
    def own_candidates(self) -> tuple[PlaceCandidate, ...]:
        """All meanings of a curated or Hangul name; otherwise the cities whose main name it is."""
        if self.is_curated or HANGUL_PATTERN.search(self.name):
            return self.candidates
        return tuple(spot for spot in self.candidates if normalise_name(spot.name) == self.name)


@dataclass(frozen=True, slots=True)
class _HomographRule:
    """How strictly a homograph is judged, and the neighbouring words that rule the place out."""

    kind: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def rules_out(self, previous: str, tail: str, following: str) -> bool:
        """Whether the word before, or what follows within the word or after it, rules it out."""
        behind = (tail or following).startswith(self.after) or following.startswith(self.after)
        return behind or previous.startswith(self.before)


class PlaceDisambiguator:
    """Decides by the homographs and by the words that only occur next to a place."""

    def __init__(self, atlas: NameIndex) -> None:
        self._name_index = atlas
        words: dict[str, list[str]] = atlas.data["words"]
        self._words = {name: frozenset(values) for name, values in words.items()}
        self._money = tuple(words["money"])
        # As a word of its own only what cannot begin another word: 어느 and 어디 are no language.
        self._money_words = tuple(word for word in words["money"] if word[0] not in "어불")
        particles = "|".join(sorted(words["particles"], key=len, reverse=True))
        place_words = "|".join(words["beside_ko"])
        self._tail = re.compile(rf"(?:{particles}){{0,3}}|(?:{particles})?(?:{place_words}).*")
        self._place_words = re.compile(rf"(?:{place_words})")
        self._homographs = _parse_homographs(atlas.data["homographs"])

    def admit_match(self, match: NameMatch, tokens: Sequence[Token], shouted: bool) -> Admission:
        """Whether a name in a free sentence is meant as a place: yes, no, or only if its country
        or province is adjacent. `shouted`: the whole sentence is in capitals."""
        rule = self._homographs.get(match.name, _HomographRule())
        if _is_counted(match, tokens):
            return "no"
        previous = tokens[match.first - 1].key if match.first else ""
        following = tokens[match.last + 1].key if match.last + 1 < len(tokens) else ""
        if rule.kind == "strict":
            return "if_adjacent" if self._tail.fullmatch(match.tail) else "no"
        if rule.rules_out(previous, match.tail, following):
            return "no"
        if self._is_language_or_money(match, previous, following):
            return "no"
        if rule.kind == "cased" and not match.text[:1].isupper():
            return "no"
        if rule.kind == "soft" and not self._has_place_word(match, tokens):
            return "if_adjacent"
        return (
            self._admit_hangul(match)
            if HANGUL_PATTERN.search(match.name)
            else self._admit_latin(match, tokens, shouted)
        )

    def is_place_reply(self, match: NameMatch) -> bool:
        """Whether a name is read as a place in a reply to "which place?"."""
        short = len(match.name) < MAX_CODE_LETTERS and not match.is_curated
        half = len(match.name) == 1 and bool(match.tail)
        return match.name not in self._words["fillers"] and not short and not half

    def has_further_name(self, tail: str) -> bool:
        """Whether another curated name follows without a space: 중국광저우."""
        longest = min(len(tail), self._name_index.longest_hangul)
        return any(self._name_index.has_own_name(tail[:end]) for end in range(longest, 1, -1))

    def _admit_hangul(self, match: NameMatch) -> Admission:
        """Short names need a known ending; names only in the gazetteer a population as well."""
        asks = match.tail.startswith(ASKING_STEMS)
        if match.tail.startswith(self._money) and not asks:
            return "no"
        known = asks or bool(self._tail.fullmatch(match.tail)) or self.has_further_name(match.tail)
        if match.is_curated:
            return "yes" if known or len(match.name) > MAX_CODE_LETTERS else "no"
        size = max(spot.population for spot in match.candidates)
        return "yes" if known and len(match.name) > 2 and size >= MIN_POPULATION_IN_HANGUL else "no"

    def _admit_latin(self, match: NameMatch, tokens: Sequence[Token], shouted: bool) -> Admission:
        """Codes and names only in the gazetteer need capitals; medium cities a place word as well."""
        letters = match.text.replace(".", "")
        if len(letters) <= MAX_CODE_LETTERS and letters.isascii():
            known = match.is_curated and self._is_code(match, letters, tokens, shouted)
            return "yes" if known else "no"
        if match.is_curated:
            return "yes"
        acronym = match.text.isupper() and len(match.text) <= MAX_ACRONYM_LETTERS
        if not match.own_candidates or acronym or not match.text[:1].isupper():
            return "no"
        size = max(spot.population for spot in match.own_candidates)
        if size >= MIN_POPULATION_ALONE:
            return "yes"
        known = size >= MIN_POPULATION_WITH_PLACE_WORD and self._has_place_word(match, tokens)
        return "yes" if known else "if_adjacent"

    def _is_code(
        self, match: NameMatch, letters: str, tokens: Sequence[Token], shouted: bool
    ) -> bool:
        """US, LA, VN in capitals; in a sentence that is all capitals only with a place word."""
        if match.name in self._words["codes"]:
            return True
        return letters.isupper() and (not shouted or self._has_place_word(match, tokens))

    def _is_language_or_money(self, match: NameMatch, previous: str, following: str) -> bool:
        """중국어 번역, 홍콩 달러, tiếng Nhật, "into Vietnamese"."""
        if previous == "tiếng" or (
            HANGUL_PATTERN.search(match.name) and following.startswith(self._money_words)
        ):
            return True
        if match.name not in self._words["languages"]:
            return False
        return previous in ("in", "into") or following in self._words["after_language"]

    def _has_place_word(self, match: NameMatch, tokens: Sequence[Token]) -> bool:
        """Whether a neighbouring word only occurs next to a place."""
        if match.tail in self._words["glued_ko"] or self._place_words.match(match.tail):
            return True
        if match.first and tokens[match.first - 1].key in self._words["before"]:
            return True
        if match.last + 1 == len(tokens):
            return False
        following = tokens[match.last + 1]
        if following.is_hangul and following.start == tokens[match.last].end:
            return following.key in self._words["glued_ko"] or self._opens_with_place_word(
                following
            )
        return following.key in self._words["after"] or self._opens_with_place_word(following)

    def _opens_with_place_word(self, token: Token) -> bool:
        return bool(self._place_words.match(token.text))


def _is_counted(match: NameMatch, tokens: Sequence[Token]) -> bool:
    """Whether a number is glued before the name: 8,000대만 is about machines, not Taiwan."""
    if not match.first:
        return False
    before, name = tokens[match.first - 1], tokens[match.first]
    return before.text.isdigit() and before.end == name.start


def _parse_homographs(data: dict[str, Any]) -> dict[str, _HomographRule]:
    """The rule of each homograph; those in a plain list have no words that rule them out."""
    rules: dict[str, _HomographRule] = {}
    for kind, entries in data.items():
        for word in entries:
            words = entries[word] if isinstance(entries, dict) else {}
            before, after = (
                tuple(normalise_name(neighbour) for neighbour in words.get(side, ()))
                for side in ("before", "after")
            )
            rules[normalise_name(word)] = _HomographRule(kind, before, after)
    return rules
