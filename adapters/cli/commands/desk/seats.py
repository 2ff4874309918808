"""`naru seats` and `naru hours`: who takes what in a body, and when it works."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.cases.seats.roster import Seat
    from bot.context import Decision

COMMAND_LINE = "command line"
MissionArgument = Annotated[str, typer.Argument(help="The id of a mission, or domestic.")]


def seats(
    mission: MissionArgument,
    change: Annotated[
        list[str] | None,
        typer.Argument(
            help="topics SEAT TOPIC…, languages SEAT ko en, capacity SEAT 5, or "
            "away SEAT 2026-12-20 2026-12-31 STAND-IN. SEAT is a role or an account."
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show a body's seats with topics, languages, capacity and absence; or change one.

    \f
    Raises BadParameter for a change that cannot be read, UnknownMission.
    """
    from bot.admin.seats.listing import render_seats
    from bot.admin.seats.seats_turn import save_seat
    from bot.admin.seats.settings import BadSetting, change_seat, find_seat
    from bot.cases.seats.choice import count_open_cases
    from bot.cases.seats.roster import list_seats

    app = build_app()
    found, services = app.missions.get(mission), app.build_services()
    today = found.find_day(app.now())
    known = list_seats(services, found.id)
    if words := list(change or ()):
        try:
            seat = find_seat(known, words[1] if len(words) > 1 else "")
            rules = change_seat(seat, words[0], words[2:], today, known)
        except BadSetting as error:
            raise typer.BadParameter(_explain(error), param_hint="CHANGE") from error
        _commit(app, save_seat(services, seat, rules, COMMAND_LINE, words[0]))
        known = list_seats(services, found.id)
    count = count_open_cases(services.list_open_cases())
    if json:
        print_json([_serialise(one, count[one.account]) for one in known])
    else:
        print_text(render_seats(known, count, today, "en"))


def hours(
    mission: MissionArgument,
    change: Annotated[
        list[str] | None,
        typer.Argument(
            help="mon-fri 09:00-12:00,13:00-18:00, sat closed, holiday off 2026-12-25, "
            "holiday add 2026-12-24 NAME, or reset."
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show a body's office hours and the holidays ahead, each with its source; or change them.

    \f
    Raises BadParameter for a change that cannot be read, UnknownMission.
    """
    from bot.admin.seats.hours import change_hours, render_hours
    from bot.admin.seats.seats_turn import save_hours
    from bot.admin.seats.settings import BadSetting
    from bot.missions.office_hours import assume_hours
    from bot.store.serialisation import dump_values

    app = build_app()
    services = app.build_services()
    found = services.missions.get(mission)
    today = found.find_day(app.now())
    if change:
        try:
            changed = change_hours(found, " ".join(change))
        except BadSetting as error:
            raise typer.BadParameter(_explain(error), param_hint="CHANGE") from error
        _commit(app, save_hours(services, changed, COMMAND_LINE))
        found = replace(found, hours=changed)
    if json:
        print_json(dump_values(found.hours or assume_hours(found)))
    else:
        print_text(render_hours(found, today, "en"))


def _explain(error: Exception) -> str:
    from bot.admin.seats.settings import BadSetting
    from bot.phrases import render_phrase

    assert isinstance(error, BadSetting)
    text = render_phrase(f"seats.bad_{error.problem}", "en", text=error.text)
    return text.replace("/seats", "naru seats").replace("/hours", "naru hours")


def _commit(app: App, decision: Decision) -> None:
    from bot.delivery.completing import complete_decision

    decision = complete_decision(decision, app.build_services, app.assistant.limits)
    app.store.commit_without_message(f"seats:{uuid.uuid4().hex}", decision, app.now())


def _serialise(seat: Seat, open_cases: int) -> dict[str, object]:
    rules = seat.rules
    return {
        "account": seat.account, "name": seat.member.name, "role": seat.role,
        "topics": seat.topics, "languages": rules.languages, "capacity": rules.capacity,
        "open_cases": open_cases, "away_from": rules.away_from, "away_until": rules.away_until,
        "stand_in": rules.stand_in,
    }  # fmt: skip
