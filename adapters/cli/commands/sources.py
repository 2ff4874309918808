"""`naru sources`: the sources read on a schedule, their last reads and their problems."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed
from ingest.types import SourceConfig

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from ingest.plan.approval import HeldChange
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
    pending: Annotated[
        bool, typer.Option("--pending", help="Show the documents that wait for an admin.")
    ] = False,
    approve: Annotated[
        str | None,
        typer.Option("--approve", help="Publish what waits in the source of this name."),
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
    if approve is not None:
        _approve_source(app, approve, listed)
    if pending or approve is not None:
        _show_pending(app, listed, json)
        return
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
            print_text(f"{one.name} is being read by another process.", error=True)


def _approve_source(app: App, name: str, listed: list[SourceConfig]) -> None:
    source = next((one for one in listed if one.name == name), None)
    if source is None:
        raise CommandFailed(f"The source {name} is not listed. `naru sources` lists them.")
    edition = app.source_schedule.approve(source)
    said = f"edition {edition} answers now" if edition else "nothing was waiting"
    print_text(f"{name}: {said}.", error=True)


def _show_pending(app: App, listed: list[SourceConfig], json: bool) -> None:
    """Print what waits in each source; issuers and addresses that change stand first."""
    held = [(one.name, held) for one in listed for held in app.source_schedule.list_held(one)]
    shown = [_serialise_held(name, one) for name, one in held]
    shown.sort(key=lambda one: not one["identity"])
    if json:
        print_json(shown)
        return
    for one in shown:
        print_text(f"{one['source']}  {one['kind']}  {one['id']}  ({', '.join(one['reasons'])})")
        print_text(f"    {one['title']}  {one['issuer'] or '-'}  {one['url'] or '-'}")
        for change in one["identity"]:
            print_text(f"    {change['field']}: {change['old'] or '-'} → {change['new'] or '-'}")
    if not shown:
        print_text("Nothing waits for an admin.")


def _serialise_held(source: str, held: HeldChange) -> dict[str, Any]:
    from ingest.plan.approval import compare_identity

    document = held.change.version.document
    return {
        "source": source, "kind": held.change.kind, "id": document.id, "title": document.title,
        "issuer": document.issuer, "url": document.url, "reasons": list(held.reasons),
        "identity": [
            {"field": one.field, "old": one.old, "new": one.new}
            for one in compare_identity(held.change)
        ],
    }  # fmt: skip


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
        print_text(f"{one['name']}  {one['kind'] or '-'}  {one['owner'] or '-'}  {times}")
        if one["place"]:
            print_text(f"    {one['place']}")
        if one["problem"]:
            print_text(f"    FIX {one['problem']}")
    if not shown:
        print_text(
            f"No source is listed. Write them in {path}; docs/keep-the-library.md shows how."
        )


def _format_moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"


def _format_duration(duration: timedelta) -> str:
    """A duration as sources.yaml writes it: 7d, 12h or 90m."""
    minutes = int(duration.total_seconds()) // 60
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"
