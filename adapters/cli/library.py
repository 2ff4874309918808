"""`naru ingest` and what belongs to it: editions, rollback, reindex, prune."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.bootstrap import App
from adapters.cli.talking import Json, naru, show_json
from ingest.errors import NotFetched
from ingest.types import Plan, Root, Skipped


def register(app: typer.Typer) -> None:
    for command in (ingest, editions, rollback, reindex, prune):
        app.command()(command)


def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders or https://… pages; otherwise the shipped library."),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only say what would change.")] = False,
    json: Json = False,
) -> None:
    """Bring documents into the library as a new edition."""
    from ingest.sources import SHIPPED

    app = naru()
    began = time.monotonic()
    roots, unfetched = _roots(app, paths or [str(SHIPPED)])
    found = app.ingest.plan(roots)
    found = replace(found, skipped=(*unfetched, *found.skipped))
    edition = None
    if not plan:
        note = ", ".join(root.path.name for root in roots)
        edition = app.ingest.apply(found, note=note, now=app.now(), progress=_progress)
    active = edition or app.catalogue.active_edition()
    report = _report(found, active, plan, time.monotonic() - began)
    if json:
        show_json(report)
    else:
        _print_plan(found, report)
    if found.skipped:
        raise typer.Exit(1)


def editions(json: Json = False) -> None:
    """List the editions that can be answered from."""
    rows = naru().catalogue.editions()
    if json:
        show_json([_edition(row) for row in rows])
        return
    for row in rows:
        mark = "*" if row.active else " "
        counts = ", ".join(f"{name} {count}" for name, count in row.counts.items())
        print(f"{mark} {row.id}  {row.created_at:%Y-%m-%d %H:%M}  {row.note}  ({counts})")


def rollback(
    edition: Annotated[int, typer.Argument(help="The edition to answer from.")], json: Json = False
) -> None:
    """Answer from an earlier edition again."""
    app = naru()
    app.catalogue.activate(edition)
    _say(json, {"edition": edition}, f"Edition {edition} answers now.")


def reindex(json: Json = False) -> None:
    """Build the active edition's vectors anew from the database."""
    count = naru().ingest.reindex(_progress)
    _say(json, {"vectors": count}, f"{count} vectors were built.")


def prune(
    keep: Annotated[int, typer.Option(help="How many of the newest editions stay.")] = 3,
    json: Json = False,
) -> None:
    """Drop old editions."""
    dropped = [row.id for row in naru().ingest.prune(keep)]
    _say(json, {"dropped": dropped}, f"Dropped: {', '.join(map(str, dropped)) or 'none'}.")


def ensure_library(app: App) -> None:
    """Ingest the shipped library where there is none yet."""
    if app.catalogue.active_edition() is None:
        from ingest.sources import SHIPPED

        app.ingest.apply(app.ingest.plan([SHIPPED]), note="shipped library", now=app.now())


def _roots(app: App, given: Sequence[str]) -> tuple[list[Root], list[Skipped]]:
    """What to ingest, pages of the web fetched; and the pages that could not be."""
    from ingest.sources import origin

    roots, unfetched = [], []
    for one in given:
        if "://" not in one:
            roots.append(Root(Path(one), origin(Path(one))))
            continue
        try:
            roots.append(app.keeper.once(one, app.now()))
        except NotFetched as error:
            unfetched.append(Skipped(one, str(error)))
    return roots, unfetched


def _report(plan: Plan, edition: int | None, only_plan: bool, seconds: float) -> dict[str, Any]:
    return {
        "edition": edition,
        "applied": not only_plan and plan.changes_anything,
        "counts": plan.counts(),
        "changes": [
            {"kind": c.kind, "id": c.version.document.id, "file": c.version.file}
            for c in plan.changes
            if c.kind != "unchanged"
        ],
        "skipped": [{"file": one.file, "why": one.why} for one in plan.skipped],
        "seconds": round(seconds, 1),
    }


def _print_plan(plan: Plan, report: dict[str, Any]) -> None:
    for change in report["changes"]:
        print(f"{change['kind']:9} {change['id']}")
    for one in plan.skipped:
        print(f"skipped   {one.file}: {one.why}", file=sys.stderr)
    counts = ", ".join(f"{name} {count}" for name, count in report["counts"].items())
    done = f"edition {report['edition']}" if report["applied"] else "nothing was changed"
    print(f"{counts}; {done}; {report['seconds']} s")


def _edition(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "created_at": row.created_at,
        "note": row.note,
        "counts": dict(row.counts),
        "embedder": row.embedder,
        "active": row.active,
    }


def _progress(what: str, done: int, total: int) -> None:
    """A bar in a terminal, nothing in a pipe."""
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        print(f"\r{what}: {done}/{total}", end=end, file=sys.stderr, flush=True)


def _say(as_json: bool, value: dict[str, Any], sentence: str) -> None:
    if as_json:
        show_json(value)
    else:
        print(sentence)
