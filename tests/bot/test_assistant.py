"""The life of one message: grouped, decided and written.

The assistant takes the store as an argument; here it is a small one in memory. Library tasks,
which hold their lease in a thread, are left to the scenarios.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from bot.assistant import MAX_DECISION_TRIES, POSTPONE_DELAY
from bot.context import Decision, Services
from bot.messages import Message
from bot.store.inbox import CLOCK_CHANNEL
from bot.types import Binding, Conversation
from knowledge.types import Language
from tests.fakes.in_memory_store import InMemoryStore
from tests.harness.assistant_harness import (
    OWNER,
    AnsweringLibrary,
    RecordingPreview,
    decide_messages,
    make_assistant,
    make_row,
    make_rows,
    work_messages,
)
from tests.samples.library_records import InMemoryLibrary
from tests.samples.records import (
    FOUNDER,
    NOW,
    QUESTION,
    make_binding,
    make_case,
    make_command,
    make_conversation,
    make_file,
    make_line,
    make_message,
    make_pending,
    make_room_message,
    make_staff_message,
    make_thread,
    phrase,
    texts_of,
)


def test_an_empty_lane_is_no_work() -> None:
    assert make_assistant(InMemoryStore(), (), AnsweringLibrary()).work_lane(OWNER) is None


TALK = make_conversation()
IN_CASE = make_conversation(case=7)
COMMAND = make_command("help")


@pytest.mark.parametrize(
    ("messages", "kept", "grouped"),
    [
        ([make_message("물류비는"), make_message("얼마죠?")], {}, 2),
        ([make_message("물류비는")], {}, 1),
        ([make_message("물류비는"), COMMAND, make_message("얼마죠?")], {}, 1),
        ([COMMAND, make_message("물류비는")], {}, 1),
        ([make_message("물류비는"), make_message("담당자", command="human")], {}, 1),
        ([make_message("물류비는"), make_message("보세요", files=(make_file(),))], {}, 1),
        ([make_message("물류비는"), make_message("고친 글", "edit")], {}, 1),
        ([make_message("물류비는"), None], {}, 1),
        ([make_message("가", chat="-5", private=False),
          make_message("나", chat="-5", account="telegram:2", private=False)], {}, 1),
        ([make_message("더"), make_message("있어요")],
         {"conversations": [IN_CASE], "cases": [make_case()]}, 1),
        ([make_message("더"), make_message("있어요")], {"conversations": [TALK]}, 2),
        ([make_staff_message("가"), make_staff_message("나")],
         {"threads": [make_thread()], "cases": [make_case()]}, 1),
    ],
)  # fmt: skip
def test_quick_plain_words_of_one_person_are_one_thought(
    messages: list[Message | None], kept: dict[str, Any], grouped: int
) -> None:
    store = work_messages(*messages, **kept)
    ((keys, _),) = store.written
    numbers = [str(n) for n in range(len(messages))]
    assert keys == numbers[:grouped]
    assert store.inbox.fates.get("released", []) == numbers[grouped:]


def test_several_quick_messages_are_one_question_chatwoot_15263() -> None:
    library = AnsweringLibrary()
    work_messages(
        make_message("물류비는"), make_message("얼마까지"), make_message("되죠?"), library=library
    )
    assert library.asked == ["물류비는\n얼마까지\n되죠?"]


def test_messages_are_worked_as_they_were_written() -> None:
    library = AnsweringLibrary()
    written = [make_message(text, order=order) for text, order in (
        ("셋", "3"), ("하나", "1"), ("둘", "2"),
    )]  # fmt: skip
    ((keys, _),) = work_messages(*written, library=library).written
    assert keys == ["1", "2", "0"] and library.asked == ["하나\n둘\n셋"]


def test_what_does_not_say_when_stays_behind_what_it_followed() -> None:
    library = AnsweringLibrary()
    written = [make_message("둘", order="2"), make_message("뒤"), make_message("하나", order="1")]
    ((keys, _),) = work_messages(*written, library=library).written
    assert keys == ["2", "0", "1"] and library.asked == ["하나\n둘\n뒤"]


def test_an_event_that_asks_nothing_is_closed() -> None:
    store = work_messages(None, make_message(QUESTION))
    assert store.inbox.fates == {"ignored": ["0"], "released": ["1"]} and store.written == []


def test_a_later_event_that_cannot_be_read_does_not_stop_the_first() -> None:
    messages = [make_message(QUESTION)]
    store = InMemoryStore([make_row("0"), make_row("broken")])
    make_assistant(store, messages, AnsweringLibrary()).work_lane(OWNER)
    assert [keys for keys, _ in store.written] == [["0"]]
    assert store.inbox.fates == {"released": ["broken"]}


# Whose turn a message is: what is written tells it.
ROOM = Binding("vn-hanoi", "telegram", "-100")
STAFF_KEPT: dict[str, Any] = {
    "threads": [make_thread()], "cases": [make_case()], "bindings": [make_binding()],
}  # fmt: skip


def test_a_founder_is_answered() -> None:
    decision = decide_messages(make_message(QUESTION))
    greeting, answer = texts_of(decision.outgoing)
    assert greeting == phrase("founder.greeting", "ko") and "3천만 원" in answer
    assert decision.conversation and decision.conversation.key == FOUNDER


@pytest.mark.parametrize(("locale", "language"), [("vi", "vi"), (None, "ko")])
def test_a_conversation_begins_in_the_messengers_language(locale: Any, language: Language) -> None:
    decision = decide_messages(make_command("help", locale=locale))
    kept = decision.conversation
    assert kept and (kept.language, kept.channel, kept.chat) == (language, "telegram", "1001")
    assert texts_of(decision.outgoing)[1] == phrase("founder.help", language)


def test_words_in_a_group_that_are_not_for_the_bot_lead_to_nothing() -> None:
    message = make_message("점심?", chat="-5", private=False, addressed=False)
    assert decide_messages(message) == Decision(forget_message=True)


@pytest.mark.parametrize(
    ("user", "in_reply_thread", "answered"),
    [("1001", True, True), ("1001", False, False), ("1002", True, False)],
)
def test_a_follow_up_in_a_thread_is_heard_without_a_mention_onyx_1496(
    user: str, in_reply_thread: bool, answered: bool
) -> None:
    place: dict[str, Any] = {"chat": "C1", "thread": "9", "private": False}
    talk = replace(TALK, key="telegram:C1:9:1001", pending=make_pending(), **place)
    message = make_message(
        "더요",
        account=f"telegram:{user}",
        addressed=False,
        in_reply_thread=in_reply_thread,
        **place,
    )
    decision = decide_messages(message, conversations=[talk])
    assert (bool(decision.outgoing), decision.forget_message) == (answered, not answered)


@pytest.mark.parametrize("account", ["telegram:1", "telegram:2"])
def test_binding_is_for_admins(account: str) -> None:
    message = make_room_message("vn-hanoi", "command", command="bind", account=account)
    decision = decide_messages(message, waiting=[make_case()])
    assert decision.new_binding == (ROOM if account == "telegram:1" else None)
    assert len(decision.new_threads) == (1 if account == "telegram:1" else 0)


@pytest.mark.parametrize("account", ["telegram:1", "telegram:2"])
def test_only_an_admin_who_is_erased_has_uploads_to_leave(account: str) -> None:
    message, library = make_message("forget", "button", account=account), InMemoryLibrary()
    store = InMemoryStore(make_rows(message))
    assistant = make_assistant(store, [message], AnsweringLibrary())
    replace(assistant, library_service=lambda: library).work_lane(OWNER)
    ((_, decision),) = store.written
    assert decision.erase_account == account
    assert library.done == ([("forget", account)] if account == "telegram:1" else [])


@pytest.mark.parametrize("account", ["telegram:1", "telegram:2"])
def test_the_library_is_for_admins(account: str) -> None:
    decision = decide_messages(make_command("editions", account=account))
    no_editions, refused = (
        phrase("library.no_editions", "ko"), phrase("staff.not_admin", "ko", who=account),
    )  # fmt: skip
    assert texts_of(decision.outgoing) == [no_editions if account == "telegram:1" else refused]


def test_a_message_that_comes_before_its_threads_card_is_noted_waits() -> None:
    store = work_messages(make_staff_message("답"), bindings=[make_binding()], card_in_flight=True)
    assert store.inbox.fates == {"postponed": ["0"]}
    assert store.inbox.postponed_until == NOW + POSTPONE_DELAY and store.written == []
    known = work_messages(make_staff_message("답"), **STAFF_KEPT, card_in_flight=True)
    assert len(known.written) == 1


def test_a_reply_in_a_thread_of_a_private_chat_belongs_to_the_case_of_the_chat() -> None:
    message = make_message("스레드에서", thread="55")
    kept: dict[str, Any] = {"cases": [make_case()], "threads": [make_thread()]}
    decision = decide_messages(message, **kept, conversations=[IN_CASE])
    assert decision.new_lines[0] == (7, make_line("스레드에서"))
    apart = decide_messages(
        message, **kept, conversations=[TALK]
    )  # in no case: a conversation of its own
    assert apart.conversation and apart.conversation.thread == "55"
    own = replace(TALK, key=f"{FOUNDER}:55", thread="55")
    began = decide_messages(message, **kept, conversations=[IN_CASE, own])
    assert began.conversation and began.conversation.thread == "55"


def test_a_timer_opens_the_case_whose_place_never_came() -> None:
    waiting = make_conversation(asking_place=True, pending=make_pending())
    for kept, mission in (([waiting], "domestic"), ([TALK], None), ([], None)):
        store = InMemoryStore([make_row(FOUNDER, CLOCK_CHANNEL)], conversations=kept)
        make_assistant(store, (), AnsweringLibrary()).work_lane(OWNER)
        ((keys, decision),) = store.written
        assert keys == [FOUNDER]
        assert (decision.new_case.mission if decision.new_case else None) == mission


def test_what_a_decision_may_look_at_comes_from_the_store() -> None:
    store = InMemoryStore(**STAFF_KEPT)
    services: Services = make_assistant(store, (), AnsweringLibrary()).build_services()
    assert services.now == NOW and services.bindings == (make_binding(),)
    assert services.reserve_case_number() == 8 and services.get_case(7) == make_case()
    assert services.list_cases(FOUNDER) == [make_case()] and services.list_cases("x:1") == []
    assert services.find_current_thread(7) == make_thread() and services.list_lines(7) == []
    assert services.ask_with_preview is None


def test_an_answer_is_shown_while_it_is_written_where_the_messenger_can() -> None:
    shown = RecordingPreview()
    for channel, texts in (("slack", []), ("telegram", ["3천만 원까지입니다."])):
        store = InMemoryStore(make_rows(make_message(QUESTION)))
        previews = {channel: shown}
        messages = [make_message(QUESTION)]
        make_assistant(store, messages, AnsweringLibrary(), previews=previews).work_lane(OWNER)
        assert shown.texts == texts and shown.left == bool(texts)


def test_long_messages_are_written_in_parts_that_the_messenger_takes() -> None:
    message = make_staff_message("긴 답 " * 1_500)
    decision = decide_messages(message, **STAFF_KEPT, conversations=[IN_CASE])
    to_founder = [one for one in decision.outgoing if one.to.channel == "telegram"]
    assert len(to_founder) == 2 and all(len(one.content.text) <= 3_800 for one in to_founder)


def test_its_sender_sees_that_a_message_was_passed_on() -> None:
    message = make_message("더 있어요")
    kept: dict[str, Any] = {"conversations": [IN_CASE], "cases": [make_case(state="claimed")]}
    for conflicts, seen in ((0, message), (MAX_DECISION_TRIES, None)):
        store = InMemoryStore(make_rows(message), conflicts=conflicts, **kept)
        result = make_assistant(store, [message], AnsweringLibrary()).work_lane(OWNER)
        assert result and result.to_acknowledge == seen


def test_a_decision_reads_a_case_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many steps look at it: who wrote it, what changed of it, whose turn it is, its timers."""
    reads: list[tuple[str, Any]] = []

    def count(name: str) -> None:
        read = getattr(InMemoryStore, name)

        def note(self: InMemoryStore, key: Any) -> Any:
            reads.append((name, key))
            return read(self, key)

        monkeypatch.setattr(InMemoryStore, name, note)

    for name in ("get_case", "list_log", "list_staff_threads", "list_joined"):
        count(name)
    for message in (make_staff_message("답입니다"), make_message("더 여쭙니다")):
        reads.clear()
        work_messages(message, **STAFF_KEPT, conversations=[IN_CASE])
        assert ("get_case", 7) in reads and len(reads) == len(set(reads)), reads


def test_what_a_decision_lists_is_its_own() -> None:
    store = InMemoryStore(conversations=[TALK])
    services: Services = make_assistant(store, (), AnsweringLibrary()).build_services()
    found = list(services.list_conversations(TALK.account))
    cast(list[Conversation], services.list_conversations(TALK.account)).clear()
    assert services.list_conversations(TALK.account) == found != []
