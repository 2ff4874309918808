"""Which proposals an admin sees: counted by conversations, never what is known or settled."""

from __future__ import annotations

from dataclasses import replace

from knowledge.phrases.phrase import SectionChoice, SectionName, identify_phrase
from knowledge.phrases.proposals import collect_proposals
from knowledge.phrases.side_files import GeneratedSection
from knowledge.retrieval.edition import Edition

TITLE = "나루 물류바우처"
LIMIT = SectionName("freight", (TITLE, "물류비는 얼마까지 지원하나요?"))
APPLY = SectionName("freight", (TITLE, "누가 신청할 수 있나요?"))
CHOICE = SectionChoice("telegram:1", "ko", "배 운임도 쳐주나요?", LIMIT.document, LIMIT.heading)


def test_one_founder_who_repeats_it_counts_once(edition: Edition) -> None:
    choices = [
        CHOICE,
        replace(CHOICE, question="배 운임도 쳐주나요"),
        replace(CHOICE, source="confirmed"),
        replace(CHOICE, conversation="slack:D:U2", question="배  운임도 쳐주나요?!"),
    ]
    (found,) = collect_proposals(edition, choices, []).proposals
    assert (dict(found.counts), found.conversations) == ({"chosen": 2, "confirmed": 1}, 2)
    assert (found.text, found.language, found.origin) == (CHOICE.question, "ko", "asked")
    assert found.title == TITLE and "3천만 원" in found.section_text
    assert found.id == identify_phrase(LIMIT, "배 운임도 쳐주나요")
    assert "1" not in repr(found.counts.keys())  # whose it was is not in a proposal
    assert "telegram" not in repr(found)


def test_what_is_known_of_the_section_or_its_translation_is_not_proposed(edition: Edition) -> None:
    known = ["물류비는 얼마까지 지원하나요", "How much freight support is there?"]
    choices = [replace(CHOICE, question=text) for text in known]
    generated = [
        GeneratedSection(APPLY, "x", ("물류바우처 우리도 신청되나요?",)),  # known of it
        GeneratedSection(SectionName("freight-en", _english(edition)), "x", (known[0],)),
    ]
    assert collect_proposals(edition, choices, generated).proposals == ()


def _english(edition: Edition) -> tuple[str, ...]:
    return next(one.heading for one in edition.passages if one.document.id == "freight-en")


def test_what_is_settled_or_of_a_lost_section_is_not_shown(edition: Edition) -> None:
    gone = replace(CHOICE, heading=(TITLE, "없어진 절"))
    settled = frozenset({identify_phrase(LIMIT, CHOICE.question)})
    found = collect_proposals(edition, [CHOICE, gone], [], settled)
    assert (found.proposals, found.gone) == ((), 1)


def test_a_known_question_of_another_section_is_shown_as_near(edition: Edition) -> None:
    """Also one that nothing answers: to approve it would contradict the document."""
    denied = "물류바우처 담당자 직통번호 좀 알려주세요"
    choices = [replace(CHOICE, question="누가 신청할 수 있나요"), replace(CHOICE, question=denied)]
    other, unanswered = collect_proposals(edition, choices, []).proposals
    best = other.similar[0]
    assert (best.similarity, best.section, best.same_section) == (1.0, APPLY, False)
    assert not unanswered.similar[0].is_answered and unanswered.similar[0].text == denied
    assert len(other.similar) <= 3


def test_the_best_supported_come_first_and_a_models_last(edition: Edition) -> None:
    staff = replace(CHOICE, question="컨테이너 값도 되나요?", source="staff")
    often = [
        replace(CHOICE, question="항공 운임도 되나요?", conversation=f"telegram:{n}")
        for n in range(3)
    ]
    generated = GeneratedSection(LIMIT, "x", ("Is sea freight paid?", CHOICE.question))
    found = collect_proposals(edition, [CHOICE, *often, staff], [generated]).proposals
    assert [one.text for one in found] == [
        staff.question, often[0].question, CHOICE.question, "Is sea freight paid?",
    ]  # fmt: skip
    assert [one.origin for one in found] == ["asked", "asked", "asked", "generated"]
    assert (found[3].language, found[3].conversations, dict(found[3].counts)) == ("en", 0, {})
