"""Personal data: found in the forms of three countries, and not in the numbers of trade."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

import pytest

from knowledge.text.personal_data import (
    ALL_KINDS,
    NEVER_KEPT,
    find_personal_data,
    has_mask,
    mask_personal_data,
)
from tests.samples.harmless_numbers import SENTENCE_COUNT, list_sentences
from tests.samples.personal_data import SAMPLE_COUNT, PersonalDataSample, generate_samples

MIN_RECALL = 0.99
MAX_FALSE_ALARMS = 0.01


def is_found(sample: PersonalDataSample) -> bool:
    """Whether the whole value is found, as its own kind."""
    start = sample.text.index(sample.value)
    return any(
        one.kind == sample.kind and one.start <= start and start + len(sample.value) <= one.end
        for one in find_personal_data(sample.text)
    )


def test_personal_data_of_every_kind_is_found_in_its_sentence() -> None:
    samples = list(generate_samples())
    given = Counter(one.kind for one in samples)
    found = Counter(one.kind for one in samples if is_found(one))
    assert len(samples) == SAMPLE_COUNT and set(given) == ALL_KINDS
    assert {kind: n for kind, n in given.items() if found[kind] < MIN_RECALL * n - 1} == {}
    assert found.total() >= MIN_RECALL * SAMPLE_COUNT


@pytest.mark.parametrize("sign", [":", "=", "#"])
def test_personal_data_is_found_where_a_sign_joins_it_to_its_label(sign: str) -> None:
    joined = [
        replace(one, text=f"{head.rstrip(' :#=')}{sign}{one.value}{tail}")
        for one in generate_samples()
        for head, _, tail in [one.text.partition(one.value)]
        if one.kind != "email" and len(head) > 3 and head.endswith(" ")
    ]
    assert len(joined) > SAMPLE_COUNT / 2
    assert sum(map(is_found, joined)) >= MIN_RECALL * len(joined)


@pytest.mark.long
def test_numbers_of_trade_and_of_the_library_are_no_alarm() -> None:
    sentences = list(list_sentences())
    alarms = [one for one in sentences if find_personal_data(one)]
    assert len(sentences) == SENTENCE_COUNT
    assert len(alarms) <= MAX_FALSE_ALARMS * SENTENCE_COUNT, alarms


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("900101-1234567이고요", "●●●●●●-●●●●●●●이고요"),
        ("900101ㅡ1234567", "●●●●●●ㅡ●●●●●●●"),
        ("９００１０１－１２３４５６７", "●●●●●●－●●●●●●●"),
        ("900101-\u200b1234567", "●●●●●●-\u200b●●●●●●●"),
        ("900101-1******", "●●●●●●-●●●●●●●"),
        ("주민번호 앞자리 900101-1", "주민번호 앞자리 ●●●●●●-●"),
        ("90.01.01-1234567", "●●.●●.●●-●●●●●●●"),
        ("주민번호: 9 0 0 1 0 1 - 1 2 3 4 5 6 7", "주민번호: ● ● ● ● ● ● - ● ● ● ● ● ● ●"),
        ("주민번호 뒷자리 1234567", "주민번호 뒷자리 ●●●●●●●"),
        ("개인통관고유부호 P012345678901", "개인통관고유부호 ●●●●●●●●●●●●●"),
        ("카드 4242424242424242, CVC: 123", "카드 ●●●●●●●●●●●●●●●●, CVC: ●●●"),
        ("kim.minsu@회사.한국으로", "●●●.●●●●●@●●.●●으로"),
        ("minsu 골뱅이 naver.com", "●●●●● ●●● ●●●●●.●●●"),
        ("공일공-1234-5678", "●●●-●●●●-●●●●"),
        ("STK: 19036xxxx012", "STK: ●●●●●●●●●●●●"),
        ("제 여권(M12345678)과", "제 여권(●●●●●●●●●)과"),
        ("M 1234 5678 여권입니다", "● ●●●● ●●●● 여권입니다"),
        ("Passport no. 512345678.", "Passport no. ●●●●●●●●●."),
        ("4111-11**-****-1111", "●●●●-●●●●-●●●●-●●●●"),
        ("전화는 010.1234.5678", "전화는 ●●●.●●●●.●●●●"),
        ("+82(0)10-1234-5678", "+●●(●)●●-●●●●-●●●●"),
        ("02)555-1234", "●●)●●●-●●●●"),
        ("(+84) 912-345-678", "(+●●) ●●●-●●●-●●●"),
        ("kim[at]naver[dot]com", "●●●[●●]●●●●●[●●●]●●●"),
        ("SSN ***-**-6789", "SSN ●●●-●●-●●●●"),
        ("căn cước: 001 099 012 345", "căn cước: ●●● ●●● ●●● ●●●"),
        ("신한 110-123-456789", "신한 ●●●-●●●-●●●●●●"),
        ("GB82 WEST 1234 5698 7654 32", "●●●● ●●●● ●●●● ●●●● ●●●● ●●"),
    ],
)
def test_a_value_is_masked_letter_by_letter_in_whatever_form(text: str, masked: str) -> None:
    assert mask_personal_data(text) == masked
    assert mask_personal_data(masked) == masked and has_mask(masked)
    assert len(masked.encode("utf-16-le")) == len(text.encode("utf-16-le"))


@pytest.mark.parametrize(
    "text",
    [
        "중소벤처기업부 공고 제2025-634호",
        "화물 P123456789012의 위치",
        "상자 1000x2000x300 세 개",
        "90.01.01-90.12.31 사이",
        "telegram:-1001234567890",
        "1764583001.123456",
        "대사관 +84-24-3771-0404",
        "02-3460-7114 (KOTRA 대표전화)",
        "콜센터 1380, 1357, 1588-1234",
        "계좌로 5000000원 송금했습니다",
        "은행에 2026-03-02부터 2026-12-31까지",
        "바코드 8801234567893",
        "HS 3304.99-1000, HSK 3304991000, HS 코드 0811901000",
        "여권 사본 2부, 통장 사본 1부",
        "특허 제10-2024-0123456호, Nghị định 15/2018/NĐ-CP",
        "2026년 12월 1일 09:00~18:00, 10,000,000 - 20,000,000 VND",
    ],
)
def test_a_number_that_is_no_persons_stays(text: str) -> None:
    assert mask_personal_data(text) == text and not has_mask(text)


RESIDENT, CARD, CITIZEN = "900101-1234567", "4111-1111-1111-1111", "001099012345"


@pytest.mark.parametrize(
    ("label", "value", "kind"),
    [
        ("주민번호:", RESIDENT, "resident_number"),
        ("주민번호=", RESIDENT, "resident_number"),
        ("주민번호-", RESIDENT, "resident_number"),
        ("주민번호/", RESIDENT, "resident_number"),
        ("주민번호：", RESIDENT, "resident_number"),
        ("주민번호 :", RESIDENT, "resident_number"),
        ("주민번호(본인):", RESIDENT, "resident_number"),
        ("맞나요?주민번호:", RESIDENT, "resident_number"),
        ("Kim:", RESIDENT, "resident_number"),
        ("외국인등록번호:", "900101-5234567", "resident_number"),
        ("Alien registration number:", "9001015234567", "resident_number"),
        ("카드:", CARD, "payment_card"),
        ("VISA#", CARD, "payment_card"),
        ("They charged:", "4111111111111111", "payment_card"),
        ("They charged:", "4111-****-****-1111", "payment_card"),
        ("CCCD:", CITIZEN, "citizen_id"),
        ("Số CCCD của tôi là:", CITIZEN, "citizen_id"),
        ("CCCD/", CITIZEN, "citizen_id"),
        ("CCCD#", CITIZEN, "citizen_id"),
        ("CCCD-", CITIZEN, "citizen_id"),
        ("CMND/CCCD:", CITIZEN, "citizen_id"),
        ("CCCD:", "001 099 012 345", "citizen_id"),
        ("CCCD ", "0010 9901 2345", "citizen_id"),
        ("CCCD:", "0010.9901.2345", "citizen_id"),
        ("CCCD ", "001099 012345", "citizen_id"),
        ("Căn cước công dân số:", CITIZEN, "citizen_id"),
        ("운전면허:", "11-12-345678-90", "driver_licence"),
        ("Passport No.:", "512345678", "passport"),
        ("SSN:", "123-45-6789", "social_security_number"),
        ("My social is ", "123456789", "social_security_number"),
        ("social #", "123 45 6789", "social_security_number"),
        ("social:", "123-45-6789", "social_security_number"),
        ("social no. ", "123456789", "social_security_number"),
        ("Social number:", "123456789", "social_security_number"),
        ("사업자등록번호:", "120-88-00767", "business_number"),
        ("계좌:", "110-123-456789", "bank_account"),
        ("STK:", "19036123456012", "bank_account"),
        ("연락처:", "010-1234-5678", "phone"),
        ("연락처/", "01012345678", "phone"),
        ("연락처(휴대폰):", "010-1234-5678", "phone"),
        ("SĐT:", "0912345678", "phone"),
        ("Minh:", "0912 345 678", "phone"),
        ("Zalo:", "+84 912 345 678", "phone"),
        ("call me:", "(212) 555-0123", "phone"),
    ],
)
def test_a_label_may_touch_its_number(label: str, value: str, kind: str) -> None:
    text = f"{label}{value}"
    found = find_personal_data(text)
    assert [(one.kind, text[one.start : one.end]) for one in found] == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "telegram:1001234567890",
        "telegram:1001231234563",
        "account telegram:1001234567890",
        "slack:D1:1764583001.123456",
        "https://example.com/view?id=9001011234567",
        "https://example.com/phone=01012345678",
        "https://example.com/공고/001099012345",
        "example.com/view?전화=01012345678",
        "공고문:2025-634",
        "관세율:3304.99-1000",
        "신청기간:2026-12-01",
        "대사관:02-3460-7114",
        "my social media page has 123456789 readers",
    ],
)
def test_a_sign_before_a_number_is_not_always_a_label(text: str) -> None:
    assert mask_personal_data(text) == text


def test_each_use_masks_its_kinds() -> None:
    text = "900101-1234567, 010-1234-5678, a@b.kr, 120-88-00767"
    assert mask_personal_data(text, NEVER_KEPT) == (
        "●●●●●●-●●●●●●●, 010-1234-5678, a@b.kr, 120-88-00767"
    )
    kept = mask_personal_data("문의 010-1234-5678", public={"010-1234-5678"})
    assert kept == "문의 010-1234-5678"


def test_a_long_text_takes_no_long_time() -> None:
    started = time.process_time()
    for part in (
        "1",
        "1-",
        "a.b@",
        "계좌 12 34 ",
        "900101-1",
        "a.",
        "(+1",
        "1 ",
        "a:1",
        "일",
        "1일",
        "1\u0301",
        "ㄱ\u1161",
        "1*-*",
        "1\n",
        "card no ",
    ):
        find_personal_data((part * 4_000)[:4_000])
        find_personal_data((part * 4_000)[:4_000] + "@")
    assert time.process_time() - started < 3  # .06 s where nothing else runs
