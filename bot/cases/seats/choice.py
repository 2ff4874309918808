"""Which seat of a body a case is offered to before all others. Pure.

In the order of the rules: a sealed case goes to the duty officers and a critical one to all at once.
Else the seats that take its topic and its language are asked for, in place of a holder who is away the
one who stands in. Who stands in takes the other's topics, that is what they were named for, but has the
languages and the capacity of their own seat. No one is asked who is away or has as many cases as they
take. Of those left, one who sits there is before one who stands in, then who has the fewest open
cases, then who was admitted first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.cases.seats.roster import Seat, find_stand_in
from bot.cases.states import is_held, is_open
from bot.types import Case, SeatOffer


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is there for a seat: its own holder, or who `stands_in`."""

    seat: Seat
    person: Seat
    stands_in: bool = False


def choose_seat(
    case: Case, topic: str, seats: Sequence[Seat], open_cases: Mapping[str, int], today: date
) -> SeatOffer | None:
    """To whom a case of a topic is offered first; None: to all at once. `open_cases` are counted by
    account, `today` is a day of the mission's calendar."""
    if case.sealed or case.urgency == "critical":
        return None
    fitting = [seat for seat in seats if topic in seat.topics and _speaks(seat, case)]
    there = [
        one
        for one in list_there(fitting, seats, today)
        if _speaks(one.person, case) and not one.person.is_full(open_cases)
    ]
    if not there:
        return None
    first = pick_first(there, open_cases)
    return SeatOffer(
        first.person.account, first.seat.role, topic,
        open_cases.get(first.person.account, 0), first.stands_in,
    )  # fmt: skip


def list_there(wanted: Iterable[Seat], seats: Sequence[Seat], today: date) -> Iterator[Holder]:
    """Who is there on a day for each of the `wanted` seats, of all `seats` of the body."""
    for seat in wanted:
        if not seat.is_away(today):
            yield Holder(seat, seat)
        elif (other := find_stand_in(seat, seats)) and not other.is_away(today):
            yield Holder(seat, other, stands_in=True)


def pick_first(there: Sequence[Holder], open_cases: Mapping[str, int]) -> Holder:
    """Who comes first of those who are there."""
    return min(there, key=lambda one: (one.stands_in, open_cases.get(one.person.account, 0)))


def count_open_cases(cases: Iterable[Case]) -> Counter[str]:
    """How many open cases each account has, those that are only offered to it included."""
    count: Counter[str] = Counter()
    for case in cases:
        if is_held(case) and case.taken_by:
            count[case.taken_by] += 1
        elif is_open(case) and case.offer:
            count[case.offer.account] += 1
    return count


def _speaks(seat: Seat, case: Case) -> bool:
    return not seat.rules.languages or case.language in seat.rules.languages
