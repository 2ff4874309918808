"""`naru cases`, `naru case`, and a founder's own records."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from adapters.cli.output import Failed, Json, naru, show_json
from bot.types import Case, Decision


def register(app: typer.Typer) -> None:
    for command in (cases, case, export, forget):
        app.command()(command)


def cases(
    open: Annotated[bool, typer.Option("--open", help="Only those that are not ended.")] = False,
    json: Json = False,
) -> None:
    """List the cases."""
    found = naru().store.cases(open_only=open)
    if json:
        show_json([_case(one) for one in found])
        return
    if not found:
        print("No cases.")
    for one in found:
        question = "(sealed)" if one.sealed else " ".join(one.question.split())[:60]
        print(f"#{one.number}  {one.state:9} {one.urgency:9} {one.mission:18} {question}")


def case(
    number: Annotated[int, typer.Argument(help="The case's number.")], json: Json = False
) -> None:
    """Show one case with everything that was said in it."""
    store = naru().store
    found, lines = store.case(number), store.lines(number)
    if json:
        show_json({**_case(found), "lines": [asdict(line) for line in lines]})
        return
    print(f"#{found.number} {found.state} {found.urgency} {found.mission} ({found.via})")
    print(f"{found.reason}\n{found.found}\n")
    for line in lines:
        who = f"{line.author}/{line.role}" if line.role else line.author
        print(f"{line.at:%Y-%m-%d %H:%M} {who}: {line.text}")


def export(founder: Annotated[str, typer.Argument(help="telegram:1001, slack:U0123 …")]) -> None:
    """Print everything that is kept of a founder, as JSON."""
    store = naru().store
    talks = store.conversations_of(founder)
    if not talks:
        raise Failed(f"Nothing is kept of {founder}.")
    mine = [one for talk in talks for one in store.cases(conversation=talk.key)]
    show_json(
        {
            "conversations": [asdict(talk) for talk in talks],
            "cases": [
                {**_case(one), "lines": [asdict(line) for line in store.lines(one.number)]}
                for one in mine
            ],
        }
    )


def forget(
    founder: Annotated[str, typer.Argument(help="telegram:1001, slack:U0123 …")], json: Json = False
) -> None:
    """Erase what a founder wrote. Cases that are open must be ended first."""
    app = naru()
    talks = app.store.conversations_of(founder)
    if not talks:
        raise Failed(f"Nothing is kept of {founder}.")
    open_cases = [talk.case for talk in talks if talk.case is not None]
    if open_cases:
        raise Failed(f"Case {open_cases[0]} of {founder} is open. Resolve it first.")
    for talk in talks:
        decision = Decision(forget=talk.key, audit=("command line", f"forget {talk.key}"))
        app.store.act(f"forget:{talk.key}", decision, app.now())
    if json:
        show_json({"forgotten": [talk.key for talk in talks]})
    else:
        print(f"Erased: {', '.join(talk.key for talk in talks)}.")


def _case(case: Case) -> dict[str, Any]:
    return asdict(case)
