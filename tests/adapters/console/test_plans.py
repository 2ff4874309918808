"""What an admin sees of a plan's answers: none of a case that was sealed after the plan was made."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from adapters.console.pages.library.plans import find_question, may_see
from bot.errors import UnknownCase
from bot.types import Case
from tests.samples.records import make_case

ADMIN = cast("Any", SimpleNamespace(may_read=lambda _: True))
OTHER = cast("Any", SimpleNamespace(may_read=lambda _: False))


def make_app(*cases: Case) -> Any:
    known = {case.number: case for case in cases}

    def get_case(number: int) -> Case:
        if number not in known:
            raise UnknownCase(str(number))
        return known[number]

    return SimpleNamespace(store=SimpleNamespace(get_case=get_case))


def test_of_a_case_that_was_sealed_since_neither_question_nor_answer_is_shown() -> None:
    app = make_app(make_case(7), replace(make_case(8), sealed=True))
    assert may_see(app, ADMIN, "#7") and find_question(app, "#7") == make_case(7).question
    assert not may_see(app, ADMIN, "#8") and not may_see(app, OTHER, "#7")
    for other in ("환급은 언제 받나요?", "#99"):
        assert may_see(app, OTHER, other) and find_question(app, other) == other
