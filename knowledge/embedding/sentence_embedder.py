"""Any sentence-transformers model: the only module that imports that library and torch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embedding.weight_file import Floats
from knowledge.errors import EmbedderMissing

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

EMBED_BATCH_TEXTS = 64  # texts between two calls of `progress`


class SentenceEmbedder:
    """A sentence-transformers model; loaded at the first text, used by one thread at a time."""

    def __init__(self, name: str) -> None:
        """`name` is a name on the Hugging Face hub or a folder."""
        self.name = name
        self._lock = threading.Lock()
        # E5 models were trained with these words before the text and fail without them.
        self._query_prefix, self._passage_prefix = (
            ("query: ", "passage: ") if "e5" in name.lower() else ("", "")
        )

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Floats:
        """As `Embedder.embed_passages`. Raises EmbedderMissing where the model cannot be loaded."""
        done: list[Floats] = []
        for start in range(0, len(texts), EMBED_BATCH_TEXTS):
            batch = texts[start : start + EMBED_BATCH_TEXTS]
            done.append(self._encode([self._passage_prefix + text for text in batch]))
            if progress:
                progress(len(batch))
        return np.concatenate(done) if done else np.zeros((0, 0), np.float32)

    def embed_query(self, text: str) -> Floats:
        """As `Embedder.embed_query`. Raises EmbedderMissing where the model cannot be loaded."""
        try:
            import torch
        except ImportError as error:
            raise _name_what_to_install(self.name) from error
        with self._lock:
            threads = torch.get_num_threads()
            torch.set_num_threads(1)  # one short text: two threads on busy cores cost 450 ms
            try:
                vector: Floats = self._encode([self._query_prefix + text], locked=True)[0]
                return vector
            finally:
                torch.set_num_threads(threads)

    def _encode(self, texts: list[str], locked: bool = False) -> Floats:
        if not locked:
            with self._lock:
                return self._encode(texts, locked=True)
        vectors = self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)

    @cached_property
    def _model(self) -> SentenceTransformer:
        try:
            import torch  # noqa: F401  # what it needs, should only that be missing
            from sentence_transformers import SentenceTransformer
            from transformers.utils.logging import disable_progress_bar
        except ImportError as error:
            raise _name_what_to_install(self.name) from error
        # The bar would be written into a pipe that reads the output of `naru ask`.
        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(self.name, device="cpu")
        except (OSError, ValueError) as error:
            raise EmbedderMissing(
                f"The model {self.name} cannot be loaded: {str(error).splitlines()[0]}. Set "
                "NARU_EMBEDDER to a folder or a name that can be reached, or leave it empty "
                "for the shipped one."
            ) from error


def _name_what_to_install(model: str) -> EmbedderMissing:
    return EmbedderMissing(
        f"NARU_EMBEDDER names {model}, which needs sentence-transformers, and that is not "
        "installed. Run `make encoders` in Naru's folder, or leave NARU_EMBEDDER empty for the "
        "shipped model."
    )
