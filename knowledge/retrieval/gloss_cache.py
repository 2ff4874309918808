"""Cache of glosses: passages as an English model reads them, stored with the library."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Protocol

from knowledge.catalogue.gloss_table import GlossTable
from knowledge.text.glossary import Glossary
from knowledge.types import Language


class Glosser(Protocol):
    """What writes a text in English words."""

    def gloss_text(self, text: str, language: Language) -> tuple[str, float]:
        """The English words, and the share (0 to 1) of the text's terms that were known."""
        ...


class GlossCache:
    """A Glosser that reads stored glosses and asks the glossary for the rest.

    See docs/decisions/0051-code-digests-and-a-table-of-glosses.md.
    """

    def __init__(
        self, glossary: Glossary, table: GlossTable, texts: Iterable[tuple[str, Language]]
    ) -> None:
        """Load the stored glosses of `texts` from `table`."""
        self._glossary = glossary
        self._table = table
        self._stored = table.load_glosses(
            (_make_key(text, language) for text, language in texts), glossary.fingerprint
        )
        self._new: dict[str, tuple[str, float]] = {}

    def gloss_text(self, text: str, language: Language) -> tuple[str, float]:
        """As `Glossary.gloss_text`."""
        key = _make_key(text, language)
        gloss = self._stored.get(key) or self._new.get(key)
        if gloss is None:
            gloss = self._new[key] = self._glossary.gloss_text(text, language)
        return gloss

    def save(self) -> None:
        """Store the glosses that were not stored before."""
        self._table.add_glosses(self._glossary.fingerprint, self._new)


def _make_key(text: str, language: Language) -> str:
    return hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()
