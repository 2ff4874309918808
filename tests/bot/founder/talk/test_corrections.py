"""What a founder corrects of their own open case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision
from bot.founder.handover import open_case
from bot.founder.turn import decide_founder_turn
from bot.messages import Address
from bot.types import Case, Place
from tests.samples.records import (
    HANOI,
    HCMC,
    button_keys,
    make_binding,
    make_case,
    make_conversation,
    make_line,
    make_message,
    make_pending,
    make_services,
    make_thread,
    make_turn,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)

NO_PLACE = make_case(place=None, mission="domestic", competent="domestic")
OFFICER = Address("slack", "D0LEAD")
IN_CASE = make_conversation(case=7)


def press(correction: str, case: Case, text: str | None = None, **talk: Any) -> Decision:
    """What the button leads to, or a message after it."""
    services = replace(
        make_services(
            known_cases=[case], threads=[make_thread()], lines=[make_line("질문")],
            bindings=[make_binding(), make_binding("vn-hcmc", "C0HCMC")],
        ),
        find_duty_officers=lambda _: (OFFICER,),
    )  # fmt: skip
    message = make_message(f"fix:{correction}:{case.number}", "button")
    if text is not None:
        message = make_message(text)
    return decide_founder_turn(make_turn(message, replace(IN_CASE, **talk), services))


@pytest.mark.parametrize(
    ("correction", "before", "after"),
    [("raise", "normal", "high"), ("raise", "high", "critical"), ("lower", "critical", "high"),
     ("lower", "high", "normal"), ("raise", "critical", "critical")],
)  # fmt: skip
def test_urgency_moves_one_step_by_the_founders_word(
    correction: str, before: Any, after: Any
) -> None:
    decision = press(correction, make_case(urgency=before))
    assert (decision.case.urgency if decision.case else before) == after
    (told,) = sent_to_founder(decision)
    assert phrase(f"founder.urgency_{after}", "ko") in told.content.text
    if before != after:
        card, note = sent_to_staff(decision)
        assert card.act == "recard" and phrase(f"staff.urgency_{after}", "ko") in card.content.text
        assert phrase(f"staff.urgency_{before}", "ko") in note.content.text
        assert decision.new_lines[0][1].author == "bot"


def test_a_seal_by_the_founder_moves_the_content_to_its_readers() -> None:
    decision = press("seal", make_case())
    assert decision.case and decision.case.sealed
    card, note = sent_to_staff(decision)
    assert "[봉인]" in card.content.text and note.content.text == phrase(
        "staff.founder_sealed", "ko"
    )
    assert any(one.to == OFFICER and "질문" in one.content.text for one in decision.outgoing)
    assert phrase("founder.sealed_read", "ko") in sent_to_founder(decision)[0].content.text


def test_a_seal_is_taken_off_by_the_founders_word_alone() -> None:
    case = make_case(sealed=True, question="도면 건")
    decision = press("unseal", case)
    assert decision.case and not decision.case.sealed
    card, note, record = sent_to_staff(decision)
    assert "도면 건" in card.content.text and "질문" in record.content.text
    assert note.content.text == phrase("staff.founder_unsealed", "ko")


def test_the_place_is_asked_for_and_moves_the_case() -> None:
    asked = press("place", make_case())
    assert asked.conversation and asked.conversation.awaited == "place"
    moved = press("", make_case(), "호치민", awaited="place")
    assert moved.case and (moved.case.mission, moved.case.place) == ("vn-hcmc", HCMC)
    assert moved.retired_threads == ("7.1",) and moved.new_threads[0].chat == "C0HCMC"
    assert moved.conversation and (moved.conversation.place, moved.conversation.awaited) == (
        HCMC,
        "",
    )


def test_a_place_of_the_same_mission_only_changes_the_card() -> None:
    decision = press("", make_case(), "다낭", awaited="place")  # both go to Hanoi here
    assert decision.case and decision.case.mission == "vn-hanoi"
    assert decision.retired_threads == () and sent_to_staff(decision)[0].act == "recard"


def test_a_case_of_a_country_alone_waits_for_its_city_and_moves_there() -> None:
    pending = make_pending()
    talk = make_conversation(pending=pending)
    opened = open_case(make_turn(make_message(), talk), Place("Vietnam", "VN"))
    assert opened.new_case and opened.new_case.basis == "country"
    assert phrase("founder.receipt_city", "ko") in sent_to_founder(opened)[0].content.text
    assert opened.conversation and opened.conversation.awaited == "place"
    moved = press("", make_case(), "호치민이요", awaited="place")
    assert moved.case and moved.case.place == HCMC
    assert moved.new_lines[0][1] == make_line("호치민이요")
    city = open_case(make_turn(make_message(), talk), HCMC).conversation
    assert city and city.awaited == ""


def test_what_names_no_place_is_relayed_like_any_other_message() -> None:
    decision = press("", make_case(), "구름 너머", awaited="place")
    assert texts_of(sent_to_staff(decision)) == ["창업자: 구름 너머"] and decision.case is None
    assert decision.conversation and decision.conversation.awaited == ""


@pytest.mark.parametrize("case", [make_case(state="closed"), make_case(conversation="telegram:2")])
def test_neither_anothers_case_nor_an_ended_one_is_corrected(case: Case) -> None:
    decision = press("raise", case)
    assert texts_of(decision.outgoing) == [phrase("founder.stale_button", "ko")]
    assert button_keys(decision.outgoing[0]) == [] and decision.case is None


def test_a_case_without_a_place_goes_where_a_later_message_says_it_is() -> None:
    """As its receipt has promised; whatever came in between."""
    decision = press("", NO_PLACE, "베트남 하노이")
    assert decision.case and (decision.case.mission, decision.case.place) == ("vn-hanoi", HANOI)
    assert "베트남 하노이" in [line.text for _, line in decision.new_lines]


def test_a_place_alone_moves_no_case_that_has_one_or_that_staff_have_taken() -> None:
    taken = replace(NO_PLACE, state="claimed", taken_by="slack:U1")
    for case in (make_case(place=HANOI), taken):
        decision = press("", case, "호치민")
        assert decision.case is None and sent_to_staff(decision)
