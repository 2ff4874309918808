"""Commands about people: who is blocked, who signs in to the console, and whom to tell after an incident."""

from __future__ import annotations

import typer

from adapters.cli.commands.people import blocks, console, incident


def register(app: typer.Typer) -> None:
    """Add the commands about people to `app`."""
    for group in (blocks, console, incident):
        group.register(app)
