"""What the assistant does when a decision cannot be written, or cannot be made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.assistant import MAX_DECISION_TRIES
from bot.buttons import PERSON_KEY, write_offer_key
from bot.messages import Address
from bot.store.inbox import INBOX_MAX_TRIES
from knowledge.errors import LibraryMissing
from knowledge.phrases.phrase import SectionName
from tests.fakes.in_memory_store import InMemoryStore
from tests.harness.assistant_harness import (
    OWNER,
    AnsweringLibrary,
    make_assistant,
    make_row,
    make_rows,
    work_messages,
)
from tests.samples.records import (
    FOUNDER,
    NOW,
    QUESTION,
    button_keys,
    make_binding,
    make_case,
    make_command,
    make_conversation,
    make_message,
    make_offered,
    make_pending,
    make_staff_message,
    make_thread,
    phrase,
    texts_of,
)

DESK = make_binding("domestic", "C0DESK")


@pytest.mark.parametrize("conflicts", range(MAX_DECISION_TRIES + 1))
def test_when_someone_else_wrote_first_it_decides_again(conflicts: int) -> None:
    library = AnsweringLibrary()
    store = work_messages(make_message(QUESTION), library=library, conflicts=conflicts)
    given_up = conflicts == MAX_DECISION_TRIES
    assert len(library.asked) == min(conflicts + 1, MAX_DECISION_TRIES)
    assert len(store.written) == (0 if given_up else 1) and store.buried == []
    assert store.inbox.fates == ({"postponed": ["0"]} if given_up else {})


@pytest.mark.parametrize("attempts", range(INBOX_MAX_TRIES))
def test_after_five_failures_the_desk_is_told(attempts: int) -> None:
    library = AnsweringLibrary(RuntimeError("boom"))
    message = make_message(QUESTION)
    store = work_messages(message, library=library, attempts=attempts, bindings=[DESK])
    assert store.written == []
    if attempts + 1 < INBOX_MAX_TRIES:
        assert store.inbox.fates == {"retried": ["0"], "RuntimeError: boom": []}
        assert store.buried == []
        return
    ((key, error, told),) = store.buried
    assert (key, error) == ("0", "RuntimeError: boom")
    assert texts_of(told) == [
        phrase("staff.dead_message", "ko", channel="telegram", lane=FOUNDER, error="RuntimeError")
    ]
    assert told[0].to == Address("slack", "C0DESK") and store.inbox.fates == {}


def test_each_message_of_a_thought_that_fails_is_tried_again_by_itself() -> None:
    library = AnsweringLibrary(RuntimeError("x" * 1_000))
    messages = make_message("물류비는"), make_message("얼마죠?"), make_command("help")
    store = work_messages(*messages, library=library)
    assert store.inbox.fates["retried"] == ["0", "1"]
    assert store.inbox.fates["released"] == ["2"]
    error = next(fate for fate in store.inbox.fates if fate.startswith("RuntimeError"))
    assert len(error) == 500


def test_without_a_desk_a_message_is_given_up_in_silence() -> None:
    library = AnsweringLibrary(RuntimeError("boom"))
    store = work_messages(make_message(QUESTION), library=library, attempts=INBOX_MAX_TRIES - 1)
    assert store.buried == [("0", "RuntimeError: boom", ())]


@pytest.mark.parametrize("payload", ["no task", "{}", '{"act": "plan"}'])
def test_a_task_that_cannot_be_read_is_given_up_and_the_desk_told(payload: str) -> None:
    row = make_row(payload, "library-telegram", attempts=INBOX_MAX_TRIES - 1)
    store = InMemoryStore([row], bindings=[DESK])
    make_assistant(store, [], AnsweringLibrary()).work_lane(OWNER)
    ((key, error, told),) = store.buried
    assert key == payload and error.startswith("UnreadableRecord")
    assert [one.to for one in told] == [Address("slack", "C0DESK")]


def test_a_question_that_cannot_be_answered_is_not_left_in_silence_onyx_14460() -> None:
    library = AnsweringLibrary(LibraryMissing("The library is empty."))
    store = work_messages(make_message(QUESTION), library=library)
    ((_, decision),) = store.written
    assert (store.buried, store.inbox.fates) == ([], {})
    assert texts_of(decision.outgoing)[-1] == phrase("founder.failed", "ko")
    assert button_keys(decision.outgoing[-1]) == [PERSON_KEY]
    assert decision.conversation and decision.conversation.pending
    assert decision.conversation.pending.question == QUESTION
    assert decision.conversation.pending.found == phrase("staff.found_failed", "ko")


def test_a_section_that_cannot_be_shown_is_an_answer_with_a_person_s_offer() -> None:
    library = AnsweringLibrary(LibraryMissing("The library is empty."))
    talk = make_conversation(offered=(make_offered(),), pending=make_pending())
    key = write_offer_key(make_offered().token, 1)
    store = work_messages(make_message(key, "button"), library=library, conversations=[talk])
    ((_, decision),) = store.written
    assert (store.buried, store.inbox.fates) == ([], {}) and library.asked == [QUESTION]
    assert texts_of(decision.outgoing) == [phrase("founder.failed", "ko")]
    assert button_keys(decision.outgoing[0]) == [PERSON_KEY]
    kept = decision.conversation  # and it can be chosen again
    assert kept and kept.offered[0].chosen == () and kept.pending == make_pending(at=NOW)
    assert decision.choice is None


def test_a_critical_matter_needs_no_library() -> None:
    library = AnsweringLibrary(LibraryMissing("The library is empty."))
    message = make_message("하노이 공항에서 직원이 억류됐습니다")
    ((_, decision),) = work_messages(message, library=library).written
    asks_where = decision.conversation and decision.conversation.asking_place
    assert decision.new_case or asks_where


def test_in_a_case_words_are_passed_on_without_a_library() -> None:
    library = AnsweringLibrary(LibraryMissing("The library is empty."))
    kept = {"cases": [make_case()], "threads": [make_thread()]}
    store = work_messages(
        make_message(QUESTION), library=library, conversations=[make_conversation(case=7)], **kept
    )
    ((_, decision),) = store.written
    assert decision.new_lines[0][1].text == QUESTION


def test_a_reply_of_staff_goes_out_where_no_section_can_be_looked_up() -> None:
    def fail(_: str) -> SectionName | None:
        raise LibraryMissing("The library is empty.")

    message = make_staff_message("「물류 바우처」 › 지원 한도")
    store = InMemoryStore(
        make_rows(message), conversations=[make_conversation(case=7)], cases=[make_case()],
        threads=[make_thread()], bindings=[make_binding()],
    )  # fmt: skip
    assistant = make_assistant(store, [message], AnsweringLibrary())
    replace(assistant, find_linked_section=fail).work_lane(OWNER)
    ((_, decision),) = store.written
    assert decision.choice is None and decision.outgoing[0].to == Address("telegram", "1001")


def test_an_event_that_cannot_be_read_is_tried_again_and_the_rest_given_back() -> None:
    store = InMemoryStore([make_row("broken"), make_row("0")])
    make_assistant(store, [make_message(QUESTION)], AnsweringLibrary()).work_lane(OWNER)
    assert store.inbox.fates["retried"] == ["broken"]
    assert store.inbox.fates["released"] == ["0"]
