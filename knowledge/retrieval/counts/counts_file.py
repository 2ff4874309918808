"""The counts of an edition as a file in the folder of its vectors: counting takes seconds at every
start. See docs/decisions/0093-counts-stored-with-the-edition.md."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.code_digest import digest_of_modules
from knowledge.retrieval.bm25 import TermCounts
from knowledge.retrieval.counts.edition_counts import EditionCounts, LanguageCounts
from knowledge.retrieval.known_questions import WORDING_RULE_MODULES
from knowledge.retrieval.neighbours import GramCounts
from knowledge.types import LANGUAGES, Passage

log = logging.getLogger(__name__)

COUNTS_FILE = "counts.npz"
# The code that decides, with what makes the terms, what is counted.
COUNTING_MODULES = (
    *WORDING_RULE_MODULES, "knowledge.retrieval.counts", "knowledge.retrieval.bm25",
    "knowledge.retrieval.neighbours",
)  # fmt: skip
PLAIN_FIELDS = ("positions", "languages", "is_answered")

Arrays = dict[str, np.ndarray[Any, np.dtype[Any]]]


def compute_counts_key(passages: Sequence[Passage], terms_made_by: str) -> str:
    """The sha256, in hex, of all that decides the counts of `passages`: what is counted of them,
    what makes the terms, and the code that counts."""
    counted = [
        (one.document.base_id, one.document.title, one.document.language, one.ord, one.heading,
         one.text, one.asked, one.phrases, one.unanswered)
        for one in passages
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(counted, ensure_ascii=False).encode())
    digest.update(f"\n{terms_made_by}\n{digest_of_modules(*COUNTING_MODULES)}".encode())
    return digest.hexdigest()


def write_counts(path: Path, key: str, counts: EditionCounts) -> None:
    """Store `counts` under their key, whole or not at all. A file that cannot be written is logged:
    the counts are made again at the next start."""
    arrays: Arrays = {name: getattr(counts, name) for name in PLAIN_FIELDS}
    arrays["key"] = _pack_text(key)
    arrays |= {f"grams.{one.name}": getattr(counts.grams, one.name) for one in fields(GramCounts)}
    for language, both in counts.by_language.items():
        for kind in fields(LanguageCounts):
            arrays |= _pack_terms(f"{language}.{kind.name}", getattr(both, kind.name))
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        part.replace(path)
    except OSError as error:
        log.warning("what was counted of the library could not be stored: %s", error)
        part.unlink(missing_ok=True)


def read_counts(path: Path, key: str) -> EditionCounts | None:
    """The counts that were stored under this key; None where there are none, or others, or the file
    is damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if arrays["key"].tobytes().decode() != key:
                return None
            grams = GramCounts(*(arrays[f"grams.{one.name}"] for one in fields(GramCounts)))
            positions, languages, is_answered = (arrays[name] for name in PLAIN_FIELDS)
            by_language = {
                language: LanguageCounts(
                    *(
                        _unpack_terms(f"{language}.{one.name}", arrays)
                        for one in fields(LanguageCounts)
                    )
                )
                for language in LANGUAGES
                if f"{language}.passages.terms" in arrays
            }
            return EditionCounts(positions, languages, is_answered, grams, by_language)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        if path.exists():
            log.warning("what was counted of the library is counted again: %s", error)
        return None


def _pack_text(text: str) -> np.ndarray[Any, np.dtype[Any]]:
    return np.frombuffer(text.encode(), np.uint8)


def _pack_terms(name: str, counts: TermCounts) -> Arrays:
    arrays = {f"{name}.{one.name}": getattr(counts, one.name) for one in fields(TermCounts)}
    return arrays | {f"{name}.terms": _pack_text(json.dumps(counts.terms, ensure_ascii=False))}


def _unpack_terms(name: str, arrays: Any) -> TermCounts:
    parts = {one.name: arrays[f"{name}.{one.name}"] for one in fields(TermCounts)}
    # A term of several indexes is one string in memory.
    terms = map(sys.intern, json.loads(parts["terms"].tobytes()))
    return TermCounts(**parts | {"terms": list(terms)})
