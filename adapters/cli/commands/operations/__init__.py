"""Commands for those who run Naru: what was given up."""

from __future__ import annotations

import typer

from adapters.cli.commands.operations import dead


def register(app: typer.Typer) -> None:
    """Add the commands of operations to `app`."""
    for group in (dead,):
        group.register(app)
