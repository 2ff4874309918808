"""Rooms that are left, cases that wait for one, and who is staff in it, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.context import Decision
from bot.errors import Conflict
from bot.messages import Address
from bot.store import InboxEvent, Store
from bot.types import Binding, StaffMember, StaffThread, UnadmittedWriter
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
    ("owed", False), ("sending", False), ("sent", False), ("dead", True), ("retried", False),
    ("waiting", False),  # it is kept, and counted by the room that refuses
])  # fmt: skip
def test_a_case_whose_card_was_refused_waits_for_a_room(
    store: Store, state: str, waits: bool
) -> None:
    thread = StaffThread("1.1", 1, "vn-hanoi", "slack", "C1")
    to = Address("slack", "C1", staff_thread="1.1")
    card = replace(make_outgoing("card", to), act="card", case=1)
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
        if state == "waiting":
            store.outbox.hold_place(owed, "room", "is_archived", NOW)
            assert store.outbox.list_held_cases("slack", "C1") == [1]
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


def test_receipts_of_words_that_a_left_room_did_not_take_follow_the_next_opening(
    store: Store,
) -> None:
    begin_thread(store)
    old, new = (
        Address("slack", room, staff_thread=id) for room, id in (("C1", "1.1"), ("C2", "1.2"))
    )
    receipt = replace(make_outgoing("passed on", case=1), is_receipt=True)
    said = (make_outgoing("words", old, case=1), receipt)
    store.commit_without_message("say", Decision(outgoing=said), NOW)
    card = replace(make_outgoing("card", new, case=1), act="card")
    record = make_outgoing("the record with the words", new, case=1)
    thread = StaffThread("1.2", 1, "vn-hanoi", "slack", "C2")
    move = Decision(retired_threads=("1.1",), new_threads=(thread,), outgoing=(card, record))
    store.commit_without_message("move", move, NOW)
    for shown in ("card", "the record with the words", "passed on"):
        (owed,) = store.outbox.claim("a", NOW, ["slack", "telegram"])
        assert owed.content.text == shown
        store.outbox.mark_sent(owed, NOW, "9.9", "9.9")
    assert store.outbox.count_messages("later") == 0


def test_a_receipt_without_a_next_room_is_never_sent(store: Store) -> None:
    begin_thread(store)
    to = Address("slack", "C1", staff_thread="1.1")
    receipt = replace(make_outgoing("passed on", case=1), is_receipt=True)
    said = (make_outgoing("words", to, case=1), receipt)
    store.commit_without_message("say", Decision(outgoing=said), NOW)
    store.commit_without_message("left", Decision(retired_threads=("1.1",)), NOW)
    assert store.outbox.claim("a", NOW, ["slack", "telegram"]) == []
    assert store.outbox.count_messages("later") == 0


def test_a_room_that_refuses_and_is_left_is_owed_nothing_more(store: Store) -> None:
    bind = Decision(new_binding=Binding("vn-hanoi", "slack", "C1"))
    store.commit_without_message("bind", bind, NOW)
    begin_thread(store)
    (owed,) = store.outbox.claim("a", NOW, ["slack"])
    store.outbox.hold_place(owed, "room", "not_in_channel", NOW)
    to = Address("slack", "C1", staff_thread="1.1")
    last = (make_outgoing("moved", to, case=1), make_outgoing("left", Address("slack", "C1")))
    leave = Decision(retired_threads=("1.1",), removed_bindings=("vn-hanoi",), outgoing=last)
    store.commit_without_message("leave", leave, NOW)
    assert store.outbox.list_waiting() == []
    assert store.outbox.count_messages("dropped") == 3


@pytest.mark.parametrize(("place", "lanes"), [
    (("C1", "17.5"), {"slack:C1:17.5"}),  # a case's thread
    (("C2", None), {"slack:C2"}),  # a bound room outside of threads
    (("C3", "8.8"), {"slack:C3:8.8:U1", "slack:C3:8.8:U2"}),  # any other place
])  # fmt: skip
def test_what_staff_say_in_one_thread_stays_in_order(
    store: Store, place: tuple[str, str | None], lanes: set[str]
) -> None:
    begin_thread(store)
    bind = Decision(new_binding=Binding("vn-hcmc", "slack", "C2"))
    store.commit_without_message("bind", bind, NOW)
    own = ":".join(part for part in ("slack", *place) if part)
    for number, user in enumerate(("U1", "U2", "U1")):
        lane, person = f"{own}:{user}", f"slack:{user}"
        event = InboxEvent("slack", str(number), lane, "{}", place=place, person=person)
        store.inbox.receive([event], NOW)
    found: set[str] = set()
    keys: list[list[str]] = []
    while rows := store.inbox.claim(f"w{len(keys)}", NOW):
        found |= {row.lane for row in rows}
        keys.append([row.key for row in rows])
    assert found == lanes
    assert keys == ([["0", "1", "2"]] if len(lanes) == 1 else [["0", "2"], ["1"]])


def test_memberships_of_a_person_are_found_in_every_body(store: Store) -> None:
    members = [
        StaffMember(mission, "slack", "U1", "Kim", "lawyer", "slack:U9", NOW, reads_sealed=True)
        for mission in ("vn-hanoi", "vn-hcmc")
    ]
    gone = replace(members[1], removed_at=NOW)
    store.commit_without_message("add", Decision(new_staff=(members[0], gone)), NOW)
    assert store.staff.list_memberships("slack", "U1") == members[:1]
