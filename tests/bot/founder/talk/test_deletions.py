"""What was deleted before a case does not come into it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages import Message
from tests.bot.founder.talk.test_matter import ONE, SECRET, TWO, files_of, play
from tests.samples.records import (
    QUESTION,
    make_command,
    make_conversation,
    make_line,
    make_message,
    make_offered,
    make_pending,
    sent_to_staff,
    texts_of,
)


@pytest.mark.parametrize("said", [make_message(SECRET), make_message(SECRET, files=(ONE,))])
def test_what_was_deleted_before_a_case_does_not_come_into_it(said: Message) -> None:
    deleted = make_message(SECRET, "deleted")
    decision = play(said, deleted, make_message(QUESTION), make_command("human"))
    assert QUESTION in str(texts_of(sent_to_staff(decision, "8.1")))
    assert SECRET not in str(decision) and files_of(decision) == []


def test_a_deletion_leaves_what_else_the_matter_has() -> None:
    deleted = make_message(SECRET, "deleted")
    file = make_message("", files=(TWO,))
    decision = play(make_message(SECRET), file, deleted, make_command("human"))
    assert SECRET not in str(decision) and files_of(decision) == ["2.pdf"]


def test_sections_are_no_longer_offered_for_what_was_deleted() -> None:
    others = make_offered(asked=make_pending(before=(make_line(SECRET, files=(ONE,)),)))
    talk = make_conversation(offered=(make_offered(asked=make_pending(SECRET)), others))
    left = play(make_message(SECRET, "deleted"), talk=talk).conversation
    assert left and left.offered == (replace(others, asked=make_pending()),)


def test_a_question_deleted_while_the_place_is_asked_for_is_taken_back() -> None:
    talk = make_conversation(pending=make_pending(SECRET), asking_place=True)
    left = play(make_message(SECRET, "deleted"), talk=talk).conversation
    assert left and (left.pending, left.asking_place) == (None, False)
