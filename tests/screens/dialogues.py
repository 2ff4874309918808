"""What is said in the pictures: one talk for each language, from a question to the end of a case."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenTalk:
    """A founder asks what a document answers, then what needs people; staff reply in Korean or in
    the founder's language."""

    language: str
    founder: str
    question: str
    trouble: str
    reply: str
    note: str
    thanks: str


TALKS = (
    ScreenTalk(
        "ko",
        "박지원",
        "해외에서 쓸 인증 받는 비용도 지원이 되나요? 얼마까지요?",
        "{city} 세관이 우리 화장품 통관을 열흘째 보류하고 있습니다. 사유도 말해 주지 않습니다.",
        "세관에 보류 사유를 확인해 내일 오전까지 알려 드리겠습니다. 수입신고번호를 보내 주십시오.",
        "// 관세관에게 먼저 확인할 것",
        "신고번호는 담당 관세사에게 받아서 보내겠습니다.",
    ),
    ScreenTalk(
        "en",
        "Jiwon Park",
        "We had no insurance. Will K-SURE still collect our money?",
        "Customs in {city} has held our cosmetics for ten days and will not say why.",
        "We are asking customs for the reason and will write by tomorrow morning. "
        "Please send the import declaration number.",
        "// 관세관에게 먼저 확인할 것",
        "I will get the number from our broker.",
    ),
    ScreenTalk(
        "vi",
        "Nguyễn Minh Anh",
        "Chi phí chứng nhận ở nước ngoài có được hỗ trợ không? Tối đa bao nhiêu?",
        "Hải quan {city} giữ lô mỹ phẩm của chúng tôi mười ngày rồi mà không nói lý do.",
        "Chúng tôi đang hỏi hải quan lý do và sẽ trả lời trước sáng mai. "
        "Xin gửi số tờ khai nhập khẩu.",
        "// 관세관에게 먼저 확인할 것",
        "Tôi sẽ lấy số tờ khai từ đại lý hải quan rồi gửi.",
    ),
)
CITIES = {
    "telegram": {"ko": "하이퐁", "en": "Haiphong", "vi": "Hải Phòng"},
    "slack": {"ko": "호찌민", "en": "Ho Chi Minh City", "vi": "TP. Hồ Chí Minh"},
}
