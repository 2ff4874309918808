"""What one message leads to is written in one transaction, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, update

from bot.errors import Conflict, NoSuchCase
from bot.store import InboxRow, Store
from bot.store import tables as t
from bot.store.inbox import LEASE, LIBRARY
from bot.store.serialisation import task_from
from bot.store.store import ERASED
from bot.types import (
    Address,
    AskedBack,
    Binding,
    CaseMessage,
    Decision,
    Outgoing,
    Pending,
    Place,
    Seat,
    StaffThread,
    Task,
    Timer,
    Upload,
)
from knowledge.types import Turn
from tests.bot.store.sample_records import (
    FOUNDER,
    NOW,
    PHOTO,
    case,
    conversation,
    event,
    later,
    message,
    receive,
    rich_body,
)

DA_NANG = Place("다낭", "VN", 16.05, 108.2, "VN-DN", "Da Nang")
STAFF = Address("slack", "C1", staff_thread="1.1")
WORDS = "다낭에서 세관이 컨테이너를 안 내줘요"


def claimed(store: Store, key: str = "1") -> list[InboxRow]:
    receive(store, key)
    return store.inbox.claim("a", NOW)


def opened() -> Decision:
    """A message that opens a case: every table at once."""
    return Decision(
        conversation=conversation(case=1),
        new_case=replace(case(1), place=DA_NANG, found="아무것도"),
        lines=((1, CaseMessage("founder", WORDS, NOW, files=(PHOTO,))),),
        new_threads=(StaffThread("1.1", 1, "vn-hanoi", "slack", "C1"),),
        outgoing=(
            Outgoing(FOUNDER, rich_body(), case=1),
            Outgoing(STAFF, rich_body(), "card", case=1),
        ),
        timer=Timer("late:1", "telegram:1001", later(60)),
        audit=("telegram:1001", "opened 1"),
    )


def snapshot(store: Store) -> dict[str, object]:
    return {
        "talk": store.conversation("telegram:1001"), "cases": store.cases(),
        "lines": store.lines(1), "threads": store.staff_threads(1),
        "owed": store.outbox.count("owed"), "waiting": store.inbox.count("waiting"),
        "done": store.inbox.count("done"), "bound": store.bindings(),
    }  # fmt: skip


def test_everything_a_message_led_to_is_written_with_its_event(store: Store) -> None:
    store.commit(claimed(store), "a", opened(), NOW)
    kept = store.case(1)
    assert kept == replace(case(1), place=DA_NANG, found="아무것도", version=1)
    assert store.lines(1) == [CaseMessage("founder", WORDS, NOW, files=(PHOTO,))]
    assert store.conversation("telegram:1001") == conversation(case=1, version=1)
    assert snapshot(store)["owed"] == 2
    assert (store.inbox.count("done"), store.inbox.count("waiting")) == (1, 1)  # the timer


@pytest.mark.parametrize(
    "spoilt",
    [
        Decision(conversation=conversation(version=7)),
        Decision(conversation=conversation(version=0)),
        Decision(case=case(1, version=7)),
        Decision(case=case(99, version=1)),
    ],
    ids=["conversation moved on", "conversation begun", "case moved on", "case gone"],
)
def test_a_decision_on_something_that_moved_on_writes_nothing(
    store: Store, spoilt: Decision
) -> None:
    store.commit(claimed(store), "a", opened(), NOW)
    rows = claimed(store, "2")
    before = snapshot(store)
    whole = replace(
        spoilt,
        lines=((1, CaseMessage("founder", "더 있어요", NOW)),),
        outgoing=(message("x"),),
        bind=Binding("vn-hanoi", "slack", "C1"),
        new_case=case(2) if not spoilt.case else None,
    )
    with pytest.raises(Conflict):
        store.commit(rows, "a", whole, NOW)
    assert snapshot(store) == before
    store.commit(rows, "a", Decision(conversation=conversation(version=1)), NOW)  # decided again
    assert store.inbox.count("done") == 2


def test_a_worker_whose_lease_ended_writes_nothing(store: Store) -> None:
    rows = claimed(store)
    quick = store.inbox.claim("b", later(LEASE.total_seconds() + 1))
    with pytest.raises(Conflict):
        store.commit(rows, "a", opened(), NOW)
    with pytest.raises(Conflict):
        store.bury(rows[0], "a", "boom", [message("desk")], NOW)
    assert (store.cases(), store.outbox.count("owed")) == ([], 0)
    store.commit(quick, "b", opened(), NOW)
    with pytest.raises(Conflict):
        store.commit(rows, "a", opened(), NOW)
    assert (len(store.cases()), store.outbox.count("owed")) == (1, 2)


def test_of_two_who_begin_a_conversation_at_once_one_is_told(store: Store) -> None:
    def begin(key: str) -> bool:
        try:
            store.act(key, Decision(conversation=conversation()), NOW)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(begin, "abcd")) == 1


def test_of_two_who_take_a_case_at_once_one_is_told(store: Store) -> None:
    store.act("open", opened(), NOW)
    seen = store.case(1)

    def take(user: str) -> str:
        try:
            taken = replace(seen, state="taken", taken_by=user, taken_at=NOW)
            store.act(user, Decision(case=taken, outgoing=(message(user),)), NOW)
        except Conflict:
            return ""
        return user

    with ThreadPoolExecutor(4) as pool:
        (winner,) = [user for user in pool.map(take, "abcd") if user]
    assert (store.case(1).taken_by, store.case(1).version) == (winner, 2)
    assert store.outbox.count("owed") == 3


def test_a_conversation_is_remembered_whole(store: Store) -> None:
    talk = replace(
        conversation(case=3, why="점수 …"),
        thread="17.5", fixed_language=True, greeted=True, place=DA_NANG, asking_place=True,
        pending=Pending("얼마?", "vi", "…", "critical", True, (PHOTO,)),
        turns=(Turn("수바?", "수출바우처는 …", ("export-voucher-mss",)),),
    )  # fmt: skip
    store.act("k", Decision(conversation=talk), NOW)
    assert store.conversation(talk.key) == replace(talk, version=1)
    assert store.conversation("telegram:1002") is None


def test_a_case_number_is_never_given_twice(store: Store, engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: store.reserve_case_number(NOW), range(20)))
    assert len(set(given)) == 20
    store.act("k", Decision(new_case=case(max(given))), NOW)
    with engine.begin() as connection:  # even if everything else were lost
        connection.execute(t.case_numbers.delete())
    assert store.reserve_case_number(NOW) > max(given)


def test_cases_are_listed_by_founder_mission_and_state(store: Store) -> None:
    for number, mission in enumerate(("vn-hanoi", "sg-singapore", "vn-hanoi"), 1):
        store.act(str(number), Decision(new_case=case(number, mission)), NOW)
    closed = replace(store.case(3), state="closed", ended_at=NOW, conversation="telegram:2")
    store.act("close", Decision(case=closed), NOW)
    assert [one.number for one in store.cases()] == [1, 2, 3]
    assert [one.number for one in store.cases(mission="vn-hanoi", open_only=True)] == [1]
    assert [one.number for one in store.cases(conversation="telegram:2")] == [3]
    with pytest.raises(NoSuchCase, match="naru cases"):
        store.case(4)


def test_open_cases_nobody_can_see_wait_for_a_room(store: Store) -> None:
    for number in (1, 2, 3, 4):
        store.act(f"open {number}", Decision(new_case=case(number)), NOW)
    store.act(
        "seen", Decision(new_threads=(StaffThread("2.1", 2, "domestic", "slack", "C1"),)), NOW
    )
    store.act(
        "left", Decision(new_threads=(StaffThread("3.1", 3, "domestic", "slack", "C1"),)), NOW
    )
    store.act("gone", Decision(retired_thread="3.1"), NOW)
    store.act("end", Decision(case=replace(store.case(4), state="resolved")), NOW)
    assert [one.number for one in store.waiting_for_a_room()] == [1, 3]


def test_a_case_s_threads_stay_in_the_order_they_were_begun(store: Store) -> None:
    for count in range(1, 12):
        thread = StaffThread(f"1.{count}", 1, "domestic", "slack", "C1", "17.5")
        store.act(thread.id, Decision(new_threads=(thread,)), NOW)
    assert [thread.id for thread in store.staff_threads(1)] == [f"1.{n}" for n in range(1, 12)]
    newest = store.staff_thread("slack", "C1", "17.5")
    assert newest and newest.id == "1.11"
    assert store.staff_thread("slack", "C1", None) is None
    assert store.staff_thread("slack", "C1", "99") is None


def test_a_mission_has_one_room_and_a_member_one_role_there(store: Store) -> None:
    for chat, role in (("C1", "변호사"), ("C2", "영사")):
        store.act(chat, Decision(bind=Binding("vn-hanoi", "slack", chat)), NOW)
        store.act(role, Decision(seat=Seat("slack", "C1", "U1", role)), NOW)
    assert store.bindings() == [Binding("vn-hanoi", "slack", "C2")]
    assert (store.role("slack", "C1", "U1"), store.role("slack", "C2", "U1")) == ("영사", "")


def test_a_founder_is_found_by_conversation_and_by_user(store: Store) -> None:
    in_thread = replace(conversation(), key="slack:C1:17.5", channel="slack", user="U1")
    store.act("a", Decision(conversation=conversation()), NOW)
    store.act("b", Decision(conversation=in_thread), NOW)
    assert [one.key for one in store.conversations_of("telegram:1001")] == ["telegram:1001"]
    assert [one.key for one in store.conversations_of("slack:U1")] == ["slack:C1:17.5"]
    assert store.conversations_of("telegram:9") == []


def test_forgetting_erases_every_word_but_keeps_what_is_counted(
    store: Store, engine: Engine
) -> None:
    store.inbox.receive([replace(event("1"), payload=f'{{"text": "{WORDS}"}}')], NOW)
    store.commit(store.inbox.claim("a", NOW), "a", opened(), NOW)
    for owed in store.outbox.claim("s", NOW, ["telegram", "slack"]):
        store.outbox.sent(owed, NOW, "5")
    store.commit(claimed(store, "2"), "a", Decision(forget="telegram:1001"), NOW)
    with engine.connect() as connection:
        kept = "".join(
            str(list(connection.execute(select(table)))) for table in t.metadata.sorted_tables
        )
    for word in (WORDS, "해결됐어요", "수출바우처는", "invoice.jpg", "Da Nang", "update_id"):
        assert word not in kept
    assert store.conversation("telegram:1001") is None
    one = store.case(1)
    assert (one.question, one.mission, one.urgency, one.opened_at) == (
        ERASED, "vn-hanoi", "high", NOW,
    )  # fmt: skip
    assert (store.outbox.count("sent"), store.inbox.count("done")) == (2, 2)


def test_forgetting_one_founder_leaves_the_others(store: Store) -> None:
    store.act("a", opened(), NOW)
    other = replace(conversation(), key="telegram:1002", chat="1002", user="1002")
    store.act("b", Decision(conversation=other, new_case=replace(case(2), conversation=other.key),
                            lines=((2, CaseMessage("founder", "제 것", NOW)),)), NOW)  # fmt: skip
    store.act("c", Decision(forget="telegram:1001"), NOW)
    assert store.conversation("telegram:1002") == replace(other, version=1)
    assert store.case(2).question == case(2).question
    assert [line.text for line in store.lines(2)] == ["제 것"]


def test_what_is_counted_is_told_to_the_doctor(store: Store) -> None:
    store.commit(claimed(store), "a", opened(), NOW)
    assert store.counts() == {
        "inbox": 2, "outbox": 2, "conversations": 1, "cases": 1, "bindings": 0,
    }  # fmt: skip
    assert store.alive()


def test_an_upload_that_is_under_way_is_remembered(store: Store) -> None:
    upload = Upload("0a1b2c3d", (PHOTO,), "77")
    store.act("1", Decision(conversation=replace(conversation(), upload=upload)), NOW)
    talk = store.conversation("telegram:1001")
    assert talk and talk.upload == upload


def test_what_was_asked_back_is_remembered(store: Store) -> None:
    asked = (AskedBack("0a1b2c3d", "얼마예요?", ("물류", "인증"), (1,)), AskedBack("4e", "?", ()))
    store.act("1", Decision(conversation=replace(conversation(), asked_back=asked)), NOW)
    talk = store.conversation("telegram:1001")
    assert talk and talk.asked_back == asked


def test_a_conversation_of_an_older_naru_has_neither(store: Store, engine: Engine) -> None:
    store.act("1", Decision(conversation=conversation()), NOW)
    with engine.begin() as connection:
        memory = dict(connection.execute(select(t.conversations.c.memory)).scalar_one())
        del memory["upload"], memory["asked_back"]
        connection.execute(update(t.conversations).values(memory=memory))
    assert store.conversation("telegram:1001") == conversation(version=1)


def test_a_task_is_kept_with_the_message_that_asked_for_it_once_and_in_its_admins_lane(
    store: Store,
) -> None:
    task = Task("plan", "telegram:1001", FOUNDER, "ko", "0a1b2c3d", (PHOTO,), wait=1.5)
    store.commit(claimed(store), "a", Decision(task=task), NOW)
    channel = [f"{LIBRARY}telegram"]
    assert store.inbox.claim("b", later(1), channel) == []
    assert store.inbox.tasks() == [task]
    (row,) = store.inbox.claim("b", later(2), channel)
    assert (row.lane, task_from(row.payload)) == (f"{LIBRARY}telegram:1001", task)
    assert store.inbox.claim("c", later(80), channel) == []
    store.inbox.renew([row], "b", later(80))
    assert store.inbox.claim("c", later(160), channel) == []
    assert store.inbox.claim("c", later(171), channel) == [row]
    assert store.inbox.tasks() == [task]
    store.commit([row], "c", Decision(), later(172))
    assert store.inbox.tasks() == []
