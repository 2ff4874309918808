"""The vectors of an edition: collected, embedded where they are missing, and built into an index.

Loaded when something changed: an ingest that finds all as it was needs none of its libraries.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np

from ingest.types import Change, Progress
from knowledge.catalogue import Catalogue, Vector
from knowledge.embedding.embedder import Embedder
from knowledge.embedding.shipped_vectors import find_shipped_vectors
from knowledge.retrieval.centring import centre_passages, compute_centres
from knowledge.retrieval.counts.edition_counts import count_edition
from knowledge.retrieval.edition import Edition, list_own_documents
from knowledge.retrieval.known_questions import build_index_text, compute_text_key
from knowledge.retrieval.library import Library
from knowledge.retrieval.vector_store import VectorStore
from knowledge.types import Passage, Version

INDEX_NAME_PREFIX = "edition-"  # a Chroma server may hold foreign collections
PLANNED_EDITION_NUMBER = 0  # no edition has this number
UNSTORED_VERSION_KEY = 2**63  # sorts versions without a key after those that are stored


@dataclass(frozen=True, slots=True)
class IndexBuilder:
    """Builds the index of an edition. `owner` names this process, so that what it leaves if it is
    killed can be found and dropped."""

    catalogue: Catalogue
    store: VectorStore
    embedder: Embedder
    library: Library
    owner: str

    def find_missing_vectors(self, changes: Sequence[Change]) -> set[str]:
        """The keys of the texts that have no vector yet."""
        passages = [p for c in changes if c.kind != "withdrawn" for p in c.version.passages]
        wanted = {compute_text_key(build_index_text(passage)) for passage in passages}
        missing = wanted - self.catalogue.load_vectors(wanted, self.embedder.name).keys()
        return missing - find_shipped_vectors(missing, self.embedder.name).keys()

    @contextmanager
    def build_index(self, passages: Sequence[Passage], vectors: Vector) -> Iterator[str]:
        """Build an index of the passages' `vectors` (n, d) and yield its name; drop it at the end
        unless published.

        The name is stored before the index is built, so that it can be found after a kill. See
        docs/decisions/0036-register-vector-builds-before-creating-folders.md.
        """
        name = f"{INDEX_NAME_PREFIX}{uuid.uuid4().hex[:12]}"
        self.catalogue.index_builds.start_build(name, self.owner)
        try:
            languages = [passage.document.language for passage in passages]
            centres = compute_centres(vectors, languages, self.embedder.name)
            centred = centre_passages(vectors, languages, centres) if languages else vectors
            self.store.build(name, dict(enumerate(centred)), self.embedder.name, centres.questions)
            yield name
        finally:
            if name in self.catalogue.index_builds.list_names():
                self.store.drop(name)
                self.catalogue.index_builds.finish_build(name)

    def collect_vectors(self, passages: Sequence[Passage], progress: Progress) -> Vector:
        """The vectors (n, d) of the n passages; missing ones are taken from those that are shipped,
        else embedded now, and stored."""
        texts = [build_index_text(passage) for passage in passages]
        by_key = {compute_text_key(text): text for text in texts}
        known = self.catalogue.load_vectors(by_key, self.embedder.name)
        new = find_shipped_vectors(by_key.keys() - known.keys(), self.embedder.name)
        fresh = {key: by_key[key] for key in by_key if key not in known and key not in new}
        new |= self._embed_texts(fresh, progress)
        self.catalogue.add_vectors(self.embedder.name, new)
        known |= new
        if not texts:
            return np.zeros((0, 0), np.float32)
        return np.stack([known[compute_text_key(text)] for text in texts])

    def _embed_texts(self, texts: dict[str, str], progress: Progress) -> dict[str, Vector]:
        done = 0

        def count(embedded: int) -> None:
            nonlocal done
            done += embedded
            progress("embedding", done, len(texts))

        if not texts:
            return {}
        array = self.embedder.embed_passages(list(texts.values()), count)
        return dict(zip(texts, array, strict=True))

    @contextmanager
    def open_planned(self, versions: Sequence[Version], progress: Progress) -> Iterator[Edition]:
        """Open an edition of `versions`, stored or not; its index is dropped at the end."""
        planned = sorted(versions, key=lambda version: version.pk or UNSTORED_VERSION_KEY)
        passages = self.library.attach_phrases(
            [passage for version in planned for passage in version.passages]
        )
        terms = self.library.ensure_terms(passages, partial(progress, "analysing"))
        vectors = self.collect_vectors(passages, progress)
        with self.build_index(passages, vectors) as name:
            index = self.store.open(name, self.embedder.name)
            own = list_own_documents(planned)
            counts = count_edition(passages, terms)
            yield Edition(PLANNED_EDITION_NUMBER, passages, counts, index, own)

    def find_orphaned_indexes(self) -> list[str]:
        """Names of our indexes that no row mentions."""
        # List the indexes first: a build that starts afterwards is not among them.
        names = [name for name in self.store.list_names() if name.startswith(INDEX_NAME_PREFIX)]
        building = self.catalogue.index_builds.list_names()
        used = building | {row.index_name for row in self.catalogue.list_editions()}
        return sorted({name.removesuffix(".part") for name in names} - used)

    def drop_unused_texts(self) -> None:
        """Drop what is stored of texts that no edition has any more. An ingest under way in another
        process has its own in memory; what it misses later is made again."""
        vectors, terms = set[str](), set[str]()
        for row in self.catalogue.list_editions():
            versions = self.catalogue.load_versions(row.id)
            texts = (build_index_text(p) for version in versions for p in version.passages)
            vectors |= set(map(compute_text_key, texts))
            terms |= self.library.list_term_keys(row.id)
        self.catalogue.drop_texts(vectors, terms)
