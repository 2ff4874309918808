"""Commands of who runs Naru: another database, copies, and getting them back."""

from __future__ import annotations

import typer

from adapters.cli.commands.operations import copies, moving


def register(app: typer.Typer) -> None:
    """Add migrate, backup and restore to `app`."""
    for command in (moving.migrate, copies.backup, copies.restore):
        app.command()(command)
