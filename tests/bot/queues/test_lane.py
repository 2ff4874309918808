"""An album is one message, however its parts come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from bot.assistant import POSTPONE_DELAY
from bot.context import Decision
from bot.messages import Enclosure, Message
from bot.store.lane import ALBUM_SETTLE_TIME
from tests.fakes.in_memory_store import InMemoryStore
from tests.harness.assistant_harness import (
    OWNER,
    AnsweringLibrary,
    decide_messages,
    make_assistant,
    make_row,
    work_messages,
)
from tests.samples.records import (
    NOW,
    make_binding,
    make_case,
    make_conversation,
    make_file,
    make_line,
    make_message,
    make_staff_message,
    make_thread,
    phrase,
    sent_to_founder,
    texts_of,
)
from tests.samples.staff_records import make_member

FILES = tuple(make_file(f"{number}.jpg") for number in (1, 2, 3))
IN_STAFF_THREAD: dict[str, Any] = {
    "threads": [make_thread()], "cases": [make_case()], "bindings": [make_binding()],
    "conversations": [make_conversation(case=7)],
}  # fmt: skip


def make_album(make: Any, *captions: str, **values: Any) -> list[Message]:
    """One album: a file under each caption."""
    return [
        make(caption, files=(file,), album="77", order=f"{number}", **values)
        for number, (caption, file) in enumerate(zip(captions, FILES, strict=False))
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("captions", [("// 내부용", "", ""), ("", "// 내부용", "")])
def test_every_file_of_an_album_under_a_note_is_note(
    captions: tuple[str, ...], order: tuple[int, ...]
) -> None:
    album = make_album(make_staff_message, *captions)
    decision = decide_messages(*(album[number] for number in order), **IN_STAFF_THREAD)
    assert sent_to_founder(decision) == [] and decision.case is None
    assert decision.new_lines == ((7, make_line("내부용", "note", role="agency", files=FILES)),)


def test_a_part_that_comes_after_its_note_was_kept_is_note_too() -> None:
    noted, *_, late = make_album(make_staff_message, "// 내부용", "", "")
    store = InMemoryStore([make_row("1", "slack")], done=["0"], **IN_STAFF_THREAD)
    make_assistant(store, [noted, late], AnsweringLibrary()).work_lane(OWNER)
    ((_, decision),) = store.written
    assert sent_to_founder(decision) == []
    assert decision.new_lines == ((7, make_line("", "note", role="agency", files=FILES[2:])),)


def test_a_late_part_of_another_persons_album_is_no_note() -> None:
    (noted,) = make_album(make_staff_message, "// 내부용")
    (other,) = make_album(make_staff_message, "", account="slack:U0OTHER")
    members = [make_member(), make_member("U0OTHER")]
    store = InMemoryStore([make_row("1", "slack")], done=["0"], members=members, **IN_STAFF_THREAD)
    make_assistant(store, [noted, other], AnsweringLibrary()).work_lane(OWNER)
    ((_, decision),) = store.written
    assert sent_to_founder(decision)


def test_an_album_of_a_founder_in_a_case_is_relayed_as_one() -> None:
    decision = decide_messages(*make_album(make_message, "서류입니다", "", ""), **IN_STAFF_THREAD)
    assert decision.new_lines[0] == (7, make_line("서류입니다", files=FILES))
    assert decision.outgoing[0].content.text.endswith("서류입니다")


def test_what_another_person_writes_between_its_parts_does_not_cut_an_album() -> None:
    first, last = make_album(make_staff_message, "// 내부용", "")
    between = make_staff_message("점심?", account="slack:U0OTHER", order="0")
    store = work_messages(first, between, last, **IN_STAFF_THREAD)
    ((keys, _),) = store.written
    assert keys == ["0", "2"] and store.inbox.fates == {"released": ["1"]}


def test_an_album_with_a_command_is_that_command_with_every_file() -> None:
    text, command = (
        make_message("", files=FILES[:1], album="77"),
        make_message(
            "", "command", command="ingest", files=FILES[1:2], album="77", account="telegram:1"
        ),
    )
    admin = make_message("", files=FILES[:1], album="77", account="telegram:1")
    decision = decide_messages(admin, command)
    assert decision.task and decision.task.files == FILES[:2]
    assert decide_messages(text, command).task is None  # two people's


@pytest.mark.parametrize(("age", "waits"), [
    (timedelta(), True), (ALBUM_SETTLE_TIME / 2, True),
    (ALBUM_SETTLE_TIME, False), (timedelta(hours=-1), False),  # the clock was set back
])  # fmt: skip
def test_an_album_waits_until_no_further_part_comes(age: timedelta, waits: bool) -> None:
    album = make_album(make_staff_message, "// 내부용", "")
    rows = [make_row("0", "slack"), make_row("1", "slack", age=age)]
    store = InMemoryStore(rows, **IN_STAFF_THREAD)
    make_assistant(store, album, AnsweringLibrary()).work_lane(OWNER)
    assert bool(store.written) is not waits
    if waits:
        assert store.inbox.fates == {"postponed": ["0"], "released": ["1"]}
        assert store.inbox.postponed_until == NOW + POSTPONE_DELAY


def work_after(earlier: Message, message: Message, **kept: Any) -> InMemoryStore:
    """Work a message whose lane has an earlier event of the same message, already handled."""
    store = InMemoryStore([make_row("1")], earlier="0", **kept)
    make_assistant(store, [earlier, message], AnsweringLibrary()).work_lane(OWNER)
    return store


@pytest.mark.parametrize(
    "values",
    [
        {"text": "물류비는 얼마인가요?"},
        {"text": "송장입니다", "files": FILES[:1]},
        {"text": "", "kind": "command", "command": "close"},
        {"text": "", "kind": "other", "enclosures": (Enclosure("sticker", "🙏"),)},
    ],
)
def test_an_edit_that_changes_nothing_leads_to_nothing(values: dict[str, Any]) -> None:
    first = make_message(**values)
    again = make_message(**{"kind": "edit"} | values)
    if again.files:  # Telegram may give the file another id
        again = replace(again, files=(replace(again.files[0], ref="other"),))
    for talk in (make_conversation(), make_conversation(case=7)):
        store = work_after(first, again, conversations=[talk], cases=[make_case()])
        assert store.written == [] and store.inbox.fates == {"ignored": ["1"]}


@pytest.mark.parametrize(
    ("earlier", "edited"),
    [
        (make_message("물류비"), make_message("물류비는?", "edit")),
        (make_message("송장", files=FILES[:1]), make_message("송장", "edit", files=FILES[1:2])),
        (make_message("물류비", id="other"), make_message("물류비", "edit")),
    ],
)
def test_an_edit_that_says_something_else_is_handled(earlier: Message, edited: Message) -> None:
    talk = make_conversation(case=7)
    kept = {"conversations": [talk], "cases": [make_case()], "threads": [make_thread()]}
    ((_, decision),) = work_after(earlier, edited, **kept).written
    assert decision.new_lines[0][1].text == edited.text


def test_staffs_edit_of_a_command_is_known_by_what_it_was_before() -> None:
    """Its words were never passed on, so they are no correction either."""
    command = make_staff_message("세관이 원본을 요구한다", "command", command="insight")
    edited = make_staff_message("세관이 사본을 요구한다", "edit", is_edited=True)
    ((_, decision),) = work_after(command, edited, **IN_STAFF_THREAD).written
    assert texts_of(decision.outgoing) == [phrase("staff.edited_command", "ko")]


def test_a_deletion_by_staff_knows_what_was_deleted() -> None:
    record = [make_line("틀린 말", "staff", role="agency")]
    told = []
    for text in ("틀린 말", "// 틀린 말"):
        gone = make_staff_message("", "deleted")
        store = work_after(make_staff_message(text), gone, record=record, **IN_STAFF_THREAD)
        told.append([one for _, decision in store.written for one in sent_to_founder(decision)])
    assert len(told[0]) == 1 and "지웠습니다" in told[0][0].content.text
    assert told[1] == []


def test_an_edited_caption_is_no_further_part() -> None:
    album = make_album(make_staff_message, "// 내부용")
    edited = make_staff_message("// 고침", "edit", files=FILES[:1], album="77")
    store = work_messages(*album, edited, **IN_STAFF_THREAD)
    ((keys, decision),) = store.written
    assert keys == ["0"] and isinstance(decision, Decision)
