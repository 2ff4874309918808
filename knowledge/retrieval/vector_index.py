"""The vectors of an edition in memory, and how a question is compared with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding.embedder import Vectors
from knowledge.embedding.question_map import find_question_map, move_questions
from knowledge.retrieval.centring import point_from
from knowledge.retrieval.flat_copy import Manifest, decode_centres
from knowledge.types import Language


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """The vectors of an edition, read whole: `vectors` (n, d), centred, of the passages at
    `positions` (n,), ascending; `question_centres` (d,) by language. `question_map` (d, d) moves
    centred questions to where answers lie; None for an embedder without one."""

    positions: NDArray[np.int64]
    vectors: Vectors
    question_centres: Mapping[Language, Vectors]
    question_map: Vectors | None = None

    def compare(self, question: Vectors, language: Language) -> Vectors:
        """The cosine (n,) of every passage with a question, whose vector (d,) is as the embedder
        gave it.

        All are compared, not the nearest: what is far says as much as what is near. 20,000 take
        some milliseconds.
        """
        centred = point_from(question[None], self.question_centres[language])
        if self.question_map is not None:
            centred = move_questions(centred, self.question_map)
        cosines: Vectors = self.vectors @ centred[0]
        return cosines


def build_index(manifest: Manifest, positions: NDArray[np.int64], vectors: Vectors) -> VectorIndex:
    """The index of vectors (n, d) at `positions` (n,), with the centres of their manifest and the map
    of their embedder."""
    question_map = find_question_map(manifest.embedder)
    return VectorIndex(positions, vectors, decode_centres(manifest), question_map)
