"""`naru why`: what a question lacks to be answered from a document."""

from __future__ import annotations

from pathlib import Path

from knowledge.decision.confidence import load_coefficients
from tests.adapters.cli.conftest import AS_OF, RunCommand

KEYS = ["document", "state", "newer", "heading", "rank", "considered", "confidence", "offered_from",
        "said_from", "has", "lacks", "not_said", "ahead"]  # fmt: skip


def ask_why(run: RunCommand, question: str, document: str, *more: str) -> list[str]:
    ran = run("why", question, "--document", document, "--as-of", AS_OF, *more)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


def test_it_names_the_section_its_rank_and_the_words_that_are_missing(
    run: RunCommand, library: Path
) -> None:
    lines = ask_why(run, "나루 물류바우처로 요트도 지원하나요?", "freight")
    assert lines[0] == "document    나루 물류바우처 (freight): in force"
    assert lines[1].startswith("section     물류비는 얼마까지 지원하나요?: rank 1 of ")
    has, lacks = (next(one for one in lines if one.startswith(word)) for word in ("has", "lacks"))
    assert "물류바우처로" in has and "지원하나요" in has
    assert lacks == "lacks       요트도 (in no document)"


def test_the_confidence_stands_beside_both_thresholds(run: RunCommand, library: Path) -> None:
    line = ask_why(run, "원산지 증명은 어디에 물어보나요?", "origin")[2]
    assert line.startswith("confidence  0.")
    shipped = load_coefficients().thresholds["ko"]
    assert line.endswith(f"; offered from {shipped.offer:.2f}, said from {shipped.say:.2f}")


def test_what_stands_before_it_is_named_with_its_confidence(run: RunCommand, library: Path) -> None:
    lines = ask_why(run, "원산지 증명은 어디에 물어보나요?", "body")
    first = next(line for line in lines if line.startswith("before it"))
    assert first.startswith("before it   1. 원산지 상담 > 원산지 증명은 어디에 물어보나요? (0.")


def test_a_closed_notice_and_a_replaced_one_are_said_to_be_that(
    run: RunCommand, library: Path
) -> None:
    closed = ask_why(run, "해외인증 모집은 언제까지예요?", "certificate")
    assert "closed since 2026-03-31" in closed[0] and "not among those found" in closed[1]
    assert "replaced by 나루 물류바우처 (freight)" in ask_why(run, "물류비", "freight-2025")[0]


def test_a_rule_that_keeps_it_from_being_said_is_named(run: RunCommand, library: Path) -> None:
    lines = ask_why(run, "2031년 나루 물류바우처는 얼마까지 지원하나요?", "freight")
    rules = [line for line in lines if line.startswith("not said")]
    assert "not said    it lacks a year, place or abbreviation that the question names" in rules


def test_programs_get_the_same_as_an_object(run: RunCommand, library: Path) -> None:
    ran = run("why", "물류비", "--document", "freight", "--as-of", AS_OF, "--json")
    assert list(ran.json) == KEYS
    assert (ran.json["document"], ran.json["state"], ran.json["rank"]) == ("freight", "in force", 1)


def test_a_document_that_is_not_there_is_an_error_with_a_next_step(
    run: RunCommand, library: Path
) -> None:
    ran = run("why", "물류비", "--document", "gone", "--as-of", AS_OF)
    assert ran.code == 1 and "no document 'gone'" in ran.err and "naru ingest" in ran.err


def test_a_document_may_be_named_by_its_title(run: RunCommand, library: Path) -> None:
    assert ask_why(run, "물류비", "나루 물류바우처")[0].startswith(
        "document    나루 물류바우처 (freight):"
    )


def test_a_name_that_is_almost_one_is_answered_with_those_meant(
    run: RunCommand, library: Path
) -> None:
    ran = run("why", "물류비", "--document", "freigt", "--as-of", AS_OF)
    assert ran.code == 1 and "freight (나루 물류바우처)" in ran.err


def test_without_a_document_the_nearest_are_explained(run: RunCommand, library: Path) -> None:
    ran = run("why", "나루 물류바우처로 요트도 지원하나요?", "--as-of", AS_OF)
    about = [line for line in ran.out.splitlines() if line.startswith("document")]
    assert about[0] == "document    나루 물류바우처 (freight): in force" and 1 < len(about) <= 3
    told = run("why", "나루 물류바우처", "--as-of", AS_OF, "--json").json["documents"]
    assert [list(one) for one in told] == [KEYS] * len(told) and told[0]["document"] == "freight"
