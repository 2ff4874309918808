"""Lines and sentences that are too long."""

from __future__ import annotations

import pytest

from tests.ingest.checks.conftest import CheckFolder, write_document

SENTENCES = {
    "ko": ("가나다라 " * 21 + "합니다.", "가나다라 " * 22 + "합니다."),
    "en": ("Word " * 39 + "here.", "Word " * 40 + "here."),
    "vi": ("Chữ " * 54 + "này.", "Chữ " * 55 + "này."),
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_over_the_limit_is_named(check_folder: CheckFolder, language: str) -> None:
    short, long = SENTENCES[language]
    text = write_document(f"## 절\n{short}\n{long}", language=language)
    (found,) = check_folder("long_sentence", a=text)
    assert (found.level, found.line) == ("warning", 11)


def test_two_short_sentences_on_a_line_are_two(check_folder: CheckFolder) -> None:
    short, _ = SENTENCES["ko"]
    assert check_folder("long_sentence", a=write_document(f"## 절\n{short} {short}")) == []


def test_addresses_and_rows_do_not_count(check_folder: CheckFolder) -> None:
    address = f"신청은 https://a.go.kr/{'x' * 120} 에서 합니다."
    row = f"| 이름 | 내용 |\n|---|---|\n| {'가나다라 ' * 40} | 나 |"
    text = write_document(f"## 절\n{address}\n\n{row}")
    assert check_folder("long_sentence", a=text) == []
    assert check_folder("long_line") == []


def test_a_line_over_the_limit_is_named(check_folder: CheckFolder) -> None:
    most = "가나다 합니다. " * 45
    assert check_folder("long_line", a=write_document(f"## 절\n{most[:400]}")) == []
    (found,) = check_folder("long_line", a=write_document(f"## 절\n{most[:400]}니"))
    assert (found.level, "401 characters" in str(found.remark)) == ("warning", True)
