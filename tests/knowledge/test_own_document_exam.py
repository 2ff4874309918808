"""Folders that an agency would have, on top of the shipped library: 100 questions, two shares.

The questions were written before any was tried (tests/samples/own/own_documents.yaml). No document and
no rule may be made for one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.evaluation.estimates import estimate_share
from tests.harness.own_document_exam import RIGHT, OwnAnswer, ask_folder
from tests.samples.own.own_documents import load_folders

LEAST_RIGHT = 0.85  # of those that can be answered: said, or among the offers
MOST_WRONG = 0.05  # of all
SMALL_PART = ("haneulsaem",)  # of the ordinary run: about 12 s


def test_there_are_a_hundred_questions_about_ten_folders_of_five_files() -> None:
    folders = load_folders()
    questions = [one for folder in folders for one in folder["questions"]]
    assert [len(folder["files"]) for folder in folders] == [5] * 10
    assert len(questions) == 100 and sum("file" in one for one in questions) == 60
    assert {one["lang"] for one in questions} == {"ko", "en", "vi"}


def test_one_folder_is_answered(shipped: Callable[[], App], tmp_path: Path) -> None:
    asked = _ask(shipped(), tmp_path, SMALL_PART)
    assert sum(one.outcome in RIGHT for one in asked) >= 5, asked
    assert [one for one in asked if one.outcome == "wrong"] == []


@pytest.mark.long
@pytest.mark.timeout(900)
def test_all_folders_are_answered(shipped: Callable[[], App], tmp_path: Path) -> None:
    asked = _ask(shipped(), tmp_path)
    answerable = [one for one in asked if one.file]
    right = estimate_share(answerable, lambda one: one.outcome in RIGHT)
    wrong = estimate_share(asked, lambda one: one.outcome == "wrong")
    missed = [one for one in answerable if one.outcome not in RIGHT]
    assert right["share"] >= LEAST_RIGHT, (right, missed)
    assert wrong["share"] <= MOST_WRONG, wrong


def _ask(app: App, home: Path, only: tuple[str, ...] = ()) -> list[OwnAnswer]:
    folders = [one for one in load_folders() if not only or one["folder"] in only]
    return [answer for folder in folders for answer in ask_folder(app, folder, home)]
