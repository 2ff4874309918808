"""What the store remembers is read back whole, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, update

from bot.context import Decision
from bot.errors import UnknownCase
from bot.store import Store
from bot.store import tables as t
from bot.types import Binding, OfferedSections, PendingQuestion, StaffThread, Upload
from knowledge.phrases.phrase import SectionChoice
from knowledge.types import Exchange
from tests.bot.store.opening_decision import (
    DA_NANG,
)
from tests.bot.store.sample_records import (
    NOW,
    PHOTO,
    make_case,
    make_conversation,
)
from tests.samples.answers import make_offer


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


def test_an_upload_that_is_under_way_is_remembered(store: Store) -> None:
    upload = Upload("0a1b2c3d", (PHOTO,), "77")
    store.commit_without_message(
        "1", Decision(conversation=replace(make_conversation(), upload=upload)), NOW
    )
    conversation = store.find_conversation("telegram:1001")
    assert conversation and conversation.upload == upload


def test_what_was_offered_is_remembered(store: Store) -> None:
    pending = PendingQuestion("얼마예요?", "vi", "…", files=(PHOTO,))
    offered = (
        OfferedSections("0a1b2c3d", pending, (make_offer("가"), make_offer("나")), (1,), "말"),
        OfferedSections("4e", pending, (make_offer(),)),
    )
    store.commit_without_message(
        "1", Decision(conversation=replace(make_conversation(), offered=offered)), NOW
    )
    conversation = store.find_conversation("telegram:1001")
    assert conversation and conversation.offered == offered


def test_choices_are_kept_with_their_source_and_go_with_their_founder(store: Store) -> None:
    heading = ("물류 바우처", "지원 한도")
    mine, theirs = (
        SectionChoice(key, "ko", "얼마예요?", "freight", heading)
        for key in ("telegram:1001", "telegram:1002")
    )
    other = replace(mine, question="언제요?", source="staff")
    for number, choice in enumerate((other, mine, theirs)):
        store.commit_without_message(str(number), Decision(choice=choice), NOW)
    assert store.list_section_choices() == [other, mine, theirs]
    store.commit_without_message("f", Decision(erase_account="telegram:1001"), NOW)
    assert store.list_section_choices() == [theirs]


def test_a_conversation_of_an_older_naru_has_neither(store: Store, engine: Engine) -> None:
    store.commit_without_message("1", Decision(conversation=make_conversation()), NOW)
    with engine.begin() as connection:
        memory = dict(connection.execute(select(t.conversations.c.memory)).scalar_one())
        del memory["upload"], memory["offered"]
        connection.execute(update(t.conversations).values(memory=memory))
    assert store.find_conversation("telegram:1001") == make_conversation(version=1)
