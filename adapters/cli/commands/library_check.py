"""`naru library check`: what is wrong in a folder of documents, before it is ingested."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import AsOfOption, JsonOption, make_clock, read_language
from adapters.cli.output import print_json, print_text
from knowledge.types import Language, find_korean_day

if TYPE_CHECKING:
    from ingest.checks.types import CheckFinding


def register(app: typer.Typer) -> None:
    """Add `library` with its command to `app`."""
    group = typer.Typer(help="The documents themselves: check.", no_args_is_help=True)
    group.callback()(_hold_group)
    group.command("check")(check)
    app.add_typer(group, name="library")


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder; the shipped library if none is given.", file_okay=False),
    ] = None,
    also: Annotated[
        list[Path] | None,
        typer.Option("--also", help="Another folder whose documents these may name."),
    ] = None,
    max_age: Annotated[
        int, typer.Option("--max-age", min=1, help="Days after which `checked` is too old.")
    ] = 180,
    info: Annotated[
        bool, typer.Option("--info", help="Show also what is only worth knowing.")
    ] = False,
    lang: Annotated[
        str, typer.Option("--lang", help="Language of the sentences: ko, en or vi.")
    ] = "en",
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Check documents: dates, numbers in translations, references, and how they read.

    \f
    Raises Exit with code 1 if there is an error among the findings, BadParameter for another
    language.
    """
    from ingest.checks.check import check_library, count_levels, sort_findings
    from ingest.checks.reading import read_documents
    from ingest.checks.types import CheckContext
    from ingest.plan.files import SHIPPED_LIBRARY

    language = read_language(lang)
    root = folder or SHIPPED_LIBRARY
    documents, unread = read_documents(root)
    others = [other for other in (SHIPPED_LIBRARY, *(also or ())) if not _is_same(root, other)]
    known = {one.document.id for other in others for one in read_documents(other)[0]}
    context = CheckContext(find_korean_day(make_clock(as_of)()), frozenset(known), max_age)
    findings = sort_findings([*unread, *check_library(documents, context)])
    counts = count_levels(findings)
    if json:
        shown = [_serialise_finding(one, language) for one in findings]
        print_json({"documents": len(documents), "counts": counts, "findings": shown})
    else:
        _print_findings(findings, language, info)
        told = ", ".join(f"{level} {count}" for level, count in counts.items())
        print_text(f"documents {len(documents)}: {told}")
    if counts["error"]:
        raise typer.Exit(1)


def _hold_group() -> None:
    """With a callback a group of one command keeps the command's name."""


def _is_same(root: Path, other: Path) -> bool:
    return root.resolve() == other.resolve()


def _print_findings(findings: Sequence[CheckFinding], language: Language, info: bool) -> None:
    for one in findings:
        if one.level == "info" and not info:
            continue
        place = one.file if one.line is None else f"{one.file}:{one.line}"
        section = f" [{one.section}]" if one.section else ""
        print_text(f"{one.level:8} {place}{section}: {one.remark.render(language)}")


def _serialise_finding(one: CheckFinding, language: Language) -> dict[str, Any]:
    return {
        "level": one.level, "kind": one.remark.kind, "file": one.file, "line": one.line,
        "section": one.section, "says": one.remark.render(language),
    }  # fmt: skip
