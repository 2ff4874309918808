"""`naru ingest` and what belongs to it: editions, rollback, reindex, prune."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.bootstrap import App
from adapters.cli.ingest_report import print_report, reported
from adapters.cli.output import Json, naru, show_json
from adapters.cli.progress import shown
from ingest.errors import NotFetched
from ingest.types import Plan, Progress, Root, Skipped


def register(app: typer.Typer) -> None:
    for command in (ingest, editions, rollback, reindex, prune):
        app.command()(command)


def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders or https://… pages; otherwise the shipped library."),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only say what would change.")] = False,
    no_golden: Annotated[
        bool, typer.Option("--no-golden", help="Do not ask the golden questions of a plan.")
    ] = False,
    json: Json = False,
) -> None:
    """Bring documents into the library as a new edition."""
    from ingest.plan.files import SHIPPED

    app = naru()
    began = time.monotonic()
    roots, unfetched = _roots(app, paths or [str(SHIPPED)])
    edition, golden = None, None
    with shown() as progress:
        found = app.ingest.plan(roots, progress)
        found = replace(found, skipped=(*unfetched, *found.skipped))
        if not plan:
            note = ", ".join(root.path.name for root in roots)
            edition = app.ingest.apply(found, note=note, now=app.now(), progress=progress)
        elif not no_golden:
            golden = _golden(app, found, progress)
    report = {
        **reported(found, edition or app.catalogue.active_edition(), applied=edition is not None),
        **(golden or {}),
        "seconds": round(time.monotonic() - began, 1),
    }
    if json:
        show_json(report)
    else:
        print_report(report)
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
    with shown() as progress:
        naru().ingest.rollback(edition, progress)
    _say(json, {"edition": edition}, f"Edition {edition} answers now.")


def reindex(json: Json = False) -> None:
    """Build the active edition's vectors anew from the database."""
    with shown() as progress:
        count = naru().ingest.reindex(progress)
    _say(json, {"vectors": count}, f"{count} vectors were built.")


def prune(
    keep: Annotated[int, typer.Option(help="How many of the newest editions stay.")] = 3,
    json: Json = False,
) -> None:
    """Drop old editions, and uploads that are needed no more."""
    dropped = [row.id for row in naru().pruning.prune(keep)]
    _say(json, {"dropped": dropped}, f"Dropped: {', '.join(map(str, dropped)) or 'none'}.")


def ensure_library(app: App) -> None:
    """Ingest the shipped library where there is none yet."""
    if app.catalogue.active_edition() is None:
        from ingest.plan.files import SHIPPED

        app.ingest.apply(app.ingest.plan([SHIPPED]), note="shipped library", now=app.now())


def _roots(app: App, given: Sequence[str]) -> tuple[list[Root], list[Skipped]]:
    """What to ingest, pages of the web fetched; and the pages that could not be."""
    from ingest.plan.files import origin

    roots, unfetched = [], []
    for one in given:
        if "://" not in one:
            roots.append(Root(Path(one), origin(Path(one))))
            continue
        try:
            roots.append(app.keeper.once(one, app.now()))
        except NotFetched as error:
            unfetched.append(Skipped(one, error.remark))
    return roots, unfetched


def _golden(app: App, plan: Plan, progress: Progress) -> dict[str, Any] | None:
    """The golden questions that the plan would change the answers of, and how many were asked;
    None where there is nothing to compare."""
    if plan.base is None:
        return None
    from adapters.evaluation.plan_diff import rehearse
    from knowledge.evaluation.exam import parts, read_exam

    exam = read_exam(parts(None))
    changed = rehearse(app, plan, exam, progress) if plan.changes_anything else []
    return {"golden": changed, "golden_asked": len(exam)}


def _edition(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "created_at": row.created_at,
        "note": row.note,
        "counts": dict(row.counts),
        "embedder": row.embedder,
        "active": row.active,
    }


def _say(as_json: bool, value: dict[str, Any], sentence: str) -> None:
    if as_json:
        show_json(value)
    else:
        print(sentence)
