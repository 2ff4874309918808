"""Links, telephone and notice numbers, and the tokens that a model sees instead."""

from __future__ import annotations

import time

import pytest

from knowledge.answering.model.identifiers import (
    IdentifierTokens,
    find_identifiers,
    mask_identifiers,
)

FOUND: list[tuple[str, list[str]]] = [
    ("문의는 https://www.mss.go.kr/a?b=1&c=2에서 확인합니다.", ["https://www.mss.go.kr/a?b=1&c=2"]),
    ("자세한 내용(https://a.kr/b) 참고, [여기](https://a.kr/c).", ["https://a.kr/b", "https://a.kr/c"]),
    ("https://ko.example.org/wiki/나루 와 https://a.kr/(1)", ["https://ko.example.org/wiki/나루", "https://a.kr/(1)"]),
    ("신청은 exportvoucher.com/shipping 또는 naru.한국 에서", ["exportvoucher.com/shipping", "naru.한국"]),
    ("help@kotra.or.kr로, mailto:a@b.kr, @naru_help 로", ["help@kotra.or.kr", "mailto:a@b.kr", "@naru_help"]),
    ("02-1234-5678, 1588-1234, 010 1234 5678", ["02-1234-5678", "1588-1234", "010 1234 5678"]),
    ("+84 24 3831 5110 hoặc (84-24) 3771 0404", ["+84 24 3831 5110", "(84-24) 3771 0404"]),
    ("공고 제2026-12호에 따라, 사업자 123-45-67890", ["제2026-12호", "123-45-67890"]),
    ("Nghị định 12/2024/NĐ-CP, Notice No. 2026-12", ["12/2024/NĐ-CP", "No. 2026-12"]),
    ("|02-2110-1234|https://x.kr|", ["02-2110-1234", "https://x.kr"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_what_names_one_thing_is_found_as_it_is_written(text: str, found: list[str]) -> None:
    assert find_identifiers(text) == set(found)
    assert not any(one in mask_identifiers(text) for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-11부터 2026.3.31까지, 05-10-2026 18:00, 05/10/2026, 5. 10. 18:00",
        "3,000만 원의 70%, USD 1.5 million, 1996-2000, 제3조(지원대상)",
        "Sở Công Thương TP.HCM, e.g. the U.S. office, 12 tháng 3 năm 2026",
        "상담전화 1380",
    ],
)
def test_days_amounts_and_names_stay_words(text: str) -> None:
    assert find_identifiers(text) == set() and mask_identifiers(text) == text


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_a_model_sees_tokens_and_code_puts_back_what_they_stand_for(
    text: str, found: list[str]
) -> None:
    tokens = IdentifierTokens()
    hidden = tokens.hide(text)
    assert not any(one in hidden for one in found)
    restored = tokens.restore(hidden, text)
    assert restored is not None and find_identifiers(restored) == set(found)
    assert restored.replace(" ", "") == text.replace(" ", "")


def test_the_same_thing_has_the_same_token_wherever_it_stands() -> None:
    tokens = IdentifierTokens()
    first, second = tokens.hide("https://a.kr 과 02-123-4567"), tokens.hide("02-123-4567")
    assert second in first and second == "{phone-2}"


def test_a_particle_does_not_become_part_of_an_address() -> None:
    tokens = IdentifierTokens()
    hidden = tokens.hide("https://a.kr/b")
    assert (
        tokens.restore(f"{hidden}에서 봅니다.", "https://a.kr/b") == "https://a.kr/b 에서 봅니다."
    )


@pytest.mark.parametrize(
    "worded",
    [
        "{link-2}",
        "{link-9}",
        "{phone-1}",
        "https://a.kr",
        "a.kr {link-1}",
        "02-123-4567",
        "{text-1}",
    ],
)
def test_what_the_passage_did_not_bring_is_not_restored(worded: str) -> None:
    """Another passage's token, an unknown token, and an identifier that the model wrote itself."""
    tokens = IdentifierTokens()
    tokens.hide("https://a.kr"), tokens.hide("https://b.kr")
    assert tokens.restore("{link-1}", "https://a.kr") == "https://a.kr"
    assert tokens.restore(worded, "https://a.kr") is None


def test_text_that_looks_like_a_token_stands_for_itself_only() -> None:
    tokens = IdentifierTokens()
    planted = "{link-2} 는 https://a.kr 입니다"
    hidden = tokens.hide(planted)
    assert hidden == "{text-1} 는 {link-2} 입니다"
    assert tokens.restore(hidden, planted) == planted


def test_long_texts_take_no_time() -> None:
    began = time.process_time()
    for text in ("a" * 20_000, "a." * 10_000, "a-" * 10_000, "0 " * 10_000, "@" * 20_000):
        find_identifiers(text)
    assert time.process_time() - began < 2  # .03 s where nothing else runs
