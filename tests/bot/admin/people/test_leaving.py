"""Somebody who is no longer staff leaves no case that waits for them."""

from __future__ import annotations

from dataclasses import replace

from bot.admin.people.leaving import release_cases
from bot.context import Decision
from bot.types import SeatOffer
from tests.samples.records import (
    make_binding,
    make_case,
    make_services,
    make_taken_case,
    make_thread,
    texts_of,
)
from tests.samples.staff_records import make_member

GONE = make_member("U0LAW", role="lawyer", name="김변")
OFFER = SeatOffer("slack:U0LAW", "lawyer", "계약")


def test_what_they_had_is_named_and_what_was_offered_goes_to_all() -> None:
    held = replace(make_taken_case(7), taken_by="slack:U0LAW")
    offered = make_case(8, state="routed", offer=OFFER)
    others = [make_taken_case(9), make_case(10, state="routed", mission="id-jakarta", offer=OFFER)]
    services = make_services(
        bindings=[make_binding(), make_binding("id-jakarta", "C0JKT")], threads=[make_thread(8)]
    )
    services = replace(services, list_open_cases=lambda: [held, offered, *others])
    decision = release_cases(Decision(new_staff=(GONE,)), services, (GONE,))
    assert [(one.number, one.offer) for one in decision.more_cases] == [(8, None)]
    assert [one.act for one in decision.log] == ["offer"]
    told = decision.outgoing[-1]
    assert told.to.chat == "C0HANOI" and told.to.staff_thread is None
    assert (
        "#7" in told.content.text and "#8" not in told.content.text and "김변" in told.content.text
    )
    assert any("모든 담당자에게" in text for text in texts_of(decision.outgoing))


def test_nothing_is_said_of_who_had_nothing() -> None:
    services = replace(make_services(bindings=[make_binding()]), list_open_cases=list)
    assert release_cases(Decision(new_staff=(GONE,)), services, (GONE,)).outgoing == ()
