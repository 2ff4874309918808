"""What the bench asks of a system."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

COUNT = 10  # passages that a search gives


class System(Protocol):
    """One system over a data folder of its own, opened: what it stored in an earlier process is there."""

    def ingest(self, corpus: Path) -> None:
        """Bring the store in line with a folder of documents, as an admin's command would: new and
        changed passages in, what is unchanged left alone."""
        ...

    def search(self, question: str) -> list[str]:
        """The ids of the COUNT best sections for a question, best first. Called from threads."""
        ...

    def close(self) -> None:
        """Give back files and connections."""
        ...
