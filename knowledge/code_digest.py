"""Digests of our own code, used as the version of stored results that this code computed."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def digest_of_modules(*names: str) -> str:
    """The sha256, in hex, of the sources of these modules, in the given order.

    A package stands for every module below it. The sources are read once in a process.
    Raises ModuleNotFoundError if a name is not a module with a source file.
    """
    digest = hashlib.sha256()
    for name in names:
        for path in _list_sources(name):
            source = path.read_bytes()
            digest.update(f"{name} {path.name} {len(source)}\n".encode())
            digest.update(source)
    return digest.hexdigest()


def _list_sources(name: str) -> list[Path]:
    spec = find_spec(name)
    if spec is None or spec.origin is None or not spec.has_location:
        raise ModuleNotFoundError(f"no source of {name!r}", name=name)
    path = Path(spec.origin)
    return sorted(path.parent.rglob("*.py")) if spec.submodule_search_locations else [path]
