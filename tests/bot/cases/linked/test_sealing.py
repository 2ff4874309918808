"""What hangs on a case is sealed with it, wherever its words stand."""

from __future__ import annotations

from dataclasses import replace

from bot.admin.console.acts import may_act
from bot.context import Decision, Services
from bot.delivery.completing import complete_decision
from bot.founder.turn import decide_founder_turn
from bot.messages import Address
from bot.types import DOMESTIC, Case, Insight, StaffMember
from tests.bot.cases.linked.test_linked import FOUNDER, NEED, make_desk, make_linked
from tests.samples.records import (
    NOW,
    make_message,
    make_taken_case,
    make_turn,
    phrase,
    sent_to_staff,
)

STOLEN = "퇴사한 직원이 우리 설계 도면을 훔쳐 갔습니다"
OFFICERS = {DOMESTIC: [Address("slack", "U0DUTY")], "vn-hanoi": [Address("slack", "U0LEAD")]}


def make_sealing(*cases: Case) -> Services:
    services = make_desk(*cases, find_duty_officers=OFFICERS.__getitem__)
    return replace(
        services, list_merged=lambda number: [one for one in cases if one.merged_into == number]
    )


def say(text: str, services: Services) -> Decision:
    """What the founder of case 7 writes into it leads to, as it is committed."""
    decision = decide_founder_turn(make_turn(make_message(text), FOUNDER, services))
    return complete_decision(decision, lambda: services, services.limits)


def find_case(decision: Decision, number: int) -> Case:
    (found,) = (one for one in decision.more_cases if one.number == number)
    return found


def test_an_open_request_is_sealed_with_its_case_and_goes_on_in_private() -> None:
    services = make_sealing(make_taken_case(state="waiting_authority"), make_linked())
    decision = say(STOLEN, services)
    linked = find_case(decision, 8)
    assert linked.sealed and linked.state == "routed"
    assert [(one.case, one.detail) for one in decision.log if one.detail == "seal"] == [
        (7, "seal"), (8, "seal"),
    ]  # fmt: skip
    card, note = sent_to_staff(decision, "8.1")
    assert card.act == "recard" and NEED not in card.content.text
    assert note.content.text == phrase("staff.linked_now_sealed", "ko", number=8)
    with_need = [one.to for one in decision.outgoing if NEED in one.content.text]
    assert with_need == OFFICERS[DOMESTIC]
    again = say("도면 사본도 있습니다", make_sealing(find_case_after(decision), linked))
    assert not [one for one in again.more_cases if one.number == 8]


def find_case_after(decision: Decision) -> Case:
    assert decision.case is not None and decision.case.sealed
    return decision.case


def test_ended_requests_and_merged_cases_are_sealed_too_and_their_words_are_not_sent() -> None:
    ended = make_linked(state="resolved")
    merged = make_taken_case(9, question="앞서 적은 말", state="closed", merged_into=7)
    decision = say(STOLEN, make_sealing(make_taken_case(), ended, merged))
    assert find_case(decision, 8).sealed and find_case(decision, 9).sealed
    assert not sent_to_staff(decision, "8.1") and not sent_to_staff(decision, "9.1")
    assert not [one for one in decision.log if one.case in (8, 9)]


def test_of_a_sealed_request_only_duty_officers_of_the_desk_read() -> None:
    linked = find_case(say(STOLEN, make_sealing(make_taken_case(), make_linked())), 8)
    desk = StaffMember(DOMESTIC, "console", "kim@example.org", "김", "diplomat", "test", NOW)
    for is_admin in (False, True):
        assert not may_act(linked, [desk], is_admin=is_admin)
    assert may_act(linked, [replace(desk, reads_sealed=True)], is_admin=False)


def test_of_an_insight_that_names_the_case_both_rooms_hear_that_it_is_gone() -> None:
    told = [
        Insight(number, "vn-hanoi", "환급이 늦습니다", "a:1", NOW, evidence=evidence)
        for number, evidence in ((3, ("#7", "현지 신문")), (4, ("#77",)))
    ]
    services = replace(make_sealing(make_taken_case()), list_insights=lambda: told)
    gone = phrase("desk.insight_erased", "ko", number=3)
    rooms = [one.to.chat for one in say(STOLEN, services).outgoing if one.content.text == gone]
    assert rooms == ["C0HANOI", "C0HOME"]
    assert "#4" not in " ".join(one.content.text for one in say(STOLEN, services).outgoing)
