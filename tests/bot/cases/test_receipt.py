"""What a founder reads of their own case: the receipt, how it stands, what they may correct."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.cases.receipt import (
    build_correction_buttons,
    list_labels,
    render_receipt,
    render_status,
    render_understood,
)
from bot.cases.reminders.timers import find_case_due
from bot.cases.targets import describe_due
from bot.missions.office_hours import ASSUMED_SLOTS, format_slots
from bot.types import BodyHours, Case
from knowledge.types import LANGUAGES, Language
from tests.samples.records import (
    MISSIONS,
    NOW,
    make_binding,
    make_case,
    make_taken_case,
    phrase,
    reason_of,
)

OPENS = datetime.fromisoformat("2026-11-23T09:00+07:00")


def test_a_receipt_says_the_number_who_has_it_why_and_when() -> None:
    case = make_case()
    text = render_receipt(case, MISSIONS, "ko", OPENS, make_binding())
    assert text.splitlines() == [
        "접수번호 #7",
        "맡은 곳: 하노이 공관",
        f"이유: {reason_of(case, 'ko')}",
        "이해한 내용: 장소 Hanoi · 긴급도 보통",
        "답변 예상: 하노이 현지 시각 11월 23일(월) 09:00부터 확인합니다"
        "(근무시간은 현지 근무일 09:00–12:00, 13:00–18:00 기준으로 가정).",
        "첫 답변 목표: 하노이 현지 시각 11월 25일(수) 18:00 (GMT+07:00)까지",
        "",
        "이제 보내시는 내용은 담당자에게 그대로 전합니다. 끝내려면 /close 를 보내십시오.",
    ]
    labels = ("맡은 곳:", "이유:", "이해한 내용:", "답변 예상:", "첫 답변 목표:")
    assert list_labels(text) == ("접수번호 #7", *labels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_is_in_the_founders_language(language: Language) -> None:
    case = make_case(language=language)
    text = render_receipt(case, MISSIONS, language, OPENS, make_binding())
    opens = {"ko": "하노이 현지 시각 11월 23일(월) 09:00", "en": "Mon 23 Nov, 09:00 Hanoi time",
             "vi": "09:00 Thứ Hai, 23/11 (giờ Hanoi)"}[language]  # fmt: skip
    due = find_case_due(case, (), MISSIONS)
    assert due
    promised = describe_due(due, MISSIONS.get(case.mission), language).text
    expected = phrase(
        "founder.receipt", language, number=7, reason=reason_of(case, language),
        understood=render_understood(case, language),
        mission={"ko": "하노이 공관", "en": "the mission in Hanoi",
                 "vi": phrase("routing.kind_embassy", "vi", city="Hanoi")}[language],
        expected=phrase("founder.receipt_expected", language, opens=opens, due=promised,
                        assumed=phrase("founder.assumed_hours", language,
                                       hours=format_slots(ASSUMED_SLOTS))),
    )  # fmt: skip
    assert text == expected


def test_a_receipt_without_a_room_promises_no_reply() -> None:
    text = render_receipt(make_case(), MISSIONS, "ko", OPENS, None)
    assert "부터 확인합니다" not in text and "전합니다" not in text


def test_a_receipt_says_whether_a_room_has_the_case() -> None:
    def last_line(room: str | None) -> str:
        binding = make_binding(room) if room else None
        text = render_receipt(make_case(), MISSIONS, "ko", OPENS, binding)
        return text.splitlines()[-1]

    assert last_line("domestic") == phrase("founder.receipt_unbound", "ko")
    assert last_line(None) == phrase("founder.receipt_kept", "ko")
    assert "/close" in last_line("vn-hanoi")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_understood_is_said_in_a_line(language: Language) -> None:
    text = render_understood(make_case(urgency="critical", sealed=True), language)
    assert "Hanoi" in text
    assert phrase("founder.urgency_critical", language) in text
    assert phrase("founder.understood_sealed", language) in text
    assert phrase("founder.no_place", language) in render_understood(
        make_case(place=None), language
    )


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ({"urgency": "normal"}, ["place", "raise", "seal"]),
        ({"urgency": "high", "sealed": True}, ["place", "raise", "lower", "unseal"]),
        ({"urgency": "critical"}, ["place", "lower", "seal"]),
    ],
)
def test_only_what_can_be_changed_is_a_button(values: Any, changes: list[str]) -> None:
    ((*buttons,),) = build_correction_buttons(make_case(**values), "ko")
    assert [one.key for one in buttons] == [f"fix:{change}:7" for change in changes]


HANOI_CLOSED, HANOI_OPEN = NOW, datetime.fromisoformat("2026-11-23T13:00+09:00")


@pytest.mark.parametrize(
    ("case", "now", "said"),
    [
        (make_case(), HANOI_CLOSED, "하노이 현지 시각 11월 23일(월) 09:00부터"),
        (make_case(), HANOI_OPEN, "지금 근무시간"),
        (make_taken_case(), HANOI_CLOSED, "하노이 공관 변호사께서 맡아"),
    ],
)
def test_how_a_case_stands_is_told_from_what_is_known(case: Case, now: datetime, said: str) -> None:
    text = render_status(case, MISSIONS, "ko", now)
    assert text.startswith("#7: ") and said in text


def test_who_asks_about_an_emergency_is_told_not_to_wait() -> None:
    text = render_status(make_case(urgency="critical"), MISSIONS, "en", NOW)
    assert text.endswith(phrase("founder.emergency_phones", "en"))


def test_hours_that_a_body_has_set_are_not_called_assumed() -> None:
    own = MISSIONS.with_hours([BodyHours("vn-hanoi", {0: ASSUMED_SLOTS})])
    assumed = phrase("founder.assumed_hours", "ko", hours=format_slots(ASSUMED_SLOTS))
    texts = [
        render_receipt(make_case(), one, "ko", OPENS, make_binding()) for one in (MISSIONS, own)
    ]
    assert [assumed in text for text in texts] == [True, False]


def test_where_a_body_never_works_no_due_time_is_promised() -> None:
    closed = MISSIONS.with_hours([BodyHours("vn-hanoi", {})])
    assert find_case_due(make_case(), (), closed) is None
