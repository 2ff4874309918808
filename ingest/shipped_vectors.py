"""Computes the vectors of the shipped library that lie in the repository (`make vectors`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingest.plan.files import SHIPPED_LIBRARY, resolve_origin
from ingest.plan.scan import FileScan
from ingest.types import Root
from knowledge.embedding.embedder import Embedder, ShippedEmbedder, Vectors
from knowledge.embedding.shipped_vectors import find_shipped_vectors, write_shipped_vectors
from knowledge.retrieval.known_questions import (
    build_index_text,
    compute_text_key,
    list_known_questions,
)
from knowledge.types import LANGUAGES, Language, Passage

SAMPLED_QUESTIONS = 200  # of each language, for the mean of its questions


def read_shipped_passages() -> list[Passage]:
    """The passages of the shipped library. Raises NothingToRead where it is not installed."""
    scan = FileScan([], {})
    versions = scan.scan_roots([Root(SHIPPED_LIBRARY, resolve_origin(SHIPPED_LIBRARY))], _be_quiet)
    return [passage for version in versions for passage in version.passages]


def rewrite_shipped_vectors() -> None:
    """Embed what is new in the shipped library and write the file, which keeps what is unchanged to
    the letter. Raises EmbedderMissing, and lets OSError through."""
    passages, model = read_shipped_passages(), ShippedEmbedder()
    texts = [build_index_text(passage) for passage in passages]
    keys = [compute_text_key(text) for text in texts]
    found = find_shipped_vectors(keys, model.name)
    new = [at for at, key in enumerate(keys) if key not in found]
    embedded = model.embed_passages([texts[at] for at in new])
    found |= {keys[at]: one for at, one in zip(new, embedded, strict=True)}
    vectors = np.stack([found[key] for key in keys])
    spoken = np.array([passage.document.language for passage in passages])
    write_shipped_vectors(
        found,
        {language: vectors[spoken == language].mean(axis=0) for language in LANGUAGES},
        {language: _average_questions(model, passages, language) for language in LANGUAGES},
    )


def _average_questions(model: Embedder, passages: Sequence[Passage], language: Language) -> Vectors:
    """The mean vector (d,) of about SAMPLED_QUESTIONS known questions of one language, at even
    distances."""
    known = [one.text for one in list_known_questions(passages) if one.language == language]
    step = max(1, len(known) // SAMPLED_QUESTIONS)
    mean: Vectors = np.mean([model.embed_query(text) for text in known[::step]], axis=0)
    return mean


def _be_quiet(what: str, done: int, total: int) -> None:
    """Discard progress."""
