"""What happens to the desk's words where something of the two cases is not there any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cases.acts.merging import is_same_person
from bot.cases.linked.voices import tell_desk, tell_founder, tell_mission
from bot.cases.staff_turn import decide_staff_turn
from bot.context import Decision
from bot.founder.own_cases.ending import close_case
from bot.founder.turn import decide_founder_turn
from bot.messages import Address, Content
from tests.bot.cases.linked.test_linked import FOUNDER, NEED, act, make_desk, make_linked
from tests.samples.records import (
    make_binding,
    make_command,
    make_conversation,
    make_file,
    make_line,
    make_message,
    make_oversized_file,
    make_staff_message,
    make_staff_turn,
    make_taken_case,
    make_thread,
    make_turn,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)

ANSWER = Content("면제됩니다", relayed=True)


def answer(text: str = "면제됩니다", kind: str = "text", **values: object) -> Decision:
    """What the desk's message in the thread of its case leads to."""
    parent, linked = make_taken_case(state="waiting_authority"), make_linked()
    services = make_desk(parent, linked, lines=[make_line("면제됩니다", "staff")])
    message = make_staff_message(text, kind, **values)  # type: ignore[arg-type]
    return decide_staff_turn(make_staff_turn(message, linked, None, services=services))


def test_a_file_that_the_missions_room_does_not_take_is_refused() -> None:
    parent, linked = make_taken_case(), make_linked()
    on_telegram = make_thread(7, channel="telegram", chat="-100")
    services = replace(make_desk(parent, linked), list_threads=lambda _: [on_telegram])
    message = make_staff_message("첨부", files=(make_oversized_file(),))
    decision = decide_staff_turn(make_staff_turn(message, linked, None, services=services))
    most = services.find_file_limit_megabytes(message.files, "slack", "telegram")
    assert texts_of(decision.outgoing) == [phrase("staff.file_too_large", "ko", most=most)]
    assert decision.new_lines == () and decision.case is None


def test_an_answer_that_the_desk_edits_comes_as_a_correction() -> None:
    decision = answer("면제되지 않습니다", "edit")
    corrected = phrase("founder.corrected", "ko")
    assert f"{corrected}면제되지 않습니다" in sent_to_staff(decision)[0].content.text
    assert all(
        line.text.startswith(corrected) or corrected in line.text for _, line in decision.new_lines
    )


def test_the_mission_is_told_that_the_desk_deleted_what_it_had_said() -> None:
    decision = answer("면제됩니다", "deleted")
    (told,) = sent_to_staff(decision)
    assert told.content.text.startswith(phrase("staff.linked_deleted", "ko", number=8))
    assert told.content.text.endswith("면제됩니다") and sent_to_founder(decision) == []
    assert [(number, line.author) for number, line in decision.new_lines] == [(7, "note")]
    assert answer("적은 적 없는 말", "deleted") == Decision()


def test_an_answer_is_not_sent_on_to_a_founder_whose_records_are_erased() -> None:
    parent, linked = make_taken_case(), make_linked()
    services = make_desk(parent, linked, lines=[make_line("면제됩니다", "staff")])
    press = make_staff_message("forward:8:0", "button")
    decision = decide_staff_turn(make_staff_turn(press, parent, None, services=services))
    assert texts_of(decision.outgoing) == [phrase("staff.founder_gone", "ko")]
    assert decision.case is None and tell_founder(services, parent, "desk_answered")
    gone = replace(services, find_conversation=lambda _: None)
    assert tell_founder(gone, parent, "desk_answered") == ()


def test_the_desk_opens_a_request_again_while_its_case_is_open() -> None:
    parent, linked = make_taken_case(), make_linked(state="resolved")
    decision = act(linked, make_desk(parent, linked), "", "reopen")
    assert decision.case and decision.case.state in ("new", "routed")
    acts = [(one.act, one.to.staff_thread) for one in decision.outgoing]
    assert acts == [("reopen", "8.1"), ("send", "8.1"), ("recard", "8.1"), ("send", "7.1")]
    assert phrase("staff.linked_reopened", "ko") in texts_of(sent_to_staff(decision, "8.1"))


