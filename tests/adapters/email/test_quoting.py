"""What of a reply is the writer's own."""

from __future__ import annotations

import pytest

from adapters.email.reading.quoting import cut_quote, cut_signature
from tests.adapters.email.quoted_mails import OWN, QUOTES


@pytest.mark.parametrize("form", QUOTES)
def test_what_stands_above_a_quote_is_kept(form: str) -> None:
    assert cut_quote(f"{OWN}\n\n{QUOTES[form]}\n") == OWN


@pytest.mark.parametrize("form", QUOTES)
def test_a_number_alone_is_kept(form: str) -> None:
    assert cut_quote(f"2\n\n{QUOTES[form]}\n") == "2"


def test_answers_below_and_between_quoted_lines_are_kept() -> None:
    text = "On Tue, Dec 1, 2026 at 3:12 PM Naru <naru@x.kr> wrote:\n> 언제입니까?\n내일입니다.\n> 어디?\n하노이"
    assert cut_quote(text) == "내일입니다.\n하노이"


@pytest.mark.parametrize(
    "text",
    [
        "파트너가 이렇게 작성:\n계약을 해지합니다",
        "My partner wrote:\nwe will pay",
        "From: 하노이\n물건을 보냈습니다",
        "견적 3번을 보십시오.\n감사합니다.",
    ],
)
def test_somebodys_own_sentences_are_no_heads(text: str) -> None:
    assert cut_quote(text) == text


def test_many_lines_take_no_time() -> None:
    assert len(cut_quote("12월 1일 " * 20_000)) > 100_000
    assert cut_quote("> a\n" * 50_000) == ""


@pytest.mark.parametrize(
    "below",
    [
        "\n-- \n김 대표\n010",
        "\n\nSent from my iPhone",
        "\n나의 iPhone에서 보냄",
        "\nGửi từ iPhone của tôi",
    ],
)
def test_signatures_are_cut(below: str) -> None:
    assert cut_signature(f"물류비를 지원받습니까?{below}") == "물류비를 지원받습니까?"


def test_a_mail_that_is_all_signature_stays() -> None:
    assert cut_signature("-- \n김 대표") == "-- \n김 대표"
