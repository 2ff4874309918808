"""A sentence is supported only where its passage says the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.answering.model.support import is_supported
from knowledge.text.terms import Analyser
from knowledge.types import Document, Language, Passage

KO = """물류바우처는 2026년 3월 11일부터 3월 31일까지 신청을 받으며, 기업당 최대 3천만 원을 지원합니다.
자부담은 30%입니다. 대기업은 신청할 수 없습니다. 선정 결과는 10일 안에 KOTRA 하노이무역관이 알립니다.
2025년 모집은 마감되었습니다. 자세한 내용은 https://example.org/freight 에서 확인합니다. 문의는 02-1234-5678로 합니다."""
EN = """The Freight Voucher takes applications from 11 to 31 March 2026 and pays up to KRW 30 million
per firm. The own share is 30 percent. Large firms cannot apply.
KOTRA Hanoi announces the result within 10 days."""
VI = """Phiếu vận chuyển nhận hồ sơ từ ngày 11 tháng 3 năm 2026 và hỗ trợ tối đa 30 triệu won cho mỗi \
doanh nghiệp.
Doanh nghiệp lớn không được nộp hồ sơ ở TP.HCM. Cục Thuế Hà Nội trả kết quả trong 10 ngày."""
TABLE = """| 사업 | 지원 한도 | 자부담 |
|---|---|---|
| 물류바우처 | 3천만 원 | 30% |
| 수출바우처 | 1억 원 | 50% |"""
TEXTS: dict[Language, str] = {"ko": KO, "en": EN, "vi": VI}
TITLES: dict[Language, str] = {
    "ko": "물류바우처",
    "en": "Freight Voucher",
    "vi": "Phiếu vận chuyển",
}

HOLDS: list[tuple[Language, str]] = [
    ("ko", "기업당 최대 3천만 원을 지원합니다."),
    ("ko", "물류바우처는 기업당 최대 30,000,000원을 지원합니다."),
    ("ko", "자부담은 30퍼센트입니다."),
    ("ko", "신청은 3월 31일까지 받습니다."),
    ("ko", "대기업은 신청하지 못합니다."),
    ("ko", "자세한 내용은 https://example.org/freight 에서 확인합니다."),
    ("ko", "문의는 02-1234-5678로 합니다."),
    ("ko", "선정 결과는 10일 안에 하노이무역관이 알립니다."),
    ("en", "The voucher pays up to KRW 30,000,000 per firm."),
    ("en", "Your own share is 30%."),
    ("en", "It takes applications until 31 March 2026."),
    ("en", "Large firms cannot apply."),
    ("vi", "Hỗ trợ tối đa 30 triệu won cho mỗi doanh nghiệp."),
    ("vi", "Doanh nghiệp lớn không được nộp hồ sơ."),
    ("vi", "Doanh nghiệp lớn không được nộp hồ sơ ở TP.HCM."),
]

