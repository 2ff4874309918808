"""Errors of ingest.

IngestError
├── Refusal
│   ├── Unreadable   a file that cannot be ingested
│   └── NotFetched   a web address that gave no page
├── NothingToRead    a path that holds no files
└── BadSources       a sources.yaml that is invalid
"""

from __future__ import annotations

from ingest.remarks import Remark


class IngestError(Exception):
    """Base of all errors of ingest; the message is a sentence for the admin who can act on it."""


class Refusal(IngestError):
    """A refusal with a Remark of this `kind` and its `facts`; the message is the English sentence."""

    def __init__(self, kind: str, /, **facts: object) -> None:
        self.remark = Remark(kind, facts)
        super().__init__(str(self.remark))


class Unreadable(Refusal):
    """A file that cannot be ingested: what is wrong with it and what to do."""

    @classmethod
    def from_remark(cls, remark: Remark) -> Unreadable:
        """The error that carries an existing remark."""
        return cls(remark.kind, **remark.facts)


class NotFetched(Refusal):
    """A web address that gave no page: why and what to do.

    `wait` is how many seconds the server asked to wait before the next request.
    """

    def __init__(self, kind: str, /, *, wait: float = 0.0, **facts: object) -> None:
        super().__init__(kind, **facts)
        self.wait = wait


class NothingToRead(IngestError):
    """A path that does not exist or holds no files."""


class BadSources(IngestError):
    """A sources.yaml that cannot be used: which entry is wrong and what to write there."""
