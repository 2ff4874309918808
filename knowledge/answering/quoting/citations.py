"""From a quote to the citation that a founder sees."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.answering.quoting.quotes import Quote, quote_whole
from knowledge.answering.quoting.readable import render_readable
from knowledge.types import Citation, Passage


def compose_text(
    quotes: Sequence[Quote], model_sentences: Sequence[tuple[str, Passage]]
) -> tuple[str, tuple[Citation, ...]]:
    """The text with citation numbers, and the citations: of the model's sentences with their
    passages, or of the quotes without any. The numbers never come from a model."""
    if model_sentences:
        passages = list(dict.fromkeys(passage for _, passage in model_sentences))
        text = " ".join(f"{s} [{passages.index(p) + 1}]" for s, p in model_sentences)
        return text, tuple(build_citation(quote_whole(p)) for p in passages)
    numbered = enumerate(quotes, 1)
    text = "\n\n".join(f"{render_readable(quote.text)} [{number}]" for number, quote in numbered)
    return text, tuple(build_citation(quote) for quote in quotes)


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
