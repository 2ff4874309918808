"""Who may bind a room to a body, and what appears in it then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from bot.admin.binding import (
    BINDING_COMMANDS,
    BindingTurn,
    bind_room,
    decide_binding,
    unbind_rooms,
)
from bot.context import Decision
from bot.messages import Account, Address, Message
from bot.types import Binding, Case, StaffMember
from knowledge.types import Exchange
from tests.samples.records import (
    HCMC,
    QUESTION,
    make_binding,
    make_case,
    make_conversation,
    make_file,
    make_line,
    make_room_message,
    make_route,
    make_services,
    make_thread,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)
from tests.samples.staff_records import KnownAccounts, make_member


def make_bind(words: str = "vn-hanoi", **values: object) -> Message:
    return make_room_message(words, "command", command="bind", **values)


def decide(message: Message, is_admin: bool = True, **values: Any) -> Decision:
    members: Iterable[StaffMember] = values.pop("members", ())
    waiting: list[Case] = values.pop("waiting", [])
    directory = values.pop("directory", KnownAccounts())
    turn = BindingTurn(
        make_services(**values), message, is_admin, waiting, directory,
        lambda mission: [one for one in members if one.mission == mission],
    )  # fmt: skip
    return decide_binding(turn)


def refuse(message: Message, is_admin: bool = True, **values: Any) -> str:
    """The one line that a refused command is answered with, in the place it was written in."""
    decision = decide(message, is_admin, waiting=[make_case()], **values)
    (told,) = decision.outgoing
    assert decision == Decision(outgoing=decision.outgoing)
    assert told.to == Address(message.channel, message.chat, message.thread)
    return told.content.text


def test_bind_and_unbind_are_the_commands() -> None:
    assert {"bind", "unbind"} == BINDING_COMMANDS


def test_only_an_admin_may_bind() -> None:
    told = refuse(make_bind(account="telegram:1234", thread="5"), is_admin=False)
    assert told == phrase("staff.not_admin", "ko", who="telegram:1234")


@pytest.mark.parametrize(
    ("message", "key"),
    [
        (make_bind(private=True), "bind_private"),
        (make_bind(" "), "bind_how"),
        (make_bind(has_threads=False), "bind_not_forum"),
    ],
)
def test_a_room_that_cannot_hold_cases_is_refused_with_what_to_do(
    message: Message, key: str
) -> None:
    assert refuse(message) == phrase(f"staff.{key}", "ko")


def test_an_unknown_mission_is_answered_with_one_of_a_like_name() -> None:
    told = refuse(make_bind("vn-hanoy"))
    assert told.startswith("“vn-hanoy”라는 공관은 없습니다.") and "vn-hanoi" in told


@pytest.mark.parametrize(
    "message",
    [make_bind(" vn-hanoi "), make_bind(account="slack:U0ADMIN", chat="C0HANOI")],
)
def test_a_room_is_bound_and_told(message: Message) -> None:
    decision = decide(message)
    assert decision.new_binding == Binding("vn-hanoi", message.channel, message.chat)
    assert texts_of(decision.outgoing) == [
        phrase("staff.bound", "ko", mission="하노이 공관", waiting=0)
    ]
    account, place = f"{message.channel}:{message.user}", f"{message.channel}:{message.chat}"
    assert decision.audit == (account, f"bind vn-hanoi {place}")
    assert decision.new_threads == ()


def test_a_mission_without_a_body_is_told_where_its_cases_go() -> None:
    """No one waits in a room for cases that another mission takes."""
    (told,) = texts_of(decide(make_bind("vn-da-nang")).outgoing)
    names = {"mission": "다낭 공관", "taking": "하노이 공관"}
    assert told == phrase("staff.bound_without_body", "ko", waiting=0, **names)


def test_the_missions_waiting_cases_appear_with_all_that_was_said() -> None:
    files = (make_file(),)
    record = [make_line(QUESTION), make_line("더 있어요", files=files)]
    waiting = [make_case(7), make_case(8, route=make_route(HCMC))]
    services = make_services(lines=record, threads=[make_thread(7, current=False)])
    decision = bind_room(make_binding(), services, waiting, "U0ADMIN")
    bound = decision.outgoing[0]
    assert bound.content.text == phrase("staff.bound", "ko", mission="하노이 공관", waiting=1)
    assert bound.to == Address("slack", "C0HANOI")
    (thread,) = decision.new_threads
    assert (thread.id, thread.case, thread.chat) == ("7.2", 7, "C0HANOI")
    card, before, sent = sent_to_staff(decision, "7.2")
    assert card.act == "card"  # it shows the question, which the record begins with
    assert before.content.text == "이 전의 대화\n\n창업자: 더 있어요 [invoice.pdf]"
    assert sent.content.files == files


def test_the_desk_shows_every_case_that_waits() -> None:
    waiting = [make_case(7), replace(make_case(8), mission="vn-hcmc")]
    decision = bind_room(make_binding("domestic", "C0DESK"), make_services(), waiting, "U")
    assert [(thread.id, thread.mission) for thread in decision.new_threads] == [
        ("7.1", "vn-hanoi"),
        ("8.1", "vn-hcmc"),
    ]


@pytest.mark.parametrize(
    ("directory", "key"),
    [
        (KnownAccounts(public=["-100"]), "bind_public"),
        (KnownAccounts(down=True), "bind_cannot_check"),
    ],
)
def test_a_room_that_is_not_known_to_be_private_is_refused(
    directory: KnownAccounts, key: str
) -> None:
    assert refuse(make_bind(), directory=directory) == phrase(f"staff.{key}", "ko")


OTHER_LEAD = make_member("U0OTHER", is_lead=True)
PLAIN = make_member("1", channel="telegram", role="diplomat")


@pytest.mark.parametrize(("members", "lead"), [
    ((), ("1", "staff", True)), ((PLAIN,), ("1", "diplomat", True)),
    ((OTHER_LEAD,), None), ((make_member("U0X", "vn-hcmc", is_lead=True),), ("1", "staff", True)),
])  # fmt: skip
def test_who_binds_a_room_leads_its_body_unless_somebody_does(
    members: tuple[StaffMember, ...], lead: Any
) -> None:
    directory = KnownAccounts([Account("1", "Kim")])
    decision = decide(make_bind(), members=members, directory=directory)
    assert [(one.user, one.role, one.is_lead) for one in decision.new_staff] == (
        [lead] * bool(lead)
    )
    assert all(one.name == "Kim" for one in decision.new_staff)


# Which threads are left, and where their cases go: by the bindings before, what is done, and where
# the case of Hanoi (open or ended) is worked on. Rooms: A and B are Hanoi's, D is the desk's.
A, B, D = "C0A", "C0B", "C0D"
MOVES = [
    # before, bound room of Hanoi afterwards (None: unbound), thread at, expected new room
    ({"vn-hanoi": A}, B, A, B),
    ({"vn-hanoi": A, "domestic": D}, B, A, B),
    ({"vn-hanoi": A, "domestic": D}, B, D, "stays"),
    ({"domestic": D}, A, D, "stays"),
    ({"vn-hanoi": A}, A, A, "stays"),
    ({"vn-hanoi": A, "vn-hcmc": A}, B, A, B),
    ({"vn-hanoi": A, "domestic": A}, B, A, "stays"),
    ({"vn-hanoi": A}, None, A, "waits"),
    ({"vn-hanoi": A, "domestic": D}, None, A, D),
    ({"vn-hanoi": A, "domestic": D}, None, D, "stays"),
    ({"vn-hanoi": A, "vn-hcmc": B}, None, A, "waits"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "room", "at", "goes"), MOVES)
@pytest.mark.parametrize("state", ["routed", "claimed", "resolved", "closed"])
def test_a_left_room_neither_reads_nor_answers_and_its_open_cases_move(
    before: dict[str, str], room: str | None, at: str, goes: str, state: Any
) -> None:
    files = (make_file(),)
    case = replace(make_case(), state=state)
    founder = make_conversation(case=7, turns=(Exchange("전에 물은 것", "답"),))
    services = make_services(
        known_cases=[case], threads=[make_thread(chat=at)], conversations=[founder],
        lines=[make_line(QUESTION), make_line("서류", files=files)],
        bindings=[make_binding(mission, chat) for mission, chat in before.items()],
    )  # fmt: skip
    if room:
        decision = bind_room(make_binding("vn-hanoi", room), services, [], "slack:U")
    else:
        decision = unbind_rooms([make_binding("vn-hanoi", before["vn-hanoi"])], services, [], "x")
        assert decision.removed_bindings == ("vn-hanoi",) and decision.new_binding is None
    if goes == "stays":
        assert decision.retired_threads == () == decision.new_threads
        return
    is_open = state in ("routed", "claimed")
    assert decision.retired_threads == ("7.1",)
    told, close = sent_to_staff(decision, "7.1")
    key = "thread_moved" if goes != "waits" and is_open else "thread_closed"
    assert told.content.text == phrase(f"staff.{key}", "ko") and close.act == "close"
    assert decision.lines_seen == (((7, 2),) if is_open else ())
    if goes == "waits" or not is_open:
        assert decision.new_threads == ()
        return
    (thread,) = decision.new_threads
    assert (thread.id, thread.chat, thread.case) == ("7.2", goes, 7)
    card, before_it, sent = sent_to_staff(decision, "7.2")
    assert card.act == "card" and QUESTION in card.content.text and card.content.buttons
    assert "서류" in before_it.content.text
    assert sent.content.files == files


@pytest.mark.parametrize(("bindings", "key"), [
    ({"vn-hanoi": A}, "room_waits"), ({"vn-hanoi": A, "domestic": D}, "room_at_desk"),
])  # fmt: skip
def test_founders_whom_it_affects_and_the_desk_learn_of_an_unbinding(
    bindings: dict[str, str], key: str
) -> None:
    rooms = [make_binding(mission, chat) for mission, chat in bindings.items()]
    services = make_services(
        known_cases=[make_case()], threads=[make_thread(chat=A)], bindings=rooms,
        conversations=[make_conversation(case=7)],
    )  # fmt: skip
    decision = unbind_rooms(rooms[:1], services, [], "x")
    to_founder = [one for one in decision.outgoing if one.to == Address("telegram", "1001")]
    told = phrase(f"founder.{key}", "ko", number=7, mission="하노이 공관")
    assert texts_of(to_founder) == [told]
    left = [one for one in decision.outgoing if one.to == Address("slack", A)]
    assert texts_of(left) == [phrase("staff.room_left", "ko")]
    desk = [one for one in decision.outgoing if one.to == Address("slack", D)]
    notice = phrase("staff.room_unbound", "ko", mission="하노이 공관", count=1)
    assert texts_of(desk) == [notice] * ("domestic" in bindings)


def test_a_body_that_only_changes_its_room_says_nothing_to_founders() -> None:
    services = make_services(
        known_cases=[make_case()], threads=[make_thread(chat=A)],
        bindings=[make_binding(chat=A)], conversations=[make_conversation(case=7)],
    )  # fmt: skip
    decision = bind_room(make_binding(chat=B), services, [], "x")
    to_founder = [one for one in sent_to_founder(decision) if one.to.channel == "telegram"]
    assert to_founder == []


def test_a_case_whose_card_the_room_refused_is_counted_and_sent_at_the_next_bind() -> None:
    unseen = make_thread(thread=None, card=None)
    services = make_services(
        known_cases=[make_case()], threads=[unseen], bindings=[make_binding()],
        lines=[make_line(QUESTION)],
    )  # fmt: skip
    decision = bind_room(make_binding(), services, [make_case()], "x")
    assert decision.outgoing[0].content.text == phrase(
        "staff.bound", "ko", mission="하노이 공관", waiting=1
    )
    assert decision.retired_threads == ("7.1",)
    assert [one.id for one in decision.new_threads] == ["7.2"]
    assert sent_to_staff(decision, "7.1") == []  # there is nothing to tell it in


LEAD = make_member("1", channel="telegram", is_lead=True)


@pytest.mark.parametrize(("words", "is_admin", "members", "removed"), [
    ("", True, (), ("vn-hanoi", "vn-hcmc")), ("vn-hcmc", True, (), ("vn-hcmc",)),
    ("", False, (LEAD,), ("vn-hanoi",)), ("vn-hcmc", False, (LEAD,), ()),
    ("", False, (replace(LEAD, is_lead=False),), ()), ("kr-seoul", True, (), ()),
    ("", False, (), ()),
])  # fmt: skip
def test_a_room_is_unbound_by_an_admin_or_its_lead(
    words: str, is_admin: bool, members: tuple[StaffMember, ...], removed: tuple[str, ...]
) -> None:
    rooms = [Binding("vn-hanoi", "telegram", "-100"), Binding("vn-hcmc", "telegram", "-100")]
    message = make_room_message(words, "command", command="unbind")
    decision = decide(message, is_admin, members=members, bindings=rooms)
    assert decision.removed_bindings == removed
    if not removed:
        assert decision == Decision(outgoing=decision.outgoing) and len(decision.outgoing) == 1
