"""An edition's vectors as one plain file next to Chroma's, and what is written down with them.

A folder of Chroma's takes its whole library to read; the same numbers in a row take none. See
docs/decisions/0078-start-small-and-fast.md.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding.embedder import Vectors
from knowledge.types import LANGUAGES, Language

MANIFEST_FILE = "manifest.json"
FLAT_COPY_FILE = "vectors.f4"  # int64 positions, then float32 vectors, little-endian


@dataclass(frozen=True, slots=True)
class Manifest:
    """The name of the embedder that made an index, its number of vectors, and from where questions
    are seen: float32 bytes in base64, one vector for each of LANGUAGES. `flat_copy` is the sha256
    of a folder's flat copy, empty where there is none."""

    embedder: str
    vectors: int
    question_centres: str = ""
    flat_copy: str = ""


def write_flat_copy(folder: Path, vectors: Mapping[int, Vectors], manifest: Manifest) -> None:
    """Write the vectors (d,) by position, and last the manifest, into a folder of an edition."""
    positions = sorted(vectors)
    rows = b"".join(vectors[position].astype("<f4").tobytes() for position in positions)
    flat = np.array(positions, "<i8").tobytes() + rows
    (folder / FLAT_COPY_FILE).write_bytes(flat)
    manifest = replace(manifest, flat_copy=hashlib.sha256(flat).hexdigest())
    (folder / MANIFEST_FILE).write_text(json.dumps(asdict(manifest)), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """What `write_flat_copy` wrote down. Raises OSError, ValueError or TypeError where it is not
    there or not a manifest."""
    return Manifest(**json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8")))


def read_flat_copy(folder: Path, manifest: Manifest) -> tuple[NDArray[np.int64], Vectors] | None:
    """The positions (n,) and vectors (n, d) of a folder; None where there is no copy, or it is not
    the one that the manifest names."""
    try:
        flat = (folder / FLAT_COPY_FILE).read_bytes()
    except OSError:
        return None
    if hashlib.sha256(flat).hexdigest() != manifest.flat_copy:
        return None
    width = len(decode_centres(manifest)[LANGUAGES[0]])
    count = len(flat) // (8 + 4 * width)  # what it has, which may be less than the manifest says
    positions = np.frombuffer(flat, "<i8", count)
    vectors = np.frombuffer(flat, "<f4", offset=positions.nbytes)
    return positions, vectors.reshape(count, width)


def encode_centres(centres: Mapping[Language, Vectors]) -> str:
    """Centres (d,) by language, as a manifest has them."""
    every = np.stack([centres[language] for language in LANGUAGES])
    return base64.b64encode(every.astype("<f4").tobytes()).decode()


def decode_centres(manifest: Manifest) -> dict[Language, Vectors]:
    """The centres (d,) of a manifest, by language."""
    centres = np.frombuffer(base64.b64decode(manifest.question_centres), "<f4")
    return dict(zip(LANGUAGES, centres.reshape(len(LANGUAGES), -1), strict=True))
