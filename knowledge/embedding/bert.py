"""The transformer of the shipped encoder (BERT, Devlin et al. 2019), computed by numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding.weight_file import (
    BLOCK_WEIGHTS,
    NIBBLE_ZERO,
    Blocks,
    Floats,
    WeightFile,
    unpack_blocks,
)

# The error function in single precision as a quotient of two polynomials in x², x times the first,
# highest power first, as the library Eigen has it; wrong by at most 5e-7.
ERF_BOUND = np.float32(4)  # beyond it the function is 1
ERF_NUMERATOR = np.array(
    [-2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05,
     -7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02], np.float32
)  # fmt: skip
ERF_DENOMINATOR = np.array(
    [-1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03,
     -1.42647390514189e-02], np.float32
)  # fmt: skip
MASKED_SCORE = np.float32(-1e9)  # attention to what only fills up a row
SQRT_HALF = np.float32(0.5**0.5)

Tokens = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Linear:
    """A linear map whose weights are unpacked for each batch: all of them in memory take 85 MB.

    What belongs to one input lies together, over all outputs: numpy goes through it in long runs, so
    that all layers take 6 ms, and 16 in the order of the file. `nibbles` are (inputs / 32, 16,
    outputs) of two weights each, `scales` (inputs / 32, 1, outputs).
    """

    nibbles: NDArray[np.uint8]
    scales: Floats
    bias: Floats

    def apply(self, x: Floats) -> Floats:
        y: Floats = x @ self._unpack()
        y += self.bias
        return y

    def _unpack(self) -> Floats:
        """The weights (inputs, outputs)."""
        blocks, half, outputs = self.nibbles.shape
        weights = np.empty((blocks, BLOCK_WEIGHTS, outputs), np.float32)
        weights[:, :half] = self.nibbles & 0x0F
        weights[:, half:] = self.nibbles >> 4
        weights -= NIBBLE_ZERO
        weights *= self.scales
        return weights.reshape(-1, outputs)


@dataclass(frozen=True, slots=True)
class _Norm:
    weights: Floats
    bias: Floats
    epsilon: float

    def apply(self, x: Floats) -> Floats:
        centred = x - x.mean(-1, keepdims=True)
        variance = np.einsum("...i,...i->...", centred, centred)[..., None] / x.shape[-1]
        centred /= np.sqrt(variance + np.float32(self.epsilon))
        centred *= self.weights
        centred += self.bias
        normal: Floats = centred
        return normal


@dataclass(frozen=True, slots=True)
class _Layer:
    attention_in: _Linear  # queries, keys and values side by side
    attention_out: _Linear
    attention_norm: _Norm
    forward_in: _Linear
    forward_out: _Linear
    forward_norm: _Norm


class Bert:
    """The encoder's weights, ready to compute. The weights stay packed; of the large
    table of pieces, which stays in the file, only the rows that a text needs are unpacked.
    Thread-safe."""

    def __init__(self, file: WeightFile) -> None:
        tensors = file.tensors
        self._heads = file.heads
        first = self._read_norm(file, "emb.ln")
        self._size = len(first.weights)
        self._pieces = file.packed["emb.word"].reshape(-1, self._size // BLOCK_WEIGHTS)
        self._positions = tensors["emb.pos"].reshape(-1, self._size) + tensors["emb.type"][: self._size]  # fmt: skip
        self._first_norm = first
        self._layers = [self._read_layer(file, f"l{number}") for number in range(file.layers)]

    def encode_batch(self, tokens: Sequence[Sequence[int]]) -> Floats:
        """Unit vectors (n, d) of n texts by the numbers of their pieces; texts of about one
        length cost least, because the shorter are filled up."""
        lengths = np.array([len(one) for one in tokens])
        width = int(lengths.max())
        filled = np.zeros((len(tokens), width), np.int64)
        for row, one in enumerate(tokens):
            filled[row, : len(one)] = one
        is_text = np.arange(width) < lengths[:, None]
        mask = None if is_text.all() else np.where(is_text, np.float32(0), MASKED_SCORE)
        x = self._first_norm.apply(self._look_up(filled) + self._positions[:width])
        for layer in self._layers:
            x = layer.attention_norm.apply(x + self._attend(layer, x, mask))
            x = layer.forward_norm.apply(x + _feed_forward(layer, x))
        sums = np.einsum("nld,nl->nd", x, is_text.astype(np.float32))
        vectors: Floats = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return vectors

    def _look_up(self, tokens: Tokens) -> Floats:
        used, places = np.unique(tokens, return_inverse=True)
        rows = unpack_blocks(self._pieces[used].reshape(-1)).reshape(len(used), self._size)
        found: Floats = rows[places.reshape(tokens.shape)]
        return found

    def _attend(self, layer: _Layer, x: Floats, mask: Floats | None) -> Floats:
        count, width, size = x.shape
        parts = layer.attention_in.apply(x).reshape(count, width, 3, self._heads, -1)
        queries, keys, values = parts.transpose(2, 0, 3, 1, 4)  # each (count, heads, width, …)
        scores = queries @ keys.swapaxes(-1, -2)
        scores *= np.float32((size // self._heads) ** -0.5)
        if mask is not None:
            scores += mask[:, None, None, :]
        scores -= scores.max(-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(-1, keepdims=True)
        seen = (scores @ values).swapaxes(1, 2).reshape(count, width, size)
        return layer.attention_out.apply(seen)

    def _read_layer(self, file: WeightFile, name: str) -> _Layer:
        return _Layer(
            _read_linear(file, *(f"{name}.{part}" for part in "qkv")),
            _read_linear(file, f"{name}.ao"),
            self._read_norm(file, f"{name}.aln"),
            _read_linear(file, f"{name}.fi"),
            _read_linear(file, f"{name}.fo"),
            self._read_norm(file, f"{name}.oln"),
        )

    def _read_norm(self, file: WeightFile, name: str) -> _Norm:
        weights, bias = (np.array(file.tensors[f"{name}.{part}"]) for part in "wb")
        return _Norm(weights, bias, file.epsilon)


def _read_linear(file: WeightFile, *names: str) -> _Linear:
    """The linear maps of these names side by side, as one."""
    bias = np.concatenate([file.tensors[f"{name}.b"] for name in names])
    packed: Blocks = np.concatenate([file.packed[f"{name}.w"] for name in names])
    blocks = packed.reshape(len(bias), -1)
    nibbles = np.ascontiguousarray(blocks["nibbles"].transpose(1, 2, 0))
    scales = np.ascontiguousarray(blocks["scale"].T, np.float32)
    return _Linear(nibbles, scales[:, None], bias)


def _feed_forward(layer: _Layer, x: Floats) -> Floats:
    """Two linear maps with the exact GELU between them."""
    hidden = layer.forward_in.apply(x)
    hidden *= 0.5 * (1 + _compute_erf(hidden * SQRT_HALF))
    return layer.forward_out.apply(hidden)


def _compute_erf(x: Floats) -> Floats:
    x = np.clip(x, -ERF_BOUND, ERF_BOUND)
    squares = x * x
    y: Floats = x * _compute_polynomial(ERF_NUMERATOR, squares)
    y /= _compute_polynomial(ERF_DENOMINATOR, squares)
    return y


def _compute_polynomial(factors: Floats, x: Floats) -> Floats:
    y = np.full_like(x, factors[0])
    for factor in factors[1:]:
        y *= x
        y += factor
    return y
