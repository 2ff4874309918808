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
        ("slack:U1LEAD", "bind", "", "vn-hanoi"),  # admins bind
        ("slack:U2STAFF", "unbind", "", "vn-hanoi"),
        ("slack:U1LEAD", "unbind", "", "jp-tokyo"),
        ("telegram:1", "unbind", "", "jp-tokyo"),  # has no room
        ("slack:U1LEAD", "block", "telegram:7", "vn-hanoi"),  # admins block
        ("telegram:1", "block", "7", "vn-hanoi"),  # no account
        ("slack:U1LEAD", "relay", "", "vn-hanoi"),  # no act on a body
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
    assert not (decision.new_binding or decision.removed_bindings or decision.new_block)
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


MAIL_LEAD = make_member("lead@example.org", channel="console", is_lead=True)
MAIL_STAFF = make_member("kim@example.org", channel="console")


def keep_staff(text: str) -> Decision:
    """What a lead without any messenger does with the staff of a body whose room is on Telegram."""
    act = BodyAct("form-2", MAIL_LEAD.account, "이총괄", "vn-hanoi", "staff", text)
    message = parse_message(build_body_event(act).payload)
    members = (MAIL_LEAD, MAIL_STAFF, STAFF)
    return decide_messages(message, members=members, bindings=(ROOM,))


@pytest.mark.parametrize(
    ("text", "account", "is_removed"),
    [
        ("add telegram:2005 lawyer", "telegram:2005", False),
        ("role slack:U2STAFF lawyer", "slack:U2STAFF", False),
        ("role console:kim@example.org lawyer", "console:kim@example.org", False),
        ("remove slack:U2STAFF", "slack:U2STAFF", True),
        ("remove console:kim@example.org", "console:kim@example.org", True),
    ],
)
def test_a_lead_without_a_messenger_keeps_the_staff_of_every_messenger(
    text: str, account: str, is_removed: bool
) -> None:
    decision = keep_staff(text)
    (member,) = decision.new_staff
    assert member.account == account and (member.removed_at is not None) == is_removed
    assert decision.notice and decision.notice.kind == "done"


@pytest.mark.parametrize(
    "text",
    [
        "add console:new@example.org lawyer",  # gets an account by naru staff add
        "add kakao:12345 lawyer",  # no messenger of the body's room
        "remove telegram:99",
        "role console:kim@example.org lead",
    ],
)
def test_whom_they_cannot_admit_is_refused(text: str) -> None:
    decision = keep_staff(text)
    assert not decision.new_staff
    assert decision.notice and decision.notice.kind == "refused" and decision.notice.text


def test_admins_bind_and_block_and_a_lead_frees_the_room_as_the_commands_do() -> None:
    for user in ("slack:U1LEAD", "telegram:1"):
        freed = decide(user, "unbind", "")
        assert freed.removed_bindings == ("vn-hanoi",)
        assert freed.audit == (user, "unbind vn-hanoi")
        assert freed.notice and freed.notice.kind == "done"
    bound = decide("telegram:1", "bind", "")
    assert bound.new_binding == Binding("vn-hanoi", "console", "vn-hanoi")
    assert bound.audit == ("telegram:1", "bind vn-hanoi console:vn-hanoi")
    blocked = decide("telegram:1", "block", "telegram:7 광고", DOMESTIC)
    assert blocked.new_block and blocked.new_block.account == "telegram:7"
    assert blocked.audit == ("telegram:1", "block telegram:7: 광고")
    assert blocked.notice and blocked.notice.kind == "done" and "telegram:7" in blocked.notice.text
    assert not blocked.outgoing
