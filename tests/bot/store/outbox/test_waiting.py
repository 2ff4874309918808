"""What waits in the outbox on both databases: for a room that refuses, its founder's thread, a reader."""

from __future__ import annotations

from bot.context import Decision
from bot.messages import Address, Content, Outgoing
from bot.store import Store
from bot.types import StaffThread
from tests.bot.store.sample_records import (
    NOW,
    claim,
    enqueue_texts,
    make_outgoing,
    seconds_later,
)

ROOM = Address("telegram", "-100", staff_thread="17.1")
OTHER = Address("telegram", "1002")
THREAD = StaffThread("17.1", 17, "vn-hanoi", "telegram", "-100")


def owe(store: Store, *texts: str, to: Address = OTHER, case: int | None = None) -> None:
    for text in texts:
        store.commit_without_message(
            f"{text}@{to.lane}", Decision(outgoing=(make_outgoing(text, to, case),)), NOW
        )


def test_what_waits_is_told_of_once(store: Store) -> None:
    owe(store, "to the room", "and more", to=ROOM, case=17)
    owe(store, "to another", case=18)
    first = claim(store, count=1)[0]
    store.outbox.hold_place(first, "room", "kicked", NOW)
    texts = [one.content.text for one in store.outbox.list_waiting()]
    assert texts == ["to the room", "and more"]
    assert store.outbox.list_held_cases("telegram", "-100") == [17]
    assert store.outbox.list_held_cases("telegram", "1002") == []

    untold, (hold,) = store.outbox.list_waiting(untold=True), store.outbox.list_refusals()
    assert not hold.told and len(untold) == 2
    store.outbox.mark_told([hold], untold[:1], [("notice", make_outgoing("it is kept"))], NOW)
    (hold,) = store.outbox.list_refusals()
    assert hold.told
    left = store.outbox.list_waiting(untold=True)
    assert [one.content.text for one in left] == ["and more"]
    assert [one.content.text for one in claim(store)] == ["to another", "it is kept"]
    store.outbox.mark_told([], [], [("notice", make_outgoing("it is kept"))], NOW)
    assert store.outbox.count_messages("sending") == 2  # the same notice is owed once


def test_a_lane_is_listed_without_what_went_out_and_the_latest_with_it(store: Store) -> None:
    owe(store, "1", "2", "3")
    store.outbox.mark_sent(claim(store)[0], NOW, "m1")
    assert [one.content.text for one in store.outbox.list_lane(OTHER.lane)] == ["2", "3"]
    latest = store.outbox.list_latest([OTHER.lane], 2)
    assert [one.content.text for one in latest] == ["3", "2"]
    assert len(store.outbox.list_latest([OTHER.lane], 9)) == 3


def test_a_card_is_in_flight_until_it_is_stored(store: Store) -> None:
    card = Outgoing(ROOM, Content("card"), "card", 17)
    store.commit_without_message("card", Decision(new_threads=(THREAD,), outgoing=(card,)), NOW)
    assert not store.outbox.is_card_in_flight("telegram", "-100")
    owed = claim(store)[0]
    assert store.outbox.is_card_in_flight("telegram", "-100")
    assert not store.outbox.is_card_in_flight("telegram", "-200")
    assert not store.outbox.is_card_in_flight("slack", "-100")
    store.outbox.mark_sent(owed, NOW, "m1")
    assert not store.outbox.is_card_in_flight("telegram", "-100")


def test_a_reader_has_heard_of_a_case_once_a_message_went_out(store: Store) -> None:
    owe(store, "about 17", case=17)
    assert not store.readers.has_heard_of_case("telegram", "1002", 17)
    store.outbox.mark_sent(claim(store)[0], NOW, "m1")
    assert store.readers.has_heard_of_case("telegram", "1002", 17)
    assert not store.readers.has_heard_of_case("telegram", "1002", 18)
    assert not store.readers.has_heard_of_case("telegram", "1001", 17)


def test_the_sender_takes_only_what_no_hold_covers_at_that_moment(store: Store) -> None:
    enqueue_texts(store, "limited")
    owed = claim(store)[0]
    store.outbox.hold_limited_chat(owed, seconds_later(30), NOW)
    assert claim(store, 29) == []  # the same statement, asked at another moment
    assert [one.content.text for one in claim(store, 31)] == ["limited"]
