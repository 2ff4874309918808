"""`naru bind` and `naru bindings`: the staff room of each mission and body."""

from __future__ import annotations

import re
import uuid
from typing import Annotated

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text
from bot.types import Binding

ROOM_ADDRESS_PATTERN = re.compile(r"(slack:[CG][A-Z0-9]+|telegram:-\d+)")


def register(app: typer.Typer) -> None:
    """Add bind and bindings to `app`."""
    app.command()(bind)
    app.command()(bindings)


def bind(
    mission: Annotated[str, typer.Argument(help="The id of a mission, or domestic.")],
    place: Annotated[str, typer.Argument(help="The staff room: slack:C0123 or telegram:-100123.")],
    json: JsonOption = False,
) -> None:
    """Post a mission's cases in a Slack channel or a Telegram forum group.

    \f
    Raises BadParameter if `place` is no address of a room.
    """
    from bot.admin.binding import bind_room

    if not ROOM_ADDRESS_PATTERN.fullmatch(place):
        raise typer.BadParameter(
            "write slack:C0123 (a channel's id) or telegram:-100123 (a group's id)",
            param_hint="PLACE",
        )
    app = build_app()
    channel, _, chat = place.partition(":")
    found = app.missions.get(mission)
    waiting = app.store.list_cases_without_room()
    binding = Binding(found.id, channel, chat)
    decision = bind_room(binding, app.build_services(), waiting, "command line")
    app.store.commit_without_message(f"bind:{uuid.uuid4().hex}", decision, app.now())
    shown = {"mission": mission, "place": place, "waiting": len(decision.new_threads)}
    if json:
        print_json(shown)
    else:
        print_text(f"{mission} is bound to {place}; {shown['waiting']} waiting cases go there.")


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
