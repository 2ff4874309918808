"""Reading the exam and grading answers strictly."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.errors import ExamBroken
from knowledge.evaluation.exam import (
    EXAM_FOLDER,
    ExamQuestion,
    Grade,
    contains_alternative,
    grade_answer,
    is_right_section,
    list_exam_files,
    list_told_files,
    read_exam,
)
from knowledge.types import LANGUAGES, Citation, Document, Passage, Verdict

ASKED = ExamQuestion(
    "g1", "ko", "얼마까지 지원되나요?", True, documents=("freight",),
    must_say=("3천만|30 million", "자부담"), must_not_say=("2천만",),
)  # fmt: skip
UNANSWERABLE = ExamQuestion("g2", "ko", "내일 날씨는?", False, must_not_say=("맑음",))
DOCUMENTS = {
    "freight": Document("freight", "물류", "나루청", "ko", ""),
    "freight-en": Document("freight-en", "Freight", "Naru", "en", "", translation_of="freight"),
    "other": Document("other", "딴것", "나루청", "ko", ""),
}


def make_citation(name: str) -> Citation:
    day = date(2026, 1, 1)
    return Citation(name, "", (), "", "", None, day, None, None, (), "…", "ko")


def grade(entry: ExamQuestion, verdict: Verdict, text: str, document: str = "freight") -> Grade:
    return grade_answer(entry, verdict, text, [make_citation(document)], DOCUMENTS)


@pytest.mark.parametrize(
    ("text", "document", "right"),
    [
        ("최대 3천만 원, 자부담 30%", "freight", True),
        ("최대 3 천만 원. 자부담 있음", "freight", True),
        ("Up to KRW 30 MILLION; 자부담", "freight-en", True),
        ("최대 3천만 원", "freight", False),
        ("최대 3천만 원, 자부담, 작년에는 2천만 원", "freight", False),
        ("최대 3천만 원, 자부담 30%", "other", False),
    ],
)
def test_right_needs_every_fact_no_forbidden_one_and_the_right_document(
    text: str, document: str, right: bool
) -> None:
    found = grade(ASKED, "answered", text, document)
    assert (found.is_answered, found.is_right) == (True, right)


def test_a_grade_names_missing_and_forbidden_facts() -> None:
    found = grade(ASKED, "answered", "2천만 원")
    assert found.missing_facts == ASKED.must_say and found.forbidden_facts == ("2천만",)


@pytest.mark.parametrize("verdict", ["no_evidence", "out_of_scope", "offered", "sealed", "failed"])
def test_not_answering_is_right_only_for_an_unanswerable_question(verdict: Verdict) -> None:
    assert grade(UNANSWERABLE, verdict, "").is_right
    assert not grade(ASKED, verdict, "최대 3천만 원 자부담").is_right


def test_any_answer_to_an_unanswerable_question_is_wrong() -> None:
    assert not grade(UNANSWERABLE, "answered", "모릅니다").is_right
    assert grade(UNANSWERABLE, "answered", "맑음").forbidden_facts == ("맑음",)


def test_an_expired_notice_counts_as_an_answer() -> None:
    assert grade(ASKED, "expired", "최대 3천만 원 자부담").is_right


def test_spaces_commas_and_case_do_not_matter() -> None:
    assert contains_alternative("30,000,000 원", "30000000원") and contains_alternative(
        "kotra 무역관", "KOTRA무역관"
    )
    assert not contains_alternative("3천만", "4천만|5천만")


def test_translations_share_their_id() -> None:
    assert DOCUMENTS["freight-en"].base_id == DOCUMENTS["freight"].base_id == "freight"


def test_the_parts_are_disjoint_and_together_everything() -> None:
    opened, locked = list_exam_files("open"), list_exam_files("locked")
    assert [path.name for path in locked] == ["locked.yaml"]
    assert (
        opened
        and not set(opened) & set(locked)
        and set(list_exam_files(None)) == {*opened, *locked}
    )


def test_what_is_only_measured_with_is_as_it_was_written() -> None:
    """The locked part and the held questions must not be changed after an answer was seen."""
    kept = [line.split() for line in (EXAM_FOLDER / "locked.sha256").read_text().splitlines()]
    assert [name for _, name in kept] == ["locked.yaml", "held/told.yaml"]
    for digest, name in kept:
        assert hashlib.sha256((EXAM_FOLDER / name).read_bytes()).hexdigest() == digest


def test_nothing_is_fitted_to_a_held_question() -> None:
    held = {one.question for one in read_exam([EXAM_FOLDER / "held" / "told.yaml"])}
    fitted = {one.question for one in read_exam([*list_told_files(), *list_exam_files("open")])}
    assert len(held) == 180 and not held & fitted


def test_the_shipped_exam_is_complete() -> None:
    exam = read_exam(list_exam_files(None))
    ids = [entry.id for entry in exam]
    assert len(set(ids)) == len(ids) >= 300
    assert {entry.language for entry in exam} == set(LANGUAGES)
    assert all(entry.documents for entry in exam if entry.answerable)


def test_a_minimal_question_of_the_contract_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("- {id: 1, language: ko, question: 얼마, answerable: true, place: 하노이}\n")
    (entry,) = read_exam([path])
    assert (entry.id, entry.place, entry.as_of) == ("1", "하노이", None)


WHOLE = b"- {id: a, language: ko, question: x, answerable: true"


@pytest.mark.parametrize(
    ("content", "says_what"),
    [
        (b"just text", "must hold a list"),
        (b"- {id: 1}\n", r"entry 1 \(1\): language and question and answerable must be given"),
        (b"- 5\n", "entry 1 is not a question with fields"),
        (WHOLE + b", as_of: soon}\n", r"entry 1 \(a\): as_of is 'soon'. Write 2026-"),
        (WHOLE + b", must-say: [x]}\n", r"must-say is no field of a question. Write must_say"),
        (WHOLE + b", must_say: x}\n", r"must_say must be a list. Write \[x\]"),
        (
            b"- {id: a, language: kr, question: x, answerable: true}\n",
            "language is 'kr'. Write one of",
        ),
        (b"- {id: a, language: ko, question: x, answerable: perhaps}\n", "Write true or false"),
        (b"- {id: [\n", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: bytes, says_what: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    with pytest.raises(ExamBroken, match=f"broken.yaml.*{says_what}"):
        read_exam([path])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExamBroken, match=r"nowhere\.yaml cannot be read"):
        read_exam([tmp_path / "nowhere.yaml"])


@pytest.mark.parametrize(
    ("document", "heading", "text", "right"),
    [
        ("freight", "얼마까지?", "확인되지 않았습니다.", True),  # a right heading
        ("freight", "누가?", "최대 3천만 원, 자부담 30%", True),  # everything it has to say
        ("freight-en", "How much?", "Up to 30 million; 자부담", True),
        ("freight", "누가?", "최대 3천만 원", False),
        ("freight", "누가?", "3천만 원, 자부담, 작년에는 2천만 원", False),
        ("other", "얼마까지?", "최대 3천만 원, 자부담 30%", False),
    ],
)
def test_a_section_is_right_by_its_heading_or_by_what_it_says(
    document: str, heading: str, text: str, right: bool
) -> None:
    wanted = replace(ASKED, headings=("얼마까지?",))
    passage = Passage(DOCUMENTS[document], 0, ("물류", heading), text, "x")
    assert is_right_section(wanted, [passage], [passage]) is right
    original = replace(passage, document=DOCUMENTS["freight"], heading=("물류", "얼마까지?"))
    assert is_right_section(wanted, [passage], [original]) is (document != "other")
    assert not is_right_section(wanted, [], [])
