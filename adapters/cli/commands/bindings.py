"""`naru missions`, `bind`, `unbind` and `bindings`: the missions, and the staff room of each body."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed
from bot.errors import Conflict, NotDelivered

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.context import Decision
    from bot.types import Mission

ROOM_ADDRESS_PATTERN = re.compile(
    r"(slack:[CG][A-Z0-9]+|telegram:-\d+|email:[^\s@:]+@[^\s@:]+\.[^\s@:]+)"
)
COMMAND_LINE = "command line"
MAX_DECISION_TRIES = 5  # when a running Naru commits first


def register(app: typer.Typer) -> None:
    """Add missions, bind, unbind and bindings to `app`."""
    for command in (missions, bind, unbind, bindings):
        app.command()(command)


def missions(
    query: Annotated[
        str | None, typer.Argument(help="Part of an id, a name or a city; or any place.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the missions with their ids, all or those that fit; of a place the competent one.

    \f
    Raises UnknownPlace if nothing fits and it is no place either.
    """
    app = build_app()
    bound = {one.mission: f"{one.channel}:{one.chat}" for one in app.store.list_bindings()}
    found = [one for one in app.missions if _fits(one, (query or "").strip())]
    if query and not found:
        found = [app.missions.get(_find_competent(app, query))]
    if json:
        print_json([
            {"id": one.id, "name_ko": one.name_ko, "name_en": one.name_en, "city": one.city,
             "country": one.country, "body": one.body, "room": bound.get(one.id)}
            for one in found
        ])  # fmt: skip
        return
    for one in found:
        room = f" → {bound[one.id]}" if one.id in bound else ""
        print_text(f"{one.id:20} {one.country}  {one.name_ko} · {one.name_en}{room}")


def _fits(mission: Mission, query: str) -> bool:
    named = (mission.id, mission.name_ko, mission.name_en, mission.city, mission.city_ko)
    lowered = query.casefold()
    return lowered == mission.country.casefold() or any(lowered in one.casefold() for one in named)


def _find_competent(app: App, place: str) -> str:
    from bot.routing.route import find_route

    way = find_route(app.places.find_place(place), app.missions, app.now())
    return way.competent or way.mission


def bind(
    mission: Annotated[str, typer.Argument(help="The id of a mission, or domestic.")],
    place: Annotated[
        str,
        typer.Argument(
            help="The room: slack:C0123, telegram:-100123, email:desk@example.org, or console."
        ),
    ],
    json: JsonOption = False,
) -> None:
    """Post a mission's cases in a private Slack channel, a Telegram forum group or a mailbox, or
    show them in the console alone.

    What is open in a room that this replaces moves along.

    \f
    Raises BadParameter if `place` is no address of a room, CommandFailed if it is public or cannot
    be looked at.
    """
    from adapters.serve.messengers import ask_messenger
    from bot.admin.binding import bind_room
    from bot.routing.route import choose_taking_mission
    from bot.types import ACCOUNT_CHARACTERS, CONSOLE_CHANNEL, Binding

    if place == CONSOLE_CHANNEL:  # a room of its own for each mission
        place = f"{CONSOLE_CHANNEL}:{mission}"
    elif not ROOM_ADDRESS_PATTERN.fullmatch(place):
        raise typer.BadParameter(
            "write slack:C0123 (a channel's id), telegram:-100123 (a group's id), "
            "email:desk@example.org (a mailbox) or console",
            param_hint="PLACE",
        )
    elif len(place) > ACCOUNT_CHARACTERS:
        raise typer.BadParameter(
            f"it is longer than {ACCOUNT_CHARACTERS} characters", param_hint="PLACE"
        )
    app = build_app()
    channel, _, chat = place.partition(":")
    chat = chat.lower() if channel == "email" else chat
    binding = Binding(app.missions.get(mission).id, channel, chat)
    try:
        is_public = ask_messenger(
            app.settings, channel, lambda one: one.is_public_room(chat), False
        )
    except NotDelivered as error:
        raise CommandFailed(
            f"{place} cannot be looked at: {error}. Add Naru to it, and check the id and the token."
        ) from error
    if is_public:
        raise CommandFailed(
            f"{place} is public: founders' words appear in a staff room. Make it private first."
        )
    decision = _commit(
        app,
        lambda: bind_room(
            binding, app.build_services(), app.store.list_cases_without_room(), COMMAND_LINE
        ),
    )
    shown = {"mission": mission, "place": place, "waiting": len(decision.new_threads)}
    if json:
        print_json(shown)
    else:
        print_text(f"{mission} is bound to {place}; {shown['waiting']} open cases go there.")
        taking, _ = choose_taking_mission(app.missions.get(mission), app.missions)
        if taking.id != binding.mission:
            print_text(
                f"No consultative body is known there, so {taking.id} takes the cases of its area; "
                f"only what is passed on with /reassign {mission} comes to this room."
            )
        if not any(one.is_lead for one in app.store.staff.list_members(binding.mission)):
            lead = f"{mission} {channel}:USER --role lead"
            if channel == CONSOLE_CHANNEL:
                lead = f"EMAIL --mission {mission} --seat lead"
            print_text(f"It has no lead yet: naru staff add {lead}")


def unbind(
    target: Annotated[str, typer.Argument(help="A mission's id, or the room: slack:C0123.")],
    json: JsonOption = False,
) -> None:
    """Undo a binding. Open cases go to the domestic desk or wait for the next room.

    \f
    Raises CommandFailed if nothing is bound as `target`.
    """
    from bot.admin.binding import unbind_rooms

    app = build_app()
    found = [
        binding
        for binding in app.store.list_bindings()
        if target in (binding.mission, f"{binding.channel}:{binding.chat}")
    ]
    if not found:
        raise CommandFailed(f"Nothing is bound as {target}. `naru bindings` lists what is.")
    decision = _commit(
        app,
        lambda: unbind_rooms(
            found, app.build_services(), app.store.list_cases_without_room(), COMMAND_LINE
        ),
    )
    missions = [binding.mission for binding in found]
    moved = len(decision.new_threads)
    if json:
        print_json({"unbound": missions, "moved": moved})
    else:
        print_text(f"Unbound: {', '.join(missions)}; {moved} open cases went to the domestic desk.")


def bindings(json: JsonOption = False) -> None:
    """List the staff room of each bound mission."""
    found = build_app().store.list_bindings()
    if json:
        print_json([{"mission": b.mission, "place": f"{b.channel}:{b.chat}"} for b in found])
        return
    for binding in found:
        print_text(f"{binding.mission:20} {binding.channel}:{binding.chat}")
    if not found:
        print_text("No body is bound. `naru bind MISSION slack:C0123` does it.")


def _commit(app: App, decide: Callable[[], Decision]) -> Decision:
    """Commit what `decide` returns, and decide again when a running Naru committed first. Raises
    Conflict after the last try."""
    from bot.delivery.completing import complete_decision

    key = f"bind:{uuid.uuid4().hex}"
    for attempt in range(1, MAX_DECISION_TRIES + 1):
        decision = decide()
        done = complete_decision(decision, app.build_services, app.assistant.limits)
        try:
            app.store.commit_without_message(key, done, app.now())
        except Conflict:
            if attempt == MAX_DECISION_TRIES:
                raise
        else:
            break
    return decision
