"""Sections to choose from where none is sure, and the one that was chosen, whole."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.answering.quoting.quotes import Quote, quote_whole
from knowledge.decision.confidence import ScoredHit
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.retriever import Hit
from knowledge.text.language import detect_language, fold_diacritics
from knowledge.types import Language, Offer, Passage

MAX_OFFERS = 3  # sections to choose from: what fits on a screen above the buttons


def build_offers(scored_hits: Sequence[ScoredHit], language: Language) -> tuple[Offer, ...]:
    """The best MAX_OFFERS sections of `scored_hits` (best first); a reader of `language` can tell
    them apart by their labels."""
    sections: dict[tuple[str, tuple[str, ...]], ScoredHit] = {}
    for one in scored_hits:
        passage = one.hit.passage
        sections.setdefault((passage.document.id, passage.heading), one)
    best = list(sections.values())[:MAX_OFFERS]
    labels = [_choose_label(one.hit, language) for one in best]
    offers = []
    for one, label in zip(best, labels, strict=True):
        document = one.hit.passage.document
        shown = label if labels.count(label) == 1 else f"{document.title} – {label}"
        confidence = round(one.confidence, 3)
        offers.append(
            Offer(document.id, document.title, one.hit.passage.heading, shown, confidence)
        )
    return tuple(offers)


def find_section(edition: Edition, document: str, heading: Sequence[str]) -> tuple[Passage, ...]:
    """The passages of one section in reading order; () where the edition does not have it."""
    return tuple(
        sorted(
            (
                passage
                for passage in edition.passages
                if passage.document.id == document and passage.heading == tuple(heading)
            ),
            key=lambda passage: passage.ord,
        )
    )


def quote_section(passages: Sequence[Passage]) -> tuple[Quote, ...]:
    """Every passage of a section, whole."""
    return tuple(quote_whole(passage) for passage in passages)


def _choose_label(hit: Hit, language: Language) -> str:
    """The section's heading or, for a reader of another language, a known question of it in
    theirs if there is one: a whole question in full spelling before one as it is typed in a hurry,
    with a capital letter. The title too where the heading is only a mark such as "①"."""
    passage = hit.passage
    heading = passage.heading[-1]
    if passage.document.language != language:
        wordings = (*passage.asked, *hit.matched_passage.asked)
        own = [text for text in wordings if detect_language(text) == language]
        tidy = min(own, key=lambda text: _rank_wording(text, language), default=heading)
        heading = tidy[:1].upper() + tidy[1:]
    return heading if any(map(str.isalpha, heading)) else f"{passage.document.title} – {heading}"


def _rank_wording(text: str, language: Language) -> tuple[bool, bool, int]:
    """Before others the wordings that look best as a label, the shortest among them."""
    return _is_bare(text, language), not text.endswith("?"), len(text)


def _is_bare(text: str, language: Language) -> bool:
    """Whether a text is Vietnamese as it is typed in a hurry, without diacritics."""
    return language == "vi" and fold_diacritics(text) == text.lower()
