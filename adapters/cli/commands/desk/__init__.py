"""Commands of the bodies' desk: meetings, agendas, minutes, the digest."""

from __future__ import annotations

import typer

from adapters.cli.commands.desk import insights, meetings, papers


def register(app: typer.Typer) -> None:
    """Add meeting, agenda, minutes, digest and insight to `app`."""
    for command in (
        meetings.meeting,
        papers.agenda,
        meetings.minutes,
        papers.digest,
        insights.insight,
    ):
        app.command()(command)
