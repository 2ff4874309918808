"""The life of a case: every act in every state by every role, and the log of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases import states
from bot.cases.reminders.timers import read_case_clocks
from bot.cases.states import NARU, PEOPLE, RULES, STEPS, CaseStep, is_open
from bot.errors import ActNotAllowed
from bot.types import HELD_STATES, OPEN_STATES, Actor, Case, CaseAct, CaseRole, CaseState
from tests.samples.records import (
    DA_NANG,
    FOUNDER,
    HCMC,
    NOW,
    QUESTION,
    STAFF,
    claim_case,
    holder_of,
    make_case,
    make_pending,
    make_route,
    make_taken_case,
    reason_at,
    reason_of,
)

LATER = NOW + timedelta(hours=3)
OFFICER = Actor(STAFF, "staff")
ASKER = Actor(FOUNDER, "founder")
STATES: tuple[CaseState, ...] = get_args(CaseState)
ROLE_NAMES = {"founder": "founder", "naru": "Naru"}


def draw_steps() -> str:
    """The table as the docstring of the module has it, a line for each of its rules."""
    lines = []
    for rule in RULES:
        roles = ["people"] if set(PEOPLE) <= set(rule.roles) else []
        roles += [ROLE_NAMES[role] for role in rule.roles if role not in PEOPLE]
        before = "any open" if rule.before == OPEN_STATES else ", ".join(rule.before)
        lines.append(
            f"    {before} ──{rule.act}──▶ {rule.after or 'as before'} ({', '.join(roles)})"
        )
    return "\n".join(lines)


def test_the_docstring_draws_the_table() -> None:
    assert draw_steps() in (states.__doc__ or "")


def test_no_act_is_in_the_table_twice() -> None:
    cells = sum(len(rule.roles) * len(rule.before) for rule in RULES)
    assert cells == len(STEPS)
    acts = {act for _, act, _ in STEPS}
    assert acts | {"open"} == set(get_args(CaseAct))


def test_whatever_is_not_in_the_table_is_refused_and_says_what_was_tried() -> None:
    for state in STATES:
        for act in get_args(CaseAct):
            for role in get_args(CaseRole):
                case = replace(make_case(), state=state)
                if (state, act, role) in STEPS:
                    assert CaseStep(case).take(act, Actor("a:1", role), NOW).case.state
                    continue
                with pytest.raises(ActNotAllowed) as refused:
                    CaseStep(case).take(act, Actor("a:1", role), NOW)
                assert (refused.value.act, refused.value.state) == (act, state)


@pytest.mark.parametrize("state", STATES)
def test_every_state_but_the_first_is_reached_and_each_can_be_left(state: CaseState) -> None:
    assert any(before == state and after != state for (before, _, _), after in STEPS.items())
    assert any(before != state and after == state for (before, _, _), after in STEPS.items())


@given(
    acts=st.lists(
        st.tuples(st.sampled_from(get_args(CaseAct)), st.sampled_from(get_args(CaseRole))),
        max_size=30,
    )
)
def test_the_log_replayed_gives_the_state(acts: list[tuple[CaseAct, CaseRole]]) -> None:
    step = states.open_case(replace(make_case(), state="new"), ASKER, has_room=True)
    for act, role in acts:
        taken = step
        if states.is_allowed(step.case, act, role):
            taken = step.take(act, Actor("a:1", role), LATER)
            assert taken.log[-1].role == role and len(taken.log) == len(step.log) + 1
        else:  # what is refused leaves no trace
            with pytest.raises(ActNotAllowed):
                step.take(act, Actor("a:1", role), LATER)
        assert taken.log[: len(step.log)] == step.log  # only added to
        assert taken.case.state in STATES
        step = taken
    state: CaseState | None = None
    for entry in step.log:
        assert entry.before == state and entry.case == step.case.number
        if state is not None:  # by the table alone, without what the log says came of it
            assert entry.after == STEPS[state, entry.act, entry.role]
        state = entry.after
    assert state == step.case.state


def test_a_new_case_says_what_was_asked_and_who_has_it() -> None:
    pending = make_pending(language="vi", urgency="critical", sealed=True, found="찾은 것")
    case = states.create_case(12, "telegram:1001", pending, make_route(DA_NANG), NOW)
    assert (case.number, case.conversation, case.opened_at) == (12, "telegram:1001", NOW)
    assert (case.question, case.language, case.urgency) == (QUESTION, "vi", "critical")
    assert case.sealed and case.found == "찾은 것" and case.place == DA_NANG
    assert (case.competent, case.mission, case.via, case.body) == (
        "vn-da-nang", "vn-hanoi", "same_country", "confirmed",
    )  # fmt: skip
    assert case.state == "new" and holder_of(case) is None and case.version == 0


def test_the_founders_wait_begins_with_the_question_that_was_handed_over() -> None:
    asked = NOW - timedelta(minutes=9)
    case = states.create_case(12, FOUNDER, make_pending(at=asked), make_route(), NOW)
    assert (case.asked_at, case.opened_at) == (asked, NOW)


@pytest.mark.parametrize(("has_room", "state"), [(True, "routed"), (False, "new")])
def test_a_case_is_new_until_a_room_sees_it(has_room: bool, state: CaseState) -> None:
    step = states.open_case(replace(make_case(), state="new"), ASKER, has_room=has_room)
    assert step.case.state == state
    assert [entry.act for entry in step.log] == ["open", *(["route"] if has_room else [])]
    assert (step.log[0].before, step.log[0].who, step.log[0].role) == (None, FOUNDER, "founder")


@pytest.mark.parametrize("before", ["new", "routed"])
def test_a_claim_takes_the_case(before: CaseState) -> None:
    case = claim_case(make_case(state=before), "agency", "slack:U0NEW")
    assert case.state == "claimed" and holder_of(case) == ("slack:U0NEW", "agency")
    assert case.taken_at == NOW


def test_a_claimed_case_stays_with_whom_it_is() -> None:
    with pytest.raises(ActNotAllowed):
        claim_case(make_taken_case(), "agency", "slack:U0OTHER")


def test_the_first_reply_claims_the_case_and_answers_it() -> None:
    step = states.answer_case(make_case(), OFFICER, "lawyer", NOW, "김")
    assert [entry.act for entry in step.log] == ["claim", "answer"]
    assert step.case.state == "answered" and holder_of(step.case) == (STAFF, "lawyer")


def test_a_name_as_long_as_messengers_allow_is_kept_as_far_as_there_is_room() -> None:
    """On PostgreSQL a longer one was an error, and a member's reply a dead letter."""
    step = states.answer_case(make_case(), OFFICER, "lawyer", NOW, "가" * 165)
    assert step.case.taken_name == "가" * 80  # of the column cases.taken_name


