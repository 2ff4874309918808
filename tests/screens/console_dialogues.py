"""What stands in the pictures of the console: made-up cases of Hanoi, and a made-up notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

NOTE_AFTER, REPLY_AFTER, THANKS_AFTER = (timedelta(minutes=one) for one in (12, 20, 45))


@dataclass(frozen=True, slots=True)
class ScreenCase:
    """A founder who asks for people, and what became of it: `note` and `reply` are staff's, by `seat`;
    `thanks` the founder's. `hours` before the picture it came in; the rest follows it by NOTE_AFTER,
    REPLY_AFTER and THANKS_AFTER."""

    hours: float
    language: str
    founder: str
    trouble: str
    seat: str = ""
    note: str = ""
    reply: str = ""
    thanks: str = ""


CASES = (
    ScreenCase(
        26, "ko", "이도윤",
        "박닌 공장 임대인이 계약 기간이 남았는데 이달 안에 나가라고 합니다.",
    ),
    ScreenCase(
        22, "en", "Jiwon Park",
        "Our distributor in Hanoi registered our brand as its own trademark. What can we do?",
        seat="lawyer", reply="Please send us the registration number. We will check it by tomorrow.",
    ),
    ScreenCase(
        3, "ko", "박지원",
        "하노이 거래처가 선적하고 90일이 지났는데 대금을 주지 않습니다. 이제는 연락도 피합니다.",
        seat="consul", note="상공회의소에 거래처를 먼저 확인할 것",
        reply="계약서와 송장, 거래처 이름을 보내 주십시오. 현지 변호사에게 독촉장 절차를 확인해 내일 오전까지 "
        "알려 드리겠습니다.",
        thanks="계약서와 송장은 오늘 안에 정리해서 보내겠습니다. 독촉장은 저희가 따로 준비할 것이 있습니까?",
    ),
    ScreenCase(
        2, "vi", "Nguyễn Minh Anh",
        "Công ty chúng tôi ở Bắc Ninh cần giấy phép lao động cho hai kỹ sư Hàn Quốc trong tháng này.",
    ),
    ScreenCase(
        1, "ko", "최서연",
        "하이퐁 세관이 우리 화장품 통관을 열흘째 보류하고 있습니다. 사유도 말해 주지 않습니다.",
    ),
)  # fmt: skip

DRAFT = "독촉장 초안은 현지 변호사가 작성합니다. 선하증권 사본과 거래처에 보내신 이메일을 함께 보내 주십시오."

# Questions for the log of answers: language, founder, words, whether it helped them.
QUESTIONS = (
    ("ko", "한지민", "해외에서 쓸 인증 받는 비용도 지원이 되나요? 얼마까지요?", True),
    ("en", "Sora Lee", "We had no insurance. Will K-SURE still collect our money?", True),
    (
        "vi",
        "Trần Thu Hà",
        "Chi phí chứng nhận ở nước ngoài có được hỗ trợ không? Tối đa bao nhiêu?",
        False,
    ),
    ("ko", "오세진", "하노이에도 협의체가 있나요?", False),
    ("ko", "윤가온", "수출 물류비도 지원되나요?", True),
)

NOTICE_NAME = "가람시-물류비.md"
NOTICE = """---
id: garam-freight-2026
title: 가람시 수출 물류비 지원 공고 (지어낸 보기)
issuer: 가람시
published: 2026-11-02
language: ko
---
# 가람시 수출 물류비 지원 공고 (지어낸 보기)

## 가람시 수출 물류비는 얼마까지 지원됩니까?
가람시에 본사를 둔 수출 기업은 한 해에 {amount}만 원까지 수출 물류비를 지원받습니다.

## 가람시 수출 물류비는 언제까지 신청합니까?
신청은 {deadline}까지 받습니다. 예산이 다하면 그 전에 마감합니다.

## 가람시 수출 물류비는 어떤 비용에 씁니까?
해상과 항공 운임, 현지 창고 보관료에 씁니다.{more}
"""
EDITIONS = (
    {"amount": "300", "deadline": "12월 18일", "more": ""},
    {"amount": "500", "deadline": "2027년 1월 15일", "more": " 반송 운임도 포함합니다."},
)
EXAM = """
- {id: amount, language: ko, question: '가람시 수출 물류비는 얼마까지 지원됩니까?', answerable: true}
- {id: until, language: ko, question: '가람시 수출 물류비는 언제까지 신청합니까?', answerable: true}
"""
