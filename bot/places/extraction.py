"""Extraction of place names from what a founder types: a place, or a sentence that may name one."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from bot.places.cities import PlaceCandidate
from bot.places.disambiguation import NameMatch, PlaceDisambiguator, Token
from bot.places.name_index import NameIndex
from bot.places.normalise import HANGUL_PATTERN, normalise_name, strip_marks

TOKEN_PATTERN = re.compile(
    r"""(?:[A-Za-z]\.){2,}                                             # U.S.
    | [주재](?=[가-힣]{2,9}(?:대사관|영사관|대한민국|한국|한인|공관|동포))  # 주|베트남대사관
    | [가-힣]+ | [一-鿿]+ | \d+
    | [^\W\d_가-힣一-鿿]+(?:['’](?!s\b)[^\W\d_가-힣一-鿿]+)?            # Xi'an, not Xi'an's
    """,
    re.VERBOSE,
)
GAP_PATTERN = re.compile(r"[ ,.·/–-]{0,3}")
CODE_PATTERN = re.compile(r"[A-Z]{2}")
MAX_NAME_TOKENS = 5  # see docs/parameters.md


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """A part of the text that names a place: its first and last token and its possible meanings.

    `tail` is what follows the name within its last token. A span without `stands_alone`
    counts only if the name of its country or province is adjacent.
    """

    text: str
    first: int
    last: int
    candidates: tuple[PlaceCandidate, ...]
    tail: str = ""
    stands_alone: bool = True


class PlaceExtractor:
    """Finds place names: strictly in a free sentence, leniently in a reply to "which place?"."""

    def __init__(self, atlas: NameIndex) -> None:
        self._name_index = atlas
        self._disambiguator = PlaceDisambiguator(atlas)
        self._not_places = re.compile("|".join(atlas.data["not_places"]), re.IGNORECASE)
        self._offices = tuple(_compile_offices(atlas.data["institutions"]))

    def extract_spans(self, text: str, free: bool, codes: bool = False) -> list[PlaceSpan]:
        """The places that `text` names, in order.

        `free`: the text is a free sentence, judged strictly. `codes`: "TX", "BC" and "DE" after a
        city count as well.
        """
        text = unicodedata.normalize("NFC", text)
        if free:
            text = self._not_places.sub(lambda match: " " * len(match.group()), text)
        tokens = [
            Token(m.group(), normalise_name(m.group()), *m.span())
            for m in TOKEN_PATTERN.finditer(text)
        ]
        shouted = len(tokens) > 2 and all(token.text.isupper() for token in tokens)
        spans: list[PlaceSpan] = []
        place = 0
        while place < len(tokens):
            span = self._find_code(tokens, place) if codes else None
            span = span or self._find_longest(text, tokens, place, free, shouted)
            place = span.last + 1 if span else place + 1
            if span:
                spans.append(span)
                if self._disambiguator.has_further_name(span.tail):
                    place = span.last
                    tokens[place] = _cut_ending(tokens[place], span.tail)
        return _drop_doubtful(spans)

    def find_office(self, text: str) -> tuple[str, str] | None:
        """The first authority or marketplace that implies a country, as (name, ISO 3166-1 code)."""
        offices = [
            (match.start(), match.group(), country)
            for country, shape in self._offices
            if (match := shape.search(text))
        ]
        return min(offices)[1:] if offices else None

    def _find_longest(
        self, text: str, tokens: Sequence[Token], first: int, free: bool, shouted: bool
    ) -> PlaceSpan | None:
        for last in range(min(first + MAX_NAME_TOKENS, len(tokens)) - 1, first - 1, -1):
            for match in self._find_matches(text, tokens[first : last + 1], first):
                span = self._to_span(match, tokens, free, shouted)
                if span:
                    return span
        return None

    def _to_span(
        self, match: NameMatch, tokens: Sequence[Token], free: bool, shouted: bool
    ) -> PlaceSpan | None:
        """The match as a span; None if it is not meant as a place."""
        if not free:
            spots, alone = match.candidates, True
            meant = self._disambiguator.is_place_reply(match)
        else:
            admission = self._disambiguator.admit_match(match, tokens, shouted)
            spots, alone = match.own_candidates, admission == "yes"
            meant = admission != "no"
        if not meant or not spots:
            return None
        return PlaceSpan(match.text, match.first, match.last, spots, match.tail, alone)

    def _find_matches(self, text: str, run: Sequence[Token], first: int) -> Iterator[NameMatch]:
        """Names that the run of tokens spells, longest first; only the last token may have a tail."""
        if not all(GAP_PATTERN.fullmatch(text[one.end : two.start]) for one, two in pairwise(run)):
            return
        head, last = [token.key for token in run[:-1]], run[-1]
        shortest = 1 if head or len(last.key) == 1 else 2
        longest = min(len(last.key), self._name_index.longest_hangul)
        ends = range(longest, shortest - 1, -1) if last.is_hangul else (len(last.key),)
        for end in ends:
            name = " ".join((*head, last.key[:end]))
            spots = self._look_up(name, len(run)) or self._look_up_glued(run, name)
            if spots:
                tail = last.key[end:]
                written = text[run[0].start : last.end - len(tail)]
                yield NameMatch(name, written, first, first + len(head), tail, spots)

    def _look_up(self, name: str, words: int) -> tuple[PlaceCandidate, ...]:
        if self._name_index.has_key(name):
            return self._name_index.look_up(name)
        # A single syllable with diacritics is far more often a Vietnamese word than a city.
        if words == 1:
            return ()
        bare = strip_marks(name)
        return self._name_index.look_up(bare) if bare != name else ()

    def _look_up_glued(self, run: Sequence[Token], name: str) -> tuple[PlaceCandidate, ...]:
        """Look up a Korean name without its spaces: 로스 앤젤레스."""
        whole = name.replace(" ", "")
        korean = len(run) > 1 and len(whole) > 3 and all(token.is_hangul for token in run)
        return (
            self._name_index.look_up(whole)
            if korean and self._name_index.has_own_name(whole)
            else ()
        )

    def _find_code(self, tokens: Sequence[Token], place: int) -> PlaceSpan | None:
        """Two capitals at the end of the text: a US state, a Canadian province or a country."""
        text = tokens[place].text
        if not place or not CODE_PATTERN.fullmatch(text) or place + 1 < len(tokens):
            return None
        meant = (
            self._name_index.find_region(f"US-{text}"),
            self._name_index.find_region(f"CA-{text}"),
        )
        spots = tuple(spot for spot in (*meant, self._name_index.find_country(text)) if spot)
        return PlaceSpan(text, place, place, spots) if spots else None


def _cut_ending(token: Token, tail: str) -> Token:
    """The `tail` of a token as a separate token."""
    return Token(token.text[-len(tail) :], tail, token.end - len(tail), token.end)


def _drop_doubtful(spans: list[PlaceSpan]) -> list[PlaceSpan]:
    """Drop the doubtful spans that are not adjacent to their own country or province."""
    ending, beginning = _collect_enclosures(spans, "last"), _collect_enclosures(spans, "first")
    settled: list[PlaceSpan] = []
    for span in spans:
        if span.stands_alone:
            settled.append(span)
            continue
        adjacent = ending[span.first] | ending[span.first - 1]
        if not HANGUL_PATTERN.search(span.text):  # in Korean the country only stands before it
            adjacent |= beginning[span.last + 1]
        spots = tuple(spot for spot in span.candidates if _list_enclosures(spot) & adjacent)
        if spots:
            settled.append(replace(span, candidates=spots))
    return settled


def _collect_enclosures(
    spans: list[PlaceSpan], edge: Literal["first", "last"]
) -> defaultdict[int, set[str]]:
    """The countries and provinces that certain spans name, by the position of the spans' edge."""
    named: defaultdict[int, set[str]] = defaultdict(set)
    for span in spans:
        if span.stands_alone:
            position = span.first if edge == "first" else span.last
            for spot in span.candidates:
                if spot.kind == "country":
                    named[position].add(spot.country)
                elif spot.kind == "region" and spot.region:
                    named[position].add(spot.region)
    return named


def _list_enclosures(spot: PlaceCandidate) -> set[str]:
    """The codes of the country and the province that a city or a province lies in."""
    return set() if spot.kind == "country" else {spot.country, *filter(None, [spot.region])}


def _compile_offices(institutions: dict[str, list[str]]) -> Iterator[tuple[str, re.Pattern[str]]]:
    """A pattern for each country; acronyms match in capitals only, nothing matches inside a word."""
    for country, names in institutions.items():
        shapes = (
            re.escape(name) if name.isupper() else f"(?i:{re.escape(name)})" for name in names
        )
        yield country, re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(shapes)})(?![A-Za-z0-9])")
