"""Golden questions: asked at a start, with each edition and each day, and red when one changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from adapters.bootstrap import App
from adapters.errors import GoldenBroken
from adapters.serve.monitoring.golden import (
    NOT_ASKED,
    SHIPPED_FILE,
    GoldenWatch,
    read_golden_questions,
)
from knowledge.chain import Chain
from knowledge.errors import LibraryStale
from knowledge.evaluation.exam import list_exam_files
from knowledge.types import Answer, Question, Verdict
from tests.samples.records import NOW


class FakeEdition:
    def __init__(self, number: int, own: bool = False) -> None:
        self.number = number
        self.documents = {"a": None}
        self.own_documents = frozenset({"a"} if own else ())


@dataclass
class FakeLibrary:
    """The chain and the library: what it says to each question."""

    verdicts: dict[str, Verdict]
    edition: FakeEdition = field(default_factory=lambda: FakeEdition(1))
    asked: list[str] = field(default_factory=list)
    now: datetime = NOW
    broken: bool = False

    @property
    def library(self) -> Any:
        return SimpleNamespace(get_current_edition=self._open)

    def _open(self) -> FakeEdition:
        if self.broken:
            raise LibraryStale("The vectors are missing.")
        return self.edition

    def ask(self, question: Question, *, edition: FakeEdition) -> Answer:
        self.asked.append(question.text)
        return Answer(self.verdicts[question.text], question.language, "", 0.5, edition.number)


@pytest.fixture
def shipped_verdicts() -> dict[str, Verdict]:
    return {one.text: one.verdict for one in read_golden_questions(SHIPPED_FILE)}


def build_watch(fake: FakeLibrary, folder: Path) -> GoldenWatch:
    return GoldenWatch(folder, lambda: cast("Chain", fake), lambda: fake.now)


def test_it_is_not_ready_before_they_were_asked(
    tmp_path: Path, shipped_verdicts: dict[str, Verdict]
) -> None:
    watch = build_watch(FakeLibrary(shipped_verdicts), tmp_path)
    assert watch.problems == (NOT_ASKED,)
    assert watch.check() == () and watch.asked == 5 and watch.changed == 0


def test_a_changed_verdict_is_named_after_an_edition_and_gone_after_the_next(
    tmp_path: Path, shipped_verdicts: dict[str, Verdict]
) -> None:
    fake = FakeLibrary(dict(shipped_verdicts))
    watch = build_watch(fake, tmp_path)
    watch.check()
    text = next(iter(shipped_verdicts))
    fake.verdicts[text] = "no_evidence"
    assert watch.check() == ()  # the same edition, the same day: not asked again
    fake.edition = FakeEdition(2)
    (problem,) = watch.check()
    assert "leak-abroad: no_evidence instead of answered, in edition 2" in problem
    assert text not in problem and watch.changed == 1
    fake.edition, fake.verdicts = FakeEdition(3), shipped_verdicts
    assert watch.check() == () and watch.changed == 0


def test_they_are_asked_once_for_an_edition_and_a_day(
    tmp_path: Path, shipped_verdicts: dict[str, Verdict]
) -> None:
    fake = FakeLibrary(shipped_verdicts)
    watch = build_watch(fake, tmp_path)
    watch.check()
    watch.check()
    assert len(fake.asked) == 5
    fake.now += timedelta(days=1)
    watch.check()
    assert len(fake.asked) == 10


def test_a_library_of_ones_own_is_asked_only_what_its_list_says(tmp_path: Path) -> None:
    fake = FakeLibrary({"Own?": "offered"}, FakeEdition(1, own=True))
    watch = build_watch(fake, tmp_path)
    assert watch.check() == () and fake.asked == []
    entry = "- {id: own, language: en, question: 'Own?', verdict: answered}\n"
    (tmp_path / "golden.yaml").write_text(entry, encoding="utf-8")
    (problem,) = watch.check()
    assert "own: offered instead of answered" in problem


def test_a_library_that_cannot_be_asked_is_asked_again(
    tmp_path: Path, shipped_verdicts: dict[str, Verdict]
) -> None:
    fake = FakeLibrary(shipped_verdicts, broken=True)
    watch = build_watch(fake, tmp_path)
    (problem,) = watch.check()
    assert "could not be asked" in problem and "vectors are missing" in problem
    fake.broken = False
    assert watch.check() == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: b", "must be a list"),
        ("- {id: a}", "Entry 1 of golden.yaml needs id, language, question, verdict"),
        ("- {id: a, language: fr, question: q, verdict: answered}", "ko, en, vi"),
        ("- {id: a, language: ko, question: q, verdict: perhaps}", "answered, offered"),
        ("- [", "cannot be read"),
        ("\n".join(["- {id: a, language: ko, question: q, verdict: answered}"] * 21), "at most 20"),
    ],
)
def test_a_wrong_list_is_said_and_not_ready(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "golden.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GoldenBroken, match=says):
        read_golden_questions(path)
    (problem,) = build_watch(FakeLibrary({}), tmp_path).check()
    assert says.split(",")[0] in problem


def test_the_shipped_five_are_of_three_languages_and_not_of_the_exam() -> None:
    listed = read_golden_questions(SHIPPED_FILE)
    assert len(listed) == 5 and {one.language for one in listed} == {"ko", "en", "vi"}
    assert {one.verdict for one in listed} == {"answered", "no_evidence"}
    open_exam = "".join(path.read_text("utf-8") for path in list_exam_files(None))
    assert [one.text for one in listed if one.text in open_exam] == []


def test_the_shipped_library_gives_the_shipped_verdicts(shipped: Callable[[], App]) -> None:
    app = shipped()
    watch = GoldenWatch(app.settings.data, lambda: app.chain, app.now)
    assert watch.check() == () and watch.asked == 5
