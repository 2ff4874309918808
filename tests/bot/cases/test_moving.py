"""What becomes of the cases of a room that is unbound or bound again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.cases.moving import move_cases
from bot.cases.reminders.timers import list_looks
from bot.cases.states import NARU, CaseStep, open_case
from bot.types import Actor
from tests.samples.records import (
    FOUNDER,
    MISSIONS,
    NOW,
    STAFF,
    make_binding,
    make_case,
    make_services,
    make_thread,
)

ASKER, OFFICER = Actor(FOUNDER, "founder"), Actor(STAFF, "staff")


def make_waiting() -> CaseStep:
    """A case that somebody has and that waits for its founder."""
    step = open_case(replace(make_case(), state="new"), ASKER, has_room=True)
    step = step.take("claim", OFFICER, NOW, taken_by=STAFF).take("answer", OFFICER, NOW)
    return step.take("ask_founder", OFFICER, NOW, wait_until=NOW + timedelta(days=9))


def test_a_case_whose_room_is_gone_is_new_and_its_body_has_the_turn() -> None:
    step = make_waiting()
    services = make_services(
        known_cases=[step.case], threads=[make_thread()], bindings=[make_binding()]
    )
    decision = move_cases(services, [], [], None)
    (case,) = decision.more_cases
    assert (case.state, case.taken_by, case.wait_until) == ("new", None, None)
    assert [(one.act, one.who, one.after) for one in decision.log] == [("unroute", "naru", "new")]
    (look,) = list_looks(case, (*step.log, *decision.log), MISSIONS, NOW)
    assert look.step and look.step.target == "update"  # no wait for the founder hides it
    assert decision.log[0].role == NARU.role


def test_a_room_that_another_one_replaces_leaves_the_case_as_it_is() -> None:
    step = make_waiting()
    services = make_services(
        known_cases=[step.case], threads=[make_thread()], bindings=[make_binding()]
    )
    decision = move_cases(services, [make_binding("domestic", "C0DESK")], [], None)
    assert decision.more_cases == () and decision.log == () and decision.new_threads


def test_the_next_room_routes_the_case_again() -> None:
    case = replace(make_case(), state="new")
    decision = move_cases(make_services(known_cases=[case]), [make_binding()], [case], "vn-hanoi")
    assert [one.state for one in decision.more_cases] == ["routed"] and decision.new_threads
