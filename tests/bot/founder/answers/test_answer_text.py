"""How an Answer reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from bot.founder import answer_text
from bot.phrases import render_phrase
from knowledge.types import LANGUAGES, Answer, Citation, Language, Verdict
from tests.samples.answers import make_offer

NOW = datetime.fromisoformat("2026-11-21T10:00+09:00")


def make_citation(**more: Any) -> Citation:
    known: dict[str, Any] = {
        "document": "freight", "title": "나루 물류바우처",
        "heading": ("나루 물류바우처", "물류비는 얼마까지?"), "issuer": "나루청",
        "url": "https://example.org/freight", "published": "2026-10-01", "effective_from": None,
        "expires": None, "page": None, "inferred": (), "quote": "최대 3천만 원", "language": "ko",
    }  # fmt: skip
    return Citation(**(known | more))


def make_answer(
    verdict: Verdict = "answered", language: Language = "ko", *citations: Citation
) -> Answer:
    said = "최대 3천만 원 [1]" if verdict == "answered" else ""
    return Answer(verdict, language, said, 0.9, 1, citations)


def test_an_answer_says_as_of_when() -> None:
    assert "2026년 11월 21일" in answer_text.render_answer_text(
        make_answer("answered", "ko", make_citation()), NOW
    )
    english = answer_text.render_answer_text(
        make_answer("answered", "en", make_citation(language="en")), NOW
    )
    assert "November 21, 2026" in english


def test_a_quote_in_another_language_comes_with_its_key_words() -> None:
    foreign = replace(
        make_answer("answered", "vi", make_citation()), key_terms={"물류비": "cước phí"}
    )
    paragraphs = answer_text.render_answer_text(foreign, NOW).split("\n\n")
    assert paragraphs[1:3] == [
        foreign.text,
        render_phrase("founder.key_terms", "vi", terms="물류비 = cước phí"),
    ]


def test_every_source_has_issuer_title_heading_date_and_link() -> None:
    (line,) = answer_text.render_sources(
        make_answer("answered", "ko", make_citation())
    ).splitlines()
    assert line == (
        "[1] 나루청 · 「나루 물류바우처」 › 물류비는 얼마까지? · 2026년 10월 1일 · "
        "https://example.org/freight"
    )


def test_a_source_shows_page_expiry_and_a_partial_date_as_far_as_it_goes() -> None:
    more = make_citation(page=3, expires=date(2026, 12, 31), published="2026-10")
    line = answer_text.render_sources(make_answer("answered", "ko", more))
    assert "3쪽" in line and "2026년 12월 31일까지" in line and " · 2026년 10월 · " in line


@pytest.mark.parametrize(
    ("language", "dates"),
    [
        ("ko", "2026년 10월 1일(본문에서 추정) · 2026년 10월 5일(본문에서 추정)부터 · "
               "2026년 12월 31일(본문에서 추정)까지"),
        ("en", "October 1, 2026 (inferred from its text) · from October 5, 2026 (inferred from its "
               "text) · until December 31, 2026 (inferred from its text)"),
        ("vi", "ngày 1 tháng 10 năm 2026 (suy ra từ văn bản) · từ ngày 5 tháng 10 năm 2026 (suy ra từ "
               "văn bản) · đến ngày 31 tháng 12 năm 2026 (suy ra từ văn bản)"),
    ],
)  # fmt: skip
def test_dates_that_nobody_declared_are_marked(language: Language, dates: str) -> None:
    days = {"effective_from": date(2026, 10, 5), "expires": date(2026, 12, 31)}
    guessed = make_citation(**days, inferred=("issuer", "published", "effective_from", "expires"))
    assert f" · {dates} · https" in answer_text.render_sources(
        make_answer("answered", language, guessed)
    )
    declared = answer_text.render_sources(make_answer("answered", language, make_citation(**days)))
    mark = render_phrase("founder.inferred", language, day="")
    assert mark not in declared and declared.count("2026") == 2
    one = answer_text.render_sources(
        make_answer("answered", language, make_citation(**days, inferred=("expires",)))
    )
    assert one.count(mark.strip()) == 1


def test_that_a_notice_is_over_is_marked_where_its_end_was_inferred() -> None:
    over = make_citation(expires=date(2026, 1, 9), inferred=("expires",))
    assert "2026년 1월 9일(본문에서 추정)" in answer_text.render_answer_text(
        make_answer("expired", "ko", over), NOW
    )


def test_an_undated_source_says_so_and_asks_to_check() -> None:
    undated = make_answer("answered", "ko", make_citation(published=None))
    assert "날짜 없음" in answer_text.render_sources(undated)
    assert render_phrase("founder.check_undated", "ko") in answer_text.render_answer_text(
        undated, NOW
    )


@pytest.mark.parametrize(
    ("published", "old"),
    [("2026-10-01", False), ("2026-06", False), ("2026-05-01", True), ("2025", True), ("2021-01", True)],
)  # fmt: skip
def test_an_old_source_asks_to_check_the_current_notice(published: str, old: bool) -> None:
    text = answer_text.render_answer_text(
        make_answer("answered", "ko", make_citation(published=published)), NOW
    )
    assert ("최신 공고" in text) is old


def test_the_oldest_of_several_sources_counts() -> None:
    both = make_answer("answered", "ko", make_citation(), make_citation(published="2023-02-24"))
    assert "2023년 2월 24일" in answer_text.render_answer_text(both, NOW)
    assert [line[:3] for line in answer_text.render_sources(both).splitlines()] == ["[1]", "[2]"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_source_unread_for_too_long_says_when_it_was_last_read(language: Language) -> None:
    long_ago, longer = (
        make_citation(checked=date(2026, 5, 1)),
        make_citation(checked=date(2026, 3, 1)),
    )
    said = answer_text.render_answer_text(
        make_answer("answered", language, make_citation(), long_ago, longer), NOW
    )
    assert answer_text.render_day(date(2026, 3, 1), language) in said
    assert answer_text.render_day(date(2026, 5, 1), language) not in said
    fresh = answer_text.render_answer_text(make_answer("answered", language, make_citation()), NOW)
    assert len(said) > len(fresh) and said.startswith(fresh)


def test_a_quote_in_another_language_is_announced() -> None:
    text = answer_text.render_answer_text(
        make_answer("answered", "ko", make_citation(language="en")), NOW
    )
    assert text.startswith(render_phrase("founder.original", "ko", language="영어"))
    assert "원문" not in answer_text.render_answer_text(
        make_answer("answered", "ko", make_citation()), NOW
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", ["no_evidence", "out_of_scope", "sealed", "failed", "offered"])
def test_not_answering_has_its_own_sentence(verdict: Verdict, language: Language) -> None:
    text = answer_text.render_answer_text(make_answer(verdict, language), NOW)
    assert text == render_phrase(f"founder.{verdict}", language, choices="")
    assert answer_text.render_sources(make_answer(verdict, language, make_citation())) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_closed_notice_is_named_with_its_day_and_not_quoted(language: Language) -> None:
    closed = make_citation(title="1차 모집", expires=date(2026, 3, 31))
    text = answer_text.render_answer_text(make_answer("expired", language, closed), NOW)
    assert "1차 모집" in text and "2026" in text and "3천만" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_end_is_claimed_of_a_superseded_notice_whose_day_is_to_come(language: Language) -> None:
    superseded = make_citation(title="1차 모집", expires=NOW.date())
    text = answer_text.render_answer_text(make_answer("expired", language, superseded), NOW)
    assert text == render_phrase("founder.no_evidence", language)


def test_an_expired_answer_without_a_day_says_that_nothing_was_found() -> None:
    assert answer_text.render_answer_text(make_answer("expired"), NOW) == render_phrase(
        "founder.no_evidence", "ko"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_under_every_answer_are_two_ends(language: Language) -> None:
    body = answer_text.render_reply(make_answer("answered", language, make_citation()), NOW)
    (row,) = body.buttons
    assert [button.key for button in row] == ["ok", "human"]
    assert all(button.label for button in row) and "[1]" in body.text and "[1]" in body.details


def test_the_ends_read_as_people_like_them() -> None:
    assert [button.label for button in answer_text.build_end_buttons("en")] == [
        "I'm all set",
        "I need a person",
    ]


def test_offered_sections_are_numbered() -> None:
    offers = (make_offer("얼마까지 되나요?"), make_offer("누가 신청하나요?"))
    text = answer_text.render_answer_text(replace(make_answer("offered"), offers=offers), NOW)
    assert text.endswith("\n1. 얼마까지 되나요? — 물류 바우처\n2. 누가 신청하나요? — 물류 바우처")


@pytest.mark.parametrize("verdict", ["offered", "no_evidence"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_that_the_document_spoken_of_does_not_state_it_is_said_first(
    verdict: Verdict, language: Language
) -> None:
    answer = replace(make_answer(verdict, language), silent="나루 물류바우처")
    first, second = answer_text.render_answer_text(answer, NOW).split("\n\n")
    assert first == render_phrase("founder.not_stated", language, title="나루 물류바우처")
    assert second == render_phrase(f"founder.{verdict}", language, choices="")


def test_an_answer_that_is_not_about_the_place_says_so() -> None:
    answer = make_answer("answered", "ko", make_citation())
    noted = answer_text.note_general_answer(answer, "베트남")
    assert noted.text.startswith("베트남에 관해 따로 적은 내용은 찾지 못했습니다.")
    assert noted.text.endswith(answer.text)
    own = make_answer("answered", "ko", make_citation(quote="베트남은 최대 3천만 원"))
    assert answer_text.note_general_answer(own, "베트남") == own
    nothing = make_answer("no_evidence")
    assert answer_text.note_general_answer(nothing, "베트남") == nothing


def test_an_exchange_keeps_what_was_said_and_the_documents_that_were_offered() -> None:
    said = answer_text.make_exchange("얼마?", make_answer("answered", "ko", make_citation()), NOW)
    assert said.documents == ("freight",)
    assert said.sections == (("freight", "나루 물류바우처", "물류비는 얼마까지?"),)
    offers = (make_offer("얼마까지 되나요?"), make_offer("누가 신청하나요?"))
    offered = replace(make_answer("offered"), offers=offers)
    assert answer_text.make_exchange("얼마?", offered, NOW).documents == (offers[0].document,)
    apart = replace(offered, offers=(offers[0], replace(offers[1], document="other")))
    assert answer_text.make_exchange("얼마?", apart, NOW).documents == (
        offers[0].document,
        "other",
    )


def test_an_older_notice_is_named_as_such_with_the_newer_one() -> None:
    older = make_citation(title="2025년 전시회 공고", newer="2026년 전시회 공고")
    text = answer_text.render_answer_text(make_answer("answered", "ko", older), NOW)
    assert text.startswith(
        "다음은 이전 공고인 「2025년 전시회 공고」의 내용입니다. 새 공고는 「2026년 전시회 공고」이며"
    )
    assert "이전 공고" not in answer_text.render_answer_text(
        make_answer("answered", "ko", make_citation()), NOW
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_an_emergency_no_notice_is_spoken_of(language: Language) -> None:
    for published in ("2019-11-14", None):
        old = make_answer(
            "answered", language, make_citation(published=published, language=language)
        )
        usual = answer_text.render_reply(old, NOW).text
        urgent = answer_text.render_reply(old, NOW, is_emergency=True).text
        as_of = answer_text.render_day(NOW.date(), language)
        assert usual.startswith(urgent) and len(urgent) < len(usual) and as_of in urgent


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_newer_notice_is_named_instead_of_a_warning_that_there_may_be_one(
    language: Language,
) -> None:
    older = make_citation(published="2024-01-01", newer="나루 2026", language=language)
    text = answer_text.render_answer_text(make_answer("answered", language, older), NOW)
    day = answer_text.render_day("2024-01-01", language)
    assert "나루 2026" in text
    assert render_phrase("founder.check_notice", language, published=day) not in text


def test_as_many_key_words_are_given_as_the_length_of_an_answer_allows() -> None:
    terms = {f"물류비{number}": f"cước phí {number}" for number in range(60)}
    foreign = replace(make_answer("answered", "vi", make_citation()), key_terms=terms)
    text = answer_text.render_answer_text(foreign, NOW)
    assert "물류비0 = cước phí 0; " in text and "물류비59" not in text
    assert len(text) <= answer_text.ANSWER_LIMIT_CHARACTERS
    full = replace(foreign, text="가" * answer_text.ANSWER_LIMIT_CHARACTERS)
    assert "cước phí" not in answer_text.render_answer_text(full, NOW)


def test_a_source_is_one_line_with_its_own_heading_and_long_names_cut() -> None:
    long = make_citation(
        title="가" * 200, issuer="나" * 200, heading=("가" * 200, "중간 제목", "물류비는 얼마까지?")
    )
    (line,) = answer_text.render_sources(make_answer("answered", "ko", long)).splitlines()
    assert "중간 제목" not in line and " › 물류비는 얼마까지? · 2026년 10월 1일 · https" in line
    assert len(line) < 200 and line.count("…") == 2