def test_a_word_between_while_an_authority_is_waited_for_ends_no_wait() -> None:
    step = states.answer_case(make_taken_case(state="waiting_authority"), OFFICER, "lawyer", NOW)
    assert step.case.state == "waiting_authority" and len(step.log) == 1


@pytest.mark.parametrize("before", ["resolved", "closed"])
@pytest.mark.parametrize(("taken", "after"), [(True, "claimed"), (False, "routed")])
def test_a_reopened_case_is_with_those_who_had_it(
    before: CaseState, taken: bool, after: CaseState
) -> None:
    case = replace(make_taken_case() if taken else make_case(), state=before, ended_at=NOW)
    step = states.reopen_case(case, ASKER, LATER, has_room=True)
    assert step.case.state == after and step.case.ended_at is None
    assert holder_of(step.case) == ((STAFF, "lawyer") if taken else None)


@pytest.mark.parametrize("before", OPEN_STATES)
def test_a_reassigned_case_is_free_to_be_taken_at_the_other_mission(before: CaseState) -> None:
    start = make_taken_case(state=before, asked_at=NOW)
    step = states.reassign_case(start, make_route(HCMC), OFFICER, LATER, has_room=True)
    case = step.case
    assert (case.state, holder_of(case), case.taken_at) == ("routed", None, None)
    assert (case.competent, case.mission, case.via, case.body) == (
        "vn-hcmc", "vn-hcmc", "consular_area", "probable",
    )  # fmt: skip
    assert case.place == HCMC and reason_of(case, "ko") == reason_at(HCMC, "ko")
    assert case.asked_at == NOW  # the founder waits since then, not since the move
    assert [entry.detail for entry in step.log] == ["vn-hcmc", "vn-hcmc"]


def test_a_route_without_a_place_leaves_the_cases_place() -> None:
    route = replace(make_route(HCMC), place=None)
    case = states.reassign_case(make_case(), route, OFFICER, NOW, has_room=False).case
    assert case.place == make_case().place and (case.mission, case.state) == ("vn-hcmc", "new")


def test_a_case_is_open_until_it_is_resolved_or_closed() -> None:
    def find(state: CaseState) -> Case:
        return make_case(state=state)

    assert [state for state in STATES if not is_open(find(state))] == ["resolved", "closed"]
    assert [state for state in STATES if states.is_held(find(state))] == list(HELD_STATES)


def test_naru_only_routes_offers_reminds_gives_a_case_back_and_ends_what_hangs_on_it() -> None:
    acts = {act for _, act, role in STEPS if role == NARU.role}
    assert acts == {"route", "unroute", "claim", "remind", "withdraw", "offer"}


def test_no_way_through_the_states_leaves_the_clocks_behind() -> None:
    """Every act from every state: clocks wait for whom the state waits for, stand in an ended case, and
    only a parked case has a day until which it waits."""
    begun = CaseStep(replace(make_case(), state="new", asked_at=NOW))
    seen, left = set[tuple[object, ...]](), [begun]
    while left:
        step = left.pop()
        clocks = read_case_clocks(step.case, step.log)
        parked = step.case.state in ("waiting_founder", "waiting_authority")
        waits_for = step.case.state.removeprefix("waiting_") if parked else None
        way = [entry.act for entry in step.log]
        assert (clocks.waiting, clocks.ended) == (waits_for, not is_open(step.case)), way
        assert parked or step.case.wait_until is None, way
        now = NOW + timedelta(minutes=len(step.log))
        for state, act, role in STEPS:
            if state != step.case.state:
                continue
            parks = act in ("ask_founder", "wait_authority")
            values: dict[str, Any] = {"wait_until": LATER} if parks else {}
            after = step.take(act, Actor("a:1", role), now, **values)
            after_clocks = read_case_clocks(after.case, after.log)
            key = (after.case.state, after.case.wait_until, after_clocks.running,
                   after_clocks.waiting, after_clocks.first_response_stopped is None)  # fmt: skip
            if key not in seen:
                seen.add(key)
                left.append(after)
    assert {state for state, *_ in seen} == set(STATES)


def test_a_case_whose_room_goes_is_free_to_be_taken_and_a_new_one_stays() -> None:
    fresh = replace(make_case(), state="new")
    assert states.unroute_case(fresh, NOW) == CaseStep(fresh)
    gone = states.unroute_case(make_taken_case(), NOW)
    assert holder_of(gone.case) is None and [one.act for one in gone.log] == ["unroute"]
