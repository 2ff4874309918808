"""What is on a body's agenda, in which order, and what of a sealed case is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.admin.desk.agenda import Agenda, build_agenda
from bot.admin.desk.papers.agenda_paper import build_agenda_paper
from bot.types import Case, Insight, Meeting, Resolution
from knowledge.types import LANGUAGES
from tests.samples.records import HANOI, MISSIONS, NOW, make_case, make_route

MISSION = MISSIONS.get("vn-hanoi")
LAST = Meeting("last", "vn-hanoi", NOW - timedelta(days=60))
NEXT = Meeting("next", "vn-hanoi", NOW + timedelta(days=7), place="3층 회의실")
LATE = Resolution(
    3, "vn-hanoi", "명단을 전달한다", "코트라", date(2026, 11, 1), date(2026, 9, 2), "x"
)
DONE = replace(LATE, number=4, text="설명회를 연다", state="done")


def make_old_case(number: int, days: float, **values: Any) -> Case:
    opened = NOW - timedelta(days=days)
    return make_case(number, make_route(HANOI), opened_at=opened, **values)


def find_due(case: Case) -> datetime | None:
    """Three days after its question, until somebody has it."""
    return None if case.taken_at else case.opened_at + timedelta(days=3)


def end_case(case: Case) -> Case:
    return replace(case, state="resolved", ended_at=NOW)


def make_agenda(cases: Sequence[Case], topic: str = "tax", **values: Any) -> Agenda:
    values = {"resolutions": [LATE, DONE], "insights": [], **values}
    return build_agenda(
        MISSION, NEXT, LAST, cases, values["resolutions"], values["insights"], NOW,
        values.get("find_topic", lambda _: topic), find_due,
    )  # fmt: skip


def test_open_cases_stand_with_the_overdue_and_the_urgent_first() -> None:
    fresh = make_old_case(1, 0.01, urgency="low")
    urgent = make_old_case(2, 0.01, urgency="critical")
    taken = replace(make_old_case(3, 20), state="claimed", taken_by="slack:U1", taken_at=NOW)
    waiting = make_old_case(4, 20, urgency="normal")
    ended = end_case(make_old_case(5, 20))
    agenda = make_agenda([fresh, urgent, taken, waiting, ended])
    assert [item.case.number for item in agenda.cases] == [4, 2, 3, 1]
    assert [item.case.number for item in agenda.overdue] == [4]


def test_a_sealed_case_is_counted_and_its_topic_is_not_looked_for() -> None:
    sealed = make_old_case(9, 1, sealed=True, question="도면이 유출됐습니다")

    def refuse(case: Case) -> str:
        assert not case.sealed
        return "tax"

    agenda = make_agenda([sealed, end_case(replace(sealed, number=10))], find_topic=refuse)
    assert (agenda.open_sealed, agenda.cases, agenda.repeated) == (1, (), ())
    for language in LANGUAGES:
        shown = str(build_agenda_paper(agenda, language))
        assert "도면" not in shown and "#9" not in shown


def test_a_matter_is_repeated_from_the_second_case_since_the_last_meeting() -> None:
    old = end_case(make_old_case(1, 61))
    new = [end_case(make_old_case(2, 30)), make_old_case(3, 1)]
    assert [one.cases for one in make_agenda([old, *new]).repeated] == [(2, 3)]
    assert make_agenda([old, new[0]]).repeated == ()
    assert make_agenda(new, topic="unclassified").repeated == ()


def test_personal_data_in_a_question_does_not_reach_the_paper() -> None:
    case = make_old_case(
        1, 1, question="연락처는 010-1234-5678, kim@example.com 입니다 " + "길다 " * 99
    )
    (item,) = make_agenda([case]).cases
    assert "1234" not in item.question and "example" not in item.question
    assert len(item.question) < 200


def test_resolutions_come_back_with_what_became_of_them() -> None:
    agenda = make_agenda(
        [], insights=[Insight(1, "vn-hanoi", "환급은 여섯 달 걸립니다", "a:1", NOW)]
    )
    paper = build_agenda_paper(agenda, "ko")
    _, resolutions, _, _, insights = paper.sections
    assert [row[-1] for row in resolutions.rows] == ["기한 지남", "완료"]
    assert resolutions.marked == {0}
    assert insights.text == ("2026-11-23 · #1 (답변 대기, 주제 미분류) 환급은 여섯 달 걸립니다",)


def test_without_a_meeting_the_paper_says_how_one_is_planned() -> None:
    agenda = replace(make_agenda([]), meeting=None)
    assert build_agenda_paper(agenda, "ko").facts[0] == "예정된 회의가 없습니다."


def test_the_chart_has_the_figures_of_its_table() -> None:
    agenda = make_agenda([make_old_case(n, n) for n in range(1, 5)])
    repeated = build_agenda_paper(agenda, "en").sections[3]
    assert repeated.chart
    assert [(row[0], int(row[1])) for row in repeated.rows] == list(repeated.chart.bars)
    assert repeated.chart.bars == (("Tax and VAT", 4),)
