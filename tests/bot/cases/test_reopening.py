"""A founder reopens a case whose room has changed since."""

from __future__ import annotations

from bot.founder.own_cases import ending
from tests.samples.records import (
    make_binding,
    make_case,
    make_line,
    make_message,
    make_services,
    make_thread,
    make_turn,
    sent_to_staff,
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
