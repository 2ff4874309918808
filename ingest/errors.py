"""What can go wrong with files on their way into the library.

IngestError
├── Unreadable     a file that cannot be taken: what is wrong and what to do
├── NothingToRead  a path that holds no file the library could take
├── NotFetched     a web address that gave no page: why, and what to do
└── BadSources     a sources.yaml that cannot be used: which entry, and what to write
"""

from __future__ import annotations


class IngestError(Exception):
    """A sentence for the admin who can act on it."""


class Unreadable(IngestError):
    """A file that cannot be taken: what is wrong with it and what to do."""


class NothingToRead(IngestError):
    """A path that does not exist or holds no file the library could take."""


class NotFetched(IngestError):
    """A web address that gave no page: why, and what to do. `wait` is how many seconds its
    server asked to be left alone."""

    def __init__(self, sentence: str, wait: float = 0.0) -> None:
        super().__init__(sentence)
        self.wait = wait


class BadSources(IngestError):
    """A sources.yaml that cannot be used: which entry is wrong and what to write there."""
