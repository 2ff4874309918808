"""`naru cases`, `naru case`, and a founder's own records."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json
from adapters.errors import CommandFailed
from bot.types import Case, Decision


def register(app: typer.Typer) -> None:
    for command in (cases, case, export, forget):
        app.command()(command)


def cases(
    open: Annotated[bool, typer.Option("--open", help="Only those that are not ended.")] = False,
    json: JsonOption = False,
) -> None:
    """List the cases."""
    found = build_app().store.list_cases(open_only=open)
    if json:
        print_json([_serialise_case(one) for one in found])
        return
    if not found:
        print("No cases.")
    for one in found:
        question = "(sealed)" if one.sealed else " ".join(one.question.split())[:60]
        print(f"#{one.number}  {one.state:9} {one.urgency:9} {one.mission:18} {question}")


def case(
    number: Annotated[int, typer.Argument(help="The case's number.")], json: JsonOption = False
) -> None:
    """Show one case with everything that was said in it."""
    store = build_app().store
    found, lines = store.get_case(number), store.list_lines(number)
    if json:
        print_json({**_serialise_case(found), "lines": [asdict(line) for line in lines]})
        return
    print(f"#{found.number} {found.state} {found.urgency} {found.mission} ({found.via})")
    print(f"{found.reason}\n{found.found}\n")
    for line in lines:
        who = f"{line.author}/{line.role}" if line.role else line.author
        print(f"{line.at:%Y-%m-%d %H:%M} {who}: {line.text}")


def export(founder: Annotated[str, typer.Argument(help="telegram:1001, slack:U0123 …")]) -> None:
    """Print everything that is kept of a founder, as JSON."""
    store = build_app().store
    talks = store.list_conversations(founder)
    if not talks:
        raise CommandFailed(f"Nothing is kept of {founder}.")
    mine = [one for talk in talks for one in store.list_cases(conversation=talk.key)]
    print_json(
        {
            "conversations": [asdict(talk) for talk in talks],
            "cases": [
                {
                    **_serialise_case(one),
                    "lines": [asdict(line) for line in store.list_lines(one.number)],
                }
                for one in mine
            ],
        }
    )


def forget(
    founder: Annotated[str, typer.Argument(help="telegram:1001, slack:U0123 …")],
    json: JsonOption = False,
) -> None:
    """Erase what a founder wrote. Cases that are open must be ended first."""
    app = build_app()
    talks = app.store.list_conversations(founder)
    if not talks:
        raise CommandFailed(f"Nothing is kept of {founder}.")
    open_cases = [talk.case for talk in talks if talk.case is not None]
    if open_cases:
        raise CommandFailed(f"Case {open_cases[0]} of {founder} is open. Resolve it first.")
    for talk in talks:
        decision = Decision(
            erase_conversation=talk.key, audit=("command line", f"forget {talk.key}")
        )
        app.store.commit_without_message(f"forget:{talk.key}", decision, app.now())
    if json:
        print_json({"forgotten": [talk.key for talk in talks]})
    else:
        print(f"Erased: {', '.join(talk.key for talk in talks)}.")


def _serialise_case(case: Case) -> dict[str, Any]:
    return asdict(case)
