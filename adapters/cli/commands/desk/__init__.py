"""Commands of the bodies' desk: meetings, agendas, minutes, the digest, seats and hours."""

from __future__ import annotations

import typer

from adapters.cli.commands.desk import meetings, papers, seats


def register(app: typer.Typer) -> None:
    """Add meeting, agenda, minutes, digest, seats and hours to `app`."""
    commands = (meetings.meeting, papers.agenda, meetings.minutes, papers.digest)
    for command in (*commands, seats.seats, seats.hours):
        app.command()(command)
