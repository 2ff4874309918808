"""`/seats`, `/away` and `/hours` in a body's room, and the button that hands over to a stand-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.admin.seats.absence import (
    build_absence_timer,
    find_present_stand_in,
    hand_to_stand_in,
    list_own_cases,
    tell_lead,
)
from bot.admin.seats.hours import change_hours, render_hours
from bot.admin.seats.listing import render_seats
from bot.admin.seats.settings import (
    SETTINGS,
    BadSetting,
    change_seat,
    find_seat,
    set_absence,
)
from bot.admin.staffing import StaffingTurn
from bot.buttons import parse_stand_in_key
from bot.cases.reminders.timers import renew_timers
from bot.cases.seats.choice import count_open_cases
from bot.cases.seats.roster import Seat, find_stand_in, list_seats
from bot.context import Decision, Services
from bot.messages import Address, Content, Message, Outgoing
from bot.phrases import render_phrase
from bot.types import Actor, BodyHours, SeatRules
from knowledge.types import Language

SEAT_COMMANDS = frozenset({"seats", "away", "hours"})


@dataclass(frozen=True, slots=True)
class SeatsTurn:
    """A command about the seats or the hours of one `mission` of a room, with the `words` after it."""

    staff: StaffingTurn
    mission: str
    words: tuple[str, ...]

    @property
    def services(self) -> Services:
        """What the decision may look up."""
        return self.staff.services

    @property
    def is_lead(self) -> bool:
        """Whether the sender may change the body's seats."""
        return self.mission in self.staff.list_managed()

    @property
    def today(self) -> date:
        """The date by the mission's clock."""
        return self.services.find_today(self.mission)

    @property
    def language(self) -> Language:
        """The language in which the sender is answered."""
        return self.staff.language

    def say(self, text: str) -> Outgoing:
        """A message where the command was written; only to its sender if no one else saw it."""
        message = self.staff.message
        seen_by = message.user if message.unseen else None
        here = Address(message.channel, message.chat, message.thread, only_to=seen_by)
        return Outgoing(here, Content(text))

    def reply(self, key: str, **values: object) -> Decision:
        """Only the phrase `seats.KEY`."""
        return Decision(
            outgoing=(self.say(render_phrase(f"seats.{key}", self.language, **values)),)
        )


def is_about_seats(message: Message) -> bool:
    """Whether a message in a bound room is a command or a button about its seats or hours."""
    if message.kind == "command":
        return message.command in SEAT_COMMANDS
    return message.kind == "button" and parse_stand_in_key(message.text) is not None


def decide_seats(staff: StaffingTurn) -> Decision:
    """Everything that a command or a button about seats or hours leads to."""
    message = staff.message
    is_staff = bool(staff.find_memberships(message.user)) and not message.is_external
    if account := parse_stand_in_key(message.text) if message.kind == "button" else None:
        return _hand_over(staff, account, is_staff=is_staff)
    turn = _read_turn(staff)
    if not (staff.is_admin or is_staff):
        return turn.reply("staff_only")
    if not turn.mission:
        return turn.reply("which_mission", mission=staff.missions[0])
    try:
        return _ACTS[message.command](turn)
    except BadSetting as error:
        return turn.reply(f"bad_{error.problem}", text=error.text)


def save_seat(services: Services, seat: Seat, rules: SeatRules, who: str, what: str) -> Decision:
    """The seat with its new rules; where its holder is away from now on, who must know is told."""
    changed = Seat(seat.member, rules)
    decision = Decision(
        new_seats=(rules,), audit=(who, f"seat {rules.mission} {seat.account} {what}")
    )
    before = (seat.rules.away_from, seat.rules.away_until, seat.rules.stand_in)
    if rules.away_from is None or before == (rules.away_from, rules.away_until, rules.stand_in):
        return decision
    return replace(
        decision,
        outgoing=tell_lead(services, changed),
        timers=build_absence_timer(services, changed),
    )


def save_hours(services: Services, hours: BodyHours, who: str) -> Decision:
    """The body's new hours, with the timers of its cases as they are from now on."""
    known = services.missions
    missions = known.with_hours([*known.list_hours(), hours])
    return Decision(
        new_hours=hours,
        timers=renew_timers(replace(services, missions=missions), hours.mission),
        audit=(who, f"hours {hours.mission}"),
    )


def _read_turn(staff: StaffingTurn) -> SeatsTurn:
    """In a room of several bodies the text names one first."""
    words = tuple(staff.message.text.split(" ")) if staff.message.text.strip() else ()
    if words and words[0] in staff.missions:
        return SeatsTurn(staff, words[0], words[1:])
    return SeatsTurn(staff, staff.missions[0] if len(staff.missions) == 1 else "", words)


