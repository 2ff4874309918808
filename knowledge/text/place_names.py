"""The places that a text names, as terms of the glossary."""

from __future__ import annotations

import unicodedata

from knowledge.text.glossary import Glossary
from knowledge.types import Language


def find_place_terms(glossary: Glossary, text: str, language: Language) -> list[str]:
    """The terms in `text` that name a country other than Korea, or a city, each once."""
    places = glossary.place_terms[language]
    if language == "ko" and not _may_name(text, places):
        return []  # so are two in three Korean sections, and nothing takes as long as Kiwi
    return sorted(places.intersection(glossary.analyser.tokenise(text, language)))


def _may_name(text: str, places: frozenset[str]) -> bool:
    """Whether the letters of one of `places` are in `text`: taken apart, because a particle joins the
    last syllable (칠렌 is 칠레 and ㄴ)."""
    letters = unicodedata.normalize("NFD", text)
    return any(unicodedata.normalize("NFD", place) in letters for place in places)
