"""Of two notices of one programme the newest that has appeared answers."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest

from knowledge.retrieval.counts.edition_counts import count_edition
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import compute_text_key, list_indexed_texts
from knowledge.retrieval.series import find_newer_editions, find_series_place
from knowledge.types import Document, Passage

TODAY = date(2026, 12, 1)


def make_document(title: str, published: str | None = None, issuer: str = "KOTRA",
                  **more: object) -> Document:  # fmt: skip
    made = Document(title, title, issuer, "ko", "https://example.org", published)
    return replace(made, **more)  # type: ignore[arg-type]


def find_pairs(*documents: Document) -> dict[str, list[str]]:
    return {id: [one.id for one in later] for id, later in find_newer_editions(documents).items()}


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("2025년 해외 전시회 단체 참가 지원 공고", "2026년 해외 전시회 단체 참가 지원 공고"),
        ("2025년도 해외전시회 단체참가 지원 공고", "2026년 해외 전시회 단체 참가 지원 공고"),
        ("수출바우처 참여기업 모집 1차 공고", "수출바우처 참여기업 모집 2차 공고"),
        ("2026년 제1차 물류비 지원기업 모집", "2026년 제2차 물류비 지원기업 모집"),
        ("’25년 해외 인증 획득 지원사업", "2026 해외 인증 획득 지원사업"),
        ("2026년 상반기 통번역 지원 공고", "2026년 하반기 통번역 지원 공고"),
        ("2025년 수출바우처 모집 공고", "2026년 수출바우처 모집 공고(연장)"),
        ("’25년 수출바우처 참여기업 모집", "[공고] 2026년 수출바우처 참여기업 모집"),
        ("2025년 수출바우처 모집 공고문", "2026년 수출바우처 모집 재공고"),
        ("Export grant for exhibitions 2025", "Export grant for exhibitions 2026"),
        ("Thông báo hỗ trợ triển lãm năm 2025", "Thông báo hỗ trợ triển lãm năm 2026"),
        ("Export voucher 2026 first call", "Export voucher 2026 second call"),
        ("Export voucher call 1", "Export voucher call 2"),
        ("Export voucher, Call I", "Export voucher, Call II"),
        ("Export voucher 3rd round", "Export voucher 4th round"),
        ("Export voucher spring 2026", "Export voucher autumn 2026"),
        ("Export voucher Q1 2026", "Export voucher Q3 2026"),
        ("Export voucher 2026, March", "Export voucher 2026, October"),
        ("2026년 1분기 수출상담회 참가 모집", "2026년 3분기 수출상담회 참가 모집"),
        ("2026년 1/4분기 수출상담회 참가 모집", "2026년 3/4분기 수출상담회 참가 모집"),
        ("2026년 춘계 수출상담회 참가 모집", "2026년 추계 수출상담회 참가 모집"),
        ("2026년 3월 수출상담회 참가 모집", "2026년 10월 수출상담회 참가 모집"),
        ("2026년 상반기 수출상담회 참가 모집", "2026년 4분기 수출상담회 참가 모집"),
        ("첫 번째 수출상담회 참가 모집", "두 번째 수출상담회 참가 모집"),
        ("수출상담회 참가 모집 Ⅰ차", "수출상담회 참가 모집 Ⅱ차"),
        ("수출상담회 참가 모집 제일차", "수출상담회 참가 모집 2차"),
        ("Thông báo hỗ trợ triển lãm đợt I", "Thông báo hỗ trợ triển lãm đợt II"),
        ("Thông báo hỗ trợ triển lãm lần thứ nhất", "Thông báo hỗ trợ triển lãm lần thứ hai"),
        ("Thông báo hỗ trợ triển lãm quý I", "Thông báo hỗ trợ triển lãm quý III"),
        ("Thông báo hỗ trợ triển lãm tháng 3", "Thông báo hỗ trợ triển lãm tháng 10"),
    ],
)
def test_titles_that_differ_in_year_or_number_are_of_one_programme(older: str, newer: str) -> None:
    dated = (make_document(older, "2026-01-05"), make_document(newer, "2026-01-05"))
    assert find_pairs(*dated) == {older: [newer]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2025년 해외 전시회 지원 공고", "2026년 해외 인증 지원 공고"),
        ("2025년 공고", "2026년 공고"),  # too short to tell a programme
        ("해외 전시회 단체 참가 지원 공고", "해외 전시회 단체 참가 지원 공고(수정)"),
        ("수출기업 운전자금 I 융자", "수출기업 운전자금 II 융자"),  # types of a loan, not calls
        ("수출 운전자금 I 기업 모집", "수출 운전자금 II 기업 모집"),
        ("Hỗ trợ xuất khẩu vòng tư vấn", "Hỗ trợ xuất khẩu vòng hai vấn"),  # "tư vấn" is advice
        ("이차전지 수출기업 지원", "일차전지 수출기업 지원"),
    ],
)
def test_other_titles_are_other_programmes(one: str, other: str) -> None:
    assert find_pairs(make_document(one, "2025-01-01"), make_document(other, "2026-01-01")) == {}


@pytest.mark.parametrize(
    ("earlier", "later", "is_newer"),
    [
        ("2026-01-05", "2026-03-05", True),
        ("2026-01-05", "2026-01-05", False),
        ("2026", "2026-03-05", False),  # it may be of any day of that year
        (None, "2026-03-05", False),
    ],
)
def test_of_equal_numbers_the_later_date_decides(
    earlier: str | None, later: str, is_newer: bool
) -> None:
    old = make_document("2026년 수출바우처 2차 모집 공고", earlier)
    new = make_document("2026년 수출바우처 2차 모집 공고(연장)", later)
    assert find_pairs(old, new) == ({old.id: [new.id]} if is_newer else {})


def test_pages_without_an_issuer_are_of_one_programme_only_on_one_site() -> None:
    old, new = (
        make_document(
            f"{year}년 수출바우처 모집 공고", issuer="", url=f"https://www.mss.go.kr/{year}"
        )
        for year in (2025, 2026)
    )
    assert find_pairs(old, new) == {old.id: [new.id]}
    assert find_pairs(old, replace(new, url="https://elsewhere.example/2026")) == {}


def test_another_issuer_or_language_has_another_programme() -> None:
    old = make_document("2025년 해외 전시회 단체 참가 지원 공고")
    new = make_document("2026년 해외 전시회 단체 참가 지원 공고")
    assert find_pairs(old, new) and not find_pairs(old, replace(new, issuer="중진공"))
    assert not find_pairs(old, replace(new, language="en"))


def test_letters_may_be_decomposed() -> None:

    title = unicodedata.normalize("NFD", "2026년 해외 전시회 단체 참가 지원 공고")
    place = find_series_place(make_document(title))
    assert place == find_series_place(make_document("2026년 해외 전시회 단체 참가 지원 공고"))


class TestInForce:
    old = make_document("2025년 해외 전시회 단체 참가 지원 공고", "2025-01-20")
    new = make_document("2026년 해외 전시회 단체 참가 지원 공고", "2026-01-19")

    def open_edition(self, *documents: Document) -> Edition:
        passages = [Passage(one, 0, (one.title,), "글입니다.", one.id) for one in documents]
        terms = {compute_text_key(one.text): ("글",) for one in list_indexed_texts(passages)}
        return Edition(1, passages, count_edition(passages, terms), None)

    def test_the_newest_answers(self) -> None:
        edition = self.open_edition(self.old, self.new)
        assert not edition.is_in_force(self.old, TODAY) and edition.is_in_force(self.new, TODAY)
        assert edition.is_older_edition(self.old, TODAY)

    def test_before_the_newer_one_appears_the_older_answers(self) -> None:
        edition = self.open_edition(self.old, self.new)
        assert edition.is_in_force(self.old, date(2026, 1, 18))
        assert not edition.is_in_force(self.old, date(2026, 1, 19))

    def test_an_older_one_does_not_come_back_when_the_newer_has_expired(self) -> None:
        new = replace(self.new, expires=date(2026, 6, 30))
        edition = self.open_edition(self.old, new)
        assert not edition.is_in_force(self.old, TODAY) and not edition.is_in_force(new, TODAY)

    def test_a_translation_goes_with_its_original(self) -> None:
        translated = replace(self.old, id="en", language="en", title="Exhibitions",
                             translation_of=self.old.id)  # fmt: skip
        edition = self.open_edition(self.old, self.new, translated)
        assert not edition.is_in_force(translated, TODAY)

    def test_what_is_superseded_by_declaration_is_no_older_edition(self) -> None:
        edition = self.open_edition(self.old, replace(self.new, supersedes=(self.old.id,)))
        assert not edition.is_older_edition(self.old, TODAY)
