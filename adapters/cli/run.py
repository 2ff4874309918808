"""`naru serve`, `naru chat`, `naru demo` and `naru doctor`: Naru at work."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

import typer

from adapters.cli.library import ensure_library
from adapters.cli.output import AsOf, Failed, Json, naru, show_json, stopped


def register(app: typer.Typer) -> None:
    for command in (serve, chat, demo, doctor):
        app.command()(command)


def serve() -> None:
    """Serve every configured channel until SIGTERM."""
    from adapters.evaluation.plan_diff import otherwise
    from adapters.serve.service import Service

    app = naru()
    app.rehearse = otherwise
    logging.getLogger().setLevel(logging.INFO)
    if app.settings.has_channel:
        ensure_library(app)
    try:
        asyncio.run(Service(app).run())
    except RuntimeError as error:
        raise Failed(str(error)) from error


def chat(
    place: Annotated[str | None, typer.Option("--place", help="Where you are.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="ko, en or vi.")] = None,
    staff: Annotated[
        str | None, typer.Option("--staff", help="Sit at a mission's desk instead.")
    ] = None,
) -> None:
    """Talk to Naru in the terminal, as a founder or as staff."""
    from adapters.chat import founder_chat, staff_chat
    from adapters.evaluation.plan_diff import otherwise

    app = naru()
    app.rehearse = otherwise
    if staff is not None:
        asyncio.run(staff_chat(app, app.missions.get(staff)))
    else:
        asyncio.run(founder_chat(app, place, lang))


def demo(as_of: AsOf = None) -> None:
    """Show the whole job on the shipped library, without network or tokens."""
    from adapters.demo import run

    problems = run(stopped(as_of))
    if problems:
        raise Failed("the demo did not do all of its job: " + "; ".join(problems))


def doctor(json: Json = False) -> None:
    """Check settings, stores, model and channels: what works, what to fix."""
    from adapters.doctor import examine

    findings = examine(naru())
    if json:
        show_json([{"check": f.check, "ok": f.ok, "say": f.say} for f in findings])
    else:
        for finding in findings:
            print(f"{'ok ' if finding.ok else 'FIX'} {finding.check}: {finding.say}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