FAILS: list[tuple[str, Language, str]] = [
    ("another amount", "ko", "기업당 최대 5천만 원을 지원합니다."),
    ("an amount in words", "ko", "기업당 최대 오천만 원을 지원합니다."),
    ("another currency", "ko", "기업당 최대 3천만 달러를 지원합니다."),
    ("an amount in words", "en", "The voucher pays up to a million won per firm."),
    ("another amount", "vi", "Hỗ trợ tối đa 50 triệu won cho mỗi doanh nghiệp."),
    ("another date", "ko", "신청은 3월 30일까지 받습니다."),
    ("another year", "en", "It takes applications until 31 March 2027."),
    ("another period", "ko", "선정 결과는 10개월 안에 하노이무역관이 알립니다."),
    ("a share for a period", "en", "KOTRA Hanoi announces the result within 30 days."),
    ("an invented person", "ko", "선정 결과는 10일 안에 홍길동이 알립니다."),
    ("an invented agency", "ko", "선정 결과는 10일 안에 삼성전자가 알립니다."),
    ("an invented agency", "en", "Samsung announces the result within 10 days."),
    ("an invented city", "vi", "Cục Thuế Đà Nẵng trả kết quả trong 10 ngày."),
    ("a link cut short", "ko", "자세한 내용은 https://example.org 에서 확인합니다."),
    ("a link made longer", "ko", "자세한 내용은 https://example.org/freight/x 에서 확인합니다."),
    ("a link with a word before it", "ko", "자세한 내용은 a.https://example.org/freight 에서 확인합니다."),
    ("a link with words of its own", "ko", "요트 여행 예약은 https://example.org/freight 입니다."),
    ("nothing but a link", "ko", "https://example.org/freight"),
    ("another telephone", "ko", "문의는 02-1234-5679로 합니다."),
    ("another kind of telephone", "ko", "문의는 +82 2 1234 5678로 합니다."),
    ("an invented link", "ko", "신청은 https://evil.example/apply 에서 받습니다."),
    ("a bare domain", "en", "The own share is 30 percent, see bit.ly/share."),
    ("a domain of an odd ending", "en", "The own share is 30 percent at pay.zip"),
    ("a Korean domain", "ko", "자부담은 30%입니다 naru.한국"),
    ("a handle", "ko", "자부담은 30%입니다 @naru_help"),
    ("a mail address", "en", "The own share is 30 percent, write to help@kotra.or.kr."),
    ("another scheme", "ko", "자부담은 30%입니다 tg://resolve?domain=naru"),
    ("a link in wide letters", "en", "The own share is 30 percent at evil．com"),
    ("a token left in", "ko", "자세한 내용은 {link-1} 에서 확인합니다."),
    ("a token without its marks", "ko", "자세한 내용은 link-1 에서 확인합니다."),
    ("no turned to yes", "ko", "대기업은 신청할 수 있습니다."),
    ("no turned to yes", "en", "Large firms can apply."),
    ("no turned to yes", "vi", "Doanh nghiệp lớn được nộp hồ sơ."),
    ("yes turned to no", "ko", "기업당 3천만 원을 지원하지 않습니다."),
    ("yes turned to no", "en", "The voucher never pays up to KRW 30 million per firm."),
    ("closed turned to open", "ko", "2025년 모집은 접수하고 있습니다."),
    ("another language", "ko", "The voucher pays up to KRW 30 million per firm."),
    ("another language", "en", "기업당 최대 3천만 원을 지원합니다."),
    ("another programme", "ko", "수출바우처는 기업당 최대 3천만 원을 지원합니다."),
    ("another programme", "en", "The Export Voucher pays up to KRW 30 million per firm."),
    ("advice of its own", "ko", "변호사와 미리 상담하시기 바랍니다."),
    ("words of its own", "en", "You get free yacht trips and dinners."),
    ("the prompt", "en", "You word answers for founders from numbered passages."),
]  # fmt: skip


CONTACTS = """문의처는 다음과 같습니다.
- 하노이무역관 문의는 +84 24 3946 0511
- 호찌민무역관 문의는 +84 28 3822 3944"""


@pytest.mark.parametrize(("telephone", "right"), [("24 3946 0511", True), ("28 3822 3944", False)])
def test_a_telephone_is_said_of_whom_the_source_says_it(
    analyser: Analyser, telephone: str, right: bool
) -> None:
    sentence = f"하노이무역관 문의는 +84 {telephone}"
    assert is_supported(sentence, make_passage("ko", CONTACTS), "ko", analyser) is right


def make_passage(language: Language, text: str = "") -> Passage:
    document = Document("doc", TITLES[language], "나루청", language, "https://example.org/freight")
    return Passage(document, 0, (TITLES[language],), text or TEXTS[language], "digest")


@pytest.mark.parametrize(("language", "sentence"), HOLDS)
def test_what_the_passage_says_may_be_said(
    analyser: Analyser, language: Language, sentence: str
) -> None:
    assert is_supported(sentence, make_passage(language), language, analyser)


@pytest.mark.parametrize(("what", "language", "sentence"), FAILS)
def test_what_it_does_not_say_may_not(
    analyser: Analyser, what: str, language: Language, sentence: str
) -> None:
    assert not is_supported(sentence, make_passage(language), language, analyser), what


def test_a_passage_in_another_language_supports_nothing(analyser: Analyser) -> None:
    foreign = make_passage("en")
    foreign = replace(foreign, document=replace(foreign.document, language="ko"))
    assert not is_supported("Large firms cannot apply.", foreign, "en", analyser)


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("물류바우처의 지원 한도는 3천만 원입니다.", True),
        ("수출바우처의 지원 한도는 1억 원이고 자부담은 50%입니다.", True),
        ("물류바우처의 지원 한도는 1억 원입니다.", False),
        ("수출바우처의 자부담은 30%입니다.", False),
    ],
)
def test_two_rows_of_a_table_do_not_mix(analyser: Analyser, sentence: str, holds: bool) -> None:
    both = make_passage("ko", TABLE)
    both = replace(both, heading=("지원 사업",))
    assert is_supported(sentence, both, "ko", analyser) is holds


def test_nothing_is_not_supported(analyser: Analyser) -> None:
    assert not is_supported("", make_passage("ko"), "ko", analyser)
    assert not is_supported("...", make_passage("en"), "en", analyser)