def test_without_a_thread_the_record_has_the_words() -> None:
    """The room was unbound: who opens the next thread reads them there."""
    parent, linked = make_taken_case(), make_linked()
    services = replace(make_desk(parent, linked), list_threads=lambda _: [])
    assert tell_mission(services, parent, ANSWER, 8) == ()
    assert tell_desk(services, linked, ANSWER) == ()
    ended = act(parent, services, "철회 8")
    assert ended.case and ended.case.state == "closed"
    assert sent_to_staff(ended, "8.1") == []


def test_a_sealed_request_is_added_to_in_private() -> None:
    parent, linked = make_taken_case(sealed=True), make_linked(sealed=True)
    duty = Address("slack", "U0DUTY")
    services = make_desk(parent, linked, find_duty_officers=lambda _: [duty])
    decision = act(parent, services, f"#8 {NEED} 추가")
    with_words = [one.to for one in decision.outgoing if "추가" in one.content.text]
    assert with_words == [duty]
    (note,) = sent_to_staff(decision, "8.1")
    assert note.content.text == phrase("staff.sealed_message", "ko", number=8)


def test_a_request_from_before_a_seal_is_made_anew() -> None:
    parent, linked = make_taken_case(sealed=True), make_linked()
    decision = act(parent, make_desk(parent, linked), f"#8 {NEED}")
    assert texts_of(decision.outgoing) == [phrase("staff.relay_anew", "ko", number=8)]
    unknown = act(parent, make_desk(parent, linked), "#99 더 묻습니다")
    assert "#99" in unknown.outgoing[0].content.text and unknown.case is None


def test_files_alone_ask_the_desk_nothing() -> None:
    message = make_staff_message("", "command", command="relay", files=(make_file(),))
    turn = make_staff_turn(message, make_taken_case(), FOUNDER, services=make_desk())
    decision = decide_staff_turn(turn)
    assert texts_of(decision.outgoing) == [phrase("staff.relay_no_files", "ko")]
    assert decision.new_case is None


def test_the_desk_does_not_ask_itself() -> None:
    parent = make_taken_case()
    at_desk = make_desk(parent, bindings=[make_binding("domestic", "C0HANOI")])
    decision = act(parent, at_desk, NEED)
    assert texts_of(decision.outgoing) == [phrase("staff.relay_at_desk", "ko")]


def test_the_country_of_a_request_is_that_of_the_competent_mission() -> None:
    parent = make_taken_case(place=None)
    linked = act(parent, make_desk(parent), NEED).new_case
    assert linked and linked.place and (linked.place.country, linked.place.city) == ("VN", None)


def test_a_question_is_not_shared_when_the_request_has_ended() -> None:
    parent, linked = make_taken_case(), make_linked(state="closed")
    turn = make_turn(make_message("share:8", "button"), FOUNDER, make_desk(parent, linked))
    decision = decide_founder_turn(turn)
    assert texts_of(decision.outgoing) == [phrase("founder.share_over", "ko", number=7)]


def test_a_request_is_withdrawn_with_its_case_also_where_the_desk_has_no_thread() -> None:
    parent, linked = make_taken_case(), make_linked()
    services = replace(make_desk(parent, linked), list_threads=lambda _: [])
    ended = close_case(make_turn(make_command("close"), FOUNDER, services))
    assert [(one.number, one.state) for one in ended.more_cases] == [(8, "closed")]
    assert sent_to_staff(ended, "8.1") == []


@pytest.mark.parametrize("other", [None, replace(make_conversation(), user="2")])
def test_an_erased_founder_is_the_same_as_none(other: object) -> None:
    assert not is_same_person(FOUNDER, other)  # type: ignore[arg-type]
    assert not is_same_person(None, FOUNDER)
