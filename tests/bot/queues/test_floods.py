"""One founder's flood never delays another by more than five seconds, however long each answer takes.

Nothing here waits: workers and senders are stepped through on a clock that is set.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from adapters.serve.service import WORKER_COUNT
from bot.context import Decision
from bot.delivery.sender import MAX_LANES_IN_FLIGHT
from bot.messages import Address, Content, Outgoing
from bot.store import InboxEvent, InboxRow, Store
from bot.store.backlog import PACE_SPAN, THREAD_SENDS_PER_SPAN
from bot.types import StaffThread
from tests.bot.store.sample_records import NOW, make_event, seconds_later

LIMIT_SECONDS = 5.0
FLOOD, OTHER = "telegram:1", "telegram:5"


def work(
    store: Store, seconds_each: float, arrivals: dict[float, InboxEvent]
) -> Iterator[tuple[float, InboxRow]]:
    """The workers of one process: the moment at which each event is taken up. An event takes
    `seconds_each`; `arrivals` come in by the second, before anything else of that second."""
    free = [(0.0, number) for number in range(WORKER_COUNT)]
    busy: list[tuple[float, int, list[InboxRow]]] = []
    waiting = sorted(arrivals.items(), key=lambda pair: pair[0])
    now = 0.0
    for _ in range(4_000):
        while waiting and waiting[0][0] <= now:
            at, event = waiting.pop(0)
            store.inbox.receive([event], seconds_later(at))
        while busy and busy[0][0] <= now:
            _, number, rows = heapq.heappop(busy)
            store.commit(rows, f"w{number}", Decision(), seconds_later(now))
            free.append((now, number))
        taken = False
        for slot in list(free):
            rows = store.inbox.claim(f"w{slot[1]}", seconds_later(now))
            if rows:
                store.inbox.release(rows[1:], f"w{slot[1]}")
                free.remove(slot)
                heapq.heappush(busy, (now + seconds_each, slot[1], rows[:1]))
                taken = True
                yield now, rows[0]
        if not taken:
            ahead = [one[0] for one in busy[:1]] + [one[0] for one in waiting[:1]]
            if not ahead:
                return
            now = max(now, min(ahead))


def flood(lanes: int, count: int) -> list[InboxEvent]:
    """Messages of one person, in as many conversations: threads, groups, the direct chat."""
    return [
        InboxEvent("telegram", f"f{n}", f"{FLOOD}:{n % lanes}", "{}", person=FLOOD)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("lanes", "seconds_each"), [(1, 20.0), (WORKER_COUNT, 20.0), (40, 20.0), (40, 0.2)]
)
def test_another_person_is_taken_up_within_five_seconds(
    store: Store, lanes: int, seconds_each: float
) -> None:
    store.inbox.receive(flood(lanes, 60), NOW)
    moments = (0.1, 1.3 * seconds_each, 2.4 * seconds_each)
    arrivals = {at: make_event(f"o{at}", OTHER) for at in moments}
    waited = []
    for at, row in work(store, seconds_each, arrivals):
        if row.lane == OTHER:
            waited.append(at - (row.received_at - NOW).total_seconds())
        if len(waited) == len(arrivals):
            break
    assert len(waited) == len(arrivals) and max(waited) <= LIMIT_SECONDS


def test_one_person_holds_one_worker_and_is_served_to_the_end(store: Store) -> None:
    store.inbox.receive(flood(10, 12), NOW)
    taken = [at for at, _ in work(store, 2.0, {})]
    assert len(taken) == 12
    assert all(second - first >= 2.0 for first, second in pairwise(taken))


def test_a_person_whose_worker_died_goes_on_after_its_lease(store: Store) -> None:
    store.inbox.receive(flood(2, 2), NOW)
    (held,) = store.inbox.claim("dies", NOW)
    assert store.inbox.claim("w", seconds_later(1)) == []
    (other,) = store.inbox.claim("w", seconds_later(200))
    assert {held.lane, other.lane} <= {f"{FLOOD}:0", f"{FLOOD}:1"}


def test_events_of_no_person_do_not_hold_each_other(store: Store) -> None:
    """Rows that were stored before persons were."""
    from sqlalchemy import update

    from bot.store import tables as t
    from knowledge.catalogue import write_transaction

    store.inbox.receive([make_event("a", "telegram:1"), make_event("b", "telegram:2")], NOW)
    with write_transaction(store.inbox._engine) as connection:
        connection.execute(update(t.inbox).values(person=""))
    assert store.inbox.claim("w1", seconds_later(1)) and store.inbox.claim("w2", seconds_later(1))


def owe(store: Store, key: str, address: Address, count: int, said: str) -> None:
    outgoing = tuple(Outgoing(address, Content(f"{said} {n}.")) for n in range(count))
    store.commit_without_message(key, Decision(outgoing=outgoing), NOW)


def test_another_s_message_goes_out_with_the_first_of_a_flood(store: Store) -> None:
    owe(store, "flood", Address("telegram", "1"), 300, "물결")
    owe(store, "other", Address("telegram", "5"), 1, "안내")
    claimed = store.outbox.claim("s", NOW, ["telegram"], MAX_LANES_IN_FLIGHT)
    assert {row.address.chat for row in claimed} == {"1", "5"}


def test_a_flood_in_one_case_leaves_the_room_to_the_others(store: Store) -> None:
    """Telegram would hold the whole room for its pause after 20 in a minute."""
    room = "-1001"
    threads = tuple(
        StaffThread(f"s{n}", n, "vn-hanoi", "telegram", room, f"t{n}", f"c{n}") for n in (1, 2)
    )
    store.commit_without_message("threads", Decision(new_threads=threads), NOW)
    busy = Address("telegram", room, staff_thread="s1")
    owe(store, "flood", busy, 60, "물결")
    sent: dict[str, list[tuple[float, str]]] = defaultdict(list)
    owed_other = False
    for second in range(0, 181, 2):
        now = seconds_later(second)
        if second == 30 and not owed_other:
            owe(store, "other", Address("telegram", room, staff_thread="s2"), 1, "다른 건")
            owed_other = True
        for row in store.outbox.claim("s", now, ["telegram"], MAX_LANES_IN_FLIGHT):
            store.outbox.mark_sent(row, now, "m")
            sent[row.address.staff_thread or ""].append((second, row.content.text))
    assert sent["s2"][0][0] - 30 <= LIMIT_SECONDS
    moments = [at for at, _ in sent["s1"]]
    for at in moments:
        in_span = [one for one in moments if timedelta() <= timedelta(seconds=one - at) < PACE_SPAN]
        assert len(in_span) <= THREAD_SENDS_PER_SPAN
    words = "\n".join(text for _, text in sent["s1"])
    positions = [words.index(f"물결 {n}.") for n in range(60)]
    assert positions == sorted(positions)  # every word, in order


def test_words_that_may_not_be_forwarded_are_not_joined_with_others(store: Store) -> None:
    thread = StaffThread("s1", 1, "vn-hanoi", "telegram", "-1001", "t1", "c1")
    store.commit_without_message("thread", Decision(new_threads=(thread,)), NOW)
    place = Address("telegram", "-1001", staff_thread="s1")
    for number in range(THREAD_SENDS_PER_SPAN + 4):
        sealed = number >= THREAD_SENDS_PER_SPAN + 2
        words = Outgoing(place, Content(f"{number}.", protect=sealed))
        store.commit_without_message(str(number), Decision(outgoing=(words,)), NOW)
    sent = []
    for second in range(0, 300, 2):
        now = seconds_later(second)
        for row in store.outbox.claim("s", now, ["telegram"], MAX_LANES_IN_FLIGHT):
            store.outbox.mark_sent(row, now, "m")
            sent.append(row.content)
    joined, *unjoined = sent[THREAD_SENDS_PER_SPAN:]
    assert not joined.protect and all(one in joined.text for one in ("15.", "16."))
    assert all(one.protect for one in unjoined) and len(unjoined) == 2
