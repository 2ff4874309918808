"""Playing dialogues: what each turn led to, and what of it is not as labelled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.evaluation.dialogue_grades import (
    GradedTurn,
    build_dialogue_report,
    grade_dialogue,
)
from adapters.evaluation.dialogue_run import play_dialogue
from knowledge.evaluation.dialogues import read_dialogues
from tests.samples import small_library

SAMPLES = Path(__file__).parents[2] / "samples"
AS_LABELLED_AT_LEAST = 0.9


def play_file(app: App, path: Path) -> list[GradedTurn]:
    services, documents = app.build_services(), app.library.get_current_edition().documents
    return [
        graded
        for one in read_dialogues(path)
        for graded in grade_dialogue(one, play_dialogue(one, services), app.places, documents)
    ]


@pytest.fixture(scope="module")
def turns() -> Iterator[list[GradedTurn]]:
    app = small_library.make_app(small_library.prepare_data())
    yield play_file(app, SAMPLES / "dialogues.yaml")
    app.engine.dispose()


def test_a_question_and_a_thanks_are_as_labelled(turns: list[GradedTurn]) -> None:
    question, thanks = turns[:2]
    assert question.is_right and "answered" in question.played.outcomes
    assert question.played.answer and question.played.answer.citations[0].document == "freight"
    assert thanks.is_right and thanks.played.outcomes == {"thanks"}


def test_every_wrong_label_is_named(turns: list[GradedTurn]) -> None:
    unpaid, place, question = turns[2:]
    assert unpaid.wrong["state"] == ["urgency high, not critical", "not sealed"]
    assert place.wrong["act"] == ["matter same, not new"]
    assert any(why.startswith("place 다낭, not Hanoi") for why in place.wrong["state"])
    assert any(why.endswith("not us-los-angeles") for why in place.wrong["state"])
    assert "the first text was lost" not in place.wrong["state"]
    assert question.wrong["act"] and {"said 3천만", "cited a source", "without 1380"} <= set(
        question.wrong["answer"]
    )
    assert "from freight" in question.wrong["answer"]


def test_the_report_has_shares_and_every_turn(turns: list[GradedTurn]) -> None:
    report = build_dialogue_report(turns)
    assert report["measures"]["turns"] == 5
    assert report["measures"]["as_labelled"]["share"] == 0.4
    assert report["by_kind"]["thanks"]["share"] == 1.0
    assert [one["turn"] for one in report["turns"]][:3] == [
        "freight.1",
        "freight.2",
        "mislabelled.1",
    ]
    assert report["turns"][1]["wrong"] == {} and report["turns"][2]["wrong"]["state"]


def test_follow_ups_are_answered_from_the_document_spoken_of(shipped: Callable[[], App]) -> None:
    graded = play_file(shipped(), SAMPLES / "follow_ups.yaml")
    wrong = [(one.name, one.say, one.wrong) for one in graded if not one.is_right]
    assert len(wrong) <= (1 - AS_LABELLED_AT_LEAST) * len(graded), wrong
    assert not [one for one in graded if one.wrong["act"] or one.wrong["state"]]
