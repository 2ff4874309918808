"""What can go wrong with files on their way into the library.

IngestError
├── Unreadable     a file that cannot be taken: what is wrong and what to do
└── NothingToRead  a path that holds no file the library could take
"""


class IngestError(Exception):
    """A sentence for the admin who can act on it."""


class Unreadable(IngestError):
    """A file that cannot be taken: what is wrong with it and what to do."""


class NothingToRead(IngestError):
    """A path that does not exist or holds no file the library could take."""
