"""A Naru in its second year: cases in each state with long names and long words, drafts, answers,
meetings, and what was given up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

from adapters.bootstrap import App
from adapters.serve.desk.papers import fetch_digest
from bot.admin.desk.quarters import find_ended_quarter
from bot.context import Decision
from bot.founder.doors.rendering import render_for_staff
from bot.founder.doors.situation import Situation
from bot.messages import Address, Content, Outgoing
from bot.types import (
    Author,
    Binding,
    Block,
    CaseMessage,
    Consent,
    ConsentItem,
    DeskAnswer,
    FaqDraft,
    Insight,
    LoggedAnswer,
    Meeting,
    Minutes,
    Place,
    Resolution,
    SeatOffer,
    SeatRules,
    StaffMember,
)
from tests.harness.admin_harness import FERRY_QUESTION, prepare_app, render_markdown
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    AppFixtures,
    RunningApp,
    find_free_port,
    is_port_open,
    wait_until,
)
from tests.scenarios.console.looks.housekeeper import (
    CONSUL,
    DESK,
    DUNNED,
    EMAIL,
    ENGLISH,
    FILES,
    FOUND,
    LAWYER,
    OFFICER,
    REFUSED,
    UNBROKEN,
    VIETNAMESE,
    HouseKeeper,
)

SQUATTED = Situation("squatted_mark", "other", "centre", "VN")
SITE = "https://mission.example"
EXAM = f"- {{id: ferry, language: ko, question: '{FERRY_QUESTION}', answerable: true}}\n"


def furnish(app: App) -> None:
    """Cases 1 to 12 and all that stands around them."""
    keeper = HouseKeeper(app)
    admit_people(keeper)
    open_cases(keeper)
    keep_library_work(keeper)
    keep_desk_work(keeper)
    give_up_messages(keeper)


def admit_people(keeper: HouseKeeper) -> None:
    now = keeper.now

    def admit(
        user: int | str, name: str, role: str, mission: str = "vn-hanoi", channel: str = "telegram"
    ) -> StaffMember:
        return StaffMember(mission, channel, str(user), name, role, "test", now)

    members = (
        replace(admit(CONSUL, "김영사", "diplomat"), is_lead=True),
        admit(LAWYER, "Nguyễn Thị Phương Thảo", "lawyer"),
        replace(admit(OFFICER, "이영사", "diplomat"), reads_sealed=True),
        replace(admit(EMAIL, "한영사", "customs", channel="console"), reads_sealed=True),
        admit(DESK, "박사무관", "agency", "domestic"),
        admit(2006, "Christopher Worthington-Featherstonehaugh", "chamber", "us-new-york"),
    )
    rules = (
        SeatRules("vn-hanoi", "telegram", str(LAWYER), ("payment", "fraud"), ("ko", "vi"), 5,
                  now.date(), now.date() + timedelta(days=9), f"telegram:{CONSUL}"),
    )  # fmt: skip
    binding = Binding("vn-hanoi", "telegram", "-100200300")
    keeper.keep(Decision(new_staff=members, new_seats=rules, new_binding=binding))
    keeper.keep(Decision(new_binding=Binding("domestic", "slack", "C0DOMESTIC")))
    keeper.store.console.accounts.add(EMAIL, "test", now)


def open_cases(keeper: HouseKeeper) -> None:
    ago, make = keeper.ago, keeper.make_case
    held = {"taken_by": f"telegram:{CONSUL}", "taken_role": "diplomat", "taken_name": "김영사",
            "taken_at": ago(hours=5)}  # fmt: skip
    new_york = {"mission": "us-new-york", "competent": "us-new-york", "language": "en",
                "place": Place("New York", "US", 40.71, -74.01, city="New York")}  # fmt: skip
    said: dict[Author, str] = {
        "founder": "선적 서류와 계약서를 다시 보냅니다. 거래처 담당자는 Trần Văn Đức 씨이고 연락이 닿지 않습니다.",
        "staff": "대사관에서 거래처에 공문을 보냈습니다. 회신이 오면 바로 알려 드리겠습니다.",
        "note": "현지 상공회의소에 신용 조사를 부탁함. 창업자에게는 결과가 나온 뒤에 알릴 것.",
        "bot": "담당자가 정해졌습니다.",
    }  # fmt: skip
    authors: tuple[Author, ...] = ("founder", "staff", "note", "founder", "bot")
    lines = [
        CaseMessage(author, said[author], ago(hours=21 - number / 2), "diplomat" if author in ("staff", "note") else "",
                    FILES if number % 9 == 0 else ())
        for number in range(40) for author in authors[number % 5:][:1]
    ]  # fmt: skip
    keeper.open_case(make(1, DUNNED, urgency="high", state="claimed", **held), lines)
    founder = CaseMessage("founder", VIETNAMESE, ago(hours=3))
    keeper.open_case(
        make(2, VIETNAMESE, language="vi", state="waiting_authority", wait_until=ago(days=-9), asked_at=None,
             place=Place("Hải Phòng", "VN", 20.86, 106.68, city="Haiphong"), basis="general", **held),
        [founder, CaseMessage("staff", said["staff"], ago(hours=2), "diplomat")],
    )  # fmt: skip
    keeper.open_case(
        make(3, "가마 도면은 언제 내나요?", state="resolved", ended_at=ago(hours=1), **held)
    )
    sealed = make(
        4, "대사관 직원에게 부당한 요구를 받았습니다", sealed=True, urgency="critical", found=""
    )
    keeper.open_case(sealed, [CaseMessage("founder", sealed.question, ago(hours=2))])
    keeper.open_case(
        make(
            5,
            "같은 거래처 문제로 다시 여쭙니다",
            state="closed",
            merged_into=1,
            ended_at=ago(hours=4),
        )
    )
    offer = SeatOffer(f"telegram:{LAWYER}", "lawyer", "대금 회수·결제", 2)
    keeper.open_case(
        make(6, UNBROKEN, offer=offer, opened_at=ago(minutes=4), asked_at=ago(minutes=4)),
        [CaseMessage("founder", UNBROKEN, ago(minutes=4), files=FILES)],
    )
    keeper.open_case(
        make(7, "이 업종의 외상 거래 보증 한도를 확인해 주십시오.", conversation="", parent=1, mission="domestic",
             found="대금 회수·결제", place=Place("베트남", "VN"), basis="staff", state="routed"),
        [CaseMessage("staff", "이 업종의 외상 거래 보증 한도를 확인해 주십시오.", ago(hours=20), "diplomat")],
    )  # fmt: skip
    keeper.open_case(
        make(8, ENGLISH, urgency="critical", basis="area", opened_at=ago(minutes=30), asked_at=ago(minutes=30), **new_york),
        [CaseMessage("founder", ENGLISH, ago(minutes=30))],
    )  # fmt: skip
    keeper.open_case(
        make(9, "Thank you, this is solved.", state="closed", ended_at=ago(days=2), **new_york)
    )
    keeper.open_case(
        make(
            10,
            "현지 법인 설립 절차를 알고 싶습니다",
            state="waiting_founder",
            asked_at=None,
            **held,
        ),
        [CaseMessage("staff", "업종과 자본금을 알려 주십시오.", ago(hours=1), "diplomat")],
    )
    keeper.open_case(
        make(11, "상표가 도용되었습니다", state="answered", asked_at=None, urgency="low", **held),
        [
            CaseMessage("bot", render_for_staff(SQUATTED), ago(hours=2)),
            CaseMessage("staff", "현지 특허청에 이의를 낼 수 있습니다.", ago(hours=1), "diplomat"),
        ],
    )
    keeper.open_case(make(12, "어디에 물어야 할지 모르겠습니다", mission="domestic", competent="domestic", via="domestic",
                          basis="nowhere", place=None, body=None, state="new", opened_at=ago(minutes=2), asked_at=ago(minutes=2)))  # fmt: skip


def keep_library_work(keeper: HouseKeeper) -> None:
    now, today = keeper.now, date.today()

    def draft(case: int, question: str, answer: str, **more: object) -> FaqDraft:
        made = FaqDraft(
            case, "vn-hanoi", "ko", question, (), answer, "customs", ("VN",), f"telegram:{LAWYER}", now,
            today + timedelta(days=90),
        )  # fmt: skip
        return replace(made, **more)  # type: ignore[arg-type]

    keeper.keep(Decision(faq=draft(
        3, "가마 도면은 언제 내나요?", "가마 도면은 열흘 전까지 냅니다.", state="submitted",
        paraphrases=("도면 제출 기한이 언제인가요?", "Khi nào phải nộp bản vẽ lò nung?"),
    )))  # fmt: skip
    keeper.keep(
        Decision(
            faq=draft(
                11,
                "상표가 도용되면 어떻게 합니까?",
                UNBROKEN,
                topic="ip",
                countries=("VN", "TH", "ID"),
            )
        )
    )
    asked = [
        ("answered", "ko", f"하노이에서 {FERRY_QUESTION}", "confirmed", ""),
        ("no_evidence", "vi", VIETNAMESE, "", ""),
        ("offered", "en", ENGLISH, "chosen", ""),
        ("answered", "ko", UNBROKEN, "bad", "2027년에는 5천만 원입니다."),
        ("expired", "ko", "", "", ""),
    ]
    for number, (verdict, language, question, thumb, right) in enumerate(asked):
        keeper.keep(Decision(logged=LoggedAnswer(
            f"telegram:{3000 + number}", verdict, language, question,  # type: ignore[arg-type]
            f"{FOUND}\n\n{question}" if question else "", "customs", "VN" if number else "", "vn-hanoi",
            keeper.ago(days=number), verdict == "no_evidence", thumb,  # type: ignore[arg-type]
            f"telegram:{CONSUL}" if right else "", now if right else None, right,
        )))  # fmt: skip


def keep_desk_work(keeper: HouseKeeper) -> None:
    now, today, store = keeper.now, date.today(), keeper.store
    store.meetings.add(
        Meeting("uid-1", "vn-hanoi", keeper.ago(days=-6), 90, "주베트남대사관 3층 회의실 (Hà Nội, Đống Đa)"), (), now
    )  # fmt: skip
    resolved = tuple(
        Resolution(0, "vn-hanoi", text, owner, due, today - timedelta(days=30), f"telegram:{CONSUL}")
        for text, owner, due in (
            ("미수금 대응 요령을 한국어와 베트남어로 만들어 창업자에게 나눠 준다", "Nguyễn Thị Phương Thảo", today - timedelta(days=3)),
            ("세무법인 연락처를 회람한다", "", today + timedelta(days=20)),
            ("https://www.customs.gov.vn/" + "very-long-path" * 9, "김영사", None),
        )
    )  # fmt: skip
    keeper.keep(Decision(minutes=Minutes("vn-hanoi", resolved)))
    said = f"telegram:{CONSUL}"
    insight = Insight(
        1, "vn-hanoi", "올해 하반기부터 현지 세관이 원산지 증명서의 전자본을 받지 않습니다. 원본을 함께 보내야 합니다.",
        said, now, ("VN",), ("customs",), ("#1", "https://www.customs.gov.vn/notice/2026-771"),
    )  # fmt: skip
    keeper.keep(Decision(new_insight=insight))
    answer = DeskAnswer(0, "관세청에 확인하였습니다. 전자본도 유효하다고 현지 세관에 공문을 보냈습니다.", f"telegram:{DESK}", now,
                        ("vn-hanoi",), ("us-new-york",), 1)  # fmt: skip
    keeper.keep(Decision(desk_answer=answer))
    keeper.keep(Decision(
        consents=tuple(
            Consent("telegram:3001", item, "0a1b2c3d", number % 2 == 0, now, "vn-hanoi" if number == 0 else "")
            for number, item in enumerate(get_args(ConsentItem))
        ),
        new_block=Block("telegram:666", f"telegram:{TELEGRAM_ADMIN}", "광고를 되풀이해 보냄", now),
        audit=(said, "hours vn-hanoi: " + "09:00-12:00,13:00-18:00 " * 5),
    ))  # fmt: skip
    fetch_digest(keeper.app, find_ended_quarter(now))
    keeper.keep(Decision(audit=("telegram:3009", "export telegram:3009")))


def give_up_messages(keeper: HouseKeeper) -> None:
    """One message that could not be sent."""
    to = Address("telegram", "3001")
    keeper.keep(Decision(outgoing=(Outgoing(to, Content("확인하였습니다."), case=1),)))
    (owed,) = keeper.store.outbox.claim("test", keeper.now, ["telegram"], 1)
    keeper.store.outbox.give_up(owed, f"{REFUSED} {'x' * 200}", (), keeper.now)


@contextmanager
def run_full_house(folder: Path, furniture: AppFixtures) -> Iterator[RunningApp]:
    """It runs, with the console and the founders' page, and without a messenger."""
    shutil.copytree(furniture.data, folder / "data")
    (folder / "exam.yaml").write_text(EXAM, encoding="utf-8")
    house = RunningApp(
        folder / "data", furniture, console_port=find_free_port(), web_ask=SITE,
        admins=f"telegram:{TELEGRAM_ADMIN}", timings={"message_settle_time": timedelta(milliseconds=100)},
    )  # fmt: skip
    prepare_app(house.app, furniture)
    house.app.exam_files = [folder / "exam.yaml"]
    (folder / "나룻배.md").write_bytes(render_markdown())
    plan = house.app.ingest.plan([folder / "나룻배.md"])
    house.app.ingest.apply(plan, note="나룻배 운임 안내", now=house.app.now())
    furnish(house.app)
    house.start()
    wait_until(lambda: is_port_open(house.app.settings.console_port))
    wait_until(lambda: is_port_open(house.app.settings.http_port))
    yield house
    house.stop()
