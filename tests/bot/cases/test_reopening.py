"""A founder reopens a case whose room has changed since, or says that it is settled."""

from __future__ import annotations

import pytest

from bot.founder.own_cases import ending
from bot.types import CaseState
from tests.samples.records import (
    make_binding,
    make_case,
    make_line,
    make_message,
    make_services,
    make_thread,
    make_turn,
    phrase,
    sent_to_staff,
    texts_of,
)


def test_a_case_whose_room_was_left_after_its_end_is_reopened_in_the_new_room() -> None:
    services = make_services(
        known_cases=[make_case(state="resolved")], threads=[make_thread(current=False)],
        bindings=[make_binding(chat="C0NEW")], lines=[make_line("질문"), make_line("답", "staff")],
    )  # fmt: skip
    decision = ending.reopen_case(make_turn(make_message(), None, services), 7)
    assert [(one.id, one.chat) for one in decision.new_threads] == [("7.2", "C0NEW")]
    card, before = sent_to_staff(decision, "7.2")
    assert card.act == "card" and "답" in before.content.text
    assert decision.case and decision.case.state == "routed"


@pytest.mark.parametrize(
    ("state", "after", "told"),
    [
        ("resolved", "closed", phrase("founder.closed", "ko", number=7)),
        ("closed", None, phrase("founder.closed", "ko", number=7)),
        ("routed", None, phrase("founder.already_open", "ko", number=7)),
    ],
)
def test_a_founder_settles_a_case_that_staff_have_resolved(
    state: CaseState, after: CaseState | None, told: str
) -> None:
    services = make_services(known_cases=[make_case(state=state)], threads=[make_thread()])
    decision = ending.settle_case(make_turn(make_message(), None, services), 7)
    assert texts_of(decision.outgoing)[0] == told
    assert (decision.case and decision.case.state) == after
    assert [one.act for one in decision.log] == (["close"] if after else [])
    assert [one.act for one in sent_to_staff(decision)] == (["recard"] if after else [])


def test_what_is_not_theirs_founders_do_not_settle() -> None:
    other = make_case(conversation="telegram:2002", state="resolved")
    for services in (make_services(known_cases=[other]), make_services()):
        decision = ending.settle_case(make_turn(make_message(), None, services), 7)
        assert decision.case is None and not decision.log
