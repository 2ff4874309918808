"""The variables of ours that a child process gets; tokens, keys and addresses are not among them."""

from __future__ import annotations

import os

KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TESSDATA_PREFIX", "LD_LIBRARY_PATH",
                  "SYSTEMROOT", "OMP_THREAD_LIMIT")  # fmt: skip


def select_variables() -> dict[str, str]:
    """This process's variables that a child needs to run Python, or a reader of scanned pages."""
    return {key: value for key, value in os.environ.items() if key in KEPT_VARIABLES}