def _seats(turn: SeatsTurn) -> Decision:
    seats = list_seats(turn.services, turn.mission)
    words = [word for word in turn.words if word]
    if not words:
        count = count_open_cases(turn.services.list_open_cases())
        shown = render_seats(seats, count, turn.today, turn.language)
        how = render_phrase("seats.how", turn.language)
        return Decision(outgoing=(turn.say(f"{shown}\n\n{how}"),))
    if not turn.is_lead:
        return turn.reply("lead_only")
    if words[0].lower() not in SETTINGS:
        raise BadSetting("how", words[0])
    seat, rest = _find_seat(turn, seats, words[1:])
    rules = change_seat(seat, words[0], rest, turn.today, seats)
    return _save(turn, seat, rules, " ".join(words[:1]), seats)


def _away(turn: SeatsTurn) -> Decision:
    """One's own absence."""
    seats = list_seats(turn.services, turn.mission)
    account = turn.staff.account
    seat = next((one for one in seats if one.account == account), None)
    if seat is None:
        return turn.reply("no_seat")
    words = [word for word in turn.words if word]
    words += [one.user for one in turn.staff.message.named]
    if not words:
        raise BadSetting("days")
    return _save(turn, seat, set_absence(seat, words, turn.today, seats), "away", seats)


def _save(turn: SeatsTurn, seat: Seat, rules: SeatRules, what: str, seats: list[Seat]) -> Decision:
    decision = save_seat(turn.services, seat, rules, turn.staff.account, what)
    changed = Seat(seat.member, rules)
    after = [changed if one.account == seat.account else one for one in seats]
    count = count_open_cases(turn.services.list_open_cases())
    shown = render_seats([changed], count, turn.today, turn.language)
    if find_stand_in(changed, after):  # the list of one does not know who that is
        shown = render_seats(after, count, turn.today, turn.language)
    kept = turn.reply("kept", lines=shown)
    return replace(decision, outgoing=(*kept.outgoing, *decision.outgoing))


def _hours(turn: SeatsTurn) -> Decision:
    mission = turn.services.missions.get(turn.mission)
    text = " ".join(turn.words).strip()
    if not text:
        return Decision(outgoing=(turn.say(render_hours(mission, turn.today, turn.language)),))
    if not turn.is_lead:
        return turn.reply("lead_only")
    hours = change_hours(mission, text)
    decision = save_hours(turn.services, hours, turn.staff.account)
    shown = render_hours(replace(mission, hours=hours), turn.today, turn.language)
    return replace(decision, outgoing=turn.reply("kept", lines=shown).outgoing)


def _find_seat(turn: SeatsTurn, seats: list[Seat], words: list[str]) -> tuple[Seat, list[str]]:
    """The seat that a mention or the first word names, and the words after it."""
    named = turn.staff.message.named
    for one in seats:
        if named and one.account == f"{turn.staff.message.channel}:{named[0].user}":
            rest = words if not words or not words[0].startswith("@") else words[1:]
            return one, [*rest, *(other.user for other in named[1:])]
    if not words:
        raise BadSetting("how")
    return find_seat(seats, words[0]), words[1:]


def _hand_over(staff: StaffingTurn, account: str, *, is_staff: bool) -> Decision:
    """The button: every open case of who is away goes to who stands in."""
    for mission in staff.missions:
        seats = list_seats(staff.services, mission)
        seat = next((one for one in seats if one.account == account), None)
        turn = SeatsTurn(staff, mission, ())
        if seat is None:
            continue
        if not (turn.is_lead or (is_staff and staff.account == account)):
            return turn.reply("lead_only")
        other = find_present_stand_in(staff.services, seat, seats)
        if other is None:
            return turn.reply("no_stand_in_now")
        decision = hand_to_stand_in(staff.services, seat, other, Actor(staff.account, "lead"))
        left = len(list_own_cases(staff.services, seat)) - len(decision.more_cases)
        key = "handed_but_sealed" if left else "handed_all"
        told = turn.reply(
            key, count=len(decision.more_cases), who=other.name_in(turn.language), left=left
        )
        return replace(decision, outgoing=(*told.outgoing, *decision.outgoing))
    return staff.reply("staff_unknown", who=account)


_ACTS: dict[str, Callable[[SeatsTurn], Decision]] = {
    "seats": _seats,
    "away": _away,
    "hours": _hours,
}
