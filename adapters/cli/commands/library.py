"""`naru ingest`, `editions`, `rollback`, `reindex` and `prune`: the library and its editions."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.commands.phrases import propose_phrases
from adapters.cli.ingest_report import print_ingest_report, serialise_report
from adapters.cli.options import MAX_NUMBER, JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.cli.progress import show_progress
from adapters.errors import CommandFailed
from ingest.errors import NotFetched
from ingest.types import Plan, Progress, Root, SkippedFile

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from knowledge.phrases.generation import GenerationReport


def register(app: typer.Typer) -> None:
    """Add the commands about the library to `app`."""
    for command in (ingest, editions, rollback, reindex, prune):
        app.command()(command)


def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files, folders or https://… pages; the shipped library if none is given."
        ),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only show what would change.")] = False,
    no_golden: Annotated[
        bool,
        typer.Option("--no-golden", help="With --plan: do not compare the answers to the exam."),
    ] = False,
    phrases: Annotated[
        bool,
        typer.Option(
            "--phrases",
            help="Let the language model propose ten questions for each section of your own "
            "documents, to be approved with `naru phrases`; without paths nothing is read.",
        ),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Read documents into the library as a new edition.

    \f
    Raises Exit with code 1 if a file or page was skipped, or a section got no proposals because the
    model failed; CommandFailed for --phrases without a model, BadParameter for it with --plan.
    """
    from ingest.plan.files import SHIPPED_LIBRARY

    app = build_app()
    if phrases:
        _check_phrases_possible(app, plan)
        if not paths:
            _propose_and_print(app, json)
            return
    began = time.monotonic()
    roots, unfetched = _collect_roots(app, paths or [str(SHIPPED_LIBRARY)])
    edition, golden = None, None
    with show_progress() as progress:
        found = app.ingest.plan(roots, progress)
        found = replace(found, skipped=(*unfetched, *found.skipped))
        if not plan:
            note = ", ".join(root.path.name for root in roots)
            edition = app.ingest.apply(found, note=note, now=app.now(), progress=progress)
        elif not no_golden:
            golden = _diff_golden_answers(app, found, progress)
    report = {
        **serialise_report(
            found, edition or app.catalogue.get_active_edition(), applied=edition is not None
        ),
        **(golden or {}),
        "seconds": round(time.monotonic() - began, 1),
    }
    proposed = _propose(app) if phrases else None
    if json:
        print_json(report | ({"phrases": asdict(proposed)} if proposed else {}))
    else:
        print_ingest_report(report)
        if proposed:
            _print_proposed(proposed)
    if found.skipped or (proposed and proposed.problems):
        raise typer.Exit(1)


def editions(json: JsonOption = False) -> None:
    """List the stored editions; * marks the active one."""
    rows = build_app().catalogue.list_editions()
    if json:
        print_json([_serialise_edition(row) for row in rows])
        return
    for row in rows:
        mark = "*" if row.active else " "
        counts = ", ".join(f"{name} {count}" for name, count in row.counts.items())
        print_text(f"{mark} {row.id}  {row.created_at:%Y-%m-%d %H:%M}  {row.note}  ({counts})")


def rollback(
    edition: Annotated[int, typer.Argument(max=MAX_NUMBER, help="The number of the edition.")],
    json: JsonOption = False,
) -> None:
    """Answer from another stored edition."""
    with show_progress() as progress:
        build_app().ingest.rollback(edition, progress)
    _print_result(json, {"edition": edition}, f"Edition {edition} answers now.")


def reindex(json: JsonOption = False) -> None:
    """Rebuild the vectors of the active edition from the database."""
    with show_progress() as progress:
        count = build_app().ingest.reindex(progress)
    _print_result(json, {"vectors": count}, f"{count} vectors were built.")


def prune(
    keep: Annotated[int, typer.Option(help="How many of the newest editions to keep.")] = 3,
    json: JsonOption = False,
) -> None:
    """Delete old editions and the uploads that nothing needs any more."""
    dropped = [row.id for row in build_app().upload_retention.prune_editions(keep)]
    _print_result(json, {"dropped": dropped}, f"Dropped: {', '.join(map(str, dropped)) or 'none'}.")


def _collect_roots(app: App, given: Sequence[str]) -> tuple[list[Root], list[SkippedFile]]:
    """What to ingest, web pages fetched, and the pages that could not be fetched."""
    from ingest.plan.files import resolve_origin

    roots, unfetched = [], []
    for path in given:
        if "://" not in path:
            roots.append(Root(Path(path), resolve_origin(Path(path))))
            continue
        try:
            roots.append(app.page_store.fetch_once(path, app.now()))
        except NotFetched as error:
            unfetched.append(SkippedFile(path, error.remark))
    return roots, unfetched


def _check_phrases_possible(app: App, plan: bool) -> None:
    """Raises BadParameter with --plan, CommandFailed without a language model."""
    if plan:
        raise typer.BadParameter("a plan has no sections to ask for", param_hint="--phrases")
    if not app.settings.llm:
        raise CommandFailed("No language model is set, so none can propose phrases. Set NARU_LLM.")


def _propose_and_print(app: App, json: bool) -> None:
    """Raises Exit with code 1 if the model failed at a section."""
    proposed = _propose(app)
    if json:
        print_json({"phrases": asdict(proposed)})
    else:
        _print_proposed(proposed)
    if proposed.problems:
        raise typer.Exit(1)


def _propose(app: App) -> GenerationReport:
    with show_progress() as progress:
        return propose_phrases(app, progress)


def _print_proposed(report: GenerationReport) -> None:
    print_text(
        f"Phrases proposed: {report.proposed}, for sections: {report.sections}. "
        "`naru phrases --review` shows them."
    )
    for problem in report.problems:
        print_text(problem, error=True)
    if report.left:
        print_text(f"Sections left: {report.left}. `naru ingest --phrases` goes on with them.")


def _diff_golden_answers(app: App, plan: Plan, progress: Progress) -> dict[str, Any] | None:
    """The exam questions whose answers the plan changes and how many were asked; None if there is
    no edition to compare with."""
    if plan.base is None:
        return None
    from knowledge.evaluation.exam import list_exam_files, read_exam

    exam = read_exam(list_exam_files(None))
    if not plan.has_changes:
        return {"golden": [], "golden_asked": len(exam)}
    print_text(
        f"asking the {len(exam)} golden questions of the library as it is and as it would be, "
        "which takes minutes; --no-golden leaves it out",
        error=True,
    )
    changed = app.plan_differ.diff_plan(plan, exam, progress)
    return {"golden": changed, "golden_asked": len(exam)}


def _serialise_edition(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "created_at": row.created_at,
        "note": row.note,
        "counts": dict(row.counts),
        "embedder": row.embedder,
        "active": row.active,
    }


def _print_result(as_json: bool, value: dict[str, Any], sentence: str) -> None:
    if as_json:
        print_json(value)
    else:
        print_text(sentence)
