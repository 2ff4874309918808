"""From a quote to the citation that a founder sees."""

from __future__ import annotations

from knowledge.answering.quotes import Quote
from knowledge.types import Citation


def build_citation(quote: Quote) -> Citation:
    """The citation of a quote; link and date are those of the passage's own first source, else of
    its document. `checked` is left to the caller."""
    passage = quote.passage
    document = passage.document
    source = passage.sources[0] if passage.sources else None
    return Citation(
        document=document.id,
        title=document.title,
        heading=passage.heading,
        issuer=document.issuer,
        url=source.url if source else document.url,
        published=source.published if source else document.published,
        effective_from=document.effective_from,
        expires=document.expires,
        page=passage.page,
        inferred=tuple(name for name in document.inferred if name != "published" or not source),
        quote=quote.text,
        language=document.language,
    )
