"""The map that moves a question of the shipped encoder to where sections that answer it lie.

A founder tells what happened, a section says what is offered: the encoder puts them apart. The map
was fitted to the shipped library's known questions (`make question-map`) and helps documents it
has not seen as well. See docs/decisions/0074-a-map-from-questions-to-sections.md.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from knowledge.embedding.embedder import SHIPPED_MODEL, Vectors

QUESTION_MAP_PATH = Path(__file__).with_name("question_map.npz")
INT8_LIMIT = 127


def find_question_map(embedder: str) -> Vectors | None:
    """The map (d, d) of the shipped encoder; None for any other `embedder`. Lets OSError through for
    a damaged installation."""
    return load_question_map() if embedder == SHIPPED_MODEL else None


def move_questions(centred: Vectors, question_map: Vectors) -> Vectors:
    """Centred questions (n, d) moved by a map (d, d), of unit length."""
    moved = centred + centred @ question_map
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    unit: Vectors = np.divide(moved, lengths, out=np.zeros_like(moved), where=lengths > 0)
    return unit


@cache
def load_question_map(path: Path = QUESTION_MAP_PATH) -> Vectors:
    """The map (d, d) that `write_question_map` wrote; read once per path. Lets OSError through."""
    with np.load(path) as file:
        question_map: Vectors = file["numbers"] * file["scales"][:, None]
        return question_map


def write_question_map(question_map: Vectors, path: Path = QUESTION_MAP_PATH) -> None:
    """Write a map (d, d), each row divided by its largest number, in 8 bits. Lets OSError through."""
    scales = np.maximum(np.abs(question_map).max(axis=1), 1e-9) / INT8_LIMIT
    numbers = np.round(question_map / scales[:, None]).astype(np.int8)
    np.savez_compressed(path, numbers=numbers, scales=scales.astype(np.float32))
