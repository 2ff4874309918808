"""What a mission tells the desk, and what the desk tells all missions concerned."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.admin.desk.insight.answers import decide_insight_button, decide_tell
from bot.admin.desk.insight.draft import build_draft
from bot.admin.desk.insight.home import decide_insight
from bot.admin.desk.insight.reading import read_insight
from bot.admin.desk.insight.selection import select_answers, select_insights
from bot.admin.desk.insight.turn import InsightTurn
from bot.messages import File
from bot.types import DOMESTIC, Binding, Case, DeskAnswer, Insight, TopicName
from knowledge.text.yaml_text import parse_yaml
from tests.samples.records import (
    MISSIONS,
    NOW,
    QUESTION,
    make_binding,
    make_case,
    make_room_message,
    make_services,
    phrase,
    texts_of,
)

TEXT = "세무서가 환급을 석 달 늦게 줍니다"
INSIGHT = Insight(3, "vn-hanoi", TEXT, "slack:U1", NOW, ("VN",), ("tax",), ("#7", "세무법인"))
ROOMS = (make_binding(), make_binding(DOMESTIC, "C0HOME"))
ANSWER = DeskAnswer(1, "국세청이 문의했습니다", "a:1", NOW, ("vn-hanoi",), ("vn-hcmc",), 3)


def make_insight_turn(
    text: str, command: str = "insight", room: tuple[str, ...] = ("vn-hanoi",),
    case: Case | None = None, bindings: tuple[Binding, ...] = ROOMS, **values: Any,
) -> InsightTurn:  # fmt: skip
    services = replace(
        make_services(known_cases=[case] if case else [], bindings=bindings),
        find_topic=lambda words, _: TopicName("tax" if "환급" in words else "unclassified", "세무"),
        list_open_cases=lambda: values.get("open_cases", []),
    )
    message = make_room_message(text, "command" if command else "button", command=command)

    def keep(name: str, mime: str, data: bytes) -> File:
        return File("desk", data.decode(), name, mime, len(data))

    return InsightTurn(
        services, message, values.get("is_staff", True), room, case, (INSIGHT,), (ANSWER,), 4, keep
    )


def test_an_insight_says_where_it_holds_and_how_it_is_known() -> None:
    read = read_insight(
        f"{TEXT}. https://gdt.gov.vn/1\n나라: 베트남\n주제: 통관\n근거: 현지 세무법인, #17",
        "vn-hanoi", make_insight_turn("").services,
    )  # fmt: skip
    assert read.text == f"{TEXT}. https://gdt.gov.vn/1"
    assert (read.countries, read.topics) == (("VN",), ("customs",))
    assert read.evidence == ("현지 세무법인", "#17", "https://gdt.gov.vn/1")
    plain = read_insight(f"{TEXT} 010-2345-6789", "vn-hanoi", make_insight_turn("").services)
    assert (plain.countries, plain.topics) == (("VN",), ("tax",)) and "2345" not in plain.text


def test_the_desk_is_shown_an_insight_with_what_it_can_do() -> None:
    decision = decide_insight(make_insight_turn(TEXT, case=make_case()))
    assert decision.new_insight and decision.new_insight.evidence == ("#7",)
    told, shown = decision.outgoing
    assert (shown.to.chat, told.to.chat) == ("C0HOME", make_room_message().chat)
    keys = [button.key for row in shown.content.buttons for button in row]
    assert keys == ["insight:ask:4", "insight:draft:4"]
    alone = decide_insight(make_insight_turn(TEXT, bindings=ROOMS[:1]))
    assert alone.new_insight and "전하지 못했으나" in alone.outgoing[0].content.text


@pytest.mark.parametrize(
    ("turn", "key"),
    [
        (make_insight_turn(TEXT, case=make_case(sealed=True)), "insight_sealed"),
        (make_insight_turn(f"{QUESTION} {QUESTION}", case=make_case(
            question="세관이 금형을 압류했는데 하노이 공장이 멈출 것 같아 급하게 여쭙니다")), None),
        (make_insight_turn("세관이 금형을 압류했는데 하노이 공장이 멈출 것 같아 급하게 여쭙니다",
                           case=make_case(question="세관이 금형을 압류했는데 하노이 공장이 멈출 것 "
                                          "같아 급하게 여쭙니다")), "insight_founder_words"),
        (make_insight_turn(TEXT, is_staff=False), "insight_staff_only"),
        (make_insight_turn("가" * 4001), "insight_long"),
        (make_insight_turn(TEXT, room=("vn-hanoi", "vn-hcmc")), "insight_which"),
    ],
)  # fmt: skip
def test_what_is_not_kept_says_why(turn: InsightTurn, key: str | None) -> None:
    decision = decide_insight(turn)
    assert (decision.new_insight is None) == (key is not None)
    if key:
        shown = phrase(f"desk.{key}", "ko", most=4000, mission="vn-hanoi")
        assert texts_of(decision.outgoing) == [shown]


def test_one_act_answers_all_whom_an_insight_concerns_and_names_who_has_no_room() -> None:
    decision = decide_tell(make_insight_turn("3 국세청이 문의했습니다", "tell", (DOMESTIC,)))
    answer = decision.desk_answer
    assert answer and (answer.insight, answer.told) == (3, ("vn-hanoi",))
    assert set(answer.roomless) == {one.id for one in MISSIONS} - {"vn-hanoi"}
    to_hanoi, report = decision.outgoing
    assert to_hanoi.to.chat == "C0HANOI" and TEXT in to_hanoi.content.text
    assert "방이 없어 보내지 못한 공관" in report.content.text


def test_a_room_of_several_missions_gets_one_message() -> None:
    rooms = (*ROOMS, make_binding("vn-hcmc"))
    turn = make_insight_turn("VN: 알립니다", "tell", (DOMESTIC,), bindings=rooms)
    decision = decide_tell(turn)
    assert [one.to.chat for one in decision.outgoing].count("C0HANOI") == 1
    assert decision.desk_answer and {"vn-hanoi", "vn-hcmc"} <= set(decision.desk_answer.told)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("베트남: 말", {"vn-hanoi", "vn-hcmc", "vn-da-nang"}),
        ("all: 말", {"vn-hanoi", "vn-hcmc", "vn-da-nang"}),
        ("vn-hcmc: 말", {"vn-hcmc"}),
        ("세무: 말", {"vn-hanoi"}),
        ("3 vn-hcmc: 말", {"vn-hcmc"}),
        ("3 참고: 말", {"vn-hanoi", "vn-hcmc", "vn-da-nang"}),
    ],
)
def test_targets_are_missions_countries_and_topics(text: str, targets: set[str]) -> None:
    asked = [make_case(21, question="환급이 늦습니다", mission="vn-hanoi")]
    turn = make_insight_turn(text, "tell", (DOMESTIC,), open_cases=asked)
    answer = decide_tell(turn).desk_answer
    assert answer and {*answer.told, *answer.roomless} == targets
    assert answer.text == ("참고: 말" if "참고" in text else "말")


@pytest.mark.parametrize(
    ("text", "room", "key"),
    [
        ("VN: 말", ("vn-hanoi",), "tell_desk_only"),
        ("부산: 말", (DOMESTIC,), "tell_unknown"),
        ("99 말", (DOMESTIC,), "insight_unknown"),
        ("", (DOMESTIC,), "tell_how"),
        ("그냥 말", (DOMESTIC,), "tell_how"),
        ("인증: 말", (DOMESTIC,), "tell_no_one"),
    ],
)
def test_what_is_not_told_says_why(text: str, room: tuple[str, ...], key: str) -> None:
    decision = decide_tell(make_insight_turn(text, "tell", room))
    assert decision.desk_answer is None
    assert texts_of(decision.outgoing) == [phrase(f"desk.{key}", "ko", name="부산", number=99)]


def test_a_draft_has_issuer_dates_and_source_and_no_case() -> None:
    decision = decide_insight_button(make_insight_turn("insight:draft:3", "", (DOMESTIC,)))
    assert decision.drafted_insight == 3
    (file,) = decision.outgoing[0].content.files
    draft = build_draft(INSIGHT, [ANSWER], MISSIONS, NOW.date())
    assert (file.ref, file.name) == (draft, "insight-3.ko.md")
    _, front, body = draft.split("---\n", 2)
    values: Any = parse_yaml(front)
    assert values["published"] == "2026-11-23" and values["topics"] == ["tax"]
    assert values["issuer"] and TEXT in body and ANSWER.text in body and "세무법인" in body
    assert "#7" not in draft


def test_an_insight_waits_on_agendas_until_it_is_answered() -> None:
    hanoi, desk = MISSIONS.get("vn-hanoi"), MISSIONS.get(DOMESTIC)
    later = NOW + timedelta(days=1)
    told = replace(INSIGHT, number=4, state="answered")
    elsewhere = replace(INSIGHT, number=5, mission="th-bangkok", countries=("TH",))
    notes = (INSIGHT, told, elsewhere)
    assert select_insights(notes, hanoi, NOW) == (INSIGHT, told)
    assert select_insights(notes, hanoi, later) == (INSIGHT,)
    assert select_insights(notes, desk, NOW) == notes
    assert select_answers([ANSWER], MISSIONS.get("vn-hcmc"), NOW) == (ANSWER,)
    assert select_answers([ANSWER], hanoi, later) == ()


def test_an_insight_that_names_a_sealed_case_is_refused() -> None:
    turn = make_insight_turn(f"{TEXT}\n근거: #17")
    sealed = replace(make_case(17), sealed=True)
    services = replace(turn.services, list_sealed_cases=lambda: [sealed])
    decision = decide_insight(replace(turn, services=services))
    assert decision.new_insight is None
    assert texts_of(decision.outgoing) == [phrase("desk.insight_sealed", "ko")]
    assert decide_insight(turn).new_insight
