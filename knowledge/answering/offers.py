"""Sections to choose from where none is sure, and the one that was chosen, whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from knowledge.answering.quoting.quotes import Quote, quote_asked_rows, quote_whole
from knowledge.decision.confidence import ScoredHit
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.retriever import Hit
from knowledge.text.language import detect_language, fold_diacritics
from knowledge.text.terms import Analyser
from knowledge.types import Language, Offer, Passage, Question

MAX_OFFERS = 3  # sections to choose from: what fits on a screen above the buttons
# Two programmes may have what was asked for; see docs/decisions/0088-labels-judged-from-pools.md
MAX_OFFERS_OF_A_DOCUMENT = 2


def build_offers(
    scored_hits: Sequence[ScoredHit], language: Language, kept: ScoredHit | None = None
) -> tuple[Offer, ...]:
    """The best MAX_OFFERS sections of `scored_hits` (best first), the last of which gives way to
    `kept` where that is not among them; a reader of `language` can tell them apart by their labels."""
    best = choose_offered(scored_hits)
    if kept is not None and best and all(_name(one) != _name(kept) for one in best):
        best = [*best[: MAX_OFFERS - 1], kept]
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


def choose_offered(scored_hits: Sequence[ScoredHit]) -> list[ScoredHit]:
    """The hits of the sections to offer, best first: at most MAX_OFFERS_OF_A_DOCUMENT of one document,
    and more of it only where there is no other."""
    sections: dict[tuple[str, tuple[str, ...]], ScoredHit] = {}
    for one in scored_hits:
        sections.setdefault(_name(one), one)
    listed = list(sections.values())
    chosen = spread_documents([one.hit.passage.document.base_id for one in listed])
    return [listed[at] for at in chosen]


def spread_documents(documents: Sequence[str]) -> list[int]:
    """Which of the sections to offer, by position, in order; `documents` are theirs by base id."""
    taken: list[int] = []
    count = Counter[str]()
    for at, document in enumerate(documents):
        if count[document] < MAX_OFFERS_OF_A_DOCUMENT:
            taken.append(at)
            count[document] += 1
    left = [at for at in range(len(documents)) if at not in taken]
    return sorted((taken + left)[:MAX_OFFERS])


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


def quote_section(
    passages: Sequence[Passage], question: Question, hits: Sequence[Hit], analyser: Analyser
) -> tuple[Quote, ...]:
    """Every passage of a section, whole but for rows of tables that the question does not ask for;
    its words are compared as with `hits`, those of the passages' document."""
    by_place = {hit.passage.ord: hit for hit in hits}
    return tuple(
        quote_asked_rows(one, by_place[one.ord], question, analyser)
        if one.ord in by_place
        else quote_whole(one)
        for one in passages
    )


def _name(one: ScoredHit) -> tuple[str, tuple[str, ...]]:
    """The section of a hit: its document and headings."""
    return one.hit.passage.document.id, one.hit.passage.heading


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
