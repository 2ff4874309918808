"""`naru serve`, `chat`, `demo` and `doctor`: commands that run all of Naru."""

from __future__ import annotations

import logging
from contextlib import closing
from typing import Annotated

import typer

from adapters.cli.options import AsOfOption, JsonOption, build_app, make_clock, read_language
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed


def register(app: typer.Typer) -> None:
    """Add serve, chat, demo and doctor to `app`."""
    for command in (serve, chat, demo, doctor):
        app.command()(command)


def serve() -> None:
    """Serve every configured messenger until SIGTERM.

    \f
    Raises CommandFailed if serving ends with a RuntimeError.
    """
    import asyncio

    from adapters.console.start import start_console
    from adapters.serve.file_fetcher import FileFetcher
    from adapters.serve.service import Service
    from adapters.serve.steady_clock import SteadyClock
    from adapters.serve.sweeping import share_one_arena
    from adapters.settings.log import write_json_lines
    from knowledge.embedding.embedder_process import EmbedderProcess
    from knowledge.evaluation.exam import list_exam_files

    share_one_arena()
    files = FileFetcher()
    app = build_app(
        exam_files=list_exam_files(None),
        fetch_file=files.fetch_from_thread,
        clock=SteadyClock(make_clock(None)),
    )
    logging.getLogger().setLevel(logging.INFO)
    if app.settings.log_format == "json":
        write_json_lines()
    with closing(EmbedderProcess()) as encoder:
        if app.settings.embedder == encoder.name:
            app.embedder_override = encoder
        try:
            asyncio.run(Service(app, files, prepares=True, start_console=start_console).run())
        except RuntimeError as error:
            raise CommandFailed(str(error)) from error


def chat(
    place: Annotated[str | None, typer.Option("--place", help="The place you are in.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="ko, en or vi.")] = None,
    staff: Annotated[
        str | None, typer.Option("--staff", help="Talk as the staff of this mission.")
    ] = None,
) -> None:
    """Chat with Naru in the terminal, as a founder or as staff."""
    import asyncio

    from adapters.cli.chat.session import run_founder_chat, run_staff_chat
    from knowledge.database.peers import hold_presence
    from knowledge.evaluation.exam import list_exam_files

    app = build_app(exam_files=list_exam_files(None))
    if staff is not None:
        talk = run_staff_chat(app, app.missions.get(staff))
    else:
        talk = run_founder_chat(app, place, lang)
    with hold_presence(app.engine, app.owner):
        asyncio.run(talk)


def demo(
    as_of: AsOfOption = None,
    lang: Annotated[str, typer.Option("--lang", help="The founder's: ko, en or vi.")] = "ko",
    console: Annotated[
        bool, typer.Option("--console", help="Take the case yourself, on the staff console.")
    ] = False,
) -> None:
    """Play a question, an answer and a hand-over on the shipped library, offline.

    \f
    Raises BadParameter for another language and CommandFailed if a step of the demo did not come
    out as expected.
    """
    language = read_language(lang)
    clock = make_clock(as_of)
    from adapters.cli.chat.play import run_demo

    if console:
        from adapters.cli.chat.console_play import find_free_port, play_on_console

        problems = run_demo(clock, language, perform=play_on_console, console_port=find_free_port())
    else:
        problems = run_demo(clock, language)
    if problems:
        raise CommandFailed("the demo did not do all of its job: " + "; ".join(problems))


def doctor(json: JsonOption = False) -> None:
    """Check settings, stores, model, channels and the console, and say what to fix.

    \f
    Raises Exit with code 1 if a check failed.
    """
    from adapters.cli.doctor import run_checks

    findings = run_checks(build_app())
    if json:
        print_json([{"check": f.name, "ok": f.ok, "say": f.message} for f in findings])
    else:
        for finding in findings:
            print_text(f"{'ok ' if finding.ok else 'FIX'} {finding.name}: {finding.message}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
