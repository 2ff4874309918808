"""The embedder: what turns passages and questions into vectors, and which one a setting names."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from knowledge.embedding.bert import Bert
from knowledge.embedding.segmenter import Segmenter
from knowledge.embedding.weight_file import Floats, find_shipped_model, read_weight_file

SHIPPED_MODEL = "multilingual-e5-small-q4"
# The model was trained with these words before the text and finds less without them.
QUERY_PREFIX, PASSAGE_PREFIX = "query: ", "passage: "
KEPT_QUERIES = 16  # vectors: how a message is read and the search ask for the same text
BATCH_TOKENS = 2_048  # pieces computed at once, which bounds the memory

Vectors = Floats


class Embedder(Protocol):
    """What turns text of any of the three languages into unit vectors of `float32`.

    `name` identifies the model: vectors of different names are not comparable.
    """

    name: str

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Vectors (n, d) of n texts to search in; (0, 0) for none. `progress` is called with the
        number of texts of each batch that is done. Raises EmbedderMissing."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """The vector (d,) of a question. Raises EmbedderMissing."""
        ...


class ShippedEmbedder:
    """multilingual-e5-small, computed by numpy; loaded at the first text. Thread-safe.

    See docs/decisions/0066-one-encoder-read-by-numpy.md.
    """

    name = SHIPPED_MODEL

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[Segmenter, Bert] | None = None
        self._release_pages: Callable[[], None] = lambda: None
        self._embed_kept = lru_cache(KEPT_QUERIES)(self._embed_query)

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """As `Embedder.embed_passages`. Raises EmbedderMissing where the model is not installed
        or is another one."""
        if not texts:
            return np.zeros((0, 0), np.float32)
        segmenter, bert = self._load()
        tokens = [segmenter.divide_text(PASSAGE_PREFIX + text) for text in texts]
        vectors: dict[int, Vectors] = {}
        for batch in group_by_length([len(one) for one in tokens]):
            made = bert.encode_batch([tokens[i] for i in batch])
            vectors |= zip(batch, made, strict=True)
            if progress:
                progress(len(batch))
        return np.stack([vectors[i] for i in range(len(texts))])

    def embed_query(self, text: str) -> Vectors:
        """As `Embedder.embed_query`. Raises EmbedderMissing as `embed_passages`."""
        return self._embed_kept(text)

    def _embed_query(self, text: str) -> Vectors:
        segmenter, bert = self._load()
        vector: Vectors = bert.encode_batch([segmenter.divide_text(QUERY_PREFIX + text)])[0]
        self._release_pages()  # 35 MB stay mapped otherwise; reading them again takes no time
        vector.flags.writeable = False  # it is given to more than one
        return vector

    def _load(self) -> tuple[Segmenter, Bert]:
        with self._lock:
            if self._loaded is None:
                file = read_weight_file(find_shipped_model())
                self._loaded = Segmenter(file), Bert(file)
                self._release_pages = file.release_pages
                file.release_pages()
                hold_blas_to_one_thread()
            return self._loaded


def hold_blas_to_one_thread() -> None:
    """Have numpy compute in the thread that asks: of two that wait for each other a short text costs six
    times the processor, and so does a question's comparison with all vectors."""
    threadpool_limits(1, "blas")


def make_embedder(name: str) -> Embedder:
    """The embedder that `NARU_EMBEDDER` names: the shipped one, else a sentence-transformers
    model, of which only the first text shows whether it can be loaded."""
    if name == SHIPPED_MODEL:
        return ShippedEmbedder()
    from knowledge.embedding.sentence_embedder import SentenceEmbedder

    return SentenceEmbedder(name)


def group_by_length(lengths: Sequence[int]) -> list[list[int]]:
    """The numbers of texts of these `lengths` (pieces) in batches, the short ones together, each
    of at most BATCH_TOKENS when filled up to its longest (or a single text)."""
    batches: list[list[int]] = []
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batches and (len(batches[-1]) + 1) * lengths[number] <= BATCH_TOKENS:
            batches[-1].append(number)
        else:
            batches.append([number])
    return batches
