"""A case is offered when a room first sees it, goes to all in time, and is handed on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.admin.seats.absence import (
    build_absence_timer,
    decide_absence_timer,
    hand_to_stand_in,
    tell_lead,
)
from bot.cases.reminders.escalation import decide_case_timer
from bot.cases.reminders.timers import build_timer, list_looks, set_timers
from bot.cases.seats.offering import offer_cases
from bot.cases.seats.roster import find_working_day, list_seats
from bot.cases.staff_turn import decide_staff_turn
from bot.cases.states import CaseStep, claim_case, open_case
from bot.context import Decision, Services
from bot.messages import Address
from bot.missions.office_hours import build_working_hours
from bot.missions.working_time import add_working, next_working, working_between
from bot.types import Actor, BodyHours, Case, LogEntry, SeatRules, StaffMember, TopicName
from tests.samples.records import (
    FOUNDER,
    MISSIONS,
    NOW,
    make_binding,
    make_case,
    make_conversation,
    make_services,
    make_staff_message,
    make_staff_turn,
    make_thread,
    phrase,
    texts_of,
)
from tests.samples.staff_records import make_member

LAWYER = make_member("U0LAW", role="lawyer", name="김변")
ACCOUNTANT = make_member("U0ACC", role="accountant", name="이회계")
LEAD = make_member("U0LEAD", role="diplomat", name="박영사", is_lead=True)


def at_body(
    case: Case, log: tuple[LogEntry, ...] = (), rules: dict[str, Any] | None = None, **values: Any
) -> Services:
    """Services of a body with a lawyer, an accountant and a lead, who can be reached in private."""

    def list_kept(mission: str) -> list[tuple[StaffMember, SeatRules]]:
        return [
            (one, SeatRules(mission, "slack", one.user, **(rules or {}).get(one.user, {})))
            for one in (LAWYER, ACCOUNTANT, LEAD)
        ]

    services = make_services(
        known_cases=[case], threads=[make_thread()], bindings=[make_binding()],
        conversations=[make_conversation(case=7)],
    )  # fmt: skip
    return replace(
        services, list_seats=list_kept, find_topic=lambda *_: TopicName("law", "법률"),
        list_log=lambda _: list(log),
        list_open_cases=lambda: [case],
        find_private_chats=lambda members: [Address("slack", one.user) for one in members],
        **values,
    )  # fmt: skip


def open_offered(**values: Any) -> tuple[Decision, Case]:
    step = open_case(
        replace(make_case(), state="new", **values), Actor(FOUNDER, "founder"), has_room=True
    )
    decision = Decision(new_case=step.case, log=step.log, new_threads=(make_thread(),))
    decision = offer_cases(decision, at_body(step.case))
    assert decision.new_case is not None
    return decision, decision.new_case


def test_the_seat_is_called_in_the_thread_and_told_in_private() -> None:
    decision, case = open_offered()
    assert case.offer is not None
    assert (case.offer.account, case.offer.role) == ("slack:U0LAW", "lawyer")
    called, private = decision.outgoing
    assert called.content.mentions == ("U0LAW",) and called.unless_taken == 7
    assert private.to == Address("slack", "U0LAW") and case.question not in private.content.text
    assert [(one.act, one.detail) for one in decision.log][-1] == ("offer", "lawyer")


def test_a_critical_or_sealed_case_is_offered_to_no_seat() -> None:
    for values in ({"urgency": "critical"}, {"sealed": True}):
        decision, case = open_offered(**values)
        assert case.offer is None and not decision.outgoing


def test_after_half_of_its_working_time_the_case_goes_to_all() -> None:
    decision, case = open_offered()
    looks = list_looks(case, decision.log, MISSIONS, NOW)
    offer = next(one for one in looks if one.reason.startswith("offer:"))
    hours = build_working_hours(MISSIONS.get("vn-hanoi"))
    half = add_working(NOW, timedelta(hours=8), hours)  # of two working days of eight hours
    assert working_between(NOW, offer.at, hours) == timedelta(hours=8) and offer.at >= half
    timed = set_timers(decision, at_body(case), MISSIONS, NOW)
    assert timed.timers[-1].at == offer.at
    key = build_timer(7, offer).key
    early = decide_case_timer(at_body(case, decision.log), key)
    assert early.case is None  # not yet
    late = replace(at_body(case, decision.log), now=offer.at)
    rung = decide_case_timer(late, key)
    assert rung.case is not None and rung.case.offer is None
    assert "모든 담당자에게 드립니다" in texts_of(rung.outgoing)[0]
    taken = claim_case(case, Actor("slack:U0ACC", "staff"), "accountant", NOW)
    log = (*decision.log, *taken.log)
    assert decide_case_timer(replace(at_body(taken.case, log), now=offer.at), key).case is None


def test_a_case_whose_time_ran_out_while_naru_was_down_goes_to_all_in_working_hours() -> None:
    decision, case = open_offered()
    looks = list_looks(case, decision.log, MISSIONS, NOW)
    offer = next(one for one in looks if one.reason.startswith("offer:"))
    hours = build_working_hours(MISSIONS.get("vn-hanoi"))
    night = offer.at.replace(hour=15)  # 22:00 in Hanoi
    rung = decide_case_timer(
        replace(at_body(case, decision.log), now=night), build_timer(7, offer).key
    )
    assert rung.case is None
    assert next_working(night, hours) in {timer.at for timer in rung.timers}


def test_a_case_that_becomes_critical_goes_to_all_at_once() -> None:
    _, case = open_offered()
    step = CaseStep(case).take(
        "correct", Actor(FOUNDER, "founder"), NOW, "critical", urgency="critical"
    )
    after = offer_cases(Decision(case=step.case, log=step.log), at_body(case))
    assert after.case is not None and after.case.offer is None


def hand(case: Case, wanted: str, **values: Any) -> Decision:
    message = make_staff_message(wanted, "command", command="hand")
    turn = make_staff_turn(
        message, case, make_conversation(case=7), services=at_body(case, **values)
    )
    return decide_staff_turn(turn)


def test_handing_over_keeps_the_thread_and_tells_the_founder_who_has_it() -> None:
    case = make_case(state="routed")
    decision = hand(case, "회계사·세무사")
    assert decision.case is not None and decision.case.state == "claimed"
    assert (decision.case.taken_by, decision.case.taken_role) == ("slack:U0ACC", "accountant")
    assert not decision.new_threads and not decision.retired_threads
    assert [(one.act, one.detail) for one in decision.log] == [("hand", "accountant")]
    assert "회계사·세무사" in texts_of(decision.outgoing)[0]
    again = hand(decision.case, "accountant")
    assert again.case is None
    parked = hand(replace(decision.case, state="waiting_authority"), "lawyer")
    assert parked.case is not None and parked.case.state == "waiting_authority"


def test_a_sealed_case_is_handed_to_readers_only() -> None:
    case = make_case(state="routed", sealed=True)
    assert hand(case, "lawyer").case is None
    assert hand(case, "diplomat").case is not None


def test_who_is_away_is_handed_nothing_and_an_empty_hand_shows_buttons() -> None:
    away = {"U0LAW": {"away_from": date(2026, 1, 1), "away_until": date(2027, 12, 31)}}
    assert "부재" in texts_of(hand(make_case(state="routed"), "lawyer", rules=away).outgoing)[0]
    shown = hand(make_case(state="routed"), "").outgoing[0]
    keys = [one.key for row in shown.content.buttons for one in row]
    assert keys == ["hand:7:slack:U0LAW", "hand:7:slack:U0ACC", "hand:7:slack:U0LEAD"]
    press = make_staff_message(keys[1], "button")
    case = make_case(state="routed")
    turn = make_staff_turn(press, case, make_conversation(case=7), services=at_body(case))
    pressed = decide_staff_turn(turn).case
    assert pressed is not None and pressed.taken_by == "slack:U0ACC"


def test_when_an_absence_begins_the_lead_is_told_and_one_tap_hands_over() -> None:
    first = date(2026, 12, 20)
    away = {"U0LAW": {"away_from": first, "away_until": first, "stand_in": "slack:U0ACC"}}
    case = replace(make_case(state="claimed"), taken_by="slack:U0LAW", taken_role="lawyer")
    services = at_body(case, rules=away)
    lawyer, accountant, _ = list_seats(services, "vn-hanoi")
    (timer,) = build_absence_timer(services, lawyer)
    assert timer.at.date() == date(2026, 12, 21)  # the 20th is a Sunday
    in_room, private = decide_absence_timer(services, timer.key).outgoing
    assert in_room.content.mentions == ("U0LEAD",) and "#7" in in_room.content.text
    assert in_room.content.buttons[0][0].key == "standin:slack:U0LAW"
    assert private.to == Address("slack", "U0LEAD")
    moved = decide_absence_timer(at_body(case), timer.key)
    assert moved == Decision()  # the absence was taken back
    handed = hand_to_stand_in(services, lawyer, accountant, Actor("slack:U0LEAD", "lead"))
    assert [one.taken_by for one in handed.more_cases] == ["slack:U0ACC"]


def test_no_one_is_offered_to_who_stands_in_and_is_away_as_well() -> None:
    day = date(2026, 12, 21)
    away = {
        "U0LAW": {"away_from": day, "away_until": day, "stand_in": "slack:U0ACC"},
        "U0ACC": {"away_from": day, "away_until": None},
    }
    case = replace(make_case(state="claimed"), taken_by="slack:U0LAW", taken_role="lawyer")
    services = at_body(case, rules=away)
    lawyer = list_seats(services, "vn-hanoi")[0]
    told = tell_lead(services, lawyer)
    assert told and not any(one.content.buttons for one in told)
    assert "/hand" in told[0].content.text


def test_without_a_thread_the_seat_is_told_in_private() -> None:
    """The room was unbound in the same step: nothing can be said in it."""
    step = open_case(replace(make_case(), state="new"), Actor(FOUNDER, "founder"), has_room=True)
    services = replace(at_body(step.case), list_threads=lambda _: [])
    decision = offer_cases(Decision(new_case=step.case, log=step.log), services)
    assert [one.to for one in decision.outgoing] == [Address("slack", "U0LAW")]


def test_a_case_is_handed_to_a_name_and_not_to_who_has_it() -> None:
    """A handle stands in the name that a messenger shows: "김변 (@kimlaw)"."""
    case = make_case(state="claimed", taken_by="slack:U0LAW", taken_role="lawyer")
    known = replace(ACCOUNTANT, name="이회계 (@LeeAcc)")
    seats = [(one, SeatRules("vn-hanoi", "slack", one.user)) for one in (LAWYER, known)]

    def hand_to(wanted: str, seats: list[Any]) -> Decision:
        services = replace(at_body(case), list_seats=lambda _: seats)
        message = make_staff_message(wanted, "command", command="hand")
        return decide_staff_turn(
            make_staff_turn(message, case, make_conversation(case=7), services=services)
        )

    handed = hand_to("@leeacc", seats).case
    assert handed is not None and handed.taken_by == "slack:U0ACC"
    same = hand_to("U0LAW", seats)
    assert same.case is None
    assert texts_of(same.outgoing) == [phrase("staff.hand_same", "ko", who="김변(변호사)")]
    alone = hand_to("", seats[:1])
    assert texts_of(alone.outgoing) == [phrase("staff.hand_no_other", "ko")]


def test_where_a_body_never_works_who_is_away_is_read_by_today() -> None:
    closed = MISSIONS.with_hours([BodyHours("vn-hanoi", {})]).get("vn-hanoi")
    assert find_working_day(closed, NOW) == NOW.astimezone(ZoneInfo(closed.timezone)).date()
