"""Numbers of persons that are written in other ways than on a card are masked like any other."""

from __future__ import annotations

import unicodedata

import pytest

from knowledge.text.personal_data import NEVER_KEPT, mask_personal_data

FIRST, LAST = "900101", "1234568"


@pytest.mark.parametrize(
    "written",
    [
        # over the end of a line
        f"{FIRST}\n{LAST}", f"{FIRST}-\n{LAST}", f"{FIRST}\r\n-{LAST}", f"{FIRST}\n-\n{LAST}", "9001\n01-1234568",
        # in other groups
        "90 01 01 1234568", "900 101 123 4568", "9 0 0 1 0 1 - 1 2 3 4 5 6 8", "9.0.0.1.0.1.1.2.3.4.5.6.8",
        f"19{FIRST}-{LAST}", f"1990.01.01-{LAST}",
        # with words between them
        f"{FIRST}다시{LAST}", f"{FIRST} 하이픈 {LAST}", f"{FIRST} dash {LAST}", f"{FIRST} gạch ngang {LAST}",
        f"앞 {FIRST}, 뒤 {LAST}",
        # with other signs
        f"{FIRST},{LAST}", f"{FIRST}:{LAST}", f"{FIRST}({LAST})", f"{FIRST}--{LAST}", f"{FIRST}⁻{LAST}", f"{FIRST}〜{LAST}",
        # in markup
        f"*{FIRST}*-*{LAST}*", f"_{FIRST}_-_{LAST}_", f"`{FIRST}`-`{LAST}`", f"[{FIRST}]-[{LAST}]",
        # in digits of other kinds
        "⑨⓪⓪①⓪①-①②③④⑤⑥⑧", "⁹⁰⁰¹⁰¹-¹²³⁴⁵⁶⁸", "٩٠٠١٠١-١٢٣٤٥٦٨", "9️⃣0️⃣0️⃣1️⃣0️⃣1️⃣-1234568", "9\u03360\u03360\u03361\u03360\u03361-1234568",
        "구공공일공일-일이삼사오육팔", "구공공일공일 다시 일이삼사오육칠이에요",
        # with what is not seen, or a space of another kind
        f"{FIRST}\u200e-{LAST}", f"{FIRST}\U000e0001-{LAST}", f"{FIRST}\u180e{LAST}", f"{FIRST}\u3164{LAST}", f"{FIRST}\u200a{LAST}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("label", ["담당자 ", "제 주민등록번호는 "])
def test_a_resident_number_is_masked_however_it_is_spelled(label: str, written: str) -> None:
    masked = mask_personal_data(f"{label}{written}", NEVER_KEPT)
    assert masked.startswith(label) and len(masked) == len(label + written)
    left = masked.removesuffix("이에요")[len(label) :]
    assert "●" in left and not any(letter.isdigit() for letter in left)
    assert not set("구공일삼") & set(left)


@pytest.mark.parametrize(
    "written",
    [
        "카드 4111\n1111\n1111\n1111", "4111.1111.1111.1111", "4111 다시 1111 다시 1111 다시 1111", "*4111* *1111* *1111* *1111*",
        "카드 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "여권번호 M1234\n5678", "여권 M 1234-5678", "여권 M12 345 678", "여권 Ｍ１２３４５６７８",
        "CCCD 001099\n012345", "CCCD 001/099/012/345", "CCCD ⓪⓪①⓪⑨⑨⓪①②③④⑤", "면허 11 다시 12 다시 345678 다시 90",
        "SSN 123 45\n6789", "통관부호 P1234 5678 9012",
        unicodedata.normalize("NFD", "여권번호 M12345678"), unicodedata.normalize("NFD", "căn cước 001099012345"),
    ],
)  # fmt: skip
def test_other_numbers_are_masked_however_they_are_spelled(written: str) -> None:
    masked = mask_personal_data(written, NEVER_KEPT)
    assert "●" in masked and not any(letter.isdigit() for letter in masked)


@pytest.mark.parametrize(
    "text",
    [
        "수량 260101\n- 1234567원에 계약했습니다",
        "코드 251231, 3000000원",
        "CCCD 발급 수수료는 100,000,000 VND입니다",
        "공고 제2026-12호\n\n2026.03.02 - 2026.12.31",
        "① 지원 대상 ② 지원 한도 ③ 신청 방법 ④ 문의",
        "이십일일이 마감이고 이사일이 구월입니다",
        "오이 이사 일정은 삼사일 뒤입니다",
        "10일09:00부터 12일18:00까지",
        "*2026* 년 `12` 월 (31) 일",
    ],
)
def test_other_spellings_are_no_numbers_of_persons(text: str) -> None:
    assert mask_personal_data(text, NEVER_KEPT) == text
