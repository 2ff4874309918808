"""What an admin asks of the library from a chat."""

from __future__ import annotations

from typing import Any

import pytest

from bot.admin import library_commands
from bot.context import Decision
from bot.messages import Address, LibraryTask, Message
from bot.types import Conversation, Upload
from knowledge.types import LANGUAGES, Language
from tests.samples.library_records import InMemoryLibrary, make_admin_turn, make_edition_summary
from tests.samples.records import (
    FOUNDER,
    button_keys,
    make_command,
    make_conversation,
    make_file,
    make_message,
    phrase,
    texts_of,
)

ONE, TWO = make_file("1.pdf"), make_file("2.pdf")
WAITING = make_conversation(upload=Upload("t1"))
IN_ALBUM = make_conversation(upload=Upload("t1", (ONE,), "album"))
LIBRARY = InMemoryLibrary([make_edition_summary(3, active=True), make_edition_summary(2)])
HERE = Address("telegram", "1001")


def decide(
    message: Message, talk: Conversation | None = None, library: Any = LIBRARY, **values: Any
) -> Decision:
    turn = make_admin_turn(message, talk, library_service=library, **values)
    assert library_commands.is_about_library(turn)
    return library_commands.decide_library_command(turn)


def press(key: str) -> Decision:
    return decide(make_message(f"library:{key}", "button"))


@pytest.mark.parametrize(
    ("message", "talk", "is_admin", "about"),
    [
        (make_command("ingest"), None, True, True),
        (make_command("editions"), None, False, True),  # to be refused
        (make_command("help"), None, True, False),
        (make_message("library:keep", "button"), None, True, True),
        (make_message("ok", "button"), None, True, False),
        (make_message("", files=(ONE,)), WAITING, True, True),
        (make_message("", files=(ONE,)), WAITING, False, False),
        (make_message("", files=(ONE,), private=False), WAITING, True, False),
        (make_message("", files=(ONE,)), None, True, False),
        (make_message("잠깐만요"), WAITING, True, False),
        (make_message("고친 글", "edit", files=(ONE,)), WAITING, True, False),
        (make_message("", files=(TWO,), album="album"), IN_ALBUM, True, True),
        (make_message("", files=(TWO,), album="other"), IN_ALBUM, True, False),
        (make_message("", files=(TWO,)), IN_ALBUM, True, False),
    ],
)
def test_which_messages_are_about_the_library(
    message: Message, talk: Conversation | None, is_admin: bool, about: bool
) -> None:
    turn = make_admin_turn(message, talk, is_admin=is_admin)
    assert library_commands.is_about_library(turn) == about


@pytest.mark.parametrize(
    ("message", "name"),
    [(make_command("ingest"), "ingest"), (make_message("library:keep", "button"), "library:keep")],
)
def test_whoever_is_no_admin_is_refused_and_noted(message: Message, name: str) -> None:
    decision = decide(message, is_admin=False)
    assert texts_of(decision.outgoing) == [phrase("staff.not_admin", "ko", who=FOUNDER)]
    assert decision.audit == (FOUNDER, f"{name}: refused, no admin") and decision.task is None


def test_the_library_is_kept_in_private_chats_only() -> None:
    decision = decide(make_command("ingest", "https://example.org", private=False, chat="-5"))
    assert texts_of(decision.outgoing) == [phrase("library.private", "ko")]
    assert decision.task is None and decision.outgoing[0].to == Address("telegram", "-5")


@pytest.mark.parametrize("url", ["https://example.org/a.pdf", "http://example.org/a.pdf"])
def test_an_address_is_planned(url: str) -> None:
    message = make_command("ingest", url)
    decision = decide(message)
    token = message.token()
    assert decision.task == LibraryTask("plan", FOUNDER, HERE, "ko", token, url=url)
    assert texts_of(decision.outgoing) == [phrase("library.reading", "ko", names=url)]
    assert decision.audit == (FOUNDER, f"ingest {token}: {url}")


def test_files_with_the_command_are_planned() -> None:
    message = make_command("ingest", files=(ONE, TWO))
    decision = decide(message)
    token = message.token()
    assert decision.task == LibraryTask("plan", FOUNDER, HERE, "ko", token, (ONE, TWO))
    assert decision.conversation and decision.conversation.upload == Upload(token, (ONE, TWO))
    assert texts_of(decision.outgoing) == [phrase("library.reading", "ko", names="1.pdf, 2.pdf")]
    assert decision.audit == (FOUNDER, f"ingest {token}: 1.pdf, 2.pdf")


def test_the_command_alone_waits_for_files() -> None:
    message = make_command("ingest")
    decision = decide(message)
    assert decision.conversation and decision.conversation.upload == Upload(message.token())
    assert texts_of(decision.outgoing) == [phrase("library.how", "ko")] and decision.task is None


def test_the_command_with_other_words_says_how() -> None:
    decision = decide(make_command("ingest", "공고"))
    assert texts_of(decision.outgoing) == [phrase("library.how", "ko")]
    assert decision.conversation is None and decision.task is None


