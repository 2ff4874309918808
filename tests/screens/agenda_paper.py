"""The picture of an agenda: made-up cases on the paper that a body gets, as its PDF shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pypdfium2

from adapters.serve.desk.papers import render_paper
from bot.admin.desk.agenda import Agenda, build_agenda
from bot.admin.desk.papers.agenda_paper import build_agenda_paper
from bot.missions.missions import Missions
from bot.types import Case, Meeting, Resolution, Urgency
from tests.samples.records import make_case
from tests.screens.photograph import shrink

NOW = datetime.fromisoformat("2026-12-01T16:00+07:00")
LAST = Meeting("last", "vn-hanoi", datetime.fromisoformat("2026-09-02T10:00+07:00"))
NEXT = Meeting(
    "next", "vn-hanoi", datetime.fromisoformat("2026-12-15T10:00+07:00"), place="대사관 3층 회의실"
)
# Days since it came in, days until it is due, its urgency, topic and question.
CASES: tuple[tuple[float, float, Urgency, str, str], ...] = (
    (20, -18, "normal", "tax", "부가세 환급이 여섯 달째 늦어지고 있습니다. 하노이 세무서에 무엇을 내야 합니까?"),
    (9, 0, "high", "customs", "하이퐁 세관이 컨테이너를 열흘째 내주지 않습니다"),
    (3, 17 / 24, "normal", "visa", "워크퍼밋 갱신이 거절되었습니다"),
    (1, 1, "normal", "tax", "Hồ sơ hoàn thuế GTGT bị trả lại, cần bổ sung gì?"),
    (40, -33, "low", "law", "공장 임대차 계약 해지 위약금"),
)  # fmt: skip
RESOLUTIONS = (
    Resolution(
        3, "vn-hanoi", "부가세 환급 지연 기업 명단을 하노이 세무국에 전달한다", "코트라 김과장",
        date(2026, 11, 15), date(2026, 9, 2), "made up",
    ),
    Resolution(
        4, "vn-hanoi", "현지 노동 허가 설명회를 연다", "KOSME", date(2026, 12, 20),
        date(2026, 9, 2), "made up", state="done",
    ),
)  # fmt: skip
WIDTH = 893  # pixels


def draw_agenda(target: Path) -> int:
    """Write the first page as a PNG; returns its bytes. Raises PdfFailed."""
    paper = build_agenda_paper(make_agenda(), "ko")
    page = pypdfium2.PdfDocument(render_paper(paper, "pdf"))[0]
    raw = target.with_suffix(".raw.png")
    page.render(scale=WIDTH / page.get_width()).to_pil().save(raw)
    try:
        return shrink(raw, target)
    finally:
        raw.unlink()


def make_agenda() -> Agenda:
    """The agenda of the made-up cases, and of a sealed one that is only counted."""
    cases, topics = list[Case](), dict[int, str]()
    dues = dict[int, datetime | None]()
    for number, (ago, ahead, urgency, topic, question) in enumerate(CASES, 1):
        case = make_case(
            number, opened_at=NOW - timedelta(days=ago), urgency=urgency, question=question
        )
        cases.append(
            case
            if ahead
            else replace(
                case, state="claimed", taken_by="telegram:2002", taken_role="lawyer",
                taken_name="박변호", taken_at=NOW,
            )
        )  # fmt: skip
        topics[number], dues[number] = topic, NOW + timedelta(days=ahead) if ahead else None
    cases.append(make_case(len(CASES) + 1, sealed=True, opened_at=NOW - timedelta(days=2)))
    return build_agenda(
        Missions.load().get("vn-hanoi"), NEXT, LAST, cases, RESOLUTIONS, (), NOW,
        lambda case: topics[case.number], lambda case: dues[case.number],
    )  # fmt: skip
