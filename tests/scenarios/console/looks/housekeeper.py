"""Who keeps the records of a full house, with the names and the words that are in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from adapters.bootstrap import App
from bot.context import Decision
from bot.messages import File
from bot.types import (
    Case,
    CaseMessage,
    Conversation,
    LogEntry,
    Place,
    StaffThread,
)

OFFICER, CONSUL, LAWYER, DESK = 2003, 2001, 2002, 2005
EMAIL = "han.yeongsa.commercial-section@mofa-hanoi.example.org"
UNBROKEN = "수출대금미회수" * 214 + "입니다"  # 1,500 characters without a space
LONG_FILE = (
    "2026년_하반기_베트남_하노이_거래처_Nguyen-Thi-Phuong-Thao_미수금_증빙자료_최종본_v12(수정).pdf"
)
DUNNED = "하노이 거래처 Công ty TNHH Thương mại và Dịch vụ Nguyễn Thị Phương Thảo가 대금을 90일째 주지 않습니다"
VIETNAMESE = (
    "Công ty tôi ở Hải Phòng bị hải quan giữ ba container linh kiện điện tử. Tôi phải làm gì?"
)
ENGLISH = "Our distributor in Newark stopped paying and now says that the goods were never ordered. Can the consulate recommend a lawyer who knows both Korean and New York law?"
FOUND = """나루가 찾은 문서

1. 해외 미수금 대응 안내 (대한무역투자진흥공사, 2026-05-02)
「수출대금을 받지 못한 기업은 계약서, 선적 서류, 독촉 기록을 갖추어 무역관에 상담을 신청할 수 있습니다.」
https://www.kotra.or.kr/subList/41000021001/very/long/path/to/the/document?menu=overseas-debt-collection&id=20260502"""
REFUSED = "Forbidden: bot was blocked by the user"
FILES = (File("telegram", "AgAC", LONG_FILE, "application/pdf", 2_400_000),)


class HouseKeeper:
    """Writes records without anybody who says them."""

    def __init__(self, app: App) -> None:
        self.app, self.store, self.now = app, app.store, app.now()
        self._keys = count(1)

    def keep(self, decision: Decision) -> None:
        self.store.commit_without_message(f"full:{next(self._keys)}", decision, self.now)

    def ago(self, **time: float) -> datetime:
        return self.now - timedelta(**time)

    def open_case(self, case: Case, lines: Sequence[CaseMessage] = ()) -> None:
        thread = StaffThread(
            f"{case.number}.1", case.number, case.mission, "telegram", "-100200300", "7", "8"
        )
        assert self.store.reserve_case_number(self.now) == case.number
        threads = () if case.merged_into else (thread,)
        chat = str(3000 + case.number)
        talk = Conversation(f"telegram:{chat}", "telegram", chat, None, chat, case.language)
        known = talk if case.conversation == talk.key and case.state != "closed" else None
        opened = LogEntry(case.number, case.opened_at, "naru", "naru", "open", None, "routed")
        self.keep(replace(
            Decision(), conversation=known, new_case=case, new_lines=tuple((case.number, one) for one in lines), new_threads=threads, log=(opened,)
        ))  # fmt: skip

    def make_case(self, number: int, question: str, **more: object) -> Case:
        case = Case(
            number=number, conversation=f"telegram:{3000 + number}", language="ko", question=question,
            competent="vn-hanoi", mission="vn-hanoi", via="consular_area", body="confirmed", reason="",
            urgency="normal", opened_at=self.ago(hours=20 + number), basis="area", state="routed",
            place=Place("하노이", "VN", 21.03, 105.85, city="Hanoi"), found=FOUND,
            asked_at=self.ago(hours=20 + number),
        )  # fmt: skip
        return replace(case, **more)  # type: ignore[arg-type]
