"""Passages as an English model reads them, written by the glossary once and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Protocol

from knowledge.catalogue import Catalogue
from knowledge.text.glossary import Glossary
from knowledge.types import Language

GLOSS_RULES_VERSION = 1  # one more when `Glossary.gloss` writes something else from the same rows


class Glosser(Protocol):
    """What writes a text in English words, and says what share of them it knew."""

    def gloss_text(self, text: str, language: Language) -> tuple[str, float]: ...


class GlossCache:
    """The glosses of `texts`: those that are kept, and those that are asked for and then kept."""

    def __init__(
        self, glossary: Glossary, catalogue: Catalogue, texts: Iterable[tuple[str, Language]]
    ) -> None:
        self._made_by = f"gloss-{GLOSS_RULES_VERSION} {glossary.fingerprint}"
        self._glossary = glossary
        self._catalogue = catalogue
        self._stored = catalogue.load_terms((_gloss_key(*one) for one in texts), self._made_by)
        self._new: dict[str, list[str]] = {}

    def gloss_text(self, text: str, language: Language) -> tuple[str, float]:
        """As the glossary's own."""
        key = _gloss_key(text, language)
        known = self._stored.get(key) or self._new.get(key)
        if known is None:
            gloss, share = self._glossary.gloss_text(text, language)
            known = self._new[key] = [gloss, repr(share)]
        return known[0], float(known[1])

    def save(self) -> None:
        """Write down what was glossed for the first time."""
        if self._new:
            self._catalogue.add_terms(self._made_by, self._new)


def _gloss_key(text: str, language: Language) -> str:
    return hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()
