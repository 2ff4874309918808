"""Versions of code by content: a digest of the files that decide, not a number counted by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def compute_code_digest(paths: Iterable[Path]) -> str:
    """The sha256 (64 hex digits) of the bytes of `paths` in the given order.

    Stored results that name it are computed again once the code that made them has changed.
    Lets OSError through for a path that cannot be read.
    See docs/decisions/0037-skip-unchanged-files-by-content-and-code-digest.md.
    """
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
