"""What the admin is told about a file, for tests."""

from __future__ import annotations

import io
from typing import Any

from ingest.remarks import Remark


def save(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def list_kinds(note: Remark | None) -> dict[str, dict[str, object]]:
    """The remarks in a note by kind, with their figures."""
    if note is None:
        return {}
    if note.kind != "two_remarks":
        return {note.kind: dict(note.facts)}
    parts = [fact for fact in note.facts.values() if isinstance(fact, Remark)]
    return {kind: facts for part in parts for kind, facts in list_kinds(part).items()}
