"""The checker of the chaos suite: each fault it looks for, and none where all is well."""

from __future__ import annotations

import pytest

from tests.harness.chaos.ledger import (
    IN_FLIGHT_SECONDS,
    LATE_SECONDS,
    Arrival,
    Ledger,
    Limited,
    Sent,
    Written,
    find_percentile,
    find_unstored,
    judge,
    measure_waits,
    merge_spans,
)
from tests.harness.chaos.plan import TrialPlan


def build_ledger(*arrived: tuple[int, float]) -> Ledger:
    """Three messages written at 0, 1 and 2 s; (number, second) of those that arrived."""
    written = [Written("말0", number, f"7:{number}", float(number)) for number in range(3)]
    arrivals = [Arrival("말0", number, at) for number, at in arrived]
    return Ledger(written, arrivals, kills=[-10.0])


ALL = ((0, 1.0), (1, 2.0), (2, 3.0))


def test_a_ledger_where_all_arrived_in_order_has_no_fault() -> None:
    assert judge(build_ledger(*ALL), can_be_asked=True).list_faults() == []


@pytest.mark.parametrize(
    ("arrived", "fault"),
    [
        (((0, 1.0), (2, 3.0)), "lost: 말0 1"),
        ((*ALL, (1, 4.0)), "1 repeats, of 0 allowed"),
        (((0, 1.0), (2, 3.0), (1, 4.0)), "out of order"),
        (((0, 1.0), (1, 2.0), (2, 2.0 + LATE_SECONDS + 0.1)), "late"),
    ],
)
def test_what_did_not_arrive_once_in_order_and_soon_is_found(
    arrived: tuple[tuple[int, float], ...], fault: str
) -> None:
    (found,) = judge(build_ledger(*arrived), can_be_asked=True).list_faults()
    assert found.startswith(fault)


def test_a_messenger_that_cannot_be_asked_may_repeat_once_for_each_kill_or_lost_answer() -> None:
    twice = build_ledger(*ALL, (1, 4.0), (2, 4.0))
    assert judge(twice, can_be_asked=False).repeats == 2
    assert judge(twice, can_be_asked=False).list_faults() == ["2 repeats, of 1 allowed (1)"]
    twice.lost_answers = 1
    assert judge(twice, can_be_asked=False).list_faults() == []


def test_a_repeat_is_no_change_of_order() -> None:
    assert judge(build_ledger(*ALL, (0, 4.0)), can_be_asked=True).reordered == []


def test_a_send_within_the_wait_of_a_429_is_found_and_one_on_its_way_is_not() -> None:
    ledger = build_ledger(*ALL)
    ledger.limits = [Limited("7", 10.0, 13.0)]
    ledger.sent = [
        Sent("7", 10.0),
        Sent("7", 10.0 + IN_FLIGHT_SECONDS),
        Sent("8", 12.0),
        Sent("7", 13.0),
    ]
    assert judge(ledger, can_be_asked=True).list_faults() == []
    ledger.sent.append(Sent("7", 12.9))
    assert judge(ledger, can_be_asked=True).list_faults() == ["sent before retry_after (1)"]
    ledger.kills = [10.1]  # before it was noted: the next process cannot know
    assert judge(ledger, can_be_asked=True).list_faults() == []
    ledger.kills = [9.9, 10.1 + IN_FLIGHT_SECONDS]
    assert judge(ledger, can_be_asked=True).early_sends == 1


def test_on_a_machine_that_lags_calls_are_under_way_for_longer() -> None:
    ledger = build_ledger(*ALL)
    ledger.limits, ledger.sent = [Limited("7", 10.0, 15.0)], [Sent("7", 14.0)]
    assert judge(ledger, can_be_asked=True).early_sends == 1
    ledger.confirmed, ledger.steady_until = {"7:0": 4.5}, 2.0
    assert judge(ledger, can_be_asked=True).early_sends == 0
    ledger.confirmed = {"7:0": 6.0}  # nothing can be said of this limit
    assert judge(ledger, can_be_asked=True).limits == 0


def test_what_is_confirmed_and_in_no_row_is_found_and_so_is_what_is_never_confirmed() -> None:
    ledger = build_ledger(*ALL)
    ledger.confirmed_unstored, ledger.unacked = find_unstored({"7:1", "7:2"}, {"7:2"}), ["7:0"]
    assert judge(ledger, can_be_asked=True).list_faults() == [
        "confirmed and not stored (1)",
        "never confirmed: 7:0 (1)",
    ]


def test_the_time_in_which_nothing_could_be_sent_is_no_wait() -> None:
    ledger = build_ledger((0, 20.0), (1, 20.0))
    ledger.away = [(0.5, 10.0), (5.0, 18.0)]
    assert measure_waits(ledger) == pytest.approx([2.5, 2.0])
    assert merge_spans(ledger.away) == [(0.5, 18.0)]


def test_a_backlog_that_moves_is_not_late_and_a_lane_that_stands_still_is() -> None:
    moving = build_ledger((0, 50.0), (1, 100.0), (2, 150.0))
    assert judge(moving, can_be_asked=True).list_faults() == []
    standing = build_ledger((0, 1.0), (1, 100.0), (2, 100.0))
    assert judge(standing, can_be_asked=True).list_faults() == ["late (1)"]


def test_confirming_is_timed_where_there_was_no_fault_yet() -> None:
    ledger = build_ledger(*ALL)
    ledger.confirmed, ledger.steady_until = {"7:0": 0.2, "7:1": 1.4, "7:2": 30.0}, 2.0
    assert judge(ledger, can_be_asked=True).ack_p99 == pytest.approx(0.4)
    assert find_percentile([], 0.99) == 0


def test_a_plan_is_drawn_from_its_seed_and_has_every_kind_of_end() -> None:
    plan = TrialPlan(kills=22, least=500, seed=7)
    lives = plan.draw_lives()
    assert lives == plan.draw_lives() != TrialPlan(kills=22, least=500, seed=8).draw_lives()
    assert sum(life.end != "term" for life in lives) == 22
    assert {life.end for life in lives} == set(plan.ends)
    assert any(life.alteration.jump for life in lives)
