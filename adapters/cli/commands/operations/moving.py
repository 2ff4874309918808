"""`naru migrate`: from one database to another."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text


def migrate(
    to: Annotated[
        str,
        typer.Option("--to", help="An empty database: postgresql+psycopg://… or sqlite:///…"),
    ],
    json: JsonOption = False,
) -> None:
    """Copy everything into another, empty database and check every table. The old one stays.

    \f
    Raises CommandFailed if the other database is not empty or is the same, or if Naru is running.
    """
    from adapters.cli.operations.databases import (
        hide_password,
        move_rows,
        open_database,
        require_empty,
    )
    from adapters.errors import CommandFailed

    settings = build_app().settings
    url = settings.resolved_database_url
    if to == url:
        raise CommandFailed("--to names the database that is in use. Name another one.")
    with open_database(url) as source, open_database(to) as target:
        require_empty(target, to)
        copied = move_rows(source, target)
        shown = hide_password(target, to)
    if json:
        print_json({"to": shown, "tables": copied})
        return
    for table in copied:
        print_text(f"{table.rows:>8}  {table.digest[:12]}  {table.name}")
    print_text(
        f"{sum(table.rows for table in copied)} rows are in {shown}, each table the same as before. Set "
        "NARU_DATABASE_URL to it and start Naru; the old database was left as it is."
    )
