"""Commands of the bodies' desk: meetings, agendas, minutes, the digest, FAQs."""

from __future__ import annotations

import typer

from adapters.cli.commands.desk import faq, insights, meetings, papers


def register(app: typer.Typer) -> None:
    """Add meeting, agenda, minutes, digest, insight, faq and replay to `app`."""
    for command in (
        meetings.meeting,
        papers.agenda,
        meetings.minutes,
        papers.digest,
        insights.insight,
        faq.faq,
        faq.replay,
    ):
        app.command()(command)
