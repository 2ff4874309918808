"""Sections that are offered, and the one that was chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from knowledge.answering.offers import MAX_OFFERS, build_offers, spread_documents
from knowledge.chain import Chain
from knowledge.decision.confidence import ConfidenceModel, ScoredHit
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Retriever
from knowledge.types import Language, Offer
from tests.knowledge.conftest import MakeQuestion

LIMIT = "물류비는 얼마까지 지원하나요?"
HEADING = ("나루 물류바우처", LIMIT)


def score(library: Library, edition: Edition, question: MakeQuestion, text: str) -> list[ScoredHit]:
    asked = question(text)
    hits = Retriever(library.glossary, library.embedder).search(edition, asked)
    return ConfidenceModel().score_hits(asked, hits)


def test_the_best_three_sections_are_offered_each_once(
    library: Library, edition: Edition, question: MakeQuestion
) -> None:
    scored = score(library, edition, question, LIMIT)
    offers = build_offers([scored[0], *scored], "ko")
    assert len(offers) == MAX_OFFERS == len({offer.label for offer in offers})
    assert [offer.confidence for offer in offers] == sorted(
        (offer.confidence for offer in offers), reverse=True
    )
    assert offers[0].heading[-1] == LIMIT


def test_sections_with_the_same_heading_are_told_apart_by_their_documents(
    library: Library, edition: Edition, question: MakeQuestion
) -> None:
    best, other = score(library, edition, question, LIMIT)[:2]
    twin = replace(
        other.hit.passage,
        heading=("다른 사업", LIMIT),
        document=replace(other.hit.passage.document, id="twin", title="다른 사업"),
    )
    rival = replace(other, hit=replace(other.hit, passage=twin))
    labels = [offer.label for offer in build_offers([best, rival], "ko")]
    assert labels == [f"{best.hit.passage.document.title} – {LIMIT}", f"다른 사업 – {LIMIT}"]


def test_a_reader_of_another_language_gets_a_question_in_theirs(
    library: Library, edition: Edition, question: MakeQuestion
) -> None:
    best = score(library, edition, question, LIMIT)[0]
    asked = replace(
        best.hit.passage,
        asked=("얼마요", "bao nhieu tien", "tiền, bao nhiêu", "trả tối đa bao nhiêu tiền?"),
    )
    hit = replace(best.hit, passage=asked, matched_passage=asked)
    wanted: dict[Language, str] = {"ko": LIMIT, "vi": "Trả tối đa bao nhiêu tiền?", "en": LIMIT}
    for language, label in wanted.items():
        (offer,) = build_offers([replace(best, hit=hit)], language)
        assert offer.label == label


def test_a_chosen_section_is_given_whole_with_its_source(
    chain: Chain, edition: Edition, question: MakeQuestion
) -> None:
    document = next(p.document for p in edition.passages if p.heading == HEADING)
    answer = chain.show_section(
        question("물류비 되나요"), Offer(document.id, document.title, HEADING, LIMIT, 0.4)
    )
    (passage,) = (p for p in edition.passages if p.heading == HEADING and p.document == document)
    assert answer.verdict == "answered" and answer.confidence == 0.4
    assert [citation.quote for citation in answer.citations] == [passage.text]
    assert answer.text == f"{passage.text} [1]" and answer.edition == edition.number


def test_a_section_that_is_gone_or_has_ended_is_not_given(
    chain: Chain, edition: Edition, question: MakeQuestion
) -> None:
    gone = Offer("freight", "나루 물류바우처", ("나루 물류바우처", "없는 제목"), "없는 제목", 0.4)
    answer = chain.show_section(question("물류비 되나요"), gone)
    assert (answer.verdict, answer.text, answer.citations) == ("no_evidence", "", ())
    closed = next(p for p in edition.passages if p.document.id == "certificate")
    offer = Offer("certificate", closed.document.title, closed.heading, "모집", 0.4)
    assert (
        chain.show_section(question("모집은 언제까지", "2026-03-10"), offer).verdict == "answered"
    )
    assert chain.show_section(question("모집은 언제까지", "2026-06-01"), offer).verdict == "expired"


@pytest.mark.parametrize("text", [LIMIT, "물류 지원", "물류바우처 한도"])
@pytest.mark.parametrize(("day", "is_seen"), [("2026-09-30", False), ("2026-10-01", True)])
def test_a_notice_is_answered_from_and_offered_from_the_day_of_its_publication(
    chain: Chain, question: MakeQuestion, text: str, day: str, is_seen: bool
) -> None:
    answer = chain.ask(question(text, day))
    named = {cited.document for cited in answer.citations}
    named |= {offer.document for offer in answer.offers}
    found = {finding.passage.document.id for finding in answer.findings}
    assert ("freight" in named | found) is is_seen


def test_the_day_begins_at_midnight_in_korea(chain: Chain, question: MakeQuestion) -> None:
    """Of whichever zone the clock is: published on 1 October is what no one sees on 30 September."""
    asked = question(LIMIT)
    for hour, is_seen in ((14, False), (15, True)):
        answer = chain.ask(replace(asked, as_of=datetime(2026, 9, 30, hour, tzinfo=UTC)))
        found = {finding.passage.document.id for finding in answer.findings}
        assert ("freight" in found) is is_seen


def test_a_chosen_section_of_a_notice_that_is_not_published_yet_is_not_given(
    chain: Chain, edition: Edition, question: MakeQuestion
) -> None:
    document = next(
        p.document for p in edition.passages if p.heading == HEADING and p.document.published
    )
    offer = Offer(document.id, document.title, HEADING, LIMIT, 0.4)
    before = date.fromisoformat(str(document.published)) - timedelta(1)
    answer = chain.show_section(question(LIMIT, before.isoformat()), offer)
    assert (answer.verdict, answer.text, answer.citations) == ("no_evidence", "", ())


@pytest.mark.parametrize(
    ("documents", "chosen"),
    [
        (["a", "a", "a", "b", "c"], [0, 1, 3]),
        (["a", "b", "a", "a"], [0, 1, 2]),
        (["a", "a", "a", "a"], [0, 1, 2]),
        (["a"], [0]),
        ([], []),
    ],
)
def test_a_third_offer_is_of_another_document_where_there_is_one(
    documents: list[str], chosen: list[int]
) -> None:
    assert spread_documents(documents) == chosen


def test_an_own_section_that_would_be_offered_takes_the_last_place(
    library: Library, edition: Edition, question: MakeQuestion
) -> None:
    scored = score(library, edition, question, LIMIT)
    own = scored[-1]
    likely = replace(own, confidence=0.2, hit=replace(own.hit, passage=replace(
        own.hit.passage, heading=("우리 문서", "한도"),
        document=replace(own.hit.passage.document, id="own"),
    )))  # fmt: skip
    model = ConfidenceModel()
    kept = model.find_own([*scored, likely], {"own"}, "ko")
    assert kept is likely
    plain, offers = build_offers(scored, "ko"), build_offers(scored, "ko", kept)
    assert [one.document for one in offers] == [*(o.document for o in plain[:2]), "own"]
    assert build_offers([likely, *scored], "ko", kept) == build_offers([likely, *scored], "ko")
    assert model.find_own([replace(likely, confidence=0.01)], {"own"}, "ko") is None
    assert build_offers((), "ko", kept) == ()
