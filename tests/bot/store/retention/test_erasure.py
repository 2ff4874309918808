"""Whose rows an erasure touches: all of one person's, an open case's and others' not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.context import Decision
from bot.messages import Address, Content, Outgoing, Timer
from bot.store import InboxEvent, Store
from bot.store import tables as t
from bot.store.retention import remains
from bot.store.retention.remains import ERASED_TEXT, digest_key
from bot.types import ERASED, CaseMessage, Conversation, StaffThread
from knowledge.phrases.phrase import SectionChoice
from knowledge.types import Exchange
from tests.bot.store.sample_records import NOW, make_case
from tests.samples.records import make_offered, make_pending

ACCOUNT = "telegram:1001"
HOME = Conversation("telegram:1001", "telegram", "1001", None, "1001", "ko", private=True,
                    turns=(Exchange("물결무늬?", "답", ()),), why="물결무늬",
                    offered=(make_offered(asked=make_pending("물결무늬?")),))  # fmt: skip
THREAD = replace(HOME, key="telegram:1001:7", thread="7")
GROUP = replace(HOME, key="telegram:-5:1001", chat="-5", private=False)
STAFF_PLACE = Address("slack", "C0HANOI", staff_thread="1.1")


def keep(store: Store, *talks: Conversation, **decision: Any) -> None:
    for talk in talks:
        store.commit_without_message(talk.key, Decision(conversation=talk), NOW)
    if decision:
        store.commit_without_message("more", Decision(**decision), NOW)


def erase(store: Store, account: str = ACCOUNT) -> None:
    store.commit_without_message("forget", Decision(erase_account=account), NOW)


def receive(store: Store, key: str, talk: Conversation, **more: Any) -> None:
    event = InboxEvent("telegram", key, talk.key, f"물결무늬 {key}", f"{talk.chat}:{key}:0", **more)
    store.inbox.receive([replace(event, sender=f"{talk.channel}:{talk.user}")], NOW)


def read_events(engine: Engine) -> dict[str, tuple[str, str, str]]:
    """The state, the lane and the payload of every event, by its number."""
    i = t.inbox.c
    query = select(i.seq, i.state, i.lane, i.payload).order_by(i.seq)
    with engine.connect() as connection:
        return {str(row.seq): (row.state, row.lane, row.payload)
                for row in connection.execute(query)}  # fmt: skip


def read_messages(engine: Engine) -> list[tuple[str, str, str]]:
    """The act, the state and the text of every message."""
    o = t.outbox.c
    with engine.connect() as connection:
        rows = connection.execute(select(o.act, o.state, o.body).order_by(o.seq)).all()
    return [(row.act, row.state, row.body["text"]) for row in rows]


def test_an_open_case_stays_whole_with_its_conversation(store: Store, engine: Engine) -> None:
    case = replace(make_case(1), conversation=GROUP.key, found="물결")
    keep(store, HOME, replace(GROUP, case=1), new_case=case,
         new_lines=((1, CaseMessage("founder", "물결무늬", NOW)),),
         outgoing=(Outgoing(STAFF_PLACE, Content("물결무늬"), case=1),
                   Outgoing(GROUP.personal_address, Content("접수"), case=1)))  # fmt: skip
    ended = replace(make_case(2), conversation=HOME.key, state="closed", ended_at=NOW)
    keep(store, new_case=ended, new_lines=((2, CaseMessage("founder", "물결무늬", NOW)),))
    receive(store, "1", GROUP)
    for talk in (HOME, GROUP):
        keep(store, choice=SectionChoice(talk.key, "ko", "물결무늬?", "d", ("가",)))
    assert len(store.list_section_choices()) == 2
    erase(store)
    assert store.find_conversation(HOME.key) is None and store.list_section_choices() == []
    kept = store.find_conversation(GROUP.key)
    assert kept and (kept.case, kept.turns, kept.why, kept.version) == (1, (), "", 2)
    assert kept.offered == ()
    assert store.get_case(1) == replace(case, version=1)
    assert [line.text for line in store.list_lines(1)] == ["물결무늬"]
    assert read_messages(engine) == [("send", "owed", "물결무늬"), ("send", "owed", "접수")]
    assert read_events(engine)["1"] == ("waiting", GROUP.key, "물결무늬 1")
    gone = store.get_case(2)
    assert (gone.question, gone.found, gone.reason, gone.place, gone.conversation) == (
        ERASED_TEXT, "", "", None, ERASED,
    )  # fmt: skip
    assert [line.text for line in store.list_lines(2)] == [ERASED_TEXT]
    store.commit_without_message(
        "close", Decision(case=replace(store.get_case(1), state="closed", ended_at=NOW)), NOW
    )
    erase(store)
    assert store.find_conversation(GROUP.key) is None and store.get_case(1).question == ERASED_TEXT


def test_what_waits_from_before_is_closed_and_what_came_after_is_answered(
    store: Store, engine: Engine
) -> None:
    keep(store, HOME, THREAD, timers=(Timer("late", HOME.key, NOW + timedelta(hours=1)),))
    receive(store, "1", THREAD)
    receive(store, "2", HOME)
    store.inbox.postpone(store.inbox.claim("w", NOW), "w", NOW + timedelta(hours=1))
    (pressed,) = store.inbox.claim("w", NOW)
    receive(store, "3", HOME)
    store.commit([pressed], "w", Decision(erase_account=ACCOUNT), NOW)
    timer, before, press, after = read_events(engine).values()
    assert timer == before == ("ignored", ERASED, "{}") and press == ("done", ERASED, "{}")
    assert after == ("waiting", HOME.key, "물결무늬 3")
    (row,) = store.inbox.claim("w", NOW + timedelta(days=1))
    assert row.key == "3"


def test_a_repeat_of_an_erased_event_is_known_under_either_key(store: Store) -> None:
    receive(store, "1", HOME)
    store.commit(store.inbox.claim("w", NOW), "w", Decision(), NOW)
    erase(store)
    again = InboxEvent("telegram", "1", HOME.key, "again")
    other_key = InboxEvent("telegram", "history", HOME.key, "again", "1001:1:0")
    assert store.inbox.receive([again, other_key], NOW) == 0
    assert store.inbox.receive([replace(again, channel="slack")], NOW) == 1


def test_staff_are_still_told_that_a_case_ended_but_not_in_its_words(
    store: Store, engine: Engine
) -> None:
    ended = replace(make_case(1), state="closed", ended_at=NOW)
    keep(store, HOME, new_case=ended, outgoing=(
        Outgoing(HOME.address, Content("물결무늬"), case=1),
        Outgoing(STAFF_PLACE, Content("물결무늬"), "recard", case=1),
        Outgoing(STAFF_PLACE, Content(""), "close", case=1)))  # fmt: skip
    erase(store)
    assert read_messages(engine) == [("recard", "owed", ERASED_TEXT), ("close", "owed", "")]


def test_what_staff_quoted_in_the_cases_thread_is_erased(store: Store, engine: Engine) -> None:
    ended = replace(make_case(1), state="closed", ended_at=NOW)
    keep(store, HOME, new_case=ended,
         new_threads=(StaffThread("1.1", 1, "vn-hanoi", "slack", "C0HANOI", "50.1"),))  # fmt: skip
    lanes = ["slack:C0HANOI:50.1:U9", "slack:C0HANOI:50.11:U9", "slack:C0HANOI:U9"]
    for number, lane in enumerate(lanes):
        event = InboxEvent("slack", str(number), lane, "> 물결무늬", sender="slack:U9")
        store.inbox.receive([event], NOW)
        store.commit(store.inbox.claim("w", NOW), "w", Decision(), NOW)
    erase(store)
    assert [payload for _, _, payload in read_events(engine).values()] == [
        "{}",
        *["> 물결무늬"] * 2,
    ]


@pytest.mark.parametrize(
    "talk",
    [
        Conversation("telegram:10012", "telegram", "10012", None, "10012", "ko", private=True),
        Conversation("telegram:-1001:7", "telegram", "-1001", None, "7", "ko"),
        Conversation("slack:D1", "slack", "D1", None, "1001", "ko", private=True),
        Conversation("telegram:5:1001", "telegram", "5", "1001", "5", "ko", private=True),
    ],
    ids=["a longer number", "a group", "another messenger", "a thread of that number"],
)
def test_another_person_with_a_like_name_keeps_everything(
    store: Store, engine: Engine, talk: Conversation
) -> None:
    case = replace(make_case(2), conversation=talk.key, state="closed", ended_at=NOW)
    notice = Outgoing(Address("slack", "C0DESK"), Content(f"처리하지 못한 글({talk.key})"))
    keep(store, HOME, talk, new_case=case, audit=(f"{talk.channel}:{talk.user}", f"bind {talk.key}"),
         timers=(Timer("t", talk.key, NOW),), outgoing=(
             notice, Outgoing(talk.address, Content("답"), case=2)))  # fmt: skip
    receive(store, "9", talk)
    # A key of a message is made of a messenger's number, which may equal somebody's.
    store.commit_without_message("telegram:1001", Decision(outgoing=(notice,)), NOW)
    before = read_all(engine)
    keep_rows = {name: rows for name, rows in before.items() if name != "conversations"}
    erase(store)
    assert {name: rows for name, rows in read_all(engine).items() if name != "conversations"} == (
        keep_rows
    )
    assert store.find_conversation(talk.key) is not None


def read_all(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with engine.connect() as connection:
        return {table.name: [tuple(row) for row in connection.execute(select(table))]
                for table in t.metadata.sorted_tables}  # fmt: skip


def test_the_last_word_is_kept_until_it_went_out_and_no_longer(
    store: Store, engine: Engine
) -> None:
    keep(store, HOME)
    last = Outgoing(HOME.address, Content("지웠습니다"), forget_sent=True)
    store.commit_without_message("forget", Decision(erase_account=ACCOUNT, outgoing=(last,)), NOW)
    (owed,) = store.outbox.claim("s", NOW, ["telegram"])
    assert read_messages(engine) == [("send", "sending", "지웠습니다")]
    store.outbox.mark_sent(owed, NOW, "5")
    assert read_messages(engine) == []


def test_what_came_is_known_before_and_after_it_was_erased(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remains, "KEYS_AT_ONCE", 2)
    keep(store, HOME)
    receive(store, "5", HOME, person=ACCOUNT)
    for _ in range(2):
        assert store.inbox.list_known("telegram", ["1001:5:0", "1001:6:0"]) == {"1001:5:0"}
        assert store.inbox.list_known("slack", ["1001:5:0"]) == set()
        erase(store)


def test_a_digest_is_of_one_key_and_not_of_a_digest() -> None:
    assert digest_key("1") != digest_key("2") and digest_key(digest_key("1")) == digest_key("1")


@pytest.mark.parametrize(
    ("target_state", "text"), [("claimed", "물결무늬"), ("resolved", ERASED_TEXT)]
)
def test_a_case_that_was_merged_stays_as_long_as_its_target_is_open(
    store: Store, target_state: Any, text: str
) -> None:
    target = replace(make_case(1), conversation=GROUP.key, state=target_state)
    source = replace(make_case(2), conversation=HOME.key, state="closed", ended_at=NOW)
    keep(store, HOME, GROUP, new_case=target)
    line = (2, CaseMessage("founder", "물결무늬", NOW))
    keep_source = Decision(new_case=replace(source, merged_into=1), new_lines=(line,))
    store.commit_without_message("source", keep_source, NOW)
    erase(store)
    assert [one.text for one in store.list_lines(2)] == [text]
    assert (store.get_case(2).conversation == HOME.key) == (target_state == "claimed")


def test_of_an_open_case_the_receipt_that_waits_for_its_words_stays(
    store: Store, engine: Engine
) -> None:
    keep(store, replace(HOME, case=1), new_case=replace(make_case(1), conversation=HOME.key),
         outgoing=(Outgoing(STAFF_PLACE, Content("물결무늬"), case=1),
                   Outgoing(HOME.address, Content("전했습니다"), case=1, is_receipt=True)))  # fmt: skip
    assert ("send", "later", "전했습니다") in read_messages(engine)
    erase(store)
    assert ("send", "later", "전했습니다") in read_messages(engine)


def test_a_notice_that_names_the_person_loses_its_words_before_it_goes_out(
    store: Store, engine: Engine
) -> None:
    desk = Address("slack", "C0DESK")
    keep(store, HOME, outgoing=(Outgoing(desk, Content(f"처리하지 못한 글({HOME.key})")),))
    erase(store)
    assert read_messages(engine) == [("send", "owed", ERASED_TEXT)]