def test_files_that_were_waited_for_are_planned_under_the_tokens_command() -> None:
    decision = decide(make_message("", files=(ONE,)), WAITING)
    assert decision.task and (decision.task.token, decision.task.files) == ("t1", (ONE,))
    assert decision.task.wait == 0
    assert decision.conversation and decision.conversation.upload == Upload("t1", (ONE,))


def test_the_files_of_an_album_are_gathered_and_the_admin_is_told_once() -> None:
    first = decide(make_message("", files=(ONE,), album="album"), WAITING)
    assert first.task and first.task.wait == library_commands.ALBUM_WAIT_SECONDS
    assert len(first.outgoing) == 1 and first.conversation
    second = decide(make_message("", files=(TWO,), album="album"), first.conversation)
    assert second.task and second.task.files == (ONE, TWO) and second.outgoing == ()
    assert second.conversation and second.conversation.upload == Upload("t1", (ONE, TWO), "album")


@pytest.mark.parametrize(
    ("upload", "kept"),
    [
        (None, None),
        (Upload("t1"), None),
        (Upload("t1", (ONE,), "album"), Upload("t1", (ONE,), "album")),
    ],
)
def test_whoever_goes_on_to_other_things_is_not_waited_for(
    upload: Upload | None, kept: Upload | None
) -> None:
    turn = make_admin_turn(make_message("질문"), make_conversation(upload=upload))
    assert library_commands.stop_waiting_for_files(turn) == make_conversation(upload=kept)


def test_the_five_newest_editions_are_listed() -> None:
    library = InMemoryLibrary([make_edition_summary(n, n == 6) for n in range(7, 0, -1)])
    lines = texts_of(decide(make_command("editions"), library=library).outgoing)[0].splitlines()
    assert [line[:2] for line in lines[1:]] == ["7판", "6판", "5판", "4판", "3판"]
    assert [n for n, line in enumerate(lines) if "지금 답하는 판" in line] == [2]


def test_without_an_edition_the_admin_learns_how_to_make_one() -> None:
    decision = decide(make_command("editions"), library=InMemoryLibrary())
    assert texts_of(decision.outgoing) == [phrase("library.no_editions", "ko")]


def test_a_rollback_is_asked_about_first() -> None:
    (asked,) = decide(make_command("rollback", " 2 ")).outgoing
    assert "지금의 3판 대신 2판으로" in asked.content.text
    assert button_keys(asked) == ["library:rollback:2:3", "library:keep"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("3", phrase("library.answers_already", "ko", number=3)),
        ("9", phrase("library.no_edition", "ko", wanted="9", known="3, 2")),
        ("", phrase("library.no_edition", "ko", wanted="-", known="3, 2")),
    ],
)
def test_a_rollback_that_cannot_be_is_not_asked_about(words: str, told: str) -> None:
    (answered,) = decide(make_command("rollback", words)).outgoing
    assert answered.content.text == told and button_keys(answered) == []


def test_a_rollback_without_editions_names_none() -> None:
    decision = decide(make_command("rollback", "1"), library=InMemoryLibrary())
    told = phrase("library.no_edition", "ko", wanted="1", known="-")
    assert texts_of(decision.outgoing) == [told]


def test_a_plan_that_is_applied_is_a_task_and_the_admin_is_told() -> None:
    decision = press("apply:t1:mark1")
    assert decision.task == LibraryTask("apply", FOUNDER, HERE, "ko", "t1", mark="mark1")
    assert texts_of(decision.outgoing) == [phrase("library.applying", "ko")]
    assert decision.audit == (FOUNDER, "apply t1: asked for")


@pytest.mark.parametrize(
    ("key", "task", "audit"),
    [
        ("discard:t1", LibraryTask("discard", FOUNDER, HERE, "ko", "t1"), "discard t1: asked for"),
        ("rollback:2:3", LibraryTask("rollback", FOUNDER, HERE, "ko", edition=2, base=3),
         "rollback 2: asked for"),
    ],
)  # fmt: skip
def test_quick_tasks_speak_when_they_are_done(key: str, task: LibraryTask, audit: str) -> None:
    decision = press(key)
    assert decision == Decision(task=task, audit=(FOUNDER, audit))


def test_a_rollback_may_be_left() -> None:
    decision = press("keep")
    assert texts_of(decision.outgoing) == [phrase("library.kept", "ko")]
    assert decision.task is None and decision.audit == (FOUNDER, "rollback: discarded")


@pytest.mark.parametrize(
    "key", ["", "apply:t1", "apply:t1:mark1:more", "discard", "rollback:2", "rollback:2:x", "x:1"]
)
def test_a_key_of_nothing_says_how(key: str) -> None:
    decision = press(key)
    assert texts_of(decision.outgoing) == [phrase("library.how", "ko")] and decision.task is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_admin_is_answered_in_their_language(language: Language) -> None:
    decision = decide(make_command("ingest", files=(ONE,)), make_conversation(language=language))
    assert texts_of(decision.outgoing) == [phrase("library.reading", language, names="1.pdf")]
    assert decision.task and decision.task.language == language
