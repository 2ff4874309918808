"""`naru sources`: the sources read on a schedule, their last reads and their problems."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json
from adapters.errors import CommandFailed
from ingest.types import SourceConfig

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from knowledge.catalogue import SourceRow


def register(app: typer.Typer) -> None:
    """Add sources to `app`."""
    app.command()(sources)


def sources(
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Read all sources now, due or not.")
    ] = False,
    file: Annotated[
        Path | None, typer.Option("--file", help="A list other than NARU_DATA/sources.yaml.")
    ] = None,
    drop: Annotated[
        str | None,
        typer.Option("--drop", help="Withdraw the documents of a source that is no longer listed."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the sources read on a schedule, or read them now.

    \f
    Raises Exit with code 1 if a source has a problem.
    """
    from adapters.serve.scheduled_sources import sources_file
    from ingest.sources.config import read_sources

    app = build_app()
    listed = read_sources(file or sources_file(app))
    if drop is not None:
        _drop_source(app, drop, listed)
    if refresh:
        _refresh_sources(app, listed)
    rows = app.catalogue.source_log.list_sources()
    shown = _serialise_sources(listed, rows)
    if json:
        print_json(shown)
    else:
        _print_sources(shown, file or sources_file(app))
    if any(one["problem"] for one in shown):
        raise typer.Exit(1)


def _refresh_sources(app: App, listed: list[SourceConfig]) -> None:
    from adapters.serve.scheduled_sources import notify_admins

    read = app.source_schedule.refresh(listed, due=False)
    notify_admins(app, listed)
    for one in listed:
        if one.name not in read:
            print(f"{one.name} is being read by another process.", file=sys.stderr)


def _drop_source(app: App, name: str, listed: list[SourceConfig]) -> None:
    row = app.catalogue.source_log.list_sources().get(name)
    if row is None:
        raise CommandFailed(f"There is no source {name}. `naru sources` lists them.")
    if any(one.name == name for one in listed):
        raise CommandFailed(
            f"The source {name} is still listed. Remove it from sources.yaml first."
        )
    app.ingest.apply(app.ingest.plan_withdrawal(row.origin), note=f"without {name}", now=app.now())
    app.catalogue.source_log.drop_source(name)


def _serialise_sources(
    listed: list[SourceConfig], rows: Mapping[str, SourceRow]
) -> list[dict[str, Any]]:
    """The listed sources, then those no longer listed that still have documents."""
    shown = [_serialise_listed(one, rows.get(one.name)) for one in listed]
    names = {one.name for one in listed}
    return shown + [_serialise_unlisted(row) for row in rows.values() if row.name not in names]


def _serialise_listed(listed: SourceConfig, row: SourceRow | None) -> dict[str, Any]:
    return {
        "name": listed.name, "owner": listed.owner, "kind": listed.kind, "place": listed.place,
        "language": listed.language, "every": _format_duration(listed.every), "max_age": _format_duration(listed.max_age),
        "read_at": row.read_at if row else None, "next_at": row.next_at if row else None,
        "problem": row.problem if row else "",
    }  # fmt: skip


def _serialise_unlisted(row: SourceRow) -> dict[str, Any]:
    return {
        "name": row.name, "owner": None, "kind": None, "place": None, "language": None,
        "every": None, "max_age": _format_duration(row.max_age), "read_at": row.read_at, "next_at": None,
        "problem": "It is listed no more; what it brought answers on, and will be said to be "
        "unchecked. List it again, or withdraw that: "
        f"naru sources --drop {row.name}",
    }  # fmt: skip


def _print_sources(shown: list[dict[str, Any]], path: Path) -> None:
    for one in shown:
        times = f"read {_format_moment(one['read_at'])}, next {_format_moment(one['next_at'])}"
        print(f"{one['name']}  {one['kind'] or '-'}  {one['owner'] or '-'}  {times}")
        if one["place"]:
            print(f"    {one['place']}")
        if one["problem"]:
            print(f"    FIX {one['problem']}")
    if not shown:
        print(f"No source is listed. Write them in {path}; the README shows how.")


def _format_moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"


def _format_duration(duration: timedelta) -> str:
    """A duration as sources.yaml writes it: 7d, 12h or 90m."""
    minutes = int(duration.total_seconds()) // 60
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"
