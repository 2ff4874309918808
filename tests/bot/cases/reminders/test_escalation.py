"""What a timer of a case leads to, and that an old one leads to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cases.reminders.escalation import decide_case_timer
from bot.cases.reminders.timers import (
    build_timer,
    list_looks,
    parse_timer,
    renew_timers,
    set_timers,
)
from bot.cases.states import NARU, CaseStep, open_case, reopen_case
from bot.context import Decision, Services
from bot.messages import Address
from bot.store import Store
from bot.types import Actor, BodyHours, Case, LogEntry
from knowledge.catalogue import open_engine
from knowledge.types import LANGUAGES, Language
from tests.samples.records import (
    FOUNDER,
    MISSIONS,
    NOW,
    STAFF,
    make_binding,
    make_case,
    make_conversation,
    make_services,
    make_thread,
)

ASKER, OFFICER = Actor(FOUNDER, "founder"), Actor(STAFF, "staff")
LEAD, DESK = Address("slack", "U0LEAD"), Address("slack", "C0DESK")
THREAD = Address("slack", "C0HANOI", staff_thread="7.1")


def open_new(**values: Any) -> CaseStep:
    return open_case(replace(make_case(), state="new", **values), ASKER, has_room=True)


def at_desk(step: CaseStep, now: datetime, **values: Any) -> Services:
    """Services that know the case with its log, a lead and the desk's room."""
    services = make_services(
        known_cases=[step.case], threads=[make_thread()],
        bindings=[make_binding(), make_binding("domestic", "C0DESK")],
        conversations=[make_conversation(case=7, language=values.pop("language", "ko"))],
    )  # fmt: skip
    return replace(
        services, now=now, list_log=lambda _: list(step.log), find_leads=lambda _: (LEAD,), **values
    )


def climb(step: CaseStep, **values: Any) -> list[tuple[datetime, Decision]]:
    """Every timer of a case that nobody touches, rung when it runs out, until the desk was told."""
    rung: list[tuple[datetime, Decision]] = []
    for _ in range(10):
        looks = list_looks(step.case, step.log, MISSIONS, NOW)
        if not looks[0].step:
            return rung
        now = looks[0].at
        decision = decide_case_timer(at_desk(step, now, **values), build_timer(7, looks[0]).key)
        rung.append((now, decision))
        step = CaseStep(step.case, (*step.log, *decision.log))
    raise AssertionError("the ladder has no end")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ladder_of_a_normal_case_and_what_its_founder_reads(language: Language) -> None:
    thread, lead, desk = climb(open_new(), language=language)
    # Asked on Monday; Tuesday is a holiday in Hanoi, which ends its second day on Wednesday at 18:00
    # (20:00 in Seoul). Lead and desk are told in their own hours, on the mornings after.
    assert [f"{now.astimezone(NOW.tzinfo):%d %H:%M}" for now, _ in (thread, lead, desk)] == [
        "25 16:00", "26 11:00", "27 09:00",
    ]  # fmt: skip
    assert [one.to for one in thread[1].outgoing] == [THREAD]
    to_lead, to_founder = lead[1].outgoing
    assert to_lead.to == LEAD and to_founder.to == Address("telegram", "1001")
    assert to_founder.content.text.startswith("#7: ")
    assert "18:00" in to_founder.content.text  # what was promised, on the mission's clock
    assert [one.to for one in desk[1].outgoing] == [DESK]
    assert all(d.log[0].act == "remind" and d.case and d.case.state == "routed"
               for _, d in (thread, lead, desk))  # fmt: skip


def test_a_request_to_the_desk_is_due_to_the_mission_and_not_to_a_founder() -> None:
    steps = climb(open_new(parent=3))
    shown = [one.content.text for _, decision in steps for one in decision.outgoing]
    assert any("요청한 공관에 드릴" in text for text in shown)
    assert not any("창업자" in text for text in shown)


