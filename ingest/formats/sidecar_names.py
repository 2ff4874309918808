"""The names of side-cars, the files that describe another file."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath

SIDECAR_SUFFIX = ".meta.yaml"
SIDECAR_MAX_BYTES = 100_000


def list_sidecar_names(name: str) -> list[str]:
    """The possible names of a file's side-car, the most specific first."""
    return [name + SIDECAR_SUFFIX, PurePosixPath(name).stem + SIDECAR_SUFFIX]


def is_sidecar(path: PurePath) -> bool:
    """Whether a path has the name of a side-car."""
    return path.name.lower().endswith(SIDECAR_SUFFIX)
