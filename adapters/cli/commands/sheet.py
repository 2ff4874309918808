"""`naru sheet`: a page to hand out, with a QR code that opens the bot."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from adapters.cli.sheets import READERS, render_sheet
from adapters.errors import CommandFailed
from knowledge.types import LANGUAGES


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sheet)


def sheet(
    link: Annotated[str, typer.Argument(help="What the code opens: https://t.me/YOUR_BOT")],
    reader: Annotated[str, typer.Option(help="Who reads it: founder or staff.")] = "founder",
    lang: Annotated[str, typer.Option(help="ko, en or vi.")] = "ko",
) -> None:
    """Print a one-page sheet with a QR code as HTML, to be opened in a browser and printed.

    Raises CommandFailed for a reader or a language there is no sheet for.
    """
    if reader not in READERS:
        raise CommandFailed(f"--reader is founder or staff, not {reader}.")
    if lang not in LANGUAGES:
        raise CommandFailed(f"--lang is ko, en or vi, not {lang}.")
    sys.stdout.write(render_sheet(link, reader, lang))