def test_a_critical_case_is_told_at_once_and_ends_at_the_emergency_route() -> None:
    route = Address("telegram", "-100911")
    steps = climb(open_new(urgency="critical"), emergency_route=route)
    assert [(now - NOW) // timedelta(minutes=1) for now, _ in steps] == [60, 90, 120, 150]
    assert [d.outgoing[0].to for _, d in steps] == [THREAD, LEAD, DESK, route]
    assert len(steps[2][1].outgoing) == 2  # its founder, at the minute of the target
    without = climb(open_new(urgency="critical"))
    assert without[3][1].outgoing[0].to == DESK


def test_a_timer_of_before_a_reply_says_nothing_and_sets_what_is_due_now() -> None:
    step = open_new()
    (look,) = list_looks(step.case, step.log, MISSIONS, NOW)
    answered = step.take("claim", OFFICER, NOW, taken_by=STAFF).take("answer", OFFICER, NOW)
    decision = decide_case_timer(at_desk(answered, look.at), build_timer(7, look).key)
    assert decision.outgoing == () and decision.log == ()
    (timer,) = decision.timers
    assert parse_timer(timer.key) and ":update:2:thread:" in timer.key


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """The store of one process."""
    engine = open_engine(f"sqlite:///{folder / 'naru.db'}")
    yield Store(engine)
    engine.dispose()


def test_a_case_that_no_one_answers_is_not_forgotten_over_a_restart_chatwoot_6889(
    tmp_path: Path,
) -> None:
    """Every timer of the ladder is kept by a process that ends at once, and rings in the next one."""
    step, looks = open_new(), []
    for _ in range(3):
        (look,) = list_looks(step.case, step.log, MISSIONS, NOW)
        with open_store(tmp_path) as store:
            kept = Decision(timers=(build_timer(7, look),))
            store.commit_without_message(look.reason, kept, NOW)
        with open_store(tmp_path) as store:
            (rung,) = store.inbox.claim("next", look.at)
            store.commit([rung], "next", Decision(), look.at)
        decision = decide_case_timer(at_desk(step, look.at), rung.key)
        looks.append([one.to for one in decision.outgoing])
        step = CaseStep(step.case, (*step.log, *decision.log))
    assert [told[0] for told in looks] == [THREAD, LEAD, DESK]
    assert looks[1][1] == Address("telegram", "1001")  # its founder, when the target has passed


@pytest.mark.parametrize("end", ["resolve", "merge"])
def test_a_timer_of_a_case_that_has_ended_leads_to_nothing(end: Any) -> None:
    step = open_new()
    (look,) = list_looks(step.case, step.log, MISSIONS, NOW)
    ended = step.take(end, OFFICER, NOW)
    assert decide_case_timer(at_desk(ended, look.at), build_timer(7, look).key) == Decision()


def test_while_the_founder_is_waited_for_only_a_look_remains_and_their_word_wakes_the_clock() -> (
    None
):
    step = open_new().take("claim", OFFICER, NOW, taken_by=STAFF).take("answer", OFFICER, NOW)
    parked = step.take("ask_founder", OFFICER, NOW, wait_until=NOW + timedelta(days=10))
    (look,) = list_looks(parked.case, parked.log, MISSIONS, NOW)
    assert look.step is None and look.reason.startswith("wait:")
    told = decide_case_timer(at_desk(parked, look.at), build_timer(7, look).key)
    assert [one.to for one in told.outgoing] == [THREAD]
    assert "기다리기로 한 날" in told.outgoing[0].content.text
    later = NOW + timedelta(days=1)
    written = parked.take("founder_writes", ASKER, later)
    assert list_looks(written.case, written.log, MISSIONS, later)[0].step


def test_after_the_last_step_a_case_is_looked_at_again_and_again() -> None:
    step, now = open_new(), NOW
    reasons = []
    for _ in range(6):
        look = list_looks(step.case, step.log, MISSIONS, now)[-1]
        now = look.at
        decision = decide_case_timer(at_desk(step, now), build_timer(7, look).key)
        step = CaseStep(step.case, (*step.log, *decision.log))
        reasons.append(look.reason.partition(":")[0])
        assert decision.outgoing
    assert reasons == ["first_response"] * 3 + ["revisit"] * 3
    assert {one.to for one in decision.outgoing} == {THREAD, DESK}  # it is late: the desk as well


def test_every_step_of_a_case_sets_its_timers() -> None:
    step = open_new()
    known: list[LogEntry] = list(step.log)
    services = replace(at_desk(step, NOW), list_log=lambda _: known)
    opened = set_timers(
        Decision(new_case=step.case, log=step.log), services, services.missions, services.now
    )
    assert len(opened.timers) == 1 and opened.timers[0].key.startswith("case:7:first_response:1:")
    ended: Case = step.take("resolve", OFFICER, NOW).case
    closing = Decision(case=ended, log=step.take("resolve", OFFICER, NOW).log[-1:])
    closed = set_timers(closing, services, services.missions, services.now)
    assert closed.timers == () and closed.overtaken == tuple(one.key for one in opened.timers)
    again = reopen_case(ended, ASKER, NOW, has_room=True)
    reopened = set_timers(
        Decision(case=again.case, log=again.log), services, services.missions, services.now
    )
    assert len(reopened.timers) == 1
    assert set_timers(Decision(), services, services.missions, services.now) == Decision()


@pytest.mark.parametrize("leads", [(), (LEAD,)])
def test_without_a_lead_the_desk_is_told_and_without_a_desk_the_thread(leads: Any) -> None:
    step = open_new()
    services = replace(at_desk(step, NOW), find_leads=lambda _: leads)
    key = build_timer(7, list_looks(step.case, step.log, MISSIONS, NOW)[0])
    thread = decide_case_timer(replace(services, now=key.at), key.key)
    step = CaseStep(step.case, (*step.log, *thread.log))
    look = list_looks(step.case, step.log, MISSIONS, NOW)[0]
    now = replace(services, now=look.at, list_log=lambda _: list(step.log))
    lead = decide_case_timer(now, build_timer(7, look).key)
    assert lead.outgoing[0].to == (leads[0] if leads else DESK)
    alone = decide_case_timer(replace(now, bindings=()), build_timer(7, look).key)
    assert alone.outgoing[0].to == (leads[0] if leads else THREAD)


def test_a_delay_that_a_founder_knows_of_is_not_told_again_after_a_move() -> None:
    step, now = open_new(), NOW
    while not any(":lead" in entry.detail for entry in step.log):
        look = list_looks(step.case, step.log, MISSIONS, now)[0]
        now = look.at
        decision = decide_case_timer(at_desk(step, now), build_timer(7, look).key)
        step = CaseStep(step.case, (*step.log, *decision.log))
    assert Address("telegram", "1001") in [one.to for one in decision.outgoing]
    step = step.take("reassign", OFFICER, now).take("route", NARU, now)
    again = []
    for _ in range(3):
        look = list_looks(step.case, step.log, MISSIONS, now)[0]
        now = look.at
        decision = decide_case_timer(at_desk(step, now), build_timer(7, look).key)
        step = CaseStep(step.case, (*step.log, *decision.log))
        again += [one.to for one in decision.outgoing]
    assert again == [THREAD, LEAD, DESK]


def test_a_sealed_case_that_no_one_may_read_says_so_with_every_step_and_look() -> None:
    step, now = open_new(sealed=True), NOW
    founder, said = Address("telegram", "1001"), 0
    for _ in range(5):
        look = list_looks(step.case, step.log, MISSIONS, now)[0]
        now = look.at
        decision = decide_case_timer(at_desk(step, now), build_timer(7, look).key)
        step = CaseStep(step.case, (*step.log, *decision.log))
        unread = [one for one in decision.outgoing if "봉인된" in one.content.text]
        assert [one.to for one in unread] == [DESK, founder]
        said += 1
    assert said == 5
    services = replace(at_desk(step, now), find_duty_officers=lambda _: (LEAD,))
    look = list_looks(step.case, step.log, MISSIONS, now)[0]
    read = decide_case_timer(replace(services, now=look.at), build_timer(7, look).key)
    assert read.outgoing and not any("봉인된" in one.content.text for one in read.outgoing)


def test_a_timer_of_an_erased_case_leads_to_nothing() -> None:
    step = open_new()
    (look,) = list_looks(step.case, step.log, MISSIONS, NOW)
    services = make_services()
    assert decide_case_timer(services, build_timer(7, look).key) == Decision()


def test_of_an_erased_founders_case_only_staff_are_told_that_it_slipped() -> None:
    told = climb(open_new(), find_conversation=lambda _: None)
    assert [one.to for _, decision in told for one in decision.outgoing] == [THREAD, LEAD, DESK]


def test_a_case_is_looked_at_again_even_where_its_body_never_works() -> None:
    """A lead closed the whole week: no case may be forgotten for it."""
    step, closed = open_new(), MISSIONS.with_hours([BodyHours("vn-hanoi", {})])
    (look,) = list_looks(step.case, step.log, closed, NOW)
    assert look.reason.startswith("revisit:") and look.at > NOW and not look.step


def test_a_case_moves_away_from_a_mission_that_is_no_longer_listed() -> None:
    step = open_new(mission="vn-gone")
    moved = step.take("reassign", OFFICER, NOW, mission="vn-hanoi")
    decision = Decision(case=moved.case, log=moved.log[len(step.log) :])
    timed = set_timers(decision, at_desk(step, NOW), MISSIONS, NOW)
    assert [parse_timer(one.key) is not None for one in timed.timers] == [True]
    assert timed.overtaken == ()


def test_new_hours_of_a_body_renew_the_timers_of_its_open_cases() -> None:
    step = open_new()
    services = at_desk(step, NOW, list_open_cases=lambda: [step.case])
    looks = list_looks(step.case, step.log, MISSIONS, NOW)
    for mission in ("vn-hanoi", "domestic"):  # the desk's hours: of every ladder
        assert renew_timers(services, mission) == tuple(build_timer(7, one) for one in looks)
    assert renew_timers(services, "vn-hcmc") == ()
