"""Which seat a case is offered to first, on drawn bodies and by name."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cases.seats.choice import choose_seat, count_open_cases
from bot.cases.seats.roster import Seat
from bot.types import SeatOffer, SeatRules
from tests.samples.records import make_case, make_taken_case
from tests.samples.staff_records import make_member

TODAY = date(2026, 12, 21)
TOPICS = ("tax", "law", "customs")


def make_seat(user: str, role: str = "lawyer", **rules: Any) -> Seat:
    return Seat(make_member(user, role=role), SeatRules("vn-hanoi", "slack", user, **rules))


def choose(
    *seats: Seat, topic: str = "law", load: dict[str, int] | None = None, **case: Any
) -> str:
    offer = choose_seat(make_case(**case), topic, seats, load or {}, TODAY)
    return offer.account.removeprefix("slack:") if offer else "all"


@st.composite
def draw_seats(draw: st.DrawFn) -> list[Seat]:
    users = [f"U{number}" for number in range(draw(st.integers(0, 5)))]
    return [
        make_seat(
            user,
            topics=tuple(draw(st.sets(st.sampled_from(TOPICS)))),
            languages=tuple(draw(st.sets(st.sampled_from(("ko", "en"))))),
            capacity=draw(st.none() | st.integers(1, 3)),
            away_from=draw(st.none() | st.just(date(2026, 12, 20))),
            away_until=draw(st.sampled_from((date(2026, 12, 20), TODAY))),
            stand_in=draw(st.sampled_from(["", *(f"slack:{one}" for one in users)])),
        )
        for user in users
    ]


@settings(deadline=None)
@given(draw_seats(), st.sampled_from(TOPICS), st.dictionaries(st.sampled_from(
    [f"slack:U{number}" for number in range(5)]), st.integers(0, 4)))  # fmt: skip
def test_no_one_absent_or_full_is_offered_a_case_and_who_fits_always_is(
    seats: list[Seat], topic: str, load: dict[str, int]
) -> None:
    case = make_case(language="ko")
    offer = choose_seat(case, topic, seats, load, TODAY)
    free = [
        one
        for one in seats
        if topic in one.topics
        and (not one.rules.languages or "ko" in one.rules.languages)
        and not one.is_away(TODAY)
        and not one.is_full(load)
    ]
    if offer is None:
        assert not free  # it goes to all
        return
    holder = next(one for one in seats if one.account == offer.account)
    assert not holder.is_away(TODAY) and not holder.is_full(load)
    assert not holder.rules.languages or "ko" in holder.rules.languages
    if free:
        assert holder in free and not offer.stands_in
        assert load.get(holder.account, 0) == min(load.get(one.account, 0) for one in free)


def test_the_topic_decides_then_the_fewest_cases() -> None:
    lawyer, other, accountant = make_seat("A"), make_seat("B"), make_seat("C", "accountant")
    assert choose(accountant, lawyer, other) == "A"
    assert choose(lawyer, other, load={"slack:A": 1}) == "B"
    assert choose(lawyer, accountant, topic="tax") == "C"
    assert choose(lawyer, accountant, topic="visa") == "all"


def test_a_critical_case_goes_to_all_and_a_sealed_one_to_no_seat() -> None:
    assert (
        choose(make_seat("A"), urgency="critical") == choose(make_seat("A"), sealed=True) == "all"
    )


def test_who_stands_in_is_asked_for_in_place_of_who_is_away() -> None:
    days: dict[str, Any] = {"away_from": TODAY, "away_until": TODAY}
    away = make_seat("A", stand_in="slack:B", **days)
    assert choose(away) == "all"
    assert choose(away, make_seat("B", "staff")) == "B"
    assert choose(away, make_seat("B", "staff", **days)) == "all"
    assert choose(away, make_seat("B", "staff"), make_seat("C"), load={"slack:C": 9}) == "C"
    assert choose(away, make_seat("B", "staff", capacity=1), load={"slack:B": 1}) == "all"


def test_who_stands_in_takes_the_topics_of_the_other_in_their_own_languages() -> None:
    away = make_seat("A", away_from=TODAY, away_until=TODAY, stand_in="slack:B")
    assert choose(away, make_seat("B", "diplomat", topics=("visa",))) == "B"
    assert choose(away, make_seat("B", "staff", languages=("ko",)), language="vi") == "all"
    assert choose(away, make_seat("B", "staff", languages=("ko", "vi")), language="vi") == "B"


def test_a_case_of_another_language_is_not_offered_to_who_does_not_speak_it() -> None:
    assert choose(make_seat("A", languages=("ko",)), language="vi") == "all"
    assert choose(make_seat("A", languages=("ko",)), make_seat("B"), language="vi") == "B"


def test_what_is_offered_counts_as_well_as_what_is_taken() -> None:
    offered = replace(make_case(8), state="routed", offer=SeatOffer("slack:A", "lawyer", "law"))
    taken = replace(make_taken_case(9), taken_by="slack:A")
    ended = replace(make_taken_case(10), taken_by="slack:A", state="resolved")
    assert count_open_cases([offered, taken, ended]) == Counter({"slack:A": 2})
