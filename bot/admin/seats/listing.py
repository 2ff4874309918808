"""The list of a body's seats, as its lead and the command line read it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.admin.desk.topics import load_topics
from bot.admin.people.roles import name_member
from bot.cases.seats.roster import Seat, find_stand_in
from bot.phrases import render_phrase
from knowledge.types import Language


def render_seats(
    seats: Sequence[Seat], open_cases: Mapping[str, int], today: date, language: Language
) -> str:
    """A line for each seat: who, which topics and languages, how many cases, whether they are away."""
    if not seats:
        return render_phrase("seats.none", language)
    return "\n".join(_render_seat(one, seats, open_cases, today, language) for one in seats)


def _render_seat(
    seat: Seat, seats: Sequence[Seat], open_cases: Mapping[str, int], today: date,
    language: Language,
) -> str:  # fmt: skip
    topics = [load_topics().label(one, language) for one in seat.topics]
    languages = [render_phrase(f"founder.language_{one}", language) for one in seat.rules.languages]
    capacity = seat.rules.capacity
    line = render_phrase(
        "seats.seat", language,
        role=render_phrase(f"staff.role_{seat.role}", language),
        who=name_member(seat.member),
        topics=", ".join(topics) or render_phrase("seats.no_topics", language),
        languages=", ".join(languages) or render_phrase("seats.any_language", language),
        count=open_cases.get(seat.account, 0),
        capacity=render_phrase("seats.no_limit", language) if capacity is None else capacity,
    )  # fmt: skip
    last = seat.rules.away_until
    if seat.rules.away_from is None or (last is not None and last < today):
        return line
    other = find_stand_in(seat, seats)
    away = render_phrase(
        "seats.seat_away", language, first=seat.rules.away_from, last=last,
        stand_in=name_member(other.member) if other else render_phrase("seats.no_stand_in", language),
    )  # fmt: skip
    return f"{line}\n  {away}"
