"""Who is staff, who may say so, and what somebody else is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.admin.staffing import StaffingTurn, decide_staffing, find_sender_role, is_about_staff
from bot.admin.unadmitted import hold_back
from bot.context import Decision
from bot.messages import Account, Message
from bot.types import StaffMember, UnadmittedWriter
from tests.samples.records import (
    NOW,
    button_keys,
    make_binding,
    make_services,
    make_staff_message,
    make_thread,
    phrase,
    texts_of,
)
from tests.samples.staff_records import KnownAccounts, make_member

ADMIN, LEAD_USER, MEMBER_USER, NEW_USER = "U0ADMIN", "U0LEAD", "U0STAFF", "U0NEW"
LEAD = make_member(LEAD_USER, name="박총괄", role="diplomat", is_lead=True)
MEMBER = make_member(MEMBER_USER)
ACCOUNTS = [
    Account(NEW_USER, "최변호"), Account("U0GUEST", "손님", is_outsider=True),
    Account("U0LINDA", "Linda"),
]  # fmt: skip


def make_turn(message: Message, **values: Any) -> StaffingTurn:
    values = {
        "missions": ("vn-hanoi",), "members": (LEAD, MEMBER), "unadmitted": (),
        "directory": KnownAccounts(ACCOUNTS), **values,
    }  # fmt: skip
    is_admin = message.user == ADMIN
    services = make_services(bindings=[make_binding(name) for name in values["missions"]])
    return StaffingTurn(services, message, is_admin, **values)


def run(words: str, by: str = LEAD_USER, **values: Any) -> Decision:
    """What `/staff WORDS` leads to; `named` are whom it mentions."""
    named = values.pop("named", ())
    message = make_staff_message(
        words, "command", command="staff", account=f"slack:{by}", named=named
    )
    return decide_staffing(make_turn(message, **values))


def describe(decision: Decision) -> list[tuple[str, str, bool, bool]]:
    """Each member written: user, role, lead, removed."""
    return [(m.user, m.role, m.is_lead, m.removed_at is not None) for m in decision.new_staff]


FORGOTTEN = Decision(forget_message=True)
MENTION = (Account(NEW_USER, "최변호"),)
HELD = UnadmittedWriter("7.1", "slack", "C0HANOI", "U0KIM", "Kim (@kim)", NOW)


@pytest.mark.parametrize(("words", "by", "values", "expected"), [
    ("add U0NEW", LEAD_USER, {}, [(NEW_USER, "staff", False, False)]),
    ("add slack:U0NEW lawyer", LEAD_USER, {}, [(NEW_USER, "lawyer", False, False)]),
    ("add Lawyer", LEAD_USER, {"named": MENTION}, [(NEW_USER, "lawyer", False, False)]),
    ("ADD U0NEW EXPERT", ADMIN, {}, [(NEW_USER, "expert", False, False)]),
    ("add @kim agency", ADMIN, {"unadmitted": (HELD,)}, [("U0KIM", "agency", False, False)]),
    ("add @Kim", ADMIN, {"unadmitted": (HELD,)}, [("U0KIM", "staff", False, False)]),
    ("add U0NEW lead", ADMIN, {}, [(NEW_USER, "staff", True, False)]),
    ("role U0STAFF lead", ADMIN, {}, [(MEMBER_USER, "agency", True, False)]),
    ("role U0STAFF lawyer", LEAD_USER, {}, [(MEMBER_USER, "lawyer", False, False)]),
    ("add U0STAFF", LEAD_USER, {}, [(MEMBER_USER, "agency", False, False)]),  # keeps the role
    ("remove U0STAFF", LEAD_USER, {}, [(MEMBER_USER, "agency", False, True)]),
    ("remove U0LEAD", ADMIN, {}, [(LEAD_USER, "diplomat", False, True)]),
])  # fmt: skip
def test_the_lead_or_an_admin_says_who_is_staff(
    words: str, by: str, values: Any, expected: Any
) -> None:
    decision = run(words, by, **values)
    assert describe(decision) == expected
    assert decision.audit and decision.audit[0] == f"slack:{by}"
    assert decision.audit[1].startswith("staff ") and len(decision.outgoing) == 1


@pytest.mark.parametrize(("words", "by", "values", "key"), [
    ("add U0NEW", MEMBER_USER, {}, "staff_not_lead"),
    ("add U0NEW", NEW_USER, {}, "staff_not_lead"),
    ("remove U0LEAD", MEMBER_USER, {}, "staff_not_lead"),
    ("role U0STAFF diplomat", MEMBER_USER, {}, "staff_not_lead"),
    ("list", NEW_USER, {}, "staff_not_lead"),
    ("add U0NEW lead", LEAD_USER, {}, "staff_lead_by_admin"),
    ("remove U0LEAD", LEAD_USER, {}, "staff_lead_by_admin"),
    (f"add U{'0' * 80}", ADMIN, {}, "staff_how"), (f"add {'1' * 80}", ADMIN, {}, "staff_how"),
    ("add", LEAD_USER, {}, "staff_how"), ("add 김철수", LEAD_USER, {}, "staff_how"),
    ("add @nobody", LEAD_USER, {}, "staff_how"), ("hire U0NEW", LEAD_USER, {}, "staff_how"),
    ("role U0STAFF", LEAD_USER, {}, "staff_how"),
    ("role U0STAFF king", LEAD_USER, {}, "staff_how"),
    ("add U0NEW", LEAD_USER, {"directory": KnownAccounts(down=True)}, "staff_cannot_check"),
    ("list", ADMIN, {"members": ()}, "staff_none"),
])  # fmt: skip
def test_anything_else_changes_nothing_and_says_why(
    words: str, by: str, values: Any, key: str
) -> None:
    decision = run(words, by, **values)
    assert decision == Decision(outgoing=decision.outgoing)
    assert texts_of(decision.outgoing) == [phrase(f"staff.{key}", "ko")]


@pytest.mark.parametrize("by", [LEAD_USER, ADMIN])
def test_a_guest_or_an_external_is_never_admitted(by: str) -> None:
    for words, named in (("add U0GUEST lawyer", ()), ("add", (Account("U0GUEST"),))):
        decision = run(words, by, named=named)
        assert decision.new_staff == ()
        assert texts_of(decision.outgoing) == [phrase("staff.staff_outsider", "ko", who="손님")]


def test_a_lead_admits_to_the_bodies_they_lead_and_an_admin_to_all_of_the_room() -> None:
    both = ("vn-hanoi", "vn-hcmc")
    by_lead = run("add U0NEW", missions=both)
    assert [one.mission for one in by_lead.new_staff] == ["vn-hanoi"]
    by_admin = run("add U0NEW", ADMIN, missions=both)
    assert [one.mission for one in by_admin.new_staff] == list(both)


def test_the_list_has_names_accounts_and_roles() -> None:
    (text,) = texts_of(run("list", MEMBER_USER).outgoing)
    assert text.splitlines() == [
        "담당자 명단",
        "박총괄 · slack:U0LEAD — 외교관 · 총괄 담당자",
        "김영사 · slack:U0STAFF — 지원기관",
    ]


def seat(role: str, by: str, **values: Any) -> Decision:
    message = make_staff_message(role, "command", command="seat", account=f"slack:{by}")
    return decide_staffing(make_turn(message, **values))


def test_a_member_proposes_a_role_and_the_lead_confirms_it() -> None:
    proposed = seat("lawyer", MEMBER_USER)
    assert proposed.new_staff == ()
    (told,) = proposed.outgoing
    assert button_keys(told) == ["seat:lawyer:U0STAFF"]
    for by, changed in ((MEMBER_USER, False), (NEW_USER, False), (LEAD_USER, True), (ADMIN, True)):
        press = make_staff_message("seat:lawyer:U0STAFF", "button", account=f"slack:{by}")
        assert is_about_staff(press)
        decision = decide_staffing(make_turn(press))
        assert describe(decision) == ([(MEMBER_USER, "lawyer", False, False)] if changed else [])


@pytest.mark.parametrize(("role", "by", "expected"), [
    ("expert", LEAD_USER, [(LEAD_USER, "expert", True, False)]),
    ("expert", ADMIN, [(ADMIN, "expert", False, False)]),
    ("expert", NEW_USER, []), ("staff", LEAD_USER, []), ("pilot", LEAD_USER, []),
    ("", MEMBER_USER, []), ("lead", MEMBER_USER, []),
])  # fmt: skip
def test_who_gives_roles_takes_one_at_once(role: str, by: str, expected: Any) -> None:
    assert describe(seat(role, by)) == expected


def test_a_button_admits_whom_it_names() -> None:
    for by, admitted in ((LEAD_USER, True), (ADMIN, True), (MEMBER_USER, False), ("U0KIM", False)):
        press = make_staff_message("admit:U0KIM", "button", account=f"slack:{by}")
        decision = decide_staffing(make_turn(press, unadmitted=(HELD,)))
        assert [(one.user, one.name) for one in decision.new_staff] == (
            [("U0KIM", "Kim (@kim)")] if admitted else []
        )
    gone = make_staff_message("seat:lawyer:U0GONE", "button", account=f"slack:{ADMIN}")
    assert decide_staffing(make_turn(gone)).new_staff == ()


@pytest.mark.parametrize(("values", "key", "who", "keys"), [
    ({}, "not_admitted", "최변호", ["admit:U0NEW"]),
    ({"is_external": True}, "outsider_held", "최변호", []),
    ({"account": "slack:U0GUEST"}, "outsider_held", "손님", []),
    ({"account": "telegram:-100", "sender_chat": "-100", "user_name": "하노이 · 영사"},
     "anonymous_held", "하노이 · 영사", ["admit:-100"]),
])  # fmt: skip
def test_words_of_somebody_else_stay_and_one_line_says_why(
    values: Any, key: str, who: str, keys: list[str]
) -> None:
    message = make_staff_message("제가 답하겠습니다", **{"account": "slack:U0NEW", **values})
    thread = make_thread(channel=message.channel)
    decision = hold_back(make_turn(message), thread)
    (line,) = decision.outgoing
    assert line.to.staff_thread == "7.1" and button_keys(line) == keys
    assert line.content.text == phrase(f"staff.{key}", "ko", who=who)
    writer = decision.new_unadmitted
    assert writer and decision == Decision(
        new_unadmitted=writer, outgoing=(line,), forget_message=True
    )
    assert hold_back(make_turn(message, unadmitted=(writer,)), thread) == FORGOTTEN
    other = make_thread(9, channel=message.channel)
    assert hold_back(make_turn(message, unadmitted=(writer,)), other).outgoing


@pytest.mark.parametrize("kind", ["deleted", "other"])
def test_nothing_that_was_said_needs_no_line(kind: Any) -> None:
    message = make_staff_message("", kind, account="slack:U0NEW")
    assert hold_back(make_turn(message), make_thread()) == FORGOTTEN


def test_a_messenger_that_cannot_be_asked_still_holds_the_words_back() -> None:
    message = make_staff_message("답", account="slack:U0NEW", user_name="Choi")
    turn = make_turn(message, directory=KnownAccounts(down=True))
    assert "Choi" in texts_of(hold_back(turn, make_thread()).outgoing)[0]


@pytest.mark.parametrize(("members", "role"), [
    ([MEMBER], "agency"), ([replace(MEMBER, mission="domestic", role="expert"), MEMBER], "agency"),
    ([replace(MEMBER, mission="domestic", role="expert")], "expert"), ([], "staff"),
])  # fmt: skip
def test_staff_speak_in_the_role_they_have_at_the_mission(
    members: list[StaffMember], role: str
) -> None:
    assert find_sender_role(members, "vn-hanoi") == role
