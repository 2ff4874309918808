"""Commands of those who run Naru: what was given up, another database, copies, and getting them back."""

from __future__ import annotations

import typer

from adapters.cli.commands.operations import copies, dead, moving


def register(app: typer.Typer) -> None:
    """Add the commands of operations to `app`."""
    dead.register(app)
    for command in (moving.migrate, copies.backup, copies.restore):
        app.command()(command)
