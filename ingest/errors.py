"""What can go wrong with files on their way into the library.

IngestError
├── Refusal
│   ├── Unreadable   a file that cannot be taken: what is wrong and what to do
│   └── NotFetched   a web address that gave no page: why, and what to do
├── NothingToRead    a path that holds no file the library could take
└── BadSources       a sources.yaml that cannot be used: which entry, and what to write
"""

from __future__ import annotations

from ingest.remarks import Remark


class IngestError(Exception):
    """A sentence for the admin who can act on it."""


class Refusal(IngestError):
    """What cannot be had, as a Remark: the `facts` are those of its `kind`."""

    def __init__(self, kind: str, /, **facts: object) -> None:
        self.remark = Remark(kind, facts)
        super().__init__(str(self.remark))


class Unreadable(Refusal):
    """A file that cannot be taken: what is wrong with it and what to do."""

    @classmethod
    def from_remark(cls, remark: Remark) -> Unreadable:
        """For what somebody else has said."""
        return cls(remark.kind, **remark.facts)


class NotFetched(Refusal):
    """A web address that gave no page: why, and what to do. `wait` is how many seconds its
    server asked to be left alone."""

    def __init__(self, kind: str, /, *, wait: float = 0.0, **facts: object) -> None:
        super().__init__(kind, **facts)
        self.wait = wait


class NothingToRead(IngestError):
    """A path that does not exist or holds no file the library could take."""


class BadSources(IngestError):
    """A sources.yaml that cannot be used: which entry is wrong and what to write there."""
