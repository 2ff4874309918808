"""Commands of the bodies' desk: meetings, agendas, minutes, the digest, FAQs, seats and hours."""

from __future__ import annotations

import typer

from adapters.cli.commands.desk import candidates, faq, insights, meetings, papers, seats


def register(app: typer.Typer) -> None:
    """Add meeting, agenda, minutes, digest, insight, faq, replay, seats, hours and candidates to `app`."""
    for command in (
        meetings.meeting,
        papers.agenda,
        meetings.minutes,
        papers.digest,
        insights.insight,
        faq.faq,
        faq.replay,
        seats.seats,
        seats.hours,
        candidates.candidates,
    ):
        app.command()(command)
