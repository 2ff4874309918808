"""How mail programs quote the mail that is answered, in their Korean, English and Vietnamese forms.

Written after what is known of the programs; none is a captured mail.
"""

from __future__ import annotations

OWN = "계약서를 보냅니다.\n확인 부탁드립니다."
QUOTED = "> 계약서를 보내 주십시오."
PLAIN = "계약서를 보내 주십시오."

# Name of the form, and what stands below the writer's own words.
QUOTES: dict[str, str] = {
    "gmail-ko": f"2026년 12월 1일 (화) 오후 3:12, Naru <naru@provider.test>님이 작성:\n\n{QUOTED}",
    "gmail-en": f"On Tue, Dec 1, 2026 at 3:12 PM Naru <naru@provider.test> wrote:\n\n{QUOTED}",
    "gmail-en-broken": f"On Tue, Dec 1, 2026 at 3:12 PM Naru\n<naru@provider.test> wrote:\n\n{QUOTED}",
    "gmail-vi": f"Vào Th 3, 1 thg 12, 2026 vào lúc 15:12 Naru <naru@provider.test> đã viết:\n\n{QUOTED}",
    "gmail-vi-broken": f"Vào Th 3, 1 thg 12, 2026 vào lúc 15:12 Naru\n<naru@provider.test>\nđã viết:\n\n{QUOTED}",
    "apple-ko": f"2026. 12. 1. 오후 3:12, Naru <naru@provider.test> 작성:\n\n{QUOTED}",
    "apple-en": f"On 1 Dec 2026, at 15:12, Naru <naru@provider.test> wrote:\n\n{QUOTED}",
    "apple-vi": f"Vào 1 thg 12, 2026, lúc 15:12, Naru <naru@provider.test> đã viết:\n\n{QUOTED}",
    "thunderbird-ko": f"26. 12. 1. 오후 3:12에 Naru 이(가) 쓴 글:\n{QUOTED}",
    "thunderbird-en": f"On 12/1/26 3:12 PM, Naru wrote:\n{QUOTED}",
    "thunderbird-vi": f"Vào lúc 15:12 1/12/26, Naru đã viết:\n{QUOTED}",
    "outlook-ko": "________________________________\n보낸 사람: Naru <naru@provider.test>\n"
    f"보낸 날짜: 2026년 12월 1일 화요일 오후 3:12\n받는 사람: mina\n제목: [Naru #1]\n\n{PLAIN}",
    "outlook-en": "From: Naru <naru@provider.test>\nSent: Tuesday, December 1, 2026 3:12 PM\n"
    f"To: mina@startup.test\nSubject: [Naru #1]\n\n{PLAIN}",
    "outlook-vi": "Từ: Naru <naru@provider.test>\nĐã gửi: 01 Tháng Mười Hai 2026 3:12 CH\n"
    f"Đến: mina@startup.test\nChủ đề: [Naru #1]\n\n{PLAIN}",
    "outlook-html-ko": "**보낸 사람:** Naru <naru@provider.test>\n**보낸 날짜:** 2026년 12월 1일\n"
    f"**받는 사람:** mina\n**제목:** [Naru #1]\n\n{PLAIN}",
    "outlook-old": f"-----Original Message-----\nFrom: Naru\nSent: Tuesday\nTo: mina\n\n{PLAIN}",
    "naver-ko": '-----Original Message-----\nFrom: "Naru"<naru@provider.test>\nTo: <mina@startup.test>'
    f"\nCc:\nSent: 2026-12-01 (화) 15:12:00 (GMT+09:00)\nSubject: [Naru #1]\n\n{PLAIN}",
    "daum-ko": "--------- 원본 메일 ---------\n보낸사람: Naru <naru@provider.test>\n"
    f"받는사람: mina@startup.test\n날짜: 26.12.01 15:12 GMT +0900\n제목: [Naru #1]\n\n{PLAIN}",
    "groupware-ko": "----- 원본 메시지 -----\n보낸 사람 : Naru\n받는 사람 : mina\n"
    f"보낸 날짜 : 2026/12/01\n제목 : [Naru #1]\n\n{PLAIN}",
    "yahoo-en": "On Tuesday, December 1, 2026 at 03:12:00 PM GMT+9, Naru <naru@provider.test> wrote:"
    f"\n\n{PLAIN}",
    "zimbra-vi": "-----Thư gốc-----\nNgười gửi: Naru\nNgười nhận: mina\nNgày: 01/12/2026\n"
    f"Tiêu đề: [Naru #1]\n\n{PLAIN}",
}
