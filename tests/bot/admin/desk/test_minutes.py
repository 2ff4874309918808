"""Minutes as they are typed, in a room and in a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.admin.desk.minutes import BadLine, read_minutes
from bot.admin.desk.minutes_turn import MinutesTurn, decide_minutes
from bot.context import Decision
from bot.types import Minutes, Resolution
from tests.samples.records import NOW, make_room_message, make_services, texts_of

TODAY = date(2026, 11, 23)
OPEN = Resolution(3, "vn-hanoi", "명단을 전달한다", "코트라", date(2026, 11, 1), TODAY, "x")


def read(text: str) -> Minutes:
    return read_minutes(text, "vn-hanoi", [OPEN], TODAY, "slack:U1")


@pytest.mark.parametrize(("line", "expected"), [
    ("회람한다 | 코트라 김과장 | 2026-12-31", ("회람한다", "코트라 김과장", date(2026, 12, 31))),
    ("- 회람한다 | 코트라 | 2026.12.1.", ("회람한다", "코트라", date(2026, 12, 1))),
    ("• 회람한다 | 2026/12/31", ("회람한다", "", date(2026, 12, 31))),
    ("회람한다 | KOSME |", ("회람한다", "KOSME", None)),
    ("회람한다", ("회람한다", "", None)),
    ("3개 기업을 찾는다", ("3개 기업을 찾는다", "", None)),
    ("a | b | KOTRA | 2026-12-31", ("a | b", "KOTRA", date(2026, 12, 31))),
])  # fmt: skip
def test_a_line_is_a_resolution(line: str, expected: Any) -> None:
    (one,) = read(f"\n{line}\n\n").new
    assert (one.text, one.owner, one.due) == expected
    assert (one.resolved_on, one.entered_by, one.state) == (TODAY, "slack:U1", "open")


@pytest.mark.parametrize(("line", "state"), [
    ("3 완료", "done"), ("#3 완료", "done"), ("결정 3: 완료", "done"), ("3. Done", "done"),
    ("3 중단", "dropped"), ("- 3 dropped", "dropped"), ("3 xong", "done"),
])  # fmt: skip
def test_a_number_and_a_word_settle_an_earlier_one(line: str, state: str) -> None:
    assert read(line) == Minutes("vn-hanoi", (), ((3, state),))  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "problem"), [
    ("ok | KOTRA | 2026-13-01", "date"), ("ok | KOTRA | 12월", "date"), ("4 완료", "number"),
    ("x" * 1_001, "long"), (f"x | {'y' * 201}", "long"),
])  # fmt: skip
def test_one_line_that_cannot_be_read_stops_all(text: str, problem: str) -> None:
    with pytest.raises(BadLine) as raised:
        read(f"회람한다\n{text}")
    assert raised.value.problem == problem


def say(text: str, is_staff: bool = True, missions: tuple[str, ...] = ("vn-hanoi",)) -> Decision:
    message = make_room_message(text, "command", command="minutes")
    services = replace(make_services(), now=NOW)
    return decide_minutes(MinutesTurn(services, message, is_staff, missions, lambda _: [OPEN]))


def test_staff_enter_minutes_in_their_room() -> None:
    decision = say("회람한다 | KOTRA | 2026-12-31\n3 완료")
    assert decision.minutes and decision.minutes.settled == ((3, "done"),)
    assert decision.audit == ("telegram:1", "minutes of vn-hanoi")
    (told,) = texts_of(decision.outgoing)
    assert "새 결정 1건, 마무리한 결정 1건" in told and "명단" not in told


def test_without_lines_what_is_open_is_listed() -> None:
    decision = say("")
    assert decision.minutes is None
    (told,) = texts_of(decision.outgoing)
    assert "3. 명단을 전달한다 | 코트라 | 2026-11-01 (기한 지남)" in told


def test_others_enter_nothing() -> None:
    decision = say("회람한다", is_staff=False)
    assert decision.minutes is None and "담당자가" in texts_of(decision.outgoing)[0]


def test_in_a_room_of_several_missions_the_first_word_says_whose() -> None:
    two = ("vn-hanoi", "vn-hcmc")
    assert say("회람한다", missions=two).minutes is None
    decision = say("vn-hcmc 회람한다", missions=two)
    assert decision.minutes and decision.minutes.mission == "vn-hcmc"
    assert decision.minutes.new[0].text == "회람한다"


def test_a_bad_line_is_named_and_nothing_is_kept() -> None:
    decision = say("회람한다 | KOTRA | 31.12.2026")
    assert decision.minutes is None and "31.12.2026" in texts_of(decision.outgoing)[0]
