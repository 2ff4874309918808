"""What waits for a reader: never sent, handed out in order, put back when it was not shown."""

from __future__ import annotations

from dataclasses import replace

from bot.context import Decision
from bot.delivery.handing_out import Handout
from bot.messages import Address, Outgoing
from bot.store import InboxEvent, OutboxRow, Store
from tests.bot.store.sample_records import NOW, make_case, seconds_later
from tests.harness.channel_harness import make_outgoing

MINA, OTHER = Address("kakao", "mina"), Address("kakao", "other")
ROOM = Address("telegram", "-100", staff_thread="17.1")


def open_handout(store: Store, owner: str = "a", seconds: float = 0) -> Handout:
    handout = Handout(store, "kakao", owner, lambda: seconds_later(seconds))
    handout.begin()
    return handout


def enqueue(store: Store, name: str, *outgoing: Outgoing) -> None:
    store.commit_without_message(name, Decision(outgoing=outgoing), NOW)


def list_texts(rows: list[OutboxRow]) -> list[str]:
    return [row.content.text for row in rows]


def claim_by_sender(store: Store, seconds: float = 1) -> list[OutboxRow]:
    return store.outbox.claim("s", seconds_later(seconds), ["kakao", "telegram"])


def test_what_is_owed_to_a_reader_waits_and_is_no_trouble(store: Store) -> None:
    enqueue(store, "early", make_outgoing("a", MINA))
    open_handout(store)
    enqueue(store, "late", make_outgoing("b", MINA), make_outgoing("c", OTHER))
    assert claim_by_sender(store) == [] and claim_by_sender(store, 10**6) == []
    assert store.outbox.find_oldest_open() is None and store.outbox.list_refusals() == []
    assert list_texts(store.outbox.list_waiting()) == ["a", "b", "c"]


def test_it_is_handed_out_once_in_order(store: Store) -> None:
    handout = open_handout(store)
    enqueue(store, "e", *(make_outgoing(text, MINA) for text in "abc"), make_outgoing("x", OTHER))
    rows = handout.take("mina")
    assert list_texts(rows) == ["a", "b", "c"]
    assert handout.take("mina") == [] and open_handout(store, "b").take("mina") == []
    handout.put_back(rows[2:])
    assert open_handout(store, "b").take("mina") == []  # not before what is on its way
    handout.confirm(rows[:2], "task")
    enqueue(store, "f", make_outgoing("d", MINA))
    assert list_texts(handout.take("mina")) == ["c", "d"]
    assert store.outbox.list_reader_channels() != []  # what went out does not open the channel


def test_what_was_perhaps_shown_is_handed_out_again(store: Store) -> None:
    handout = open_handout(store)
    enqueue(store, "e", make_outgoing("a", MINA))
    handout.put_back(handout.take("mina"), maybe_seen=True)
    (again,) = handout.take("mina")
    assert again.doubtful


def test_a_process_that_died_over_it_holds_it_for_a_minute(store: Store) -> None:
    enqueue(store, "e", make_outgoing("a", MINA))
    assert open_handout(store, "dead").take("mina")
    assert open_handout(store, "b", 30).take("mina") == []
    assert claim_by_sender(store, 200) == []
    assert list_texts(open_handout(store, "b", 200).take("mina")) == ["a"]
    store.outbox.recover_leases(lambda owner: owner == "b")
    assert list_texts(open_handout(store, "c", 201).take("mina")) == ["a"]


def test_a_receipt_waits_for_its_reader_once_staff_have_the_words(store: Store) -> None:
    handout = open_handout(store)
    enqueue(
        store, "e", make_outgoing("words", ROOM), make_outgoing("receipt", MINA, is_receipt=True)
    )
    state = handout.find_states(["mina"])["mina"]
    assert (state.has_messages, state.has_receipts) == (False, True)
    (words,) = claim_by_sender(store)
    store.outbox.mark_sent(words, NOW, "1")
    state = handout.find_states(["mina"])["mina"]
    assert (state.has_messages, state.has_receipts) == (True, False)
    assert claim_by_sender(store) == [] and list_texts(handout.take("mina")) == ["receipt"]


def test_an_event_that_is_not_handled_keeps_a_reader_busy(store: Store) -> None:
    handout = open_handout(store)
    event = InboxEvent("kakao", "1", "kakao:mina", "{}")
    assert not handout.find_states(["mina"])["mina"].is_busy
    assert store.inbox.receive([event], NOW) == 1
    states = handout.find_states(["mina", "other"])
    assert states["mina"].is_busy and not states["other"].is_busy


def test_what_is_on_its_way_is_waited_for(store: Store) -> None:
    """The next reply would else leave out what stands behind it."""
    handout = open_handout(store)
    enqueue(store, "e", make_outgoing("a", MINA))
    rows = handout.take("mina")
    enqueue(store, "f", make_outgoing("b", MINA))
    assert handout.find_states(["mina"])["mina"].is_busy and handout.take("mina") == []
    assert not open_handout(store, "b", 200).find_states(["mina"])["mina"].is_busy  # it died
    handout.confirm(rows)
    assert not handout.find_states(["mina"])["mina"].is_busy
    assert list_texts(handout.take("mina")) == ["b"]


def test_what_a_person_has_taken_over_is_not_shown(store: Store) -> None:
    """Naru's own answer waited for its reader, and a member of staff took the case first."""
    handout = open_handout(store)
    case = replace(make_case(1), state="claimed", taken_by="slack:U1", taken_at=NOW)
    taken = Decision(
        new_case=case, outgoing=(replace(make_outgoing("answer", MINA, case=1), unless_taken=1),
                                 make_outgoing("words", MINA)),
    )  # fmt: skip
    store.commit_without_message("e", taken, NOW)
    assert list_texts(handout.take("mina")) == ["words"]
    assert store.outbox.count_messages("dropped") == 1
