"""`naru agenda` and `naru digest`: papers as Markdown, HTML or PDF."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.options import AsOfOption, JsonOption, build_app, read_language
from adapters.cli.output import print_json, print_text, write_file
from adapters.errors import CommandFailed

if TYPE_CHECKING:
    from adapters.serve.desk.papers import PaperFormat
    from bot.admin.desk.papers import DeskPaper

LanguageOption = Annotated[str, typer.Option("--lang", help="ko, en or vi.")]
FormatOption = Annotated[str, typer.Option("--format", help="md, html or pdf.")]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="A file to write, or a folder for a file of its own name."),
]


def agenda(
    mission: Annotated[str, typer.Argument(help="The id of a mission, or domestic.")],
    format: FormatOption = "md",
    out: OutOption = None,
    lang: LanguageOption = "ko",
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Print the agenda of a body's next meeting: cases, repeated matters, earlier resolutions.

    \f
    Raises BadParameter for an unknown format or language, UnknownMission, PdfFailed.
    """
    from adapters.serve.desk.papers import collect_agenda
    from bot.admin.desk.papers.agenda_paper import build_agenda_paper

    language, form = read_language(lang), _read_format(format, out)
    found = collect_agenda(build_app(as_of), mission)
    if json:
        print_json({
            "mission": found.mission.id, "meeting": found.meeting, "since": found.since,
            "open": [item.case.number for item in found.cases],
            "overdue": [item.case.number for item in found.overdue],
            "sealed": found.open_sealed, "repeated": found.repeated,
            "resolutions": found.resolutions, "insights": found.insights,
            "answers": found.answers,
        })  # fmt: skip
        return
    _write(build_agenda_paper(found, language), form, out)


def digest(
    quarter: Annotated[
        str | None, typer.Argument(help="A quarter that has ended: 2026-Q3. Default: the last.")
    ] = None,
    format: FormatOption = "md",
    out: OutOption = None,
    lang: LanguageOption = "ko",
    json: JsonOption = False,
) -> None:
    """Print a quarter's digest for the domestic body; it is made once and then stays the same.

    \f
    Raises BadParameter for what is no quarter, format or language, CommandFailed for a quarter that
    has not ended, PdfFailed.
    """
    from adapters.serve.desk.papers import fetch_digest, find_kept_digest
    from bot.admin.desk.papers.digest_paper import build_digest_paper
    from bot.admin.desk.quarters import find_ended_quarter, parse_quarter

    language, form = read_language(lang), _read_format(format, out)
    app = build_app()
    last = find_ended_quarter(app.now())
    wanted = parse_quarter(quarter) if quarter else last
    if wanted is None:
        raise typer.BadParameter("write a quarter, such as 2026-Q3", param_hint="QUARTER")
    if wanted > last:
        raise CommandFailed(
            f"{wanted.name} has not ended. A digest is made once, so it waits for all of its quarter; "
            f"the last one is {last.name}."
        )
    found = fetch_digest(app, wanted)
    if json:
        print_json(found.to_json())
        return
    _write(build_digest_paper(found, find_kept_digest(app, wanted.before), language), form, out)


def _read_format(name: str, out: Path | None) -> PaperFormat:
    """The format that is named, else the one that the ending of `out` names. Raises BadParameter."""
    from adapters.serve.desk.papers import FORMATS

    ending = out.suffix.lower().lstrip(".") if out and name == "md" else ""
    for known in FORMATS:
        if known == (ending or name):
            return known
    if ending:
        raise typer.BadParameter(
            f"end the file in .md, .html or .pdf, not .{ending}", param_hint="--out"
        )
    raise typer.BadParameter("write md, html or pdf", param_hint="--format")


def _write(paper: DeskPaper, form: PaperFormat, out: Path | None) -> None:
    """Write the paper to its file, else to stdout. Raises CommandFailed if it cannot be written."""
    from adapters.serve.desk.papers import render_paper

    if out is None and form == "pdf" and sys.stdout.isatty():
        raise CommandFailed("A PDF is not for the screen: name a file with --out.")
    data = render_paper(paper, form)
    if out is None and form == "pdf":
        sys.stdout.buffer.write(data)
    elif out is None:
        print_text(data.decode())
    else:
        path = out / f"{paper.name}.{form}" if out.is_dir() else out
        write_file(path, data)
        print_text(f"Written: {path}")
