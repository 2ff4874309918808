"""The encoders of the bench: Naru's own and one without a model, the same function for every system.

Every system's process loads them in an environment of its own: numpy, threadpoolctl and the weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from knowledge.embedding.embedder import Embedder, ShippedEmbedder, Vectors

VECTOR_SIZE = 384  # as the shipped encoder's


class NullEmbedder:
    """An encoder without a model: a text's vector is drawn from its hash, in microseconds."""

    name = "null"

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Unit vectors (n, 384) of n texts; equal texts have equal vectors."""
        if progress:
            progress(len(texts))
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """The unit vector (384,) of a text."""
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
        vector = np.random.Generator(np.random.PCG64(seed)).standard_normal(VECTOR_SIZE, np.float32)
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit


class MixedEmbedder(NullEmbedder):
    """Questions by the shipped encoder, passages by none: what a question costs in a library whose
    passages would take hours to embed. What it finds says nothing."""

    name = "mixed"

    def __init__(self) -> None:
        self._shipped = ShippedEmbedder()

    def embed_query(self, text: str) -> Vectors:
        """The vector (384,) of a question by the shipped encoder."""
        return self._shipped.embed_query(text)

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """As `NullEmbedder.embed_passages`."""
        return NullEmbedder().embed_passages(texts, progress)


def make_encoder(name: str) -> Embedder:
    """The encoder of a name: real, null or mixed. Raises KeyError for another."""
    kinds: dict[str, Callable[[], Embedder]] = {
        "real": ShippedEmbedder, "null": NullEmbedder, "mixed": MixedEmbedder,
    }  # fmt: skip
    return kinds[name]()
