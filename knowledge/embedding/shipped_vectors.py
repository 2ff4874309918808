"""The vectors of the shipped library, so that an ingest need not compute them; and what the shipped
encoder gives on average, by language.

`make vectors` writes the file again after a change of the library.
See docs/decisions/0067-vectors-are-centred-by-language.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding.embedder import SHIPPED_MODEL, Vectors
from knowledge.types import LANGUAGES, Language

SHIPPED_VECTORS_PATH = Path(__file__).with_name("shipped_vectors.npz")
INT8_LIMIT = 127


@dataclass(frozen=True, slots=True)
class ShippedVectors:
    """`rows` are the texts' rows by digest; `numbers` (n, d) their vectors, each divided by its
    `scales` (n,) and rounded. `passage_means` and `question_means` are the mean vectors (d,) of
    the library's passages and known questions by language."""

    rows: Mapping[str, int]
    numbers: NDArray[np.int8]
    scales: Vectors
    passage_means: Mapping[Language, Vectors]
    question_means: Mapping[Language, Vectors]


def find_shipped_vectors(digests: Iterable[str], embedder: str) -> dict[str, Vectors]:
    """The unit vectors (d,) of those of `digests` that are shipped, by digest; none for another
    `embedder` than the shipped one. Lets OSError through for a damaged installation."""
    if embedder != SHIPPED_MODEL:
        return {}
    shipped = load_shipped_vectors()
    found = {digest: shipped.rows[digest] for digest in digests if digest in shipped.rows}
    return {digest: _unpack_row(shipped, row) for digest, row in found.items()}


@cache
def load_shipped_vectors(path: Path = SHIPPED_VECTORS_PATH) -> ShippedVectors:
    """The file as `write_shipped_vectors` wrote it; read once per path. Lets OSError through."""
    with np.load(path) as file:
        digests = [bytes(key).hex() for key in file["digests"]]
        means = (file["passage_means"], file["question_means"])
        return ShippedVectors(
            {digest: row for row, digest in enumerate(digests)},
            file["numbers"],
            file["scales"],
            *(dict(zip(LANGUAGES, every, strict=True)) for every in means),
        )


def write_shipped_vectors(
    vectors: Mapping[str, Vectors],
    passage_means: Mapping[Language, Vectors],
    question_means: Mapping[Language, Vectors],
    path: Path = SHIPPED_VECTORS_PATH,
) -> None:
    """Write `vectors` (d,) by digest, in 8 bits, and the means (d,) by language. Lets OSError
    through."""
    digests = sorted(vectors)
    exact = np.stack([vectors[digest] for digest in digests])
    scales = np.abs(exact).max(axis=1) / INT8_LIMIT
    np.savez_compressed(
        path,
        digests=np.frombuffer(bytes.fromhex("".join(digests)), np.uint8).reshape(len(digests), -1),
        numbers=np.round(exact / scales[:, None]).astype(np.int8),
        scales=scales,
        passage_means=np.stack([passage_means[one] for one in LANGUAGES]),
        question_means=np.stack([question_means[one] for one in LANGUAGES]),
    )


def _unpack_row(shipped: ShippedVectors, row: int) -> Vectors:
    vector = shipped.numbers[row] * shipped.scales[row]
    unit: Vectors = vector / np.linalg.norm(vector)
    return unit
