"""The keys of an admin's buttons about the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.buttons.keys import is_number

KEEP_EDITION_KEY = "library:keep"
LIBRARY_KEY_PREFIX = "library:"


@dataclass(frozen=True, slots=True)
class LibraryPress:
    """An admin's pressed button: the upload's `token` and the `mark` of the plan shown, or the
    `edition` to go back to and the `base` that answered when it was offered."""

    act: Literal["apply", "discard", "rollback", "keep"]
    token: str = ""
    mark: str = ""
    edition: int = 0
    base: int = 0


def write_apply_key(token: str, mark: str) -> str:
    """The key that applies the plan `mark` of the upload `token`."""
    return f"library:apply:{token}:{mark}"


def write_discard_key(token: str) -> str:
    """The key that discards the upload `token`."""
    return f"library:discard:{token}"


def write_rollback_key(edition: int, base: int) -> str:
    """The key that goes back to `edition` while `base` is the one that answers."""
    return f"library:rollback:{edition}:{base}"


def is_library_key(key: str) -> bool:
    """Whether a button belongs to the library's commands."""
    return key.startswith(LIBRARY_KEY_PREFIX)


def parse_library_key(key: str) -> LibraryPress | None:
    """What an admin pressed; None for a key of no known form."""
    match key.split(":"):
        case ["library", "keep", *_]:
            return LibraryPress("keep")
        case ["library", "apply", token, mark]:
            return LibraryPress("apply", token=token, mark=mark)
        case ["library", "discard", token]:
            return LibraryPress("discard", token=token)
        case ["library", "rollback", edition, base] if is_number(edition) and is_number(base):
            return LibraryPress("rollback", edition=int(edition), base=int(base))
    return None
