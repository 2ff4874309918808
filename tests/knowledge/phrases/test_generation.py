"""What of a language model's questions is kept, and what stays when it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from knowledge.errors import WriterFailed
from knowledge.phrases.generation import (
    MAX_FAILURES_IN_A_ROW,
    PHRASES_PER_SECTION,
    OwnSection,
    generate_phrases,
    list_sections,
    propose_questions,
    select_questions,
)
from knowledge.phrases.side_files import GeneratedSection
from knowledge.retrieval.edition import Edition

GOOD = "ko: 배로 보내는 운임도 받을 수 있어요?"


class ScriptedModel:
    """Writes the texts in turn, the last one for ever; an error is raised."""

    def __init__(self, *script: str | WriterFailed) -> None:
        self.script = list(script)
        self.seen: list[Sequence[tuple[str, str]]] = []

    def write_text(self, messages: Sequence[tuple[str, str]]) -> str:
        self.seen.append(messages)
        text = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(text, WriterFailed):
            raise text
        return text


@pytest.fixture
def sections(edition: Edition) -> list[OwnSection]:
    return list_sections(edition.passages)


@pytest.fixture
def limit(sections: list[OwnSection]) -> OwnSection:
    return next(one for one in sections if one.name.document == "freight")


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (GOOD, ["배로 보내는 운임도 받을 수 있어요?"]),
        ("1. KO： “자부담은 몇 %예요?”", ["자부담은 몇 %예요?"]),
        ("- en: How much do we pay ourselves?", ["How much do we pay ourselves?"]),
        ("vi: Doanh nghiệp tự trả bao nhiêu phần trăm?", ["Doanh nghiệp tự trả bao nhiêu phần trăm?"]),
        ("ko: 자부담이 30%라는데 맞나요?", ["자부담이 30%라는데 맞나요?"]),
        ("en: 배로 보내는 운임도 되나요?", []),  # not the language it claims
        ("fr: Combien est payé?", []),
        ("배로 보내는 운임도 되나요?", []),  # none claimed
        ("ko: 왜?", []),
        ("ko: " + "아주 긴 질문 " * 30, []),
        ("ko: 자부담은 30%입니다", []),  # a sentence of the section
        ("ko: 5천만 원까지 50%도 되나요?", []),  # figures that it does not have
        ("ko: https://example.org 에서 신청하나요?", []),
        ("ko: {link-1} 에서 신청하나요?", []),
        ("ko: 010-1234-5678 로 전화하면 되나요?", []),
        ("ko: 물류비는 얼마까지 지원하나요", []),  # known
        ("I cannot help with that.", []),
        (f"{GOOD}\n{GOOD}\nko: 배로 보내는 운임도 받을 수 있어요", ["배로 보내는 운임도 받을 수 있어요?"]),
    ],
)  # fmt: skip
def test_only_what_holds_is_kept(limit: OwnSection, line: str, kept: list[str]) -> None:
    assert list(select_questions(line, limit, {" 물류비는 얼마까지 지원하나요 "})) == kept


def test_at_most_ten_are_kept_and_the_model_sees_no_links(sections: list[OwnSection]) -> None:
    passage = replace(sections[0].passages[0], text="신청: https://naru.example/apply 에서 합니다.")
    linked = OwnSection(sections[0].name, (passage,))
    words = [
        "가격",
        "기한",
        "서류",
        "대상",
        "창구",
        "절차",
        "언어",
        "지역",
        "품목",
        "기관",
        "시간",
        "조건",
    ]
    model = ScriptedModel("\n".join(f"ko: {word}에 관해서는 어디에 묻지요?" for word in words))
    assert len(propose_questions(model, linked)) == PHRASES_PER_SECTION < len(words)
    (prompt, material) = (text for _, text in model.seen[0])
    assert "4 in ko, 3 in en, 3 in vi" in prompt
    assert "naru.example" not in material and "{link-1}" in material


def test_a_refusal_is_a_failure_with_a_sentence(limit: OwnSection) -> None:
    with pytest.raises(WriterFailed, match="no question that can be used"):
        propose_questions(ScriptedModel("I cannot help with that."), limit)


def test_what_is_done_stays_when_the_model_fails_and_the_next_run_goes_on(
    sections: list[OwnSection],
) -> None:
    saved: list[GeneratedSection] = []
    stalled = WriterFailed("it took longer than 60 s.")
    model = ScriptedModel("en: Where do I learn more about this?", stalled)
    report = generate_phrases(model, sections, [], saved.append)
    assert (report.sections, report.proposed, len(saved)) == (1, 1, 1)
    assert len(model.seen) == 1 + MAX_FAILURES_IN_A_ROW  # then it is not asked any more
    assert report.left == len(sections) - 1 and "longer than 60 s" in report.problems[0]
    assert "3 times in a row" in report.problems[-1]

    again = ScriptedModel(stalled, "en: Who tells me what comes next?")
    report = generate_phrases(again, sections[:3], saved, saved.append)
    assert (report.sections, report.left, len(saved)) == (1, 1, 2)
    assert len(report.problems) == 1  # one failure alone does not stop the rest


def test_a_section_is_asked_for_again_only_when_its_text_changed(limit: OwnSection) -> None:
    done = GeneratedSection(limit.name, limit.digest, ())
    model = ScriptedModel(GOOD)
    assert generate_phrases(model, [limit], [done], lambda _: None).sections == 0
    older = GeneratedSection(limit.name, "of an older text", ())
    assert generate_phrases(model, [limit], [older], lambda _: None).sections == 1


def test_a_question_to_two_sections_is_proposed_to_the_first(sections: list[OwnSection]) -> None:
    saved: list[GeneratedSection] = []
    both = "en: Where do I learn more about this?"
    model = ScriptedModel(both, f"{both}\nen: Who tells me what comes next?")
    generate_phrases(model, sections[:2], [], saved.append)
    assert [one.texts for one in saved] == [
        ("Where do I learn more about this?",), ("Who tells me what comes next?",),
    ]  # fmt: skip
