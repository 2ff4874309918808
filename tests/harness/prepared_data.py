"""Data folders with a library in them, filled once and kept between runs.

To fill one takes minutes, nearly all of them for the model. So two things are kept below
`NARU_TEST_CACHE` (default `~/.cache/naru-tests`): the folders, for one state of the code and the
documents each, and every vector the model ever made of a text, which no change of code makes wrong.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.embedding.embedder import ShippedEmbedder, Vectors
from knowledge.embedding.weight_file import SHIPPED_MODEL_SHA256
from tests.source_tree import ROOT

CACHE_VARIABLE = "NARU_TEST_CACHE"
KEPT_FOLDERS = 4  # of each name: branches that are tested in turn do not drop each other's
SAVE_STEP_TEXTS = 512  # vectors are kept, and a line of progress shown, after so many texts

# All that decides what an ingest writes, the documents and the glossary among it.
INPUTS = ("knowledge", "ingest", "adapters/bootstrap.py", "adapters/settings/fields.py", "requirements/runtime.lock",
          "tests/samples/small_library.py", "tests/harness/prepared_data.py")  # fmt: skip
NO_INPUTS = ("knowledge/exam", "knowledge/evaluation")


class CachedEmbedder(ShippedEmbedder):
    """The shipped model; the vectors of passages it has seen in any earlier run come from a file.

    Not for two processes at once: `prepare_data` holds a lock while it is used.
    """

    def __init__(self, path: Path, report: Callable[[str], None]) -> None:
        super().__init__()
        self._path = path
        self._report = report

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Vectors (n, d) of texts, of which only new ones go through the model."""
        known = self._read_known()
        keys = [hashlib.sha256(text.encode()).digest() for text in texts]
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        for start in range(0, len(fresh), SAVE_STEP_TEXTS):
            self._report(f"embedding text {start + 1} of {len(fresh)}")
            some = list(fresh.items())[start : start + SAVE_STEP_TEXTS]
            vectors = super().embed_passages([text for _, text in some])
            known |= zip((key for key, _ in some), vectors, strict=True)
            self._save(known)
        if progress:
            progress(len(texts))
        return np.stack([known[key] for key in keys])

    def _read_known(self) -> dict[bytes, Vectors]:
        if not self._path.exists():
            return {}
        with np.load(self._path) as arrays:
            return dict(zip(map(bytes, arrays["keys"]), arrays["vectors"], strict=True))

    def _save(self, known: dict[bytes, Vectors]) -> None:
        part = self._path.with_suffix(".part.npz")
        keys = np.frombuffer(b"".join(known), np.uint8).reshape(len(known), -1)
        np.savez(part, keys=keys, vectors=np.stack(list(known.values())))
        part.replace(self._path)


def prepare_data(name: str, fill: Callable[[Path, CachedEmbedder], None]) -> Path:
    """A data folder that `fill` filled in this run or an earlier one; copy it, do not write there.

    Processes that need the same folder wait for the one that fills it.
    """
    home = find_cache_folder()
    home.mkdir(parents=True, exist_ok=True)
    folder = home / f"{name}-{compute_inputs_digest()[:16]}"
    with _lock_file(home / "prepare.lock"):
        if not folder.exists():
            report_progress(f"{folder} is filled, once for this state of the library")
            _fill_folder(folder, fill)
        os.utime(folder)
        _drop_oldest(home, name)
    return folder


def find_cache_folder() -> Path:
    """What NARU_TEST_CACHE says, else a folder of the user's cache."""
    if given := os.environ.get(CACHE_VARIABLE):
        return Path(given).resolve()
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "naru-tests"


@cache
def compute_inputs_digest() -> str:
    """The sha256, in hexadecimal, of the names and bytes of all inputs."""
    digest = hashlib.sha256()
    for path in sorted(path for name in INPUTS for path in _list_files(ROOT / name)):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(NO_INPUTS):
            digest.update(f"{name}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def report_progress(line: str) -> None:
    """A line on the terminal; a worker of xdist has its standard error from who started it."""
    print(f"[tests] {line}", file=sys.__stderr__, flush=True)


def _fill_folder(folder: Path, fill: Callable[[Path, CachedEmbedder], None]) -> None:
    vectors = folder.parent / f"vectors-{SHIPPED_MODEL_SHA256[:16]}.npz"
    for left in folder.parent.glob(".part-*"):  # of a run that was killed: we have the lock
        shutil.rmtree(left)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder.parent))
    try:
        fill(part, CachedEmbedder(vectors, report_progress))
        part.chmod(0o755)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _drop_oldest(home: Path, name: str) -> None:
    folders = sorted(home.glob(f"{name}-*"), key=lambda path: path.stat().st_mtime)
    for folder in folders[:-KEPT_FOLDERS]:
        shutil.rmtree(folder, ignore_errors=True)


def _list_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [one for one in path.rglob("*") if one.is_file() and "__pycache__" not in one.parts]


@contextmanager
def _lock_file(path: Path) -> Iterator[Any]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
