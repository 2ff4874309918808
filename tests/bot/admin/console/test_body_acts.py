"""What is done with a body from the console: the decision of its room, for those who may make it there."""

from __future__ import annotations

import re

import pytest

from bot.admin.console.body_acts import BodyAct, build_body_event
from bot.admin.console.events import ConsoleAct, build_event, parse_message
from bot.context import Decision
from bot.messages import Address
from bot.types import DOMESTIC, Binding, CaseState
from knowledge.types import Language
from tests.harness.assistant_harness import decide_messages
from tests.samples.records import make_case, make_thread
from tests.samples.staff_records import make_member

ROOM = Binding("vn-hanoi", "telegram", "-100")
LEAD, STAFF = make_member("U1LEAD", is_lead=True), make_member("U2STAFF")
DESK = make_member("U3DESK", DOMESTIC)
KOREAN = re.compile("[가-힣]")
WORKS = "holiday off 2026-12-25"


def decide(
    user: str, command: str, text: str, mission: str = "vn-hanoi", language: Language = "ko"
) -> Decision:
    act = BodyAct("form-1", user, "김영사", mission, command, text, language)
    message = parse_message(build_body_event(act).payload)
    return decide_messages(message, members=(LEAD, STAFF, DESK), bindings=(ROOM,))


def test_a_lead_changes_the_hours_and_the_room_hears_of_it() -> None:
    decision = decide("slack:U1LEAD", "hours", WORKS)
    assert decision.new_hours is not None
    assert decision.notice is not None
    assert decision.notice.kind == "done"
    (told,) = decision.outgoing
    assert told.to == Address("telegram", "-100")
    assert "김영사" in told.content.text
    assert decision.audit == ("slack:U1LEAD", "hours vn-hanoi")


def test_the_sender_reads_it_in_the_language_of_their_session_and_the_room_in_korean() -> None:
    decision = decide("slack:U1LEAD", "hours", WORKS, language="en")
    assert decision.notice
    assert decision.notice.text
    assert not KOREAN.search(decision.notice.text)
    (told,) = decision.outgoing
    assert KOREAN.search(told.content.text.replace("김영사", ""))


REFUSED = pytest.mark.parametrize(
    ("user", "command", "text", "mission"),
    [
        ("slack:U2STAFF", "hours", WORKS, "vn-hanoi"),  # leads nothing
        ("slack:U2STAFF", "staff", "add U9NEW", "vn-hanoi"),
        ("slack:U1LEAD", "hours", WORKS, "jp-tokyo"),  # another body's
        ("slack:U1LEAD", "staff", "add U9NEW lead", "vn-hanoi"),  # admins make leads
        ("slack:U1LEAD", "staff", "sealed U2STAFF", "vn-hanoi"),
        ("slack:U3DESK", "staff", "add U9NEW", "vn-hanoi"),  # the desk admits nobody elsewhere
        ("slack:U9NOBODY", "seats", "", "vn-hanoi"),
        ("slack:U1LEAD", "hours", "mon 25:00-26:00", "vn-hanoi"),  # cannot be read
        ("slack:U1LEAD", "bind", "vn-hanoi", "vn-hanoi"),  # no act on a body
        ("telegram:1", "hours", WORKS, "atlantis"),
    ],
)


@REFUSED
def test_a_refusal_is_in_the_language_of_the_session(
    user: str, command: str, text: str, mission: str
) -> None:
    decision = decide(user, command, text, mission, "en")
    assert decision.notice
    assert decision.notice.text
    assert not KOREAN.search(decision.notice.text)


@REFUSED
def test_what_the_room_would_refuse_is_refused(
    user: str, command: str, text: str, mission: str
) -> None:
    decision = decide(user, command, text, mission)
    assert decision.notice is not None
    assert decision.notice.kind == "refused"
    assert decision.notice.text
    assert decision.notice.account == user
    assert not (decision.new_hours or decision.new_staff or decision.new_seats)
    assert not decision.outgoing


@pytest.mark.parametrize("user", ["slack:U3DESK", "telegram:1"])
def test_the_desk_and_admins_keep_the_hours_of_every_body(user: str) -> None:
    assert decide(user, "hours", WORKS).new_hours is not None


@pytest.mark.parametrize(
    ("act", "text", "state"),
    [
        ("merge", "99999", "claimed"), ("merge", "", "claimed"), ("hand", "nobody", "claimed"),
        ("reassign", "없는곳", "claimed"), ("reassign", "us-new-york", "closed"), ("claim", "", "closed"),
        ("wait", "???", "claimed"), ("claim", "", "claimed"), ("faq", "submit", "claimed"), ("relay", "", "claimed"),
        ("hand", "U1LEAD", "claimed"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_cannot_be_done_with_a_case_is_said_in_the_language_of_the_session(
    act: str, text: str, state: CaseState, language: Language
) -> None:
    case = make_case(state=state, taken_by="slack:U1LEAD", taken_role="lawyer", mission="vn-hanoi")
    user = "slack:U2STAFF" if act == "claim" else "slack:U1LEAD"
    sent = ConsoleAct("form-2", user, "Kim", case.number, act, text, language=language)
    message = parse_message(build_event(sent).payload)
    decision = decide_messages(
        message, members=(LEAD, STAFF), bindings=(ROOM,), cases=(case,), threads=(make_thread(),)
    )
    assert decision.notice
    assert decision.notice.kind == "refused"
    said = decision.notice.text.replace(text, "") if text else decision.notice.text
    said = said.replace("김영사", "")
    assert bool(KOREAN.search(said)) == (language == "ko"), said
