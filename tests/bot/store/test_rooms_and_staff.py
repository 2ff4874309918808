"""Rooms that are left, cases that wait for one, and who is staff in it, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import Conflict
from bot.store import Store
from bot.types import Address, Binding, Decision, StaffMember, StaffThread, UnadmittedWriter
from tests.bot.store.sample_records import (
    NOW,
    make_case,
    make_conversation,
    make_line,
    make_outgoing,
)


def begin_thread(store: Store) -> StaffThread:
    """Case 1 in a room, with a founder in it, a line of its record and a message still owed."""
    thread = StaffThread("1.1", 1, "vn-hanoi", "slack", "C1", "17.5", "17.5")
    to = Address("slack", "C1", staff_thread="1.1")
    opening = Decision(
        conversation=make_conversation(case=1), new_case=make_case(1), new_threads=(thread,),
        new_lines=((1, make_line()),), outgoing=(make_outgoing("owed", to),),
    )  # fmt: skip
    store.commit_without_message("open", opening, NOW)
    return thread


def test_nothing_more_goes_into_a_retired_thread_and_the_founders_turn_is_decided_again(
    store: Store,
) -> None:
    begin_thread(store)
    stale = store.find_conversation("telegram:1001")
    to = Address("slack", "C1", staff_thread="1.1")
    farewell = Decision(retired_threads=("1.1",), outgoing=(make_outgoing("left", to),))
    store.commit_without_message("left", farewell, NOW)
    assert [one.content.text for one in store.outbox.claim("a", NOW, ["slack"])] == ["left"]
    assert store.list_current_threads() == []
    assert [case.number for case in store.list_cases_without_room()] == [1]
    assert stale
    with pytest.raises(Conflict):
        store.commit_without_message("late", Decision(conversation=stale), NOW)


def test_a_record_that_grew_is_read_again_before_it_moves(store: Store) -> None:
    begin_thread(store)
    store.commit_without_message("more", Decision(new_lines=((1, make_line()),)), NOW)
    for seen, moves in ((1, False), (2, True)):
        move = Decision(retired_threads=("1.1",), lines_seen=((1, seen),))
        if moves:
            store.commit_without_message("move", move, NOW)
        else:
            with pytest.raises(Conflict):
                store.commit_without_message("move", move, NOW)
        assert (store.list_current_threads() == []) is moves


def test_no_thread_begins_in_a_room_that_was_left(store: Store) -> None:
    store.commit_without_message(
        "bind", Decision(new_binding=Binding("vn-hanoi", "slack", "C2")), NOW
    )
    with pytest.raises(Conflict):
        begin_thread(store)
    gone = Decision(removed_bindings=("vn-hanoi",))
    store.commit_without_message("unbind", gone, NOW)
    assert store.list_bindings() == []


@pytest.mark.parametrize(("state", "waits"), [
    ("owed", False), ("sending", False), ("sent", False), ("dead", True), ("retried", True),
])  # fmt: skip
def test_a_case_whose_card_was_refused_waits_for_a_room(
    store: Store, state: str, waits: bool
) -> None:
    thread = StaffThread("1.1", 1, "vn-hanoi", "slack", "C1")
    to = Address("slack", "C1", staff_thread="1.1")
    card = replace(make_outgoing("card", to), act="card")
    opening = Decision(new_case=make_case(1), new_threads=(thread,), outgoing=(card,))
    store.commit_without_message("open", opening, NOW)
    if state != "owed":
        (owed,) = store.outbox.claim("a", NOW, ["slack"])
        if state == "sent":
            store.outbox.mark_sent(owed, NOW, "17.5", "17.5")
        if state == "dead":
            store.outbox.give_up(owed, "is_archived", [], NOW)
        if state == "retried":
            store.outbox.postpone(owed, NOW, "no answer", doubtful=False)
    assert bool(store.list_cases_without_room()) is waits


def test_staff_are_those_of_the_bodies_bound_to_a_room(store: Store) -> None:
    member = StaffMember("vn-hanoi", "slack", "U1", "Kim", "lawyer", "slack:U9", NOW)
    writer = UnadmittedWriter("1.1", "slack", "C1", "U1", "Kim", NOW)
    bind = Decision(new_binding=Binding("vn-hanoi", "slack", "C1"), new_unadmitted=writer)
    store.commit_without_message("bind", bind, NOW)
    assert store.staff.list_unadmitted("slack", "C1") == [writer]
    store.commit_without_message("add", Decision(new_staff=(member,)), NOW)
    assert store.staff.list_unadmitted("slack", "C1") == []  # told again, should they be removed
    for place, found in (
        (("slack", "C1", "U1"), [member]), (("slack", "C2", "U1"), []),
        (("telegram", "C1", "U1"), []), (("slack", "C1", "U2"), []),
    ):  # fmt: skip
        assert store.staff.find_members(*place) == found
    gone = replace(member, removed_at=NOW)
    store.commit_without_message("remove", Decision(new_staff=(gone,)), NOW)
    assert (
        store.staff.find_members("slack", "C1", "U1") == store.staff.list_members("vn-hanoi") == []
    )
