"""The names of the files that belong to another: its side-car, and its side file of phrases."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath

SIDECAR_SUFFIX = ".meta.yaml"
SIDECAR_MAX_BYTES = 100_000
PHRASES_FOLDER = "phrases"
PHRASES_SUFFIX = ".yaml"


def list_sidecar_names(name: str) -> list[str]:
    """The possible names of a file's side-car, the most specific first."""
    return [name + SIDECAR_SUFFIX, PurePosixPath(name).stem + SIDECAR_SUFFIX]


def is_sidecar(path: PurePath) -> bool:
    """Whether a path has the name of a side-car."""
    return path.name.lower().endswith(SIDECAR_SUFFIX)


def list_phrase_file_names(name: str) -> list[str]:
    """The possible names of a file's side file of phrases, the most specific first."""
    return [name + PHRASES_SUFFIX, PurePosixPath(name).stem + PHRASES_SUFFIX]


def is_phrase_file(path: PurePath) -> bool:
    """Whether a path is that of a side file of phrases."""
    return path.parent.name == PHRASES_FOLDER and path.name.lower().endswith(PHRASES_SUFFIX)
