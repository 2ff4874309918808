"""Passages as an English model reads them, written by the glossary once and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Protocol

from knowledge.catalogue import Catalogue
from knowledge.text.glossary import Glossary
from knowledge.types import Language

RULES = 1  # one more when `Glossary.gloss` writes something else from the same rows


class Glossing(Protocol):
    """What writes a text in English words, and says what share of them it knew."""

    def gloss_of(self, text: str, language: Language) -> tuple[str, float]: ...


class Glosses:
    """The glosses of `texts`: those that are kept, and those that are asked for and then kept."""

    def __init__(
        self, glossary: Glossary, catalogue: Catalogue, texts: Iterable[tuple[str, Language]]
    ) -> None:
        self._made_by = f"gloss-{RULES} {glossary.name}"
        self._glossary = glossary
        self._catalogue = catalogue
        self._kept = catalogue.terms((_key(*one) for one in texts), self._made_by)
        self._fresh: dict[str, list[str]] = {}

    def gloss_of(self, text: str, language: Language) -> tuple[str, float]:
        """As the glossary's own."""
        key = _key(text, language)
        known = self._kept.get(key) or self._fresh.get(key)
        if known is None:
            gloss, share = self._glossary.gloss_of(text, language)
            known = self._fresh[key] = [gloss, repr(share)]
        return known[0], float(known[1])

    def keep(self) -> None:
        """Write down what was glossed for the first time."""
        if self._fresh:
            self._catalogue.add_terms(self._made_by, self._fresh)


def _key(text: str, language: Language) -> str:
    return hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()
