"""Places that take nothing for now: what waits for them, until when, and what goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.context import Decision
from bot.messages import Address, File, Outgoing
from bot.store import InboxEvent, OutboxRow, Store
from bot.types import Binding, StaffThread
from tests.bot.store.sample_records import FOUNDER, NOW, seconds_later
from tests.harness.channel_harness import make_outgoing

ROOM = "-100"
CASE_A, CASE_B = (Address("telegram", ROOM, staff_thread=f"{n}.1") for n in (17, 18))
ELSEWHERE = Address("telegram", "-200")


def enqueue(store: Store, name: str, *outgoing: Outgoing, seconds: float = 0) -> None:
    store.commit_without_message(name, Decision(outgoing=outgoing), seconds_later(seconds))


def claim(store: Store, seconds: float = 0) -> list[OutboxRow]:
    return store.outbox.claim("a", seconds_later(seconds), ["telegram", "slack"], 10)


def list_texts(rows: list[OutboxRow]) -> list[str]:
    return [row.content.text for row in rows]


def find_row(rows: list[OutboxRow], text: str) -> OutboxRow:
    return next(row for row in rows if row.content.text == text)


def test_a_refusing_room_holds_all_its_lanes_and_no_other_place(store: Store) -> None:
    enqueue(store, "e", make_outgoing("a", CASE_A), make_outgoing("b", CASE_B),
            make_outgoing("c", ELSEWHERE))  # fmt: skip
    rows = claim(store)
    store.outbox.hold_place(find_row(rows, "a"), "room", "archived", NOW)
    store.outbox.hold_place(find_row(rows, "b"), "room", "archived", NOW)
    store.outbox.mark_sent(find_row(rows, "c"), NOW, "1")
    enqueue(store, "f", make_outgoing("a2", CASE_A), make_outgoing("c2", ELSEWHERE))
    assert list_texts(claim(store)) == ["c2"]
    assert list_texts(store.outbox.list_waiting()) == ["a", "b", "a2"]
    (hold,) = store.outbox.list_refusals()
    assert (hold.kind, hold.reason, hold.tries, hold.since) == ("room", "archived", 1, NOW)
    assert store.outbox.find_oldest_open() is not None  # c2; what waits is counted apart
    assert store.outbox.list_held_cases("telegram", ROOM) == []


def test_a_refusing_thread_holds_only_its_own_words_and_edits(store: Store) -> None:
    enqueue(store, "e", make_outgoing("a", CASE_A), make_outgoing("b", CASE_B))
    rows = claim(store)
    store.outbox.hold_place(rows[0], "room", "closed", NOW, lane=rows[0].lane)
    store.outbox.mark_sent(rows[1], NOW, "1")
    edit_a, edit_b = (make_outgoing(name, to, act="recard") for name, to in
                      (("edit a", CASE_A), ("edit b", CASE_B)))  # fmt: skip
    enqueue(store, "f", make_outgoing("a2", CASE_A), edit_a, make_outgoing("b2", CASE_B), edit_b)
    (words,) = claim(store)
    assert words.content.text == "b2"
    store.outbox.mark_sent(words, NOW, "2")
    assert list_texts(claim(store)) == ["edit b"]


def test_what_waits_is_owed_in_order_when_the_place_opens_and_the_refusal_ends_with_a_success(
    store: Store,
) -> None:
    enqueue(store, "e", make_outgoing("1", CASE_A), make_outgoing("2", CASE_A))
    store.outbox.hold_place(claim(store)[0], "room", "archived", NOW)
    assert store.outbox.release_place("telegram", ROOM, NOW)
    for text in ("1", "2"):
        (row,) = claim(store)
        assert row.content.text == text and row.attempts == 0
        store.outbox.mark_sent(row, NOW, text)
    assert store.outbox.list_refusals() == []
    assert not store.outbox.release_place("telegram", ROOM, NOW)


def test_a_second_refusal_comes_later_than_the_first(store: Store) -> None:
    enqueue(store, "e", make_outgoing("1", CASE_A))
    store.outbox.hold_place(claim(store)[0], "room", "archived", NOW)
    assert claim(store, 59) == []
    (row,) = claim(store, 61)
    store.outbox.hold_place(row, "room", "archived", seconds_later(61))
    assert claim(store, 61 + 299) == []
    assert list_texts(claim(store, 61 + 301)) == ["1"]
    assert store.outbox.list_refusals()[0].since == NOW


@pytest.mark.parametrize("sign", ["event", "bind"])
def test_a_sign_that_the_place_is_open_is_committed_with_what_brought_it(
    store: Store, sign: str
) -> None:
    enqueue(store, "e", make_outgoing("1", CASE_A))
    store.outbox.hold_place(claim(store)[0], "room", "archived", NOW)
    if sign == "event":
        store.inbox.receive([InboxEvent("telegram", "1", "l", "{}", opens=ROOM)], NOW)
    else:
        bind = Decision(new_binding=Binding("vn-hanoi", "telegram", ROOM))
        store.commit_without_message("bind", bind, NOW)
    assert list_texts(claim(store)) == ["1"]


def test_an_event_of_another_chat_or_messenger_opens_nothing(store: Store) -> None:
    enqueue(store, "e", make_outgoing("1", CASE_A))
    store.outbox.hold_place(claim(store)[0], "room", "archived", NOW)
    events = [InboxEvent("slack", "1", "l", "{}", opens=ROOM),
              InboxEvent("telegram", "2", "l", "{}", opens="-1"),
              InboxEvent("telegram", "3", "l", "{}")]  # fmt: skip
    store.inbox.receive(events, NOW)
    assert claim(store) == []


def test_a_limit_holds_a_chat_until_it_is_over_and_counts_as_no_refusal(store: Store) -> None:
    enqueue(store, "e", make_outgoing("a", CASE_A), make_outgoing("c", ELSEWHERE))
    row = find_row(claim(store), "a")
    store.outbox.hold_limited_chat(row, seconds_later(30), NOW)
    enqueue(store, "f", make_outgoing("b", CASE_B))
    assert claim(store, 29) == [] and store.outbox.list_refusals() == []
    again = claim(store, 31)
    assert list_texts(again) == ["a", "b"] and again[0].attempts == 0


def test_several_limited_chats_hold_the_channel_and_no_other(store: Store) -> None:
    for chat in "123":
        enqueue(store, chat, make_outgoing("x", Address("telegram", chat)))
    for row in claim(store):
        store.outbox.hold_limited_chat(row, seconds_later(30), NOW)
    enqueue(store, "4", make_outgoing("x", FOUNDER), make_outgoing("s", Address("slack", "C1")))
    assert list_texts(claim(store, 1)) == ["s"]
    assert len(claim(store, 31)) == 4


def test_words_never_wait_for_an_edit_but_an_edit_for_the_words_before_it(store: Store) -> None:
    edit = make_outgoing("edit", CASE_A, act="recard")
    enqueue(store, "e", make_outgoing("1", CASE_A), edit, make_outgoing("2", CASE_A))
    (first,) = claim(store)
    store.outbox.mark_sent(first, NOW, "1")
    rows = claim(store)
    assert list_texts(rows) == ["edit", "2"]
    store.outbox.postpone(rows[0], NOW + timedelta(hours=1), "down", doubtful=False)
    store.outbox.mark_sent(rows[1], NOW, "2")
    enqueue(store, "f", make_outgoing("3", CASE_A))
    assert list_texts(claim(store)) == ["3"]


def test_a_receipt_waits_for_what_it_confirms(store: Store) -> None:
    receipt = make_outgoing("passed on", FOUNDER, is_receipt=True)
    enqueue(store, "e", make_outgoing("words", CASE_A), receipt, make_outgoing("answer", FOUNDER))
    rows = claim(store)
    assert list_texts(rows) == ["words", "answer"]
    store.outbox.mark_sent(rows[1], NOW, "2")
    assert claim(store) == []
    store.outbox.mark_sent(rows[0], NOW, "1")
    assert list_texts(claim(store)) == ["passed on"]


@pytest.mark.parametrize("end", ["given up", "without words"])
def test_a_receipt_without_delivery_is_never_sent_and_one_without_words_at_once(
    store: Store, end: str
) -> None:
    receipt = make_outgoing("passed on", FOUNDER, is_receipt=True)
    if end == "without words":
        enqueue(store, "e", receipt)
        assert list_texts(claim(store)) == ["passed on"]
        return
    enqueue(store, "e", make_outgoing("words", CASE_A), receipt)
    store.outbox.give_up(claim(store)[0], "too long", [], NOW)
    assert claim(store) == [] and store.outbox.count_messages("dropped") == 1


def test_of_words_that_waited_together_the_last_one_is_confirmed(store: Store) -> None:
    receipt = make_outgoing("passed on", FOUNDER, is_receipt=True)
    for name in "12":
        enqueue(store, name, make_outgoing(name, CASE_A), receipt)
    store.outbox.hold_place(claim(store)[0], "room", "archived", NOW)
    store.outbox.release_place("telegram", ROOM, NOW)
    sent = []
    while rows := claim(store):
        sent += list_texts(rows)
        for row in rows:
            store.outbox.mark_sent(row, NOW, row.key)
    assert sent == ["1", "2", "passed on"]


def test_a_doubtful_message_is_still_doubtful_after_it_waited(store: Store) -> None:
    enqueue(store, "e", make_outgoing("1", CASE_A))
    store.outbox.postpone(claim(store)[0], NOW, "timeout", doubtful=True)
    (row,) = claim(store, 1)
    store.outbox.hold_place(row, "room", "archived", NOW)
    store.outbox.release_place("telegram", ROOM, NOW)
    assert claim(store, 2)[0].doubtful


def test_a_chat_that_moved_takes_what_waits_along(store: Store) -> None:
    thread = StaffThread("17.1", 17, "vn-hanoi", "telegram", ROOM)
    store.commit_without_message(
        "e", Decision(new_threads=(thread,), outgoing=(make_outgoing("1", CASE_A),)), NOW
    )
    enqueue(store, "f", make_outgoing("n", Address("telegram", ROOM)))
    rows = claim(store)
    store.outbox.hold_place(find_row(rows, "1"), "room", "rights", NOW, lane="staff:17.1")
    store.outbox.move_chat(find_row(rows, "n"), "-1002", NOW)
    assert [(row.content.text, row.address.chat) for row in claim(store)] == [
        ("1", "-1002"), ("n", "-1002"),
    ]  # fmt: skip


def test_a_first_schema_row_waits_and_edits_like_a_new_one(store: Store) -> None:
    with_edit = make_outgoing("edit", CASE_A, act="close")
    enqueue(store, "e", with_edit)
    (row,) = claim(store)
    assert row.lane == "staff:17.1:card" and row.is_edit


def test_a_flood_into_a_limited_room_goes_out_as_one_message_agno_7360(store: Store) -> None:
    words = [f"창업자: {number}번째 글" for number in range(1, 26)]
    enqueue(store, "flood", *(make_outgoing(text, CASE_A) for text in words))
    (first,) = claim(store)
    store.outbox.hold_limited_chat(first, seconds_later(30), NOW)
    assert claim(store, 29) == []
    (joined,) = claim(store, 31)
    assert joined.seq == first.seq
    assert all(word in joined.content.text.split("\n\n") for word in words)
    assert "25" in joined.content.text.partition("\n\n")[0]
    store.outbox.mark_sent(joined, seconds_later(32), "m1")
    assert claim(store, 33) == [] and store.outbox.count_messages("dropped") == 24


def test_a_flood_keeps_its_order_around_what_is_more_than_words(store: Store) -> None:
    with_file = make_outgoing("파일", CASE_A)
    file = File("telegram", "ref", "a.pdf", "application/pdf", 10)
    with_file = replace(with_file, content=replace(with_file.content, files=(file,)))
    texts = [make_outgoing(text, CASE_A) for text in "abcd"]
    enqueue(store, "flood", *texts[:2], with_file, *texts[2:])
    (first,) = claim(store)
    store.outbox.hold_limited_chat(first, seconds_later(30), NOW)
    seen = []
    for seconds in (31, 32, 33, 34):
        (row,) = claim(store, seconds)
        seen.append(row.content.text.partition("\n\n")[2] or row.content.text)
        store.outbox.mark_sent(row, seconds_later(seconds), f"m{seconds}")
    assert seen == ["a\n\nb", "파일", "c", "d"]


def test_a_flood_longer_than_a_message_is_cut_between_messages(store: Store) -> None:
    words = [f"{number} " + "가" * 1000 for number in range(6)]
    enqueue(store, "flood", *(make_outgoing(text, CASE_A) for text in words))
    (first,) = claim(store)
    store.outbox.hold_limited_chat(first, seconds_later(30), NOW)
    (joined,) = claim(store, 31)
    assert [word in joined.content.text for word in words] == [True] * 3 + [False] * 3


def test_the_receipts_of_a_flood_are_one(store: Store) -> None:
    founder = Address("telegram", "1001")
    for number in range(3):
        receipt = replace(make_outgoing(f"전했습니다 {number}", founder), is_receipt=True)
        enqueue(store, f"e{number}", make_outgoing(f"글 {number}", CASE_A), receipt)
    (first,) = claim(store)
    store.outbox.hold_limited_chat(first, seconds_later(30), NOW)
    (joined,) = claim(store, 31)
    store.outbox.mark_sent(joined, seconds_later(31), "m1")
    assert list_texts(claim(store, 32)) == ["전했습니다 2"]


def test_messages_to_founders_are_never_joined(store: Store) -> None:
    enqueue(store, "e", *(make_outgoing(text, ELSEWHERE) for text in "abc"))
    (first,) = claim(store)
    store.outbox.hold_limited_chat(first, seconds_later(30), NOW)
    assert list_texts(claim(store, 31)) == ["a"]
