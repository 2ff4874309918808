"""What comes of a library task, and how its admin reads it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.admin.library_service import EditionSummary
from bot.admin.library_tasks import is_overtaken, report_failure, run_task
from bot.context import Decision
from bot.messages import Address, LibraryTask
from bot.types import Conversation, Upload
from knowledge.types import LANGUAGES, Language
from tests.samples.library_records import (
    InMemoryLibrary,
    make_edition_summary,
    make_library_task,
    make_plan_summary,
)
from tests.samples.records import (
    FOUNDER,
    button_keys,
    make_conversation,
    make_file,
    phrase,
    texts_of,
)

ONE, TWO = make_file("1.pdf"), make_file("2.pdf")
COUNTS = phrase(
    "library.counts", "ko", documents=4, passages=0, created=0, updated=0, withdrawn=0
)  # fmt: skip
EDITIONS = [make_edition_summary(3, active=True), make_edition_summary(2), make_edition_summary(1)]


def run(task: LibraryTask, outcome: Any = None, editions: Any = ()) -> tuple[Decision, list[Any]]:
    """What a task leads to, and what was done to the library."""
    library = InMemoryLibrary(editions, outcome)
    return run_task(task, library), library.done


def test_a_plan_is_shown_with_its_buttons() -> None:
    task = make_library_task("plan", files=(ONE,))
    decision, done = run(task, make_plan_summary())
    (shown,) = decision.outgoing
    assert shown.content.text.startswith(phrase("library.plan", "ko") + "\n\n[신규] 새 공고")
    assert button_keys(shown) == ["library:apply:t1:mark1", "library:discard:t1"]
    assert shown.to == Address("telegram", "1001") and done == [task]
    assert decision.audit == (FOUNDER, "plan t1: mark1, 1 changes, 0 refused")


@pytest.mark.parametrize(
    ("outcome", "told", "audit"),
    [
        (make_edition_summary(4, active=True),
         phrase("library.applied", "ko", number=4, counts=COUNTS), "apply t1: edition 4"),
        (make_edition_summary(4),
         phrase("library.applied_before", "ko", number=4), "apply t1: edition 4"),
        (None, phrase("library.gone", "ko"), "apply t1: the upload is gone"),
    ],
)  # fmt: skip
def test_an_applied_plan_says_what_it_became(
    outcome: EditionSummary | None, told: str, audit: str
) -> None:
    task = make_library_task("apply", mark="mark1")
    decision, done = run(task, outcome)
    assert texts_of(decision.outgoing) == [told] and decision.audit == (FOUNDER, audit)
    assert done == [task]


def test_a_plan_that_no_longer_holds_is_shown_again_to_be_decided() -> None:
    decision, _ = run(make_library_task("apply", mark="mark1"), make_plan_summary("mark2"))
    (shown,) = decision.outgoing
    assert shown.content.text.startswith(phrase("library.plan_anew", "ko"))
    assert button_keys(shown) == ["library:apply:t1:mark2", "library:discard:t1"]
    assert decision.audit == (FOUNDER, "apply t1: mark2, 1 changes, 0 refused")


@pytest.mark.parametrize(
    ("outcome", "told", "audit"),
    [
        (None, phrase("library.discarded", "ko"), "discard t1: discarded"),
        (make_edition_summary(4), phrase("library.applied_before", "ko", number=4),
         "discard t1: is edition 4"),
    ],
)  # fmt: skip
def test_a_discarded_upload_is_gone_unless_it_was_applied(
    outcome: EditionSummary | None, told: str, audit: str
) -> None:
    decision, _ = run(make_library_task("discard"), outcome)
    assert texts_of(decision.outgoing) == [told] and decision.audit == (FOUNDER, audit)


@pytest.mark.parametrize("base", [3, 1])
@pytest.mark.parametrize("edition", [2, 3])
def test_a_rollback_is_done_only_from_the_edition_it_was_asked_from(
    base: int, edition: int
) -> None:
    """Or where it has been done already: the second time changes nothing more."""
    decision, done = run(make_library_task("rollback", edition=edition, base=base), None, EDITIONS)
    (told,) = decision.outgoing
    if base == 3 or edition == 3:
        assert done == [edition] and button_keys(told) == []
        assert told.content.text == phrase("library.rolled_back", "ko", number=edition)
        assert decision.audit == (FOUNDER, f"rollback {edition}: from edition 3")
    else:
        assert done == [] and button_keys(told) == ["library:rollback:2:3", "library:keep"]
        assert decision.audit == (FOUNDER, "rollback 2: edition 3 came between")


@pytest.mark.parametrize(("editions", "known"), [(EDITIONS, "3, 2, 1"), ([], "-")])
def test_an_edition_that_was_dropped_is_not_rolled_back_to(
    editions: list[EditionSummary], known: str
) -> None:
    decision, done = run(make_library_task("rollback", edition=9, base=3), None, editions)
    told = phrase("library.no_edition", "ko", wanted=9, known=known)
    assert texts_of(decision.outgoing) == [told] and done == []
    assert decision.audit == (FOUNDER, "rollback 9: no such edition")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_admin_is_answered_in_their_language(language: Language) -> None:
    decision, _ = run(make_library_task("discard", language=language))
    assert texts_of(decision.outgoing) == [phrase("library.discarded", language)]
    (failed,) = report_failure(make_library_task("plan", language=language))
    assert failed.content.text == phrase("library.failed", language)
    assert failed.to == Address("telegram", "1001")


@pytest.mark.parametrize(
    ("task", "talk", "overtaken"),
    [
        (make_library_task("plan", files=(ONE,)), Upload("t1", (ONE, TWO), "a"), True),
        (make_library_task("plan", files=(ONE, TWO)), Upload("t1", (ONE, TWO), "a"), False),
        (make_library_task("plan", files=(ONE,)), Upload("t2", (ONE, TWO), "a"), False),
        (make_library_task("apply"), Upload("t1", (ONE, TWO), "a"), False),
        (make_library_task("plan", files=(ONE,)), None, False),
    ],
)
def test_a_plan_is_overtaken_by_more_files_of_its_album(
    task: LibraryTask, talk: Upload | None, overtaken: bool
) -> None:
    assert is_overtaken(task, make_conversation(upload=talk)) == overtaken


def test_a_plan_of_someone_forgotten_is_not_overtaken() -> None:
    nobody: Conversation | None = None
    assert not is_overtaken(make_library_task("plan", files=(ONE,)), nobody)
