"""The outbox on both databases: owed once, in order, side by side, and never dropped."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.context import Decision
from bot.messages import Address, Outgoing
from bot.store import OutboxRow, Store
from bot.store.outbox import OUTBOX_LEASE
from bot.types import Binding, StaffThread, UnadmittedWriter
from tests.bot.store.sample_records import (
    NOW,
    claim,
    enqueue_texts,
    make_case,
    make_line,
    make_outgoing,
    make_rich_content,
    seconds_later,
)

THREAD = StaffThread("17.1", 17, "vn-hanoi", "telegram", "-100")
STAFF = Address("telegram", "-100", staff_thread="17.1")


def list_texts(owed: list[OutboxRow]) -> list[str]:
    return [one.content.text for one in owed]


def enqueue_in_staff_thread(store: Store, *acts: Outgoing) -> None:
    store.commit_without_message("card", Decision(new_threads=(THREAD,), outgoing=acts), NOW)


def test_a_message_is_owed_once_per_key(store: Store) -> None:
    for _ in range(2):
        store.commit_without_message(
            "event:1", Decision(outgoing=(make_outgoing("hello"), make_outgoing("and this"))), NOW
        )
    assert store.outbox.count_messages("owed") == 2


def test_the_same_key_from_two_processes_at_once_is_owed_once(store: Store) -> None:
    together = threading.Barrier(3)

    def decide(_: int) -> None:
        for number in range(10):
            together.wait(10)
            store.commit_without_message(
                f"event:{number}", Decision(outgoing=(make_outgoing("hello"),)), NOW
            )

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(decide, range(3)))
    assert store.outbox.count_messages("owed") == 10


def test_a_message_comes_back_as_it_was_decided(store: Store) -> None:
    to = Address("slack", "C1", "17.5", "17.1")
    store.commit_without_message(
        "k", Decision(outgoing=(Outgoing(to, make_rich_content(), "card", 17, 17),)), NOW
    )
    owed = claim(store)[0]
    assert (owed.address, owed.content, owed.act) == (to, make_rich_content(), "card")
    assert (owed.case, owed.unless_taken, owed.created_at) == (17, 17, NOW)
    assert (owed.attempts, owed.plain, owed.doubtful) == (0, False, False)


def test_a_lane_goes_out_one_by_one_in_order(store: Store) -> None:
    enqueue_texts(store, "1", "2", "3")
    for number in ("1", "2", "3"):
        owed = claim(store)
        assert list_texts(owed) == [number]
        assert claim(store, owner="b") == []
        store.outbox.mark_sent(owed[0], NOW, number)
    assert claim(store) == []
    assert store.outbox.count_messages("sent") == 3


def test_lanes_go_out_side_by_side(store: Store) -> None:
    enqueue_texts(store, "a1", "a2", to=Address("telegram", "1"))
    enqueue_texts(store, "b1", to=Address("telegram", "2"))
    enqueue_texts(store, "c1", to=Address("slack", "C1", "17.5"))
    enqueue_texts(store, "d1", to=Address("slack", "C1", "17.6"))
    assert list_texts(claim(store, count=3)) == ["a1", "b1", "c1"]
    assert list_texts(claim(store, owner="b")) == ["d1"]


def test_only_the_channels_that_are_up_are_sent(store: Store) -> None:
    enqueue_texts(store, "t")
    assert store.outbox.claim("a", NOW, ["slack"]) == []
    assert store.outbox.claim("a", NOW, []) == []
    assert store.outbox.count_messages("owed") == 1


def test_two_senders_share_the_lanes_without_sending_anything_twice(store: Store) -> None:
    lanes = [Address("telegram", str(n)) for n in range(10)]
    for number in range(3):
        for lane in lanes:
            enqueue_texts(store, f"{number}", to=lane)
    went: list[tuple[str, str]] = []

    def send(owner: str) -> None:
        while owed := claim(store, owner=owner, count=2):
            for one in owed:
                went.append((one.address.chat, one.content.text))
                store.outbox.mark_sent(one, NOW, None)

    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(send, owner) for owner in "ab"]:
            ended.result(60)
    send("last")
    for lane in lanes:
        assert [text for chat, text in went if chat == lane.chat] == ["0", "1", "2"]


def test_nothing_of_a_lane_goes_out_before_the_time_the_platform_named(store: Store) -> None:
    enqueue_texts(store, "1", "2")
    enqueue_texts(store, "other", to=Address("telegram", "2"))
    store.outbox.postpone(claim(store)[0], seconds_later(30), "429", doubtful=False)
    assert claim(store, 29.9) == []
    owed = claim(store, 30)
    assert list_texts(owed) == ["1"]
    assert (owed[0].attempts, owed[0].doubtful) == (1, False)


def test_a_try_that_may_have_gone_out_is_doubtful_the_next_time(store: Store) -> None:
    enqueue_texts(store, "1", "2")
    store.outbox.postpone(claim(store)[0], seconds_later(2), "timeout", doubtful=True)
    assert claim(store, 1.9) == []
    owed = claim(store, 2.1)
    assert list_texts(owed) == ["1"]
    assert (owed[0].attempts, owed[0].doubtful) == (1, True)


def test_what_a_killed_sender_held_is_doubtful_after_its_lease(store: Store) -> None:
    enqueue_texts(store, "1")
    claim(store, owner="killed")
    lease = OUTBOX_LEASE.total_seconds()
    assert claim(store, lease - 1, "b") == []
    assert [owed.doubtful for owed in claim(store, lease + 1, "b")] == [True]


def test_what_a_gone_sender_held_is_taken_up_at_once(store: Store) -> None:
    enqueue_texts(store, "1")
    enqueue_texts(store, "2", to=Address("telegram", "2"))
    claim(store, owner="gone", count=1)
    claim(store, owner="alive")
    assert store.outbox.recover_leases(lambda owner: owner == "gone") == 1
    assert [(owed.content.text, owed.doubtful) for owed in claim(store, owner="b")] == [("1", True)]


@pytest.mark.parametrize("end", ["sent", "dropped", "dead"])
def test_what_has_ended_is_never_opened_again_by_a_slow_sender(store: Store, end: str) -> None:
    enqueue_texts(store, "1")
    slow = claim(store, owner="slow")[0]
    quick = claim(store, OUTBOX_LEASE.total_seconds() + 1, "quick")[0]
    if end == "sent":
        store.outbox.mark_sent(quick, NOW, "5")
    elif end == "dropped":
        store.outbox.drop(quick, "taken", make_line())
    else:
        store.outbox.give_up(quick, "blocked", [], NOW)
    store.outbox.postpone(slow, NOW, "429", doubtful=False)
    store.outbox.retry_as_plain(slow)
    store.outbox.reopen_thread(slow, [], NOW)
    assert claim(store, 1000) == []
    assert store.outbox.count_messages(end) == 1


def test_a_message_whose_markup_was_refused_goes_again_as_plain_text(store: Store) -> None:
    enqueue_texts(store, "1", "2")
    store.outbox.retry_as_plain(claim(store)[0])
    assert [(owed.content.text, owed.plain, owed.doubtful) for owed in claim(store)] == [
        ("1", True, False)
    ]


def test_a_message_that_can_never_go_out_is_reported_once_and_frees_its_lane(store: Store) -> None:
    enqueue_texts(store, "1", "2")
    desk = make_outgoing("nobody reads this any more", Address("slack", "C9"))
    owed = claim(store)[0]
    store.outbox.give_up(owed, "blocked", [(f"{owed.key}:dead", desk)], NOW)
    store.outbox.give_up(owed, "blocked", [(f"{owed.key}:dead", desk)], NOW)
    assert list_texts(claim(store)) == ["2", "nobody reads this any more"]
    assert store.outbox.count_messages("dead") == 1


def test_a_void_message_is_dropped_and_frees_its_lane(store: Store) -> None:
    enqueue_texts(store, "bot's answer", "2")
    store.outbox.drop(claim(store)[0], "a person has taken the case", make_line())
    assert list_texts(claim(store)) == ["2"]
    assert store.outbox.count_messages("dropped") == 1


@pytest.mark.parametrize("fate", ["sent", "dropped", "dead"])
def test_what_staff_are_told_of_an_answer_follows_its_fate(store: Store, fate: str) -> None:
    answer = replace(make_outgoing("answer", case=17), unless_taken=17)
    report = replace(make_outgoing("Naru answered: answer", STAFF, case=17), is_report=True)
    decided = Decision(new_case=make_case(17), new_threads=(THREAD,), outgoing=(answer, report))
    store.commit_without_message("e", decided, NOW)
    (owed,) = claim(store)
    assert owed.content.text == "answer"
    if fate == "sent":
        store.outbox.mark_sent(owed, NOW, "5")
    elif fate == "dropped":
        store.outbox.drop(owed, "taken", make_line())
    else:
        store.outbox.give_up(owed, "blocked", [], NOW)
    assert list_texts(claim(store, 1)) == (["Naru answered: answer"] if fate == "sent" else [])
    assert store.outbox.count_messages("later") == 0
    assert store.list_lines(17) == ([make_line()] if fate == "dropped" else [])


def test_a_card_that_went_out_is_remembered_with_its_thread(store: Store) -> None:
    enqueue_in_staff_thread(store, Outgoing(STAFF, make_rich_content(), "card"))
    store.outbox.mark_sent(claim(store)[0], NOW, "55", "900")
    kept = store.find_thread_by_id("17.1")
    assert kept and (kept.thread, kept.card) == ("900", "55")
    assert store.find_staff_thread("telegram", "-100", "900") == kept


def test_a_thread_that_was_opened_is_known_before_anything_is_said_in_it(store: Store) -> None:
    enqueue_in_staff_thread(store)
    store.outbox.record_thread("17.1", "900")
    kept = store.find_thread_by_id("17.1")
    assert kept and (kept.thread, kept.card) == ("900", None)


def test_a_deleted_thread_begins_anew_with_its_opening_and_then_what_was_unsent(
    store: Store,
) -> None:
    enqueue_in_staff_thread(store, make_outgoing("1", STAFF), make_outgoing("2", STAFF))
    store.outbox.record_thread("17.1", "900")
    for text in ("card", "card again"):  # the new thread is deleted as well, before its second word
        store.outbox.reopen_thread(claim(store)[0], [make_outgoing(text, STAFF)], NOW)
        kept = store.find_thread_by_id("17.1")
        assert kept and (kept.thread, kept.card) == (None, None)
    for text in ("card again", "1", "2"):
        (owed,) = claim(store)
        assert owed.content.text == text
        store.outbox.mark_sent(owed, NOW, text)
    assert claim(store) == []


def test_a_chat_that_moved_takes_bindings_threads_and_owed_messages_along(
    store: Store,
) -> None:
    room = Address("telegram", "-100")
    store.commit_without_message(
        "bind", Decision(new_binding=Binding("vn-hanoi", "telegram", "-100")), NOW
    )
    writer = UnadmittedWriter("17.1", "telegram", "-100", "7", "Kim", NOW)
    store.commit_without_message("told", Decision(new_unadmitted=writer), NOW)
    enqueue_in_staff_thread(store, make_outgoing("card", STAFF))
    enqueue_texts(store, "notice 1", "notice 2", to=room)
    enqueue_texts(store, "elsewhere", to=Address("slack", "-100"))
    first = next(owed for owed in claim(store) if owed.content.text == "notice 1")
    store.outbox.move_chat(first, "-1002", NOW)
    enqueue_texts(store, "notice 3", to=Address("telegram", "-1002"))
    assert store.list_bindings() == [Binding("vn-hanoi", "telegram", "-1002")]
    assert store.staff.list_unadmitted("telegram", "-1002") == [replace(writer, chat="-1002")]
    moved = store.find_thread_by_id("17.1")
    assert moved and moved.chat == "-1002"
    again = claim(store)
    assert [(owed.content.text, owed.address.chat) for owed in again] == [("notice 1", "-1002")]
    assert claim(store, OUTBOX_LEASE.total_seconds() + 1)[0].address.chat == "-1002"  # the card's


def test_the_oldest_owed_message_is_known_for_the_health_page(store: Store) -> None:
    assert store.outbox.find_oldest_open() is None
    enqueue_texts(store, "1")
    assert store.outbox.find_oldest_open() == NOW
    store.outbox.mark_sent(claim(store)[0], seconds_later(1), "5")
    assert store.outbox.find_oldest_open() is None
