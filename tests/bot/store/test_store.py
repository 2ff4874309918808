"""What one message leads to is written in one transaction, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, update

from bot.errors import Conflict, UnknownCase
from bot.store import InboxRow, Store
from bot.store import tables as t
from bot.store.decision import ERASED_TEXT
from bot.store.inbox import INBOX_LEASE, LIBRARY_TASK_PREFIX
from bot.store.serialisation import load_library_task
from bot.types import (
    Address,
    Binding,
    CaseMessage,
    Clarification,
    Decision,
    LibraryTask,
    Outgoing,
    PendingQuestion,
    Place,
    StaffThread,
    Timer,
    Upload,
)
from knowledge.types import Exchange
from tests.bot.store.sample_records import (
    FOUNDER,
    NOW,
    PHOTO,
    make_case,
    make_conversation,
    make_event,
    make_outgoing,
    make_rich_content,
    receive_events,
    seconds_later,
)

DA_NANG = Place("다낭", "VN", 16.05, 108.2, "VN-DN", "Da Nang")
STAFF = Address("slack", "C1", staff_thread="1.1")
WORDS = "다낭에서 세관이 컨테이너를 안 내줘요"


def claim_event(store: Store, key: str = "1") -> list[InboxRow]:
    receive_events(store, key)
    return store.inbox.claim("a", NOW)


def make_opening_decision() -> Decision:
    """A message that opens a case: every table at once."""
    return Decision(
        conversation=make_conversation(case=1),
        new_case=replace(make_case(1), place=DA_NANG, found="아무것도"),
        new_lines=((1, CaseMessage("founder", WORDS, NOW, files=(PHOTO,))),),
        new_threads=(StaffThread("1.1", 1, "vn-hanoi", "slack", "C1"),),
        outgoing=(
            Outgoing(FOUNDER, make_rich_content(), case=1),
            Outgoing(STAFF, make_rich_content(), "card", case=1),
        ),
        timer=Timer("late:1", "telegram:1001", seconds_later(60)),
        audit=("telegram:1001", "opened 1"),
    )


def take_snapshot(store: Store) -> dict[str, object]:
    return {
        "conversation": store.find_conversation("telegram:1001"), "cases": store.list_cases(),
        "lines": store.list_lines(1), "threads": store.list_staff_threads(1),
        "owed": store.outbox.count_messages("owed"), "waiting": store.inbox.count_events("waiting"),
        "done": store.inbox.count_events("done"), "bound": store.list_bindings(),
    }  # fmt: skip


def test_everything_a_message_led_to_is_written_with_its_event(store: Store) -> None:
    store.commit(claim_event(store), "a", make_opening_decision(), NOW)
    kept = store.get_case(1)
    assert kept == replace(make_case(1), place=DA_NANG, found="아무것도", version=1)
    assert store.list_lines(1) == [CaseMessage("founder", WORDS, NOW, files=(PHOTO,))]
    assert store.find_conversation("telegram:1001") == make_conversation(case=1, version=1)
    assert take_snapshot(store)["owed"] == 2
    assert (store.inbox.count_events("done"), store.inbox.count_events("waiting")) == (
        1,
        1,
    )  # the timer


@pytest.mark.parametrize(
    "spoilt",
    [
        Decision(conversation=make_conversation(version=7)),
        Decision(conversation=make_conversation(version=0)),
        Decision(case=make_case(1, version=7)),
        Decision(case=make_case(99, version=1)),
    ],
    ids=["conversation moved on", "conversation begun", "case moved on", "case gone"],
)
def test_a_decision_on_something_that_moved_on_writes_nothing(
    store: Store, spoilt: Decision
) -> None:
    store.commit(claim_event(store), "a", make_opening_decision(), NOW)
    rows = claim_event(store, "2")
    before = take_snapshot(store)
    whole = replace(
        spoilt,
        new_lines=((1, CaseMessage("founder", "더 있어요", NOW)),),
        outgoing=(make_outgoing("x"),),
        new_binding=Binding("vn-hanoi", "slack", "C1"),
        new_case=make_case(2) if not spoilt.case else None,
    )
    with pytest.raises(Conflict):
        store.commit(rows, "a", whole, NOW)
    assert take_snapshot(store) == before
    store.commit(
        rows, "a", Decision(conversation=make_conversation(version=1)), NOW
    )  # decided again
    assert store.inbox.count_events("done") == 2


def test_a_worker_whose_lease_ended_writes_nothing(store: Store) -> None:
    rows = claim_event(store)
    quick = store.inbox.claim("b", seconds_later(INBOX_LEASE.total_seconds() + 1))
    with pytest.raises(Conflict):
        store.commit(rows, "a", make_opening_decision(), NOW)
    with pytest.raises(Conflict):
        store.bury_event(rows[0], "a", "boom", [make_outgoing("desk")], NOW)
    assert (store.list_cases(), store.outbox.count_messages("owed")) == ([], 0)
    store.commit(quick, "b", make_opening_decision(), NOW)
    with pytest.raises(Conflict):
        store.commit(rows, "a", make_opening_decision(), NOW)
    assert (len(store.list_cases()), store.outbox.count_messages("owed")) == (1, 2)


def test_of_two_who_begin_a_conversation_at_once_one_is_told(store: Store) -> None:
    def begin(key: str) -> bool:
        try:
            store.commit_without_message(key, Decision(conversation=make_conversation()), NOW)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(begin, "abcd")) == 1


def test_of_two_who_take_a_case_at_once_one_is_told(store: Store) -> None:
    store.commit_without_message("open", make_opening_decision(), NOW)
    seen = store.get_case(1)

    def take(user: str) -> str:
        try:
            taken = replace(seen, state="taken", taken_by=user, taken_at=NOW)
            store.commit_without_message(
                user, Decision(case=taken, outgoing=(make_outgoing(user),)), NOW
            )
        except Conflict:
            return ""
        return user

    with ThreadPoolExecutor(4) as pool:
        (winner,) = [user for user in pool.map(take, "abcd") if user]
    assert (store.get_case(1).taken_by, store.get_case(1).version) == (winner, 2)
    assert store.outbox.count_messages("owed") == 3


def test_a_conversation_is_remembered_whole(store: Store) -> None:
    conversation = replace(
        make_conversation(case=3, why="점수 …"),
        thread="17.5", fixed_language=True, greeted=True, place=DA_NANG, asking_place=True,
        pending=PendingQuestion("얼마?", "vi", "…", "critical", True, (PHOTO,)),
        turns=(Exchange("수바?", "수출바우처는 …", ("export-voucher-mss",)),),
    )  # fmt: skip
    store.commit_without_message("k", Decision(conversation=conversation), NOW)
    assert store.find_conversation(conversation.key) == replace(conversation, version=1)
    assert store.find_conversation("telegram:1002") is None


def test_a_case_number_is_never_given_twice(store: Store, engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: store.reserve_case_number(NOW), range(20)))
    assert len(set(given)) == 20
    store.commit_without_message("k", Decision(new_case=make_case(max(given))), NOW)
    with engine.begin() as connection:  # even if everything else were lost
        connection.execute(t.case_numbers.delete())
    assert store.reserve_case_number(NOW) > max(given)


def test_cases_are_listed_by_founder_mission_and_state(store: Store) -> None:
    for number, mission in enumerate(("vn-hanoi", "sg-singapore", "vn-hanoi"), 1):
        store.commit_without_message(
            str(number), Decision(new_case=make_case(number, mission)), NOW
        )
    closed = replace(store.get_case(3), state="closed", ended_at=NOW, conversation="telegram:2")
    store.commit_without_message("close", Decision(case=closed), NOW)
    assert [case.number for case in store.list_cases()] == [1, 2, 3]
    assert [case.number for case in store.list_cases(mission="vn-hanoi", open_only=True)] == [1]
    assert [case.number for case in store.list_cases(conversation="telegram:2")] == [3]
    with pytest.raises(UnknownCase, match="naru cases"):
        store.get_case(4)


def test_open_cases_nobody_can_see_wait_for_a_room(store: Store) -> None:
    for number in (1, 2, 3, 4):
        store.commit_without_message(f"open {number}", Decision(new_case=make_case(number)), NOW)
    store.commit_without_message(
        "seen", Decision(new_threads=(StaffThread("2.1", 2, "domestic", "slack", "C1"),)), NOW
    )
    store.commit_without_message(
        "left", Decision(new_threads=(StaffThread("3.1", 3, "domestic", "slack", "C1"),)), NOW
    )
    store.commit_without_message("gone", Decision(retired_threads=("3.1",)), NOW)
    store.commit_without_message(
        "end", Decision(case=replace(store.get_case(4), state="resolved")), NOW
    )
    assert [case.number for case in store.list_cases_without_room()] == [1, 3]


def test_a_case_s_threads_stay_in_the_order_they_were_begun(store: Store) -> None:
    for count in range(1, 12):
        thread = StaffThread(f"1.{count}", 1, "domestic", "slack", "C1", "17.5")
        store.commit_without_message(thread.id, Decision(new_threads=(thread,)), NOW)
    assert [thread.id for thread in store.list_staff_threads(1)] == [f"1.{n}" for n in range(1, 12)]
    newest = store.find_staff_thread("slack", "C1", "17.5")
    assert newest and newest.id == "1.11"
    assert store.find_staff_thread("slack", "C1", None) is None
    assert store.find_staff_thread("slack", "C1", "99") is None


def test_a_mission_has_one_room(store: Store) -> None:
    for chat in ("C1", "C2"):
        store.commit_without_message(
            chat, Decision(new_binding=Binding("vn-hanoi", "slack", chat)), NOW
        )
    assert store.list_bindings() == [Binding("vn-hanoi", "slack", "C2")]


def test_a_founder_is_found_by_conversation_and_by_user(store: Store) -> None:
    in_thread = replace(make_conversation(), key="slack:C1:17.5", channel="slack", user="U1")
    store.commit_without_message("a", Decision(conversation=make_conversation()), NOW)
    store.commit_without_message("b", Decision(conversation=in_thread), NOW)
    assert [found.key for found in store.list_conversations("telegram:1001")] == ["telegram:1001"]
    assert [found.key for found in store.list_conversations("slack:U1")] == ["slack:C1:17.5"]
    assert store.list_conversations("telegram:9") == []


def test_forgetting_erases_every_word_but_keeps_what_is_counted(
    store: Store, engine: Engine
) -> None:
    store.inbox.receive([replace(make_event("1"), payload=f'{{"text": "{WORDS}"}}')], NOW)
    store.commit(store.inbox.claim("a", NOW), "a", make_opening_decision(), NOW)
    for owed in store.outbox.claim("s", NOW, ["telegram", "slack"]):
        store.outbox.mark_sent(owed, NOW, "5")
    store.commit(claim_event(store, "2"), "a", Decision(erase_conversation="telegram:1001"), NOW)
    with engine.connect() as connection:
        kept = "".join(
            str(list(connection.execute(select(table)))) for table in t.metadata.sorted_tables
        )
    for word in (WORDS, "해결됐어요", "수출바우처는", "invoice.jpg", "Da Nang", "update_id"):
        assert word not in kept
    assert store.find_conversation("telegram:1001") is None
    one = store.get_case(1)
    assert (one.question, one.mission, one.urgency, one.opened_at) == (
        ERASED_TEXT, "vn-hanoi", "high", NOW,
    )  # fmt: skip
    assert (store.outbox.count_messages("sent"), store.inbox.count_events("done")) == (2, 2)


def test_forgetting_one_founder_leaves_the_others(store: Store) -> None:
    store.commit_without_message("a", make_opening_decision(), NOW)
    other = replace(make_conversation(), key="telegram:1002", chat="1002", user="1002")
    store.commit_without_message("b", Decision(conversation=other, new_case=replace(make_case(2), conversation=other.key),
                            new_lines=((2, CaseMessage("founder", "제 것", NOW)),)), NOW)  # fmt: skip
    store.commit_without_message("c", Decision(erase_conversation="telegram:1001"), NOW)
    assert store.find_conversation("telegram:1002") == replace(other, version=1)
    assert store.get_case(2).question == make_case(2).question
    assert [line.text for line in store.list_lines(2)] == ["제 것"]


def test_what_is_counted_is_told_to_the_doctor(store: Store) -> None:
    store.commit(claim_event(store), "a", make_opening_decision(), NOW)
    assert store.count_rows() == {
        "inbox": 2, "outbox": 2, "conversations": 1, "cases": 1, "bindings": 0,
    }  # fmt: skip
    assert store.is_writable()


def test_an_upload_that_is_under_way_is_remembered(store: Store) -> None:
    upload = Upload("0a1b2c3d", (PHOTO,), "77")
    store.commit_without_message(
        "1", Decision(conversation=replace(make_conversation(), upload=upload)), NOW
    )
    conversation = store.find_conversation("telegram:1001")
    assert conversation and conversation.upload == upload


def test_what_was_asked_back_is_remembered(store: Store) -> None:
    asked = (
        Clarification("0a1b2c3d", "얼마예요?", ("물류", "인증"), (1,)),
        Clarification("4e", "?", ()),
    )
    store.commit_without_message(
        "1", Decision(conversation=replace(make_conversation(), asked_back=asked)), NOW
    )
    conversation = store.find_conversation("telegram:1001")
    assert conversation and conversation.asked_back == asked


def test_a_conversation_of_an_older_naru_has_neither(store: Store, engine: Engine) -> None:
    store.commit_without_message("1", Decision(conversation=make_conversation()), NOW)
    with engine.begin() as connection:
        memory = dict(connection.execute(select(t.conversations.c.memory)).scalar_one())
        del memory["upload"], memory["asked_back"]
        connection.execute(update(t.conversations).values(memory=memory))
    assert store.find_conversation("telegram:1001") == make_conversation(version=1)


def test_a_task_is_kept_with_the_message_that_asked_for_it_once_and_in_its_admins_lane(
    store: Store,
) -> None:
    task = LibraryTask("plan", "telegram:1001", FOUNDER, "ko", "0a1b2c3d", (PHOTO,), wait=1.5)
    store.commit(claim_event(store), "a", Decision(task=task), NOW)
    channel = [f"{LIBRARY_TASK_PREFIX}telegram"]
    assert store.inbox.claim("b", seconds_later(1), channel) == []
    assert store.inbox.list_open_tasks() == [task]
    (row,) = store.inbox.claim("b", seconds_later(2), channel)
    assert (row.lane, load_library_task(row.payload)) == (
        f"{LIBRARY_TASK_PREFIX}telegram:1001",
        task,
    )
    assert store.inbox.claim("c", seconds_later(80), channel) == []
    store.inbox.renew([row], "b", seconds_later(80))
    assert store.inbox.claim("c", seconds_later(160), channel) == []
    assert store.inbox.claim("c", seconds_later(171), channel) == [row]
    assert store.inbox.list_open_tasks() == [task]
    store.commit([row], "c", Decision(), seconds_later(172))
    assert store.inbox.list_open_tasks() == []
