"""Which language a text is in."""

from __future__ import annotations

import pytest

from knowledge.evaluation.exam import list_exam_files, read_exam
from knowledge.text.language import detect_language, fold_diacritics
from knowledge.types import Language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("물류비 지원되나요?", "ko"),
        ("KOTRA export voucher 신청하려면 뭐가 필요해요?", "ko"),
        ("FTA ㅠㅠ", "ko"),
        ("Is there support for export freight?", "en"),
        ("What do the police do then?", "en"),
        (
            "A unit of division in Poland is a gmina; a city is one, as are Łódź, Đà Nẵng and Huế",
            "en",
        ),
        ("The rainforest is the Amazônia or Floresta Amazônica of the Portuguese", "en"),
        ("Can the mission force the buyer to pay?", "en"),
        ("The Korean Peninsula office (코트라) answers questions about exports to Viet Nam.", "en"),
        ("Hoàn thuế GTGT mất bao lâu?", "vi"),
        ("Công ty tôi ở Đà Nẵng", "vi"),
        ("hoan thue gia tri gia tang mat bao lau", "vi"),
        ("hai quan Hai Phong giu lo hang phu tung tu thu 2", "vi"),
        ("KOSME la co quan nao?", "vi"),
        ("hai quan giu hang, hoi 원산지증명 o dau duoc", "vi"),
        ("호치민 Cong ty TNHH Sao Mai 대금을 못 받았어요", "ko"),
        ("", "en"),
        ("12345 ???", "en"),
    ],
)
def test_a_text_is_in_the_language_its_writer_reads(text: str, language: Language) -> None:
    assert detect_language(text) == language


def test_the_languages_of_the_open_questions_are_detected() -> None:
    exam = read_exam(list_exam_files("open"))
    wrong = [one.id for one in exam if detect_language(one.question) != one.language]
    assert len(wrong) <= len(exam) // 100, wrong


def test_marks_and_case_fold_away_but_hangul_stays() -> None:
    assert fold_diacritics("Đà Nẵng") == "da nang"
    assert fold_diacritics("Thành phố HỒ CHÍ MINH") == "thanh pho ho chi minh"
    assert fold_diacritics("하노이 Café") == "하노이 cafe"
