"""Names the newer notice of a programme under a quote of an older one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from knowledge.retrieval.edition import Edition
from knowledge.types import Citation


def name_newer_editions(
    edition: Edition, citations: tuple[Citation, ...], day: date
) -> tuple[Citation, ...]:
    """`citations`, with the title of the newer notice of the same programme where there is one on `day`."""
    newer = (
        edition.find_newer_edition(edition.documents[citation.document], day)
        for citation in citations
    )
    return tuple(
        replace(citation, newer=other.title) if other else citation
        for citation, other in zip(citations, newer, strict=True)
    )
