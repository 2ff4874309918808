"""An embedder without a model: every word has a direction of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from knowledge.embedding.embedder import Vectors

VECTOR_SIZE = 1024


class HashingEmbedder:
    """Deterministic, and it remembers what it was asked to embed."""

    def __init__(self, name: str = "hashing", size: int = VECTOR_SIZE) -> None:
        self.name = name
        self.size = size
        self.embedded: list[str] = []

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        vectors = []
        for text in texts:
            vectors.append(self.embed_query(text))
            self.embedded.append(text)
            if progress:
                progress(1)
        return np.stack(vectors)

    def embed_query(self, text: str) -> Vectors:
        vector = np.zeros(self.size, np.float32)
        for word in text.lower().split():
            digest = hashlib.sha256(word.encode()).digest()
            vector[int.from_bytes(digest[:2]) % self.size] += 1
        return vector / (np.linalg.norm(vector) or np.float32(1))

    def take_embedded(self) -> list[str]:
        """What was embedded since the last look."""
        taken, self.embedded = self.embedded, []
        return taken
