"""Courtesies of a first mail are left out, what is asked is not."""

from __future__ import annotations

import pytest

from adapters.email.reading.courtesies import adds_nothing, strip_courtesies


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "안녕하세요. 담당자님,\n\n한도가 얼마인가요?\n답변 부탁드립니다.\n감사합니다.\n김민아 드림",
            "한도가 얼마인가요?",
        ),
        ("Hello,\nCan it pay for freight?\nBest regards,\nMina", "Can it pay for freight?"),
        ("Dear Sir or Madam,\nWho can apply?\nThank you", "Who can apply?"),
        ("Xin chào,\nCó hỗ trợ không?\nCảm ơn", "Có hỗ trợ không?"),
        ("안녕하세요. 물류비도 지원되나요?", "안녕하세요. 물류비도 지원되나요?"),
        ("담당자를 연결해 주세요.", "담당자를 연결해 주세요."),
        (
            "Hello, I need a lawyer in Hanoi\nPlease help",
            "Hello, I need a lawyer in Hanoi\nPlease help",
        ),
        (
            "안녕하세요. 하노이의 김민아입니다.\n대금을 못 받았습니다.\n감사합니다.\n하노이에 있습니다.",
            "안녕하세요. 하노이의 김민아입니다.\n대금을 못 받았습니다.\n감사합니다.\n하노이에 있습니다.",
        ),
        ("안녕하세요", "안녕하세요"),
        ("감사합니다.", "감사합니다."),
        ("Hi, where do I apply?\nThanks", "Hi, where do I apply?"),
        ("물류비가 궁금합니다.\n하노이에 있습니다.", "물류비가 궁금합니다.\n하노이에 있습니다."),
    ],
)
def test_courtesies_are_left_out(text: str, left: str) -> None:
    assert strip_courtesies(text) == left


@pytest.mark.parametrize(
    ("subject", "text", "nothing"),
    [
        ("수출바우처 문의", "수출바우처로 운송비를 냅니까?", True),
        ("Question", "Who can apply?", True),
        ("Hỏi về voucher", "Voucher có hỗ trợ không?", True),
        ("물류비 문의", "신청 기간이 언제인가요?", False),
    ],
)
def test_a_subject_counts_where_it_says_more(subject: str, text: str, nothing: bool) -> None:
    assert adds_nothing(subject, text) == nothing
