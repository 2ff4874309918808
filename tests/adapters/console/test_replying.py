"""What the reply box of a case says of where its words go, which is what a messenger's thread does."""

from __future__ import annotations

import pytest

from adapters.console.pages.cases import describe_reply
from adapters.console.rendering import CONSOLE_LANGUAGES, render_text
from bot.cases.staff_turn import decide_staff_turn
from bot.types import CaseState
from knowledge.types import Language
from tests.samples.records import (
    make_case,
    make_conversation,
    make_staff_message,
    make_staff_turn,
    make_taken_case,
    sent_to_founder,
)


@pytest.mark.parametrize("state", ["claimed", "resolved", "closed"])
@pytest.mark.parametrize("is_heard", [True, False])
def test_it_says_what_becomes_of_a_reply(state: CaseState, is_heard: bool) -> None:
    case = make_taken_case(state=state)
    founder = make_conversation() if is_heard else None
    decision = decide_staff_turn(make_staff_turn(make_staff_message("안녕하십니까"), case, founder))
    said = describe_reply(case, is_heard=is_heard)
    assert bool(said["reply_to"]) == bool(sent_to_founder(decision)) == is_heard
    after = decision.case or case
    assert bool(said["fate"]) == (after.state in ("resolved", "closed") or not is_heard)


def test_a_request_to_the_desk_is_answered_to_its_mission() -> None:
    request = make_case(8, parent=7, conversation="")
    said = describe_reply(request, is_heard=False)
    assert said == {"reply_to": "case.goes_to_linked", "fate": ""}
    ended = describe_reply(
        make_case(8, parent=7, conversation="", state="resolved"), is_heard=False
    )
    assert ended["fate"] == "case.ended_linked"


@pytest.mark.parametrize("language", CONSOLE_LANGUAGES)
def test_it_names_the_button_that_opens_the_case_again(language: Language) -> None:
    button = render_text("case.act_reopen", language)
    for key in ("ended_founder", "ended_linked"):
        assert button in render_text(f"case.{key}", language)
