"""The map that moves questions to where answers lie: its file and what it does."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from knowledge.embedding.embedder import SHIPPED_MODEL
from knowledge.embedding.question_map import (
    QUESTION_MAP_PATH,
    find_question_map,
    load_question_map,
    move_questions,
    write_question_map,
)


def test_a_map_of_zeros_moves_nothing() -> None:
    centred = np.array([[0.6, 0.8], [1.0, 0.0]], np.float32)
    assert np.allclose(move_questions(centred, np.zeros((2, 2), np.float32)), centred)


def test_a_moved_question_has_unit_length_and_an_empty_one_stays_empty() -> None:
    swap = np.array([[-1.0, 2.0], [0.0, 0.0]], np.float32)
    moved = move_questions(np.array([[1.0, 0.0], [0.0, 0.0]], np.float32), swap)
    assert moved.tolist() == [[0.0, 1.0], [0.0, 0.0]]


def test_only_the_shipped_encoder_has_a_map() -> None:
    shipped = find_question_map(SHIPPED_MODEL)
    assert shipped is not None and shipped.shape == (384, 384)
    assert 0.1 < np.linalg.norm(shipped) / np.sqrt(384) < 1.5  # it moves, and does not replace
    assert find_question_map("another/model") is None


def test_the_file_is_small() -> None:
    assert QUESTION_MAP_PATH.stat().st_size < 200_000


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    question_map = np.random.default_rng(1).normal(size=(8, 8)).astype(np.float32)
    question_map[3] = 0
    write_question_map(question_map, tmp_path / "map.npz")
    assert np.allclose(load_question_map(tmp_path / "map.npz"), question_map, atol=0.02)
